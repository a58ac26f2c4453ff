// Name servers, one line each: what the terminal and the page say alike.
//
// Nothing is decided here. Everything returned is safe for a terminal. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "exporters/words/tone.hpp"
#include "probe/report/report.hpp"
#include "probe/report/server_state.hpp"

namespace danewatch::words {

struct ServerLine {
  std::string name;
  std::string address;
  layout::Span state;
  std::string serial;              // empty: not told
  std::vector<std::string> notes;  // what is different about it
};

ServerLine server_line(const Report& report, const ZoneServers& zone, const ServerAnswers& server);

layout::Tone tone_of(ServerState state);

}  // namespace danewatch::words
