// Name servers: Knot signs zones, Unbound resolves.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "tests/lab/real_starters.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint16_t port_dot = 853;

// A ZSK lives for a week, and each step of its rollover takes a day: nothing goes on while the lab runs.
std::string knot_server(const Place& place, const std::vector<Zone>& zones) {
  std::vector<std::string> addresses;
  for (const auto& zone : zones) addresses.push_back(to_string(server_address(zone)) + "@53");
  return fmt::format(
      "server:\n  rundir: {0}\n  listen: [{1}]\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n"
      "log:\n  - target: stderr\n    any: info\n"
      "database:\n  storage: {0}\n  kasp-db-max-size: 20M\n  journal-db-max-size: 20M\n  timer-db-max-size: 1M\n"
      "policy:\n  - id: rollover\n    algorithm: ecdsap256sha256\n    ksk-lifetime: 0\n    zsk-lifetime: 7d\n"
      "    propagation-delay: 1d\n    dnskey-ttl: 300\n",
      place.dir.string(), fmt::join(addresses, ", "));
}

std::string knot_configuration(const Place& place, const std::vector<Zone>& zones) {
  auto text = knot_server(place, zones) + "zone:\n";
  for (const auto& zone : zones) {
    text += fmt::format(
        "  - domain: {0}\n    file: {1}/{0}.zone\n    zonefile-sync: -1\n    dnssec-signing: on\n"
        "    dnssec-policy: rollover\n",
        zone.origin, place.dir.string());
  }
  return text;
}

// An old one and a new one: published an hour ago, or active since, which retires the other.
std::vector<std::vector<std::string>> zsks_of(const KnotSigning& signing) {
  std::vector<std::string> old{"created=-2d", "publish=-2d", "ready=-2d", "active=-2d"};
  std::vector<std::string> fresh{"created=-1h", "publish=-1h", "ready=+1d", "active=+1d"};
  if (!signing.retired) return {old, fresh};
  old.emplace_back("retire=-1h");
  fresh = {"created=-1d", "publish=-1d", "ready=-1h", "active=-1h"};
  return {old, fresh};
}

void make_keys(const Place& place, const fs::path& configuration, const Zone& zone) {
  const auto keymgr = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/sbin/keymgr", "-c", configuration.string(), zone.origin});
    const auto made = run_batch({as_nobody(words)}, 1, place.dir);
    if (made.front().status != 0) throw std::runtime_error("keymgr: " + made.front().errors);
  };
  const auto ksk = write_file(place.dir / (zone.origin + ".pem"), zone.knot->ksk_pem);
  give_to_nobody(place.dir);
  keymgr({"import-pem", ksk.string(), "algorithm=13", "ksk=yes", "zsk=no", "created=-9d", "publish=-9d", "ready=-9d",
          "active=-9d"});
  for (auto words : zsks_of(*zone.knot)) {
    words.insert(words.begin(), {"generate", "algorithm=13", "ksk=no", "zsk=yes"});
    keymgr(words);
  }
}

// Asked over TLS too, and asks the root; or asks another one, over TLS alone.
std::string unbound_task(const Endpoint& endpoint, const Endpoint& over_tls, const Place& place) {
  if (endpoint.host == over_tls.host) {
    return fmt::format(
        "  interface: {0}@853\n  tls-port: 853\n  tls-service-key: {1}\n  tls-service-pem: {1}\n"
        "  root-hints: {2}/root.hints\n  trust-anchor-file: {2}/root.key\n",
        ip_of(endpoint), write_identity(endpoint, place).string(), place.lab_dir.string());
  }
  const auto& chain = over_tls.identities.front().front().chain_pem;
  return fmt::format(
      "  tls-cert-bundle: {}\nforward-zone:\n  name: .\n  forward-tls-upstream: yes\n  forward-addr: {}@853#{}\n",
      write_file(place.dir / "bundle.pem", chain).string(), ip_of(over_tls), over_tls.host);
}

}  // namespace

void start_knot(const Place& place, const std::vector<Zone>& zones) {
  const auto path = write_file(place.dir / "knot.conf", knot_configuration(place, zones));
  for (const auto& zone : zones) {
    write_file(place.dir / (zone.origin + ".zone"), zone.text);
    make_keys(place, path, zone);
  }
  start_as_nobody(place, {"/usr/sbin/knotd", "-c", path.string()});
}

void start_unbound(const Place& place) {
  const auto over_tls = std::ranges::find(place.endpoints, port_dot, &Endpoint::port);
  if (over_tls == place.endpoints.end()) throw std::runtime_error("an Unbound must listen on port 853");
  for (const auto& endpoint : place.endpoints) {
    if (endpoint.port == port_dot) continue;
    const auto text = fmt::format(
        "server:\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"\"\n  directory: {}\n  use-syslog: no\n"
        "  do-daemonize: no\n  num-threads: 1\n  access-control: 0.0.0.0/0 allow\n  interface: {}@53\n{}"
        "remote-control:\n  control-enable: no\n",
        place.dir.string(), ip_of(endpoint), unbound_task(endpoint, *over_tls, place));
    const auto path = write_file(place.dir / (endpoint.host + ".conf"), text);
    start_as_nobody(place, {"/usr/sbin/unbound", "-d", "-c", path.string()});
  }
}

}  // namespace danewatch::lab
