// What became of each TLSA record: states computed from the facts that memory keeps.
//
// Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/life/life.hpp"

namespace danewatch {

struct RecordLife {
  enum class State {
    unused,  // never matched since it was first seen
    in_use,  // matches now
    former,  // matched until then; the servers show something else now
    gone     // no longer published
  };

  std::string server;  // "mx.example.org:25"
  std::string record;  // "3 1 1 2bb8…", the name of record_name()
  std::string owner;   // of the record in the DNS
  State state = State::unused;
  SysTime first_seen{};
  bool at_least = false;  // it was there before we looked first
  SysTime last_seen{};
  std::optional<SysTime> first_matched;
  std::optional<SysTime> last_matched;
  std::optional<SysTime> stopped_matching;  // former: the first look that showed it
  std::optional<SysTime> gone_at;

  bool operator==(const RecordLife&) const = default;
};

std::string_view to_string(RecordLife::State state);

// As of the last look, those that are published first; each server's in the order in which they came.
std::vector<RecordLife> record_lives(const Life& life);

}  // namespace danewatch
