// The keys of a bulk world: enough of them for an address mixed up with another to be noticed.
//
// Thread rule: pure function; fresh keys every time.
#pragma once

#include <string>
#include <vector>

#include "tests/lab/world.hpp"

namespace danewatch::lab {

struct BulkKeys {
  std::vector<Identity> identities;
  std::vector<std::string> tlsa;  // parallel: 3 1 1
};

BulkKeys make_bulk_keys();

}  // namespace danewatch::lab
