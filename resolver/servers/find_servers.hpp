// Inner: which name servers a zone has, by its delegation and by itself, and under which addresses.
//
// Asks through the Resolver, and one server of the parent for the delegation, which no resolver tells. Never asks the
// servers of the zone. Thread rule: the executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "resolver/resolver.hpp"
#include "resolver/servers/ask_name_servers.hpp"

namespace danewatch {

// What is needed to look for them.
struct ServerSearch {
  Resolver& resolver;
  ServerTransport& transport;
  const ServerLimits& limits;
  const Clock& clock;
  Deadline deadline;
};

struct FoundZone {
  ZoneServers zone;               // its servers with nothing asked yet
  std::vector<std::string> keys;  // proven DNSKEY records, as text
};

// The zone that `name` lies in, by NS records on the way up; empty: not found.
boost::asio::awaitable<std::string> find_zone(ServerSearch search, std::string name);

boost::asio::awaitable<FoundZone> find_servers(ServerSearch search, std::string zone);

}  // namespace danewatch
