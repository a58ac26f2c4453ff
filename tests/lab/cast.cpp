#include "tests/lab/cast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "resolver/dns/tlsa.hpp"
#include "tests/support/maze.hpp"

namespace danewatch::lab {
namespace {

constexpr SysTime long_ago{std::chrono::seconds{1577836800}};       // 2020-01-01
constexpr SysTime some_time_ago{std::chrono::seconds{1609459200}};  // 2021-01-01

pki::KeyType key_type(const std::string& word) {
  if (word == "rsa") return pki::KeyType::rsa_2048;
  if (word == "rsa-1024") return pki::KeyType::rsa_1024;
  if (word == "rsa-pss") return pki::KeyType::rsa_pss;
  if (word == "ed25519") return pki::KeyType::ed25519;
  if (word == "ed448") return pki::KeyType::ed448;
  return pki::KeyType::ecdsa_p256;
}

std::chrono::milliseconds delay_of(const Behaviour& behaviour) {
  return behaviour.manners.trick == Trick::drip ? std::chrono::seconds(1) : behaviour.delay;
}

}  // namespace

Cast::Cast(const Scene& scene, std::size_t group) : scene_(scene) {
  for (const auto& host : scene.hosts) identity(host.name);
  for (const auto& [name, certificate] : scene.certificates) identity(name);
  std::size_t n = 0;
  for (const auto& host : scene.hosts) {
    for (const auto& address : host.addresses) {
      addresses_[host.name].push_back(lab_address(address.v6, address.behaviour.silent, group, ++n));
    }
  }
}

void Cast::fail(const std::string& message) const {
  throw SceneError(fmt::format("scene '{}': {}", scene_.name, message));
}

std::string Cast::absolute(const std::string& name) const {
  if (name == "@") return scene_.domain();
  if (!name.empty() && name.back() == '.') return name.substr(0, name.size() - 1);
  return name + "." + scene_.domain();
}

bool Cast::is_host(const std::string& name) const {
  return std::any_of(scene_.hosts.begin(), scene_.hosts.end(),
                     [&](const HostScene& host) { return host.name == name; });
}

// A certificate of the scene goes by its key there, also if that key is a host's name; any other host's own
// certificate by the host's absolute name.
std::string Cast::canonical(const std::string& name) const {
  if (scene_.certificates.contains(name)) return name;
  const auto full = is_host(name) ? name : absolute(name);
  for (const auto& [key, certificate] : scene_.certificates) {
    if (absolute(key) == full) return key;
  }
  return full;
}

const pki::Identity& Cast::identity(const std::string& name) {
  const auto key = canonical(name);
  if (auto known = identities_.find(key); known != identities_.end()) return known->second;
  auto made = make_identity(key);
  return identities_.emplace(key, std::move(made)).first->second;
}

// A host without a described certificate signs its own.
pki::Identity Cast::make_identity(const std::string& key) {
  const auto found = scene_.certificates.find(key);
  const auto certificate = found == scene_.certificates.end() ? CertificateScene{} : found->second;
  const auto host = is_host(key) ? key : absolute(key);
  pki::CertificateSpec spec;
  spec.dns_names = certificate.names;
  if (spec.dns_names.empty() && is_host(host)) spec.dns_names = {host};
  spec.common_name = spec.dns_names.empty() ? scene_.name + " " + key : spec.dns_names.front();
  if (!certificate.common_name.empty()) spec.common_name = certificate.common_name;
  for (int n = 1; n <= certificate.more_names; ++n) spec.dns_names.push_back(fmt::format("host{}.{}", n, host));
  spec.ca = certificate.ca;
  spec.sha1 = certificate.sha1;
  if (certificate.expired) {
    spec.not_before = long_ago;
    spec.not_after = some_time_ago;
  }
  if (certificate.from) spec.not_before = *certificate.from;
  if (certificate.until) spec.not_after = *certificate.until;
  if (certificate.maze > 0) {
    pki::Maze maze = pki::make_maze(spec, {.certificates = certificate.maze});
    mazes_[key] = std::move(maze.above);
    return std::move(maze.leaf);
  }
  auto private_key =
      certificate.key_of.empty() ? pki::make_key(key_type(certificate.key)) : identity(certificate.key_of).key;
  return pki::issue(spec, certificate.issuer.empty() ? nullptr : &identity(certificate.issuer), private_key);
}

const pki::Identity& Cast::known_identity(const std::string& name) const {
  const auto found = identities_.find(canonical(name));
  if (found == identities_.end()) fail("there is no certificate '" + name + "'");
  return found->second;
}

std::string Cast::expand(const std::string& text) const {
  std::string result;
  std::size_t at = 0;
  while (true) {
    const auto open = text.find('{', at);
    result += text.substr(at, open - at);
    if (open == std::string::npos) return result;
    const auto close = text.find('}', open);
    if (close == std::string::npos) fail("'}' is missing in: " + text);
    result += value_of(text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
}

std::string Cast::value_of(const std::string& placeholder) const {
  std::istringstream in(placeholder);
  std::string what, name;
  in >> what;
  if (what == "tlsa" || what == "data" || what == "other") {
    int usage = 0, selector = 0, matching_type = 0, salt = 0;
    if (what != "other") in >> name;
    if (!(in >> usage >> selector >> matching_type)) fail("expected three numbers in {" + placeholder + "}");
    if (what != "other") {
      const auto record = pki::tlsa_for(known_identity(name), usage, selector, matching_type);
      return what == "data" ? to_hex(record.data) : to_text(record);
    }
    in >> salt;
    return to_text(pki::unrelated_tlsa(usage, selector, matching_type, salt));
  }
  if (what != "address") fail("unknown placeholder {" + placeholder + "}");
  std::size_t n = 1;
  in >> name >> n;
  const auto found = addresses_.find(absolute(name));
  if (found == addresses_.end() || n < 1 || n > found->second.size()) fail("no such address: {" + placeholder + "}");
  return to_string(found->second[n - 1]);
}

std::string Cast::expand_lines(const std::string& record) const {
  const auto dots = record.find("..");
  const auto before = record.find_last_of(' ', dots);
  const auto end = record.find('}', dots);
  int from = 0, to = 0;
  char dot = 0;
  const bool range = dots != std::string::npos && before != std::string::npos && end != std::string::npos &&
                     std::istringstream(record.substr(before, end - before)) >> from >> dot >> dot >> to;
  if (!range) return expand(record) + "\n";
  std::string lines;
  for (int n = from; n <= to; ++n) {
    lines += expand(record.substr(0, before + 1) + std::to_string(n) + record.substr(end)) + "\n";
  }
  return lines;
}

std::string Cast::certificates_pem(const std::vector<std::string>& names) const {
  std::string pem;
  for (const auto& name : names) pem += pki::certificate_pem(known_identity(name).der);
  return pem;
}

// Nothing named: the host's own certificate and all its issuers.
std::vector<std::string> Cast::full_chain(const std::string& host) const {
  std::vector<std::string> chain{canonical(host)};
  while (true) {
    const auto found = scene_.certificates.find(chain.back());
    if (found == scene_.certificates.end() || found->second.issuer.empty()) return chain;
    chain.push_back(canonical(found->second.issuer));
  }
}

CertifiedKey Cast::certified_key(const std::vector<std::string>& chain) const {
  CertifiedKey result{"", pki::key_pem(*known_identity(chain.front()).key)};
  for (const auto& name : chain) result.chain_pem += pki::certificate_pem(known_identity(name).der);
  const auto maze = mazes_.find(canonical(chain.front()));
  if (maze == mazes_.end()) return result;
  for (const auto& der : maze->second) result.chain_pem += pki::certificate_pem(der);
  return result;
}

Identity Cast::identity_of(const HostScene& host, const Behaviour& behaviour) const {
  Identity identity{certified_key(behaviour.chain.empty() ? full_chain(host.name) : behaviour.chain)};
  if (!behaviour.second_chain.empty()) identity.push_back(certified_key(behaviour.second_chain));
  return identity;
}

// One for each act or turn, or just one.
std::vector<Identity> Cast::identities_of(const HostScene& host, const Behaviour& behaviour) const {
  std::vector<Identity> result;
  for (const auto& chain : behaviour.turns) result.push_back({certified_key(chain)});
  for (const auto& act : scene_.acts)
    result.push_back(act.chain.empty() ? identity_of(host, behaviour) : Identity{certified_key(act.chain)});
  if (result.empty()) result.push_back(identity_of(host, behaviour));
  return result;
}

std::vector<Endpoint> Cast::endpoints() const {
  std::vector<Endpoint> result;
  for (const auto& host : scene_.hosts) {
    for (std::size_t i = 0; i < host.addresses.size(); ++i) {
      const auto& behaviour = host.addresses[i].behaviour;
      if (behaviour.silent) continue;
      for (auto port : behaviour.ports) {
        result.push_back({host.name,
                          addresses_.at(host.name)[i],
                          port,
                          behaviour.starttls,
                          behaviour.greeting,
                          delay_of(behaviour),
                          identities_of(host, behaviour),
                          behaviour.program,
                          behaviour.server_name,
                          behaviour.busy_first,
                          behaviour.busy_after,
                          behaviour.manners,
                          !behaviour.turns.empty(),
                          {}});
      }
    }
  }
  return result;
}

std::vector<std::string> Cast::address_records(const std::string& host) const {
  std::vector<std::string> lines;
  const auto found = addresses_.find(host);
  if (found == addresses_.end()) return lines;
  for (const auto& address : found->second) {
    lines.push_back(fmt::format("{}. {} {}", host, address.v6 ? "AAAA" : "A", to_string(address)));
  }
  return lines;
}

}  // namespace danewatch::lab
