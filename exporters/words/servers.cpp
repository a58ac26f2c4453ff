#include "exporters/words/servers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::words {
namespace {

std::string_view why_unasked(Unasked why) {
  switch (why) {
    case Unasked::none:
      return "";
    case Unasked::not_global:
      return "not asked: not an address of the Internet";
    case Unasked::no_route:
      return "not asked: no way there from this machine";
    case Unasked::no_time:
      return "not asked to the end: no time was left";
    case Unasked::too_many:
      return "not asked: beyond danewatch's limit";
  }
  return "";
}

// What kept an answer from counting: "UDP: REFUSED", "TCP: no answer".
std::string trouble_of(const ServerReply& reply) {
  if (is_good(reply) || (reply.truncated && reply.contact == Contact::answered)) return "";
  const std::string_view transport = reply.transport == Transport::udp ? "UDP" : "TCP";
  std::string what = "no answer";
  if (reply.contact == Contact::refused) what = "connection refused";
  if (reply.contact == Contact::malformed) what = "no DNS message";
  if (reply.contact == Contact::answered) what = reply.rcode != 0 ? rcode_name(reply.rcode) : "without authority";
  return fmt::format("{} {}: {}", to_string(reply.question.type), transport, what);
}

std::string expired_words(const ServerAnswers& server, SysTime at) {
  const auto expiry = first_expiry(server);
  return expiry && *expiry < at ? "signature expired " + date_and_time(*expiry) : "";
}

std::vector<std::string> notes_of(const Report& report, const ZoneServers& zone, const ServerAnswers& server) {
  std::vector<std::string> notes;
  const auto add = [&](std::string note) {
    if (!note.empty() && std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
  };
  add(std::string(why_unasked(server.unasked)));
  for (const ServerReply& reply : server.replies) add(trouble_of(reply));
  for (const ServerReply& reply : server.replies) {
    if (reply.extended_error)
      add(fmt::format("it says: {}",
                      one_line(reply.extended_error->text.empty() ? fmt::format("error {}", reply.extended_error->code)
                                                                  : reply.extended_error->text)));
  }
  const std::vector<std::string> strange = strange_records(report, server);
  if (!strange.empty()) add(plain("it gives " + list(strange)));
  if (zone.secure) add(expired_words(server, report.at));
  if (!zone.at_parent.empty() && !server.at_parent) add("not in the delegation");
  if (!server.at_child) add("not in the zone's own list");
  if (server.by_glue && !server.by_name) add("by glue alone");
  if (!server.nsid.empty()) add("NSID " + one_line(server.nsid));
  return notes;
}

}  // namespace

layout::Tone tone_of(ServerState state) {
  switch (state) {
    case ServerState::old:
    case ServerState::bogus:
      return layout::Tone::bad;
    case ServerState::agrees:
    case ServerState::answers:
      return layout::Tone::good;
    case ServerState::not_asked:
      return layout::Tone::plain;
    default:
      return layout::Tone::warn;
  }
}

ServerLine server_line(const Report& report, const ZoneServers& zone, const ServerAnswers& server) {
  const ServerState state = state_of(report, zone, server);
  const auto serial = serial_of(server);
  return {escape_for_terminal(server.name),
          to_string(server.address),
          {std::string(to_string(state)), tone_of(state)},
          serial ? fmt::format("serial {}", *serial) : "",
          notes_of(report, zone, server)};
}

}  // namespace danewatch::words
