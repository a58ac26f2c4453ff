// Puts a question to one name server, and connections to the test.
//
// Never throws for what the network does and never outlasts the deadline. Thread rule: the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "resolver/clock.hpp"
#include "resolver/servers/server_path.hpp"

namespace danewatch {

// Asks for the keys of the root, with EDNS and the DO bit, twice: by UDP and by TCP. Fills in `udp` and `tcp`.
boost::asio::awaitable<void> walk_path(boost::asio::any_io_executor executor, const Clock& clock, ServerPath& path,
                                       Deadline deadline);

// Whether a TCP connection can be made: answered, refused, silent or unreachable.
boost::asio::awaitable<Contact> try_connect(boost::asio::any_io_executor executor, Address address, std::uint16_t port,
                                            Deadline deadline);

// Whether this machine has a route out by IPv6. Sends nothing.
bool has_ipv6_route();

}  // namespace danewatch
