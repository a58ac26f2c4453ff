// The name servers of a report, each by its address.

#include <algorithm>

#include "exporters/metrics/parts.hpp"
#include "probe/report/server_state.hpp"

namespace danewatch::metrics {
namespace {

void add_server(const Report& report, const ZoneServers& zone, const ServerAnswers& server, Collector& out) {
  const Labels labels{{"zone", zone.zone}, {"server", server.name}, {"address", to_string(server.address)}};
  const ServerState state = state_of(report, zone, server);
  const bool compared = state != ServerState::answers && state != ServerState::silent && state != ServerState::lame;
  if (compared) out.add("dane_server_agrees", labels, state == ServerState::agrees ? 1 : 0);
  if (const auto expiry = first_expiry(server))
    out.add_time("dane_server_rrsig_expiration_timestamp_seconds", labels, *expiry);
  out.add("dane_server_up", labels, is_up(server) ? 1 : 0);
  if (const auto serial = serial_of(server)) out.add("dane_server_serial", labels, *serial);
}

}  // namespace

std::size_t asked_servers(const Report& report) {
  std::size_t count = 0;
  for (const ZoneServers& zone : report.servers.zones) {
    for (const ServerAnswers& server : zone.servers) count += server.unasked == Unasked::none ? 1 : 0;
  }
  return std::min(count, most_servers);
}

// What was not asked is unknown, never down.
void add_servers(const Report& report, Collector& out) {
  std::size_t left = most_servers;
  for (const ZoneServers& zone : report.servers.zones) {
    for (const ServerAnswers& server : zone.servers) {
      if (server.unasked != Unasked::none) continue;
      if (left == 0) return out.mark_truncated();
      --left;
      add_server(report, zone, server, out);
    }
  }
}

}  // namespace danewatch::metrics
