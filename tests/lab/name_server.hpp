// A name server of a zone, with its own addresses and faults.
//
// Read by world.hpp. Thread rule: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/address.hpp"
#include "tests/lab/scene_zone.hpp"

namespace danewatch::lab {

// A name server that stands before an NSD, which has a copy of the zone.
struct NameServer {
  std::string name;  // without final dot
  std::vector<Address> addresses;
  std::vector<OddAnswer> answers;
  std::size_t version = 0;  // of the zone: 0 the one that all others have
  bool at_parent = true;
  bool at_child = true;
  std::optional<Address> glue;  // what the zone above has instead of the addresses
};

}  // namespace danewatch::lab
