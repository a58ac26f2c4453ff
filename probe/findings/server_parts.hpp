// Inner: words about name servers, each by its name and address.
//
// "(asked from here)": an address may be many machines, and others may meet another one. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probe/findings/inner.hpp"
#include "probe/report/given_sets.hpp"

namespace danewatch {

using ServerList = std::vector<const ServerAnswers*>;

// "ns2.example.org (192.0.2.1)"
std::string server_place(const ServerAnswers& server);
std::string server_places(const ServerList& servers);

// "PLACES gives REST (asked from here)."
std::string servers_say(const ServerList& servers, const Predicate& says);

// With what the servers call themselves, where they do.
Finding with_nsid(const ServerList& servers, Finding finding);

// "Its serial is 1, that of ns1.example.org 7."; nothing where none is behind.
std::string serial_words(const ZoneServers& zone, const ServerList& servers);

// The server with the newest serial of all; null where none has told one.
struct Newest {
  const ServerAnswers* server = nullptr;
  std::uint32_t serial = 0;
};
Newest newest_of(const ZoneServers& zone);
bool is_behind(const ZoneServers& zone, const ServerAnswers& server);

// Some name server answered with authority: this machine's network lets questions through.
bool any_authority(const NameServers& servers);
// Some other address of the family answered by this transport, so that silence is not ours.
bool is_known_to_work(const NameServers& servers, const ServerAnswers& beside, Transport transport);

}  // namespace danewatch
