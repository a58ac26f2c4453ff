// How far each TLSA record of a host has spread over its name servers and caches, in the words of BIND.
//
// Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/rollover/seen.hpp"

namespace danewatch {

struct RecordSpread {
  enum class State {
    hidden,       // nowhere
    rumoured,     // at some name servers, or at all of them but not for twice what caches may hold
    omnipresent,  // at all of them for so long
    unretentive,  // nowhere any more, but caches may hold it
    unknown       // not every name server answers
  };

  std::string server;  // "mx.example.org:25"
  TlsaRecord record;
  State state = State::unknown;
  std::optional<SysTime> since;  // when the last name server that has it was first seen with it
  std::optional<SysTime> until;  // rumoured at all of them, unretentive: when that ends
  bool at_least = false;         // it was there when that name server was first asked
  std::string why;               // rumoured at some, unknown: which name server

  bool operator==(const RecordSpread&) const = default;
};

std::string_view to_string(RecordSpread::State state);

// Of the records that are proven, given by some name server, or wanted.
std::vector<RecordSpread> spread_of(const SeenTarget& seen, const HostReport& host, std::span<const NextKey> next,
                                    SysTime now);

}  // namespace danewatch
