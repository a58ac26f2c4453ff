// The name servers of each zone, a line each.
#include <fmt/format.h>

#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/servers.hpp"

namespace danewatch::sections {
namespace {

using layout::Page;
using layout::Row;
using layout::Tone;

Row row_of(std::size_t number, const words::ServerLine& line) {
  Row row{{{std::to_string(number)}, {line.name}, {line.address}, line.state, {line.serial}}, {}};
  std::string notes;
  for (const std::string& note : line.notes) notes += (notes.empty() ? "" : "; ") + note;
  if (!notes.empty()) row.notes.push_back({{notes}});
  return row;
}

std::string milliseconds(const std::optional<double>& time) {
  return time ? layout::glued(fmt::format("{:.1f} ms", *time)) : "";
}

// Each question to one server, for --explain.
Row reply_row(const ServerReply& reply) {
  std::string outcome(to_string(reply.contact));
  if (reply.contact == Contact::answered) {
    outcome = rcode_name(reply.rcode);
    if (!reply.authoritative) outcome += ", no authority";
    if (reply.truncated) outcome += ", truncated";
    if (reply.ttl) outcome += fmt::format(", TTL {}", *reply.ttl);
  }
  Row row{{{reply.transport == Transport::udp ? "UDP" : "TCP"},
           {fmt::format("{} {}", escape_for_terminal(reply.question.name), to_string(reply.question.type))},
           {outcome},
           {milliseconds(reply.milliseconds)}},
          {}};
  for (const auto& rdata : reply.data) row.notes.push_back({{escape_for_terminal(rdata.text)}});
  for (const auto& set : reply.signatures) {
    if (set.check == SignatureCheck::right) continue;
    row.notes.push_back({{fmt::format("signature of {} {}: {}", escape_for_terminal(set.owner), to_string(set.type),
                                      to_string(set.check))}});
  }
  return row;
}

void explain(Page& page, const ZoneServers& zone) {
  for (const ServerAnswers& server : zone.servers) {
    std::vector<Row> rows;
    for (const ServerReply& reply : server.replies) rows.push_back(reply_row(reply));
    if (rows.empty()) continue;
    page.paragraph(
        {"asked", Tone::faint}, "",
        {{fmt::format("{} ({})", escape_for_terminal(server.name), to_string(server.address)), Tone::strong}});
    page.table({}, rows);
  }
}

}  // namespace

void name_servers(Page& page, const Report& report, bool explained) {
  for (const ZoneServers& zone : report.servers.zones) {
    if (zone.servers.empty()) continue;
    page.blank();
    page.paragraph({"zone", Tone::faint}, "",
                   {{escape_for_terminal(zone.zone), Tone::strong}, {": name servers, each asked from here"}});
    std::vector<Row> rows;
    for (const ServerAnswers& server : zone.servers)
      rows.push_back(row_of(rows.size() + 1, words::server_line(report, zone, server)));
    page.table({}, rows);
    if (zone.servers_cut > 0)
      page.paragraph({}, "",
                     {{fmt::format("{} more name server{} not asked.", zone.servers_cut,
                                   zone.servers_cut == 1 ? " was" : "s were")}});
    if (explained) explain(page, zone);
  }
}

}  // namespace danewatch::sections
