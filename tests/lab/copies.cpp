#include "tests/lab/copies.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch::lab {
namespace {

// Renames a scene: NAME.lab and what else is a zone of it, wherever the names stand.
class Renaming {
 public:
  Renaming(const Scene& scene, int number) : suffix_(fmt::format("-{}", number)) {
    for (const auto& zone : scene.zones) {
      if (zone.origin.ends_with("." + scene.domain())) continue;
      stems_.push_back(zone.origin.substr(0, zone.origin.rfind(".lab")));
    }
    std::ranges::sort(stems_, {}, [](const std::string& stem) { return stem.size(); });
  }

  void apply(std::string& text) const {
    for (const auto& stem : stems_) {
      const auto name = stem + ".lab";
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        if (at == 0 || is_border(text[at - 1])) text.insert(at + stem.size(), suffix_);
      }
    }
  }
  void apply(std::vector<std::string>& texts) const {
    for (auto& text : texts) apply(text);
  }

 private:
  static bool is_border(char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-'; }

  std::string suffix_;
  std::vector<std::string> stems_;
};

void rename_zone(ZoneScene& zone, const Renaming& renaming) {
  renaming.apply(zone.origin);
  renaming.apply(zone.records);
  renaming.apply(zone.broken);
  for (auto& answer : zone.answers) renaming.apply(answer.name);
  for (auto& server : zone.servers) {
    renaming.apply(server.name);
    if (server.records) renaming.apply(*server.records);
    for (auto& answer : server.answers) renaming.apply(answer.name);
  }
}

void rename_host(HostScene& host, const Renaming& renaming) {
  renaming.apply(host.name);
  for (auto& address : host.addresses) {
    auto& behaviour = address.behaviour;
    for (auto* texts : {&behaviour.chain, &behaviour.second_chain}) renaming.apply(*texts);
    for (auto& chain : behaviour.turns) renaming.apply(chain);
    for (auto* text : {&behaviour.greeting, &behaviour.server_name}) renaming.apply(*text);
    for (auto& [request, reply] : behaviour.manners.says) renaming.apply(reply);
  }
}

void rename_expectation(Expectation& expect, const Renaming& renaming) {
  renaming.apply(expect.check);
  renaming.apply(expect.args);
  for (auto& [code, texts] : expect.findings) renaming.apply(texts);
  for (auto& [pointer, value] : expect.json) renaming.apply(value);
}

Scene copy_of(Scene scene, int number) {
  const Renaming renaming(scene, number);
  scene.name += fmt::format("-{}", number);
  for (auto& zone : scene.zones) rename_zone(zone, renaming);
  for (auto& host : scene.hosts) rename_host(host, renaming);
  for (auto& [name, certificate] : scene.certificates) {
    renaming.apply(certificate.names);
    renaming.apply(certificate.common_name);
  }
  for (auto& act : scene.acts) renaming.apply(act.records);
  for (auto& expect : scene.expect) rename_expectation(expect, renaming);
  return scene;
}

}  // namespace

std::vector<Scene> copies_of(const std::vector<Scene>& scenes, int n) {
  if (n == 1) return scenes;
  std::vector<Scene> copies;
  for (int number = 1; number <= n; ++number) {
    for (const auto& scene : scenes) copies.push_back(copy_of(scene, number));
  }
  return copies;
}

}  // namespace danewatch::lab
