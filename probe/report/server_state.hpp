// What one name server is to the hosts of a report, in a word.
//
// Never a verdict about the hosts. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/report/given_sets.hpp"

namespace danewatch {

// The first that holds; the worst of the hosts whose records its zone has.
enum class ServerState {
  not_asked,  // a limit of ours
  silent,
  lame,     // it answers, but not for the zone
  old,      // its records match no certificate in use, and those of another server do
  bogus,    // its answer does not validate, and that of another server does
  refuses,  // it answers for the zone, but not to TLSA
  differs,  // other records than the others
  agrees,
  answers  // it was not asked for TLSA
};

std::string_view to_string(ServerState state);

ServerState state_of(const Report& report, const ZoneServers& zone, const ServerAnswers& server);

// It answers for its zone, by UDP or TCP.
bool is_up(const ServerAnswers& server);

// The records that it gives, and the others do not, each as "3 1 1 0123456789abcdef…".
std::vector<std::string> strange_records(const Report& report, const ServerAnswers& server);

}  // namespace danewatch
