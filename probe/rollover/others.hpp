// Other ports of a host whose records name the key that is in use: they may get the next one with it.
//
// Names questions, asks nothing. Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// TLSA at the usual ports of the report's hosts, without those that it has looked up itself.
std::vector<Question> other_ports_of(const Report& report);

// "mx.example.org:587": by the answers to those questions, where a record of the key in use stands in a set of its own.
std::vector<std::string> others_with_the_key(const HostReport& host, std::span<const Answer> elsewhere);

}  // namespace danewatch
