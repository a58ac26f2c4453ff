// The zones of a scene: how they are signed, what is in them, and where their name server lies.
//
// Read by scene.hpp. Thread rule: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace danewatch::lab {

enum class Signing {
  signed_,
  unsigned_,
  expired,
  future,
  bad_ds,
  no_dnskey,
  no_denial,
  nsec3,
  nsec3_500,
  ds_algorithm,
  just_expired,
  no_ds,
  zsk_published,  // by Knot, as is the next one
  zsk_retired,
  opt_out,
  ed448
};

// One answer of a zone's name server that differs from the zone.
struct OddAnswer {
  enum class Kind {
    servfail,
    refused,
    notimp,
    nxdomain,
    silence,
    rdata,
    delay,
    no_tcp,
    no_denial,
    empty,
    proven_nxdomain,
    no_udp,
    no_authority,
    count_down,
    others_by_tcp
  };
  std::string name;  // absolute, lower case; "*" every name of the zone
  std::string type;  // "TLSA"; "*" every type
  Kind kind = Kind::servfail;
  std::chrono::milliseconds delay{0};
  std::vector<std::uint8_t> rdata;
};

// One name server of a zone: the zone as it is, or a copy of its own.
struct ServerScene {
  std::string name;                    // absolute, without final dot
  std::vector<bool> addresses{false};  // an address each: IPv6?
  std::optional<std::uint32_t> serial;
  std::optional<Signing> signing;
  std::optional<std::vector<std::string>> records;  // instead of the zone's
  std::vector<OddAnswer> answers;
  bool at_parent = true;
  bool at_child = true;
  bool wrong_glue = false;  // the zone above has another address for it, where nobody is

  bool has_own_copy() const { return serial || signing || records; }
};

struct ZoneScene {
  std::string origin;  // without final dot
  Signing signing = Signing::signed_;
  std::vector<std::string> records;  // zone file lines with placeholders
  std::vector<std::string> broken;   // "NAME TYPE": RRsets whose signature is damaged
  std::vector<OddAnswer> answers;
  std::vector<ServerScene> servers{};  // none: the name server of the level, or one of its own
};

}  // namespace danewatch::lab
