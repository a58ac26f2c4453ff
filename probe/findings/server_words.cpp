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

const ServerAnswers* newest_of(const ZoneServers& zone) {
  const ServerAnswers* newest = nullptr;
  for (const ServerAnswers& server : zone.servers) {
    const auto serial = serial_of(server);
    if (serial && (newest == nullptr || is_before(*serial_of(*newest), *serial))) newest = &server;
  }
  return newest;
}

bool is_behind(const ZoneServers& zone, const ServerAnswers& server) {
  const ServerAnswers* newest = newest_of(zone);
  const auto serial = serial_of(server);
  return newest != nullptr && serial && is_before(*serial, *serial_of(*newest));
}

std::string serial_words(const ZoneServers& zone, const ServerList& servers) {
  const ServerAnswers* newest = newest_of(zone);
  if (newest == nullptr || !is_behind(zone, *servers.front())) return "";
  return fmt::format(" {} serial is {}, that of {} {}.", servers.size() == 1 ? "Its" : "The first one's",
                     *serial_of(*servers.front()), newest->name, *serial_of(*newest));
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
