// From zone texts to a signed tree: root, "lab" and everything below, delegations and DS records included.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

struct PlainServer {
  ServerScene scene;
  std::string text;  // of a copy of its own: zone file lines, as of the zone
};

struct PlainZone {
  std::string origin;  // without final dot
  Signing signing = Signing::signed_;
  std::string text;  // zone file lines, names relative to the origin
  std::vector<OddAnswer> answers;
  std::vector<std::string> broken;  // "NAME TYPE": RRsets whose signature is damaged
  std::vector<std::string> acts{};  // of a scene with acts: the lines that each of them adds
  std::vector<PlainServer> servers{};
};

struct ZoneTree {
  std::vector<Zone> zones;
  std::string trust_anchor;
  std::string root_hints;
};

// Adds root and "lab"; a zone is delegated by the nearest zone above it. Throws SceneError.
ZoneTree build_zones(std::vector<PlainZone> zones);

}  // namespace danewatch::lab
