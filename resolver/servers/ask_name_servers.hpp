// Asks every name server of the zones that a walk rests on, each by its address.
//
// Bounded: so many names of a zone, addresses of a name, and questions to an address, of which one at a time is in
// flight; all within a deadline of its own. Never asks an address that is not allowed, never judges. Thread rule: the
// executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <vector>

#include "resolver/clock.hpp"
#include "resolver/resolver.hpp"
#include "resolver/servers/transport.hpp"
#include "resolver/servers/zones_to_ask.hpp"

namespace danewatch {

struct ServerLimits {
  std::function<bool(const Address&)> allowed;  // empty: global addresses
  std::size_t zones = 8;
  std::size_t names = 13;                    // of a zone
  std::size_t addresses = 4;                 // of a name
  std::size_t questions = 8;                 // to an address, repetitions included
  std::size_t at_once = 32;                  // addresses
  std::chrono::milliseconds patience{5000};  // for all of it
  std::uint16_t port = 53;
};

// `clock`: what is waited by, and which of several signatures counts; it outlives the call. Never throws for what the
// network does.
boost::asio::awaitable<std::vector<ZoneServers>> ask_name_servers(Resolver& resolver, ServerTransport& transport,
                                                                  std::vector<ZoneQuestion> questions,
                                                                  ServerLimits limits, const Clock& clock,
                                                                  Deadline deadline);

}  // namespace danewatch
