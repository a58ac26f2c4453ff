#include "tests/lab/bulk.hpp"

#include <fmt/format.h>

#include "resolver/dns/tlsa.hpp"
#include "tests/lab/bulk_keys.hpp"
#include "tests/lab/zone_builder.hpp"
#include "tests/support/pki.hpp"

namespace danewatch::lab {
namespace {

constexpr std::size_t identity_count = 64;
constexpr std::size_t bulk_group = 256;
constexpr std::size_t provider_group = 64;

// Spread evenly: with 10 per cent, the tenth, twentieth, … host.
bool is_silent(std::size_t n, std::size_t percent) {
  return n * percent / 100 != (n - 1) * percent / 100;
}

std::string records_of(std::size_t n, const BulkKeys& keys, const BulkOptions& options) {
  const auto address = lab_address(false, is_silent(n, options.silent_percent), bulk_group, n);
  return fmt::format("d{0} MX 10 h{0}\nh{0} A {1}\n_25._tcp.h{0} TLSA {2}\n", n, to_string(address),
                     keys.tlsa[identity_at(address, keys.tlsa.size())]);
}

// The number of the domain's provider, from 1; 0: a host of its own.
std::size_t provider_of(std::size_t n, const BulkOptions& options) {
  constexpr std::size_t with_provider = 87;
  return options.providers > 0 && n % 100 < with_provider ? n / 100 % options.providers + 1 : 0;
}

std::string domain_at_provider(std::size_t n, std::size_t provider) {
  return fmt::format("d{} MX 10 mx.p{}.lab.\n", n, provider);
}

PlainZone provider_zone(std::size_t provider, const BulkKeys& keys) {
  const auto address = lab_address(false, false, provider_group, provider);
  PlainZone zone;
  zone.origin = fmt::format("p{}.lab", provider);
  zone.text = fmt::format("mx A {}\n_25._tcp.mx TLSA {}\n", to_string(address),
                          keys.tlsa[identity_at(address, keys.tlsa.size())]);
  return zone;
}

std::vector<PlainZone> empty_zones(const BulkOptions& options) {
  std::vector<PlainZone> zones;
  for (std::size_t i = 1; i <= options.zones; ++i) {
    PlainZone zone;
    zone.origin = options.zones == 1 ? "bulk.lab" : fmt::format("bulk{}.lab", i);
    if (options.dns_latency.count() > 0) {
      zone.answers.push_back({"*", "*", OddAnswer::Kind::delay, options.dns_latency, {}});
    }
    zones.push_back(std::move(zone));
  }
  return zones;
}

}  // namespace

BulkKeys make_bulk_keys() {
  BulkKeys keys;
  for (std::size_t i = 0; i < identity_count; ++i) {
    pki::CertificateSpec spec;
    spec.common_name = fmt::format("key{}.bulk.lab", i);
    const auto identity = pki::issue(spec);
    keys.identities.push_back({{pki::certificate_pem(identity.der), pki::key_pem(*identity.key)}});
    keys.tlsa.push_back(to_text(pki::tlsa_for(identity, 3, 1, 1)));
  }
  return keys;
}

World bulk_world(const BulkOptions& options) {
  const auto keys = make_bulk_keys();
  auto zones = empty_zones(options);
  World world;
  for (std::size_t n = 1; n <= options.domains; ++n) {
    auto& zone = zones[(n - 1) % zones.size()];
    const std::size_t provider = provider_of(n, options);
    zone.text += provider > 0 ? domain_at_provider(n, provider) : records_of(n, keys, options);
    world.targets.push_back(fmt::format("d{}.{}", n, zone.origin));
  }
  for (std::size_t i = 1; i <= options.providers; ++i) zones.push_back(provider_zone(i, keys));
  Endpoint everywhere;
  everywhere.host = "bulk.lab";
  everywhere.delay = options.latency;
  everywhere.identities = keys.identities;
  world.endpoints.push_back(std::move(everywhere));
  world.workers = options.workers;
  auto tree = build_zones(std::move(zones));
  world.zones = std::move(tree.zones);
  world.trust_anchor = std::move(tree.trust_anchor);
  world.root_hints = std::move(tree.root_hints);
  return world;
}

}  // namespace danewatch::lab
