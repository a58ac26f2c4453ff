#include "tests/lab/bulk_mixed.hpp"

#include <fmt/format.h>

#include <array>

#include "tests/lab/bulk_keys.hpp"
#include "tests/lab/zone_builder.hpp"
#include "tests/support/pki.hpp"

namespace danewatch::lab {
namespace {

constexpr std::size_t bulk_group = 256;
constexpr std::size_t one_fault_in = 10;

struct Kind {
  const char* service;  // empty: a mail domain
  std::uint16_t port;
  bool greets = false;
};

constexpr std::array kinds{Kind{"", 25, true},        Kind{"submission", 587, true}, Kind{"imap", 143, true},
                           Kind{"pop3", 110, true},   Kind{"sieve", 4190, true},     Kind{"ldap", 389},
                           Kind{"ftp", 21, true},     Kind{"nntp", 119, true},       Kind{"postgres", 5432},
                           Kind{"mysql", 3306, true}, Kind{"xmpp-client", 5222},     Kind{"xmpp-server", 5269},
                           Kind{"https", 443},        Kind{"submissions", 465},      Kind{"imaps", 993},
                           Kind{"dot", 853}};

// Every fault meets every protocol.
const Kind& kind_of(std::size_t n) {
  return kinds[(n + n / kinds.size()) % kinds.size()];
}

// Nobody at the address, nobody at the port, a wrong record, and what faults.yaml shows one by one.
enum class Wrong { silent, refused, record, mute, noise, long_line, starttls, alert, ends_hello, none };
constexpr std::size_t faults = static_cast<std::size_t>(Wrong::none);

Wrong wrong_at(std::size_t n) {
  if (n % one_fault_in != 0) return Wrong::none;
  const auto wrong = static_cast<Wrong>(n / one_fault_in % faults);
  const bool needs_greeting = wrong == Wrong::noise || wrong == Wrong::long_line || wrong == Wrong::starttls;
  return needs_greeting && !kind_of(n).greets ? Wrong::alert : wrong;
}

// At fault by a server of its own: not by its address or its record alone.
bool has_own_server(Wrong wrong) {
  return wrong != Wrong::none && wrong != Wrong::silent && wrong != Wrong::refused && wrong != Wrong::record;
}

std::uint16_t port_of(std::size_t n) {
  constexpr std::uint16_t closed = 9;
  return wrong_at(n) == Wrong::refused ? closed : kind_of(n).port;
}

std::string target_of(std::size_t n) {
  const std::string service = kind_of(n).service;
  if (wrong_at(n) == Wrong::refused) return fmt::format("h{}.bulk.lab:{}", n, port_of(n));
  if (service.empty()) return fmt::format("d{}.bulk.lab", n);
  const bool by_domain = service.starts_with("xmpp");
  return fmt::format("{}://{}{}.bulk.lab", service, by_domain ? "d" : "h", n);
}

std::string records_of(std::size_t n, const BulkKeys& keys) {
  const auto address = lab_address(false, wrong_at(n) == Wrong::silent, bulk_group, n);
  const auto& right = keys.tlsa[identity_at(address, keys.tlsa.size())];
  const auto record = wrong_at(n) == Wrong::record ? to_text(pki::unrelated_tlsa(3, 1, 1)) : right;
  auto lines = fmt::format("h{0} A {1}\n_{2}._tcp.h{0} TLSA {3}\n", n, to_string(address), port_of(n), record);
  const Kind& kind = kind_of(n);
  if (kind.port == 25) lines += fmt::format("d{0} MX 10 h{0}\n", n);
  if (kind.port == 5222 || kind.port == 5269) {
    lines += fmt::format("_{1}._tcp.d{0} SRV 0 0 {2} h{0}\n", n, kind.service, kind.port);
  }
  return lines;
}

Manners manners_of(Wrong wrong) {
  Manners manners;
  if (wrong == Wrong::mute) manners.trick = Trick::mute;
  if (wrong == Wrong::noise) manners.trick = Trick::noise;
  if (wrong == Wrong::long_line) manners.trick = Trick::long_line;
  if (wrong == Wrong::alert) manners.trick = Trick::alert;
  if (wrong == Wrong::ends_hello) {
    manners.ending = Ending::reset;
    manners.moment = Moment::hello;
  }
  return manners;
}

Endpoint endpoint_at(std::uint16_t port, const BulkKeys& keys, const BulkOptions& options) {
  Endpoint endpoint;
  endpoint.host = "bulk.lab";
  endpoint.port = port;
  endpoint.delay = options.latency;
  endpoint.identities = keys.identities;
  return endpoint;
}

Endpoint faulty_endpoint(std::size_t n, const BulkKeys& keys, const BulkOptions& options) {
  auto endpoint = endpoint_at(port_of(n), keys, options);
  endpoint.address = lab_address(false, false, bulk_group, n);
  endpoint.identities = {keys.identities[identity_at(*endpoint.address, keys.identities.size())]};
  endpoint.manners = manners_of(wrong_at(n));
  if (wrong_at(n) == Wrong::starttls) endpoint.starttls = Offer::refused;
  return endpoint;
}

}  // namespace

World mixed_world(const BulkOptions& options) {
  const auto keys = make_bulk_keys();
  PlainZone zone;
  zone.origin = "bulk.lab";
  World world;
  for (std::size_t n = 1; n <= options.domains; ++n) {
    zone.text += records_of(n, keys);
    world.targets.push_back(target_of(n));
    if (has_own_server(wrong_at(n))) world.endpoints.push_back(faulty_endpoint(n, keys, options));
  }
  for (const Kind& kind : kinds) world.endpoints.push_back(endpoint_at(kind.port, keys, options));
  world.workers = options.workers;
  auto tree = build_zones({std::move(zone)});
  world.zones = std::move(tree.zones);
  world.trust_anchor = std::move(tree.trust_anchor);
  world.root_hints = std::move(tree.root_hints);
  return world;
}

}  // namespace danewatch::lab
