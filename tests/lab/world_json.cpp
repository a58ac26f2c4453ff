#include "tests/lab/world_json.hpp"

#include <nlohmann/json.hpp>

namespace danewatch::lab {
namespace {

using Json = nlohmann::json;

Json zones_of(const World& world) {
  Json list = Json::array();
  for (const Zone& zone : world.zones) {
    if (zone.knot || !zone.spec) continue;
    list.push_back(Json{{"origin", zone.origin}, {"server", to_string(level_address(zone.level))}});
  }
  return list;
}

Json endpoints_of(const World& world) {
  Json list = Json::array();
  for (const Endpoint& endpoint : world.endpoints) {
    if (!endpoint.address) continue;
    list.push_back(Json{{"scene", endpoint.scene},
                        {"host", endpoint.host},
                        {"address", to_string(*endpoint.address)},
                        {"port", endpoint.port},
                        {"takes_turns", endpoint.takes_turns}});
  }
  return list;
}

Json checks_of(const World& world) {
  Json list = Json::array();
  for (const Check& check : world.checks) {
    list.push_back(Json{{"scene", check.scene},
                        {"target", check.expect.check},
                        {"args", check.expect.args},
                        {"trust", check.trust_file}});
  }
  return list;
}

Json acts_of(const World& world) {
  Json acts = Json::object();
  for (const StagedScene& scene : world.staged) acts[scene.name] = scene.acts;
  return acts;
}

}  // namespace

std::string describe(const World& world) {
  return Json{{"zones", zones_of(world)},
              {"endpoints", endpoints_of(world)},
              {"checks", checks_of(world)},
              {"acts", acts_of(world)}}
      .dump();
}

std::filesystem::path world_path(const std::filesystem::path& dir) {
  return dir / "world.json";
}

}  // namespace danewatch::lab
