// Findings about the name servers of a zone, whatever they give for a host.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "probe/findings/server_parts.hpp"

namespace danewatch {
namespace {

const ServerReply* soa_by(const ServerAnswers& server, Transport transport) {
  const auto found = std::ranges::find_if(server.replies, [&](const ServerReply& reply) {
    return reply.question.type == RrType::soa && reply.transport == transport;
  });
  return found == server.replies.end() ? nullptr : &*found;
}

bool heard(const ServerReply* reply) {
  return reply != nullptr && reply->contact == Contact::answered;
}

enum class Silence { none, both, udp, tcp };

Silence silence_of(const NameServers& servers, const ServerAnswers& server) {
  const ServerReply* udp = soa_by(server, Transport::udp);
  const ServerReply* tcp = soa_by(server, Transport::tcp);
  if (udp == nullptr || tcp == nullptr || (heard(udp) && heard(tcp))) return Silence::none;
  if (heard(udp)) return is_known_to_work(servers, server, Transport::tcp) ? Silence::tcp : Silence::none;
  if (!is_known_to_work(servers, server, Transport::udp)) return Silence::none;
  return heard(tcp) ? Silence::udp : Silence::both;
}

void find_silent(const NameServers& servers, const ZoneServers& zone, Findings& found) {
  std::map<Silence, ServerList> silent;
  for (const ServerAnswers& server : zone.servers) silent[silence_of(servers, server)].push_back(&server);
  const auto tell = [&](Silence silence, std::string_view code, const Predicate& says, std::string fix) {
    const ServerList& those = silent[silence];
    if (those.empty()) return;
    found.push_back(make_finding(code, server_places(those), servers_say(those, says), std::move(fix)));
  };
  tell(Silence::both, "server-silent", {"does not answer", "do not answer", ""},
       fmt::format("Bring it back, or take it out of the name servers of {} and of the zone above.", zone.zone));
  tell(Silence::udp, "server-silent", {"answers", "answer", " by TCP, but not by UDP"},
       "Let UDP port 53 through to it.");
  tell(Silence::tcp, "server-no-tcp", {"answers", "answer", " by UDP, but not by TCP"},
       "Let TCP port 53 through to it: answers that do not fit into a datagram get lost there.");
}

// Reached, but not as a server of the zone.
std::string lameness_of(const ServerAnswers& server) {
  std::string what;
  for (const ServerReply& reply : server.replies) {
    if (reply.question.type != RrType::soa || reply.contact == Contact::unreachable) continue;
    if (is_good(reply) && reply.serial) return "";
    if (reply.contact == Contact::malformed) what = "no DNS message";
    if (reply.contact != Contact::answered) continue;
    what = reply.rcode != 0 ? rcode_name(reply.rcode) : reply.authoritative ? "no SOA record" : "without authority";
  }
  return what;
}

void find_lame(const ZoneServers& zone, Findings& found) {
  std::map<std::string, ServerList> lame;
  for (const ServerAnswers& server : zone.servers) {
    const std::string what = lameness_of(server);
    if (!what.empty()) lame[what].push_back(&server);
  }
  for (const auto& [what, those] : lame) {
    Finding finding = make_finding(
        "server-lame", server_places(those),
        servers_say(those, {"answers", "answer", fmt::format(" {} when asked for the zone {}", what, zone.zone)}),
        fmt::format("Make it serve {}, or take it out of the name servers of {} and of the zone above.", zone.zone,
                    zone.zone));
    const auto* reply = soa_by(*those.front(), Transport::udp);
    if (reply != nullptr && reply->extended_error)
      finding = quoting(std::move(finding), "It says", reply->extended_error->text);
    found.push_back(with_nsid(those, std::move(finding)));
  }
}

// Names of one list that are not in the other.
std::vector<std::string> beyond(const std::vector<std::string>& names, const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::ranges::set_difference(names, others, std::back_inserter(rest));
  return rest;
}

// Addresses that the zone above tells, and that the names themselves do not have.
ServerList by_glue_alone(const ZoneServers& zone) {
  ServerList servers;
  for (const ServerAnswers& server : zone.servers) {
    const bool has_others = std::ranges::any_of(
        zone.servers, [&](const ServerAnswers& other) { return other.name == server.name && other.by_name; });
    if (server.by_glue && !server.by_name && has_others) servers.push_back(&server);
  }
  return servers;
}

void find_other_delegation(const ZoneServers& zone, Findings& found) {
  std::vector<std::string> parts;
  if (!zone.at_parent.empty() && !zone.at_child.empty()) {
    const auto above = beyond(zone.at_parent, zone.at_child);
    const auto below = beyond(zone.at_child, zone.at_parent);
    if (!above.empty()) parts.push_back(fmt::format("{} only in the zone above", list(above)));
    if (!below.empty()) parts.push_back(fmt::format("{} only in the zone itself", list(below)));
  }
  const ServerList glue = by_glue_alone(zone);
  if (!glue.empty()) parts.push_back(fmt::format("{} only as glue", server_places(glue)));
  if (parts.empty()) return;
  found.push_back(
      make_finding("servers-parent-child", zone.zone,
                   fmt::format("The name servers of {} are not the same above and in it: {}.", zone.zone, list(parts)),
                   fmt::format("Make the delegation and the NS and address records of {} the same.", zone.zone)));
}

// Then who has the right zone is told there, and it need not be the newest.
bool is_told(const ZoneServers& zone, const Findings& found) {
  return std::ranges::any_of(found, [&](const Finding& finding) {
    const bool of_records = finding.code == "server-old-records" || finding.code == "server-differs";
    return of_records && std::ranges::any_of(zone.servers, [&](const ServerAnswers& server) {
             return finding.subject.find(server_place(server)) != std::string::npos;
           });
  });
}

void find_behind(const ZoneServers& zone, Findings& found) {
  ServerList behind;
  if (is_told(zone, found)) return;
  for (const ServerAnswers& server : zone.servers) {
    if (is_behind(zone, server)) behind.push_back(&server);
  }
  const auto serial = behind.empty() ? std::nullopt : serial_of(*behind.front());
  if (!serial) return;
  const Newest newest = newest_of(zone);
  const std::string first = fmt::format(" the serial {} of {}, while {} has {}", *serial, zone.zone,
                                        server_place(*newest.server), newest.serial);
  found.push_back(with_nsid(
      behind,
      make_finding("serial-behind", server_places(behind), servers_say(behind, {"has", "have", first}),
                   "Nothing, where the zone changed a moment ago. Otherwise look at the log of its zone transfers.")));
}

void find_in_zone(const Report& report, const ZoneServers& zone, Findings& found) {
  find_silent(report.servers, zone, found);
  find_lame(zone, found);
  find_other_delegation(zone, found);
  find_behind(zone, found);
}

// Limits of ours.
std::string why_not_asked(const NameServers& servers) {
  if (servers.asked == NameServers::Asked::forwarder) return "everything is asked through a forwarder";
  const bool any = std::ranges::any_of(servers.zones, [](const ZoneServers& zone) { return !zone.servers.empty(); });
  return any && !any_authority(servers) ? "none of them gave this machine an answer with authority" : "";
}

}  // namespace

void find_in_servers(const Report& report, Findings& found) {
  if (report.servers.asked == NameServers::Asked::no) return;
  const std::string why = why_not_asked(report.servers);
  if (!why.empty()) {
    found.push_back(make_finding("servers-not-asked", report.target.text,
                                 fmt::format("The name servers were not compared with each other: {}.", why),
                                 "Run danewatch where name servers can be asked directly, by UDP and TCP port 53."));
    return;
  }
  for (const ZoneServers& zone : report.servers.zones) find_in_zone(report, zone, found);
}

}  // namespace danewatch
