#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/server_parts.hpp"

namespace danewatch {
namespace {

template <class Predicate>
bool any_server(const NameServers& servers, Predicate predicate) {
  return std::ranges::any_of(servers.zones,
                             [&](const ZoneServers& zone) { return std::ranges::any_of(zone.servers, predicate); });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::string server_place(const ServerAnswers& server) {
  return fmt::format("{} ({})", server.name, to_string(server.address));
}

std::string server_places(const ServerList& servers) {
  std::vector<std::string> places;
  for (const ServerAnswers* server : servers) places.push_back(server_place(*server));
  return list(places);
}

std::string servers_say(const ServerList& servers, const Predicate& says) {
  return fmt::format("{} {}{} (asked from here).", server_places(servers), servers.size() == 1 ? says.one : says.many,
                     says.rest);
}

Finding with_nsid(const ServerList& servers, Finding finding) {
  if (servers.size() != 1 || servers.front()->nsid.empty()) return finding;
  const std::string& nsid = servers.front()->nsid;
  const auto octets = std::span(reinterpret_cast<const std::uint8_t*>(nsid.data()), nsid.size());
  return quoting(std::move(finding), "It calls itself", is_printable(nsid) ? nsid : to_hex(octets));
}

Newest newest_of(const ZoneServers& zone) {
  Newest newest;
  for (const ServerAnswers& server : zone.servers) {
    const auto serial = serial_of(server);
    if (serial && (newest.server == nullptr || is_before(newest.serial, *serial))) newest = {&server, *serial};
  }
  return newest;
}

bool is_behind(const ZoneServers& zone, const ServerAnswers& server) {
  const Newest newest = newest_of(zone);
  const auto serial = serial_of(server);
  return newest.server != nullptr && serial && is_before(*serial, newest.serial);
}

std::string serial_words(const ZoneServers& zone, const ServerList& servers) {
  const auto serial = serial_of(*servers.front());
  if (!serial || !is_behind(zone, *servers.front())) return "";
  const Newest newest = newest_of(zone);
  return fmt::format(" {} serial is {}, that of {} {}.", servers.size() == 1 ? "Its" : "The first one's", *serial,
                     newest.server->name, newest.serial);
}

bool any_authority(const NameServers& servers) {
  return any_server(servers, [](const ServerAnswers& server) {
    return std::ranges::any_of(server.replies, [](const ServerReply& reply) { return is_good(reply); });
  });
}

bool is_known_to_work(const NameServers& servers, const ServerAnswers& beside, Transport transport) {
  return any_server(servers, [&](const ServerAnswers& server) {
    if (server.address == beside.address || server.address.v6 != beside.address.v6) return false;
    return std::ranges::any_of(server.replies, [&](const ServerReply& reply) {
      return reply.transport == transport && reply.contact == Contact::answered;
    });
  });
}

}  // namespace danewatch
