// A small signed DNS inside libunbound itself: no server, no network.
//
// Zones below "lab" are signed, delegated from "lab" and the root, and handed to libunbound as auth-zones in a
// temporary folder. Thread rule: one thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "resolver/unbound/resolver.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch {

class SignedWorld {
 public:
  SignedWorld();
  SignedWorld(const SignedWorld&) = delete;
  SignedWorld& operator=(const SignedWorld&) = delete;
  ~SignedWorld();  // removes the folder

  // A zone directly below "lab", with a DS record in "lab" unless `secure` is false. A key of the world's own is used
  // if the zone brings none.
  void add(zones::ZoneSpec zone, bool secure = true);

  // Writes everything down. Options of a resolver that knows this world and nothing else.
  ResolverOptions build() const;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& text) const;

 private:
  std::string write_zone(const std::string& origin, const zones::SignedZone& zone) const;

  std::filesystem::path folder_;
  zones::ZoneKeyPtr key_;
  std::string delegations_;
  std::string conf_;
};

// Seconds from now, which may lie in the past.
SysTime from_now(std::chrono::seconds difference);

}  // namespace danewatch
