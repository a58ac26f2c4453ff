#include "tests/lab/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/lab/cast.hpp"
#include "tests/lab/zone_builder.hpp"

namespace danewatch::lab {
namespace {

constexpr std::size_t first_group = 16;  // 45.64.0.0 to 45.64.15.255 are for name servers

// A host's address records belong to the deepest zone of the scene above it.
std::size_t zone_of(const Scene& scene, const std::string& host) {
  std::size_t best = scene.zones.size();
  for (std::size_t i = 0; i < scene.zones.size(); ++i) {
    const auto& origin = scene.zones[i].origin;
    if (host != origin && !host.ends_with("." + origin)) continue;
    if (best == scene.zones.size() || origin.size() > scene.zones[best].origin.size()) best = i;
  }
  if (best == scene.zones.size()) {
    throw SceneError(fmt::format("scene '{}': host '{}' is in no zone of the scene", scene.name, host));
  }
  return best;
}

std::string expand_all(const std::vector<std::string>& records, const Cast& cast) {
  std::string text;
  for (const auto& record : records) text += cast.expand_lines(record);
  return text;
}

PlainServer plain_server(const ServerScene& server, const ZoneScene& zone, const Cast& cast) {
  PlainServer plain{server, ""};
  if (server.has_own_copy()) plain.text = expand_all(server.records.value_or(zone.records), cast);
  return plain;
}

std::vector<PlainZone> plain_zones(const Scene& scene, const Cast& cast) {
  std::vector<PlainZone> zones;
  for (const auto& zone : scene.zones) {
    PlainZone plain{zone.origin, zone.signing, expand_all(zone.records, cast), zone.answers, zone.broken};
    for (const auto& server : zone.servers) plain.servers.push_back(plain_server(server, zone, cast));
    zones.push_back(std::move(plain));
  }
  for (const auto& act : scene.acts) {
    auto& lines = zones.front().acts.emplace_back();
    for (const auto& record : act.records) lines += cast.expand_lines(record);
  }
  for (const auto& host : scene.hosts) {
    if (!host.records) continue;
    auto& zone = zones[zone_of(scene, host.name)];
    for (const auto& line : cast.address_records(host.name)) {
      zone.text += line + "\n";
      for (auto& server : zone.servers) server.text += line + "\n";
    }
  }
  return zones;
}

Check filled_in(const Scene& scene, const Cast& cast, Expectation expect) {
  for (auto& argument : expect.args) argument = cast.expand(argument);
  for (auto& [code, fragments] : expect.findings) {
    for (auto& fragment : fragments) fragment = cast.expand(fragment);
  }
  for (auto& [pointer, value] : expect.json) value = cast.expand(value);
  auto trust = cast.certificates_pem(expect.trust);
  const bool sound = std::ranges::all_of(scene.zones, [](const ZoneScene& zone) {
    return zone.signing == Signing::signed_ && zone.broken.empty() && zone.answers.empty() && zone.servers.empty();
  });
  return {scene.name, std::move(expect), std::move(trust), "", sound};
}

StagedScene staged(const Scene& scene) {
  StagedScene result;
  result.name = scene.name;
  for (const auto& act : scene.acts) result.acts.push_back(act.name);
  return result;
}

std::size_t index_of(const std::vector<Zone>& zones, const std::string& origin) {
  const auto found = std::find_if(zones.begin(), zones.end(), [&](const Zone& zone) { return zone.origin == origin; });
  return static_cast<std::size_t>(found - zones.begin());
}

Address parsed(const std::string& text) {
  const auto address = parse_address(text);
  if (!address) throw SceneError("no address: " + text);
  return *address;
}

}  // namespace

Address level_address(std::size_t level) {
  return parsed(fmt::format("45.64.0.{}", 53 + level));
}

Address version_address(std::size_t level, std::size_t version) {
  return version == 0 ? level_address(level) : parsed(fmt::format("45.64.{}.{}", 8 + version, 53 + level));
}

Address server_address(const Zone& zone) {
  return zone.own_server ? *zone.own_server : level_address(zone.level);
}

Address lab_address(bool v6, bool silent, std::size_t group, std::size_t n) {
  if (v6) return parsed(fmt::format("2a0e:b00{}:{:x}::{:x}", silent ? 1 : 0, group, n));
  const auto number = group * 256 + n;  // a group of more than 255 runs into the next one: bulk wants that
  return parsed(fmt::format("45.{}.{}.{}", (silent ? 80 : 64) + number / 65536, number / 256 % 256, number % 256));
}

std::size_t identity_at(const Address& address, std::size_t count) {
  const auto* last = address.bytes.data() + (address.v6 ? 12 : 0);
  return (static_cast<std::size_t>(last[1]) << 16 | static_cast<std::size_t>(last[2]) << 8 | last[3]) % count;
}

World build_world(const std::vector<Scene>& scenes) {
  World world;
  std::vector<PlainZone> zones;
  std::size_t group = first_group;
  for (const auto& scene : scenes) {
    const Cast cast(scene, group++);
    world.targets.push_back(scene.domain());
    auto more = plain_zones(scene, cast);
    std::move(more.begin(), more.end(), std::back_inserter(zones));
    auto endpoints = cast.endpoints();
    if (!scene.acts.empty()) world.staged.push_back(staged(scene));
    for (auto& endpoint : endpoints) {
      endpoint.scene = scene.name;
      if (!scene.acts.empty()) endpoint.staged = world.staged.size() - 1;
    }
    std::move(endpoints.begin(), endpoints.end(), std::back_inserter(world.endpoints));
    for (const auto& expect : scene.expect) world.checks.push_back(filled_in(scene, cast, expect));
  }
  auto tree = build_zones(std::move(zones));
  world.zones = std::move(tree.zones);
  for (auto& each : world.staged) each.zone = index_of(world.zones, each.name + ".lab");
  world.trust_anchor = std::move(tree.trust_anchor);
  world.root_hints = std::move(tree.root_hints);
  return world;
}

}  // namespace danewatch::lab
