// Findings about what each name server gives for a host's TLSA question.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "probe/findings/server_parts.hpp"

namespace danewatch {
namespace {

using Fate = GivenSet::Fate;

// Mail waits, where other clients end the connection.
std::string_view gives_up(const Report& report) {
  return report.target.service->port == smtp_service().port ? "Senders whose resolver asks it defer mail."
                                                            : "Clients whose resolver asks it end the connection.";
}

std::string_view goes_open(const Report& report) {
  return report.target.service->port == smtp_service().port ? "Senders whose resolver asks it deliver without DANE."
                                                            : "Clients whose resolver asks it go on without DANE.";
}

std::string records_words(const std::vector<TlsaRecord>& records) {
  std::vector<std::string> words;
  for (const TlsaRecord& record : records) words.push_back("TLSA " + short_text(record));
  return list(words);
}

bool is_ahead(const GivenSet& set, const GivenSet& than) {
  const auto serial = serial_of(*set.servers.front());
  const auto other = serial_of(*than.servers.front());
  return serial && other && is_before(*other, *serial);
}

// Two answers from one address: many machines behind it, or a change in between.
bool answers_twice(const GivenSets& given, const GivenSet& set) {
  return std::ranges::any_of(given.sets, [&](const GivenSet& other) {
    return &other != &set && std::ranges::find(other.servers, set.servers.front()) != other.servers.end();
  });
}

std::string advice_for(const GivenSets& given, const GivenSet& set) {
  const GivenSet& right = right_set(given);
  const std::string other = server_place(*right.servers.front());
  if (is_ahead(set, right)) {
    return fmt::format(
        "It has the newer version of the zone: put into that what {} still gives ({}), and remove it only when no "
        "server shows its certificate any more.",
        other, records_words(right.records));
  }
  if (is_ahead(right, set)) {
    return fmt::format(
        "Make it take over the zone as {} has it, and look at its log for zone transfers that are refused or fail.",
        other);
  }
  return fmt::format("Compare its zone with that of {}, and make both serve the same one.", other);
}

Finding with_circumstances(const GivenSets& given, const GivenSet& set, Finding finding) {
  finding = also(std::move(finding), serial_words(*given.zone, set.servers));
  if (answers_twice(given, set))
    finding = also(std::move(finding), " Asked twice, it gave two answers: there may be several machines behind it.");
  return with_nsid(set.servers, std::move(finding));
}

void find_old(const Report& report, const HostReport& host, const GivenSets& given, const GivenSet& set,
              Findings& found) {
  Finding finding = make_finding(
      "server-old-records", server_places(set.servers),
      servers_say(set.servers,
                  {"gives", "give", fmt::format(" TLSA records that match no certificate of {}", host.dns.host)}),
      advice_for(given, set));
  finding = also(std::move(finding), fmt::format(" {} It gives {}.", gives_up(report), records_words(set.records)));
  found.push_back(about_host(host, with_circumstances(given, set, std::move(finding))));
}

void find_other(const Report& report, const HostReport& host, const GivenSets& given, const GivenSet& set,
                Findings& found) {
  const std::string what = set.records.empty()
                               ? fmt::format(" no TLSA records of {}, unlike the others", host.dns.host)
                               : fmt::format(" other TLSA records of {} than the others", host.dns.host);
  Finding finding = make_finding("server-differs", server_places(set.servers),
                                 servers_say(set.servers, {"gives", "give", what}), advice_for(given, set));
  finding = set.records.empty() ? also(std::move(finding), fmt::format(" {}", goes_open(report)))
                                : also(std::move(finding), fmt::format(" It gives {}.", records_words(set.records)));
  found.push_back(about_host(host, with_circumstances(given, set, std::move(finding))));
}

void find_differences(const Report& report, const HostReport& host, const GivenSets& given, Findings& found) {
  if (given.sets.size() < 2) return;
  const GivenSet& right = right_set(given);
  for (const GivenSet& set : given.sets) {
    if (&set == &right) continue;
    if (set.fate == Fate::fails && right.fate == Fate::passes) {
      find_old(report, host, given, set, found);
    } else {
      find_other(report, host, given, set, found);
    }
  }
}

std::string fault_words(const ServerReply& reply, ReplyFault fault, SysTime at) {
  const auto date = [&](auto member, auto wanted) {
    std::optional<SysTime> first;
    for (const SignedSet& set : reply.signatures) {
      if (set.*member && wanted(*(set.*member)) && (!first || *(set.*member) < *first)) first = set.*member;
    }
    return first ? moment_of(*first) : std::string("an unknown time");
  };
  switch (fault) {
    case ReplyFault::missing:
      return " It is not signed.";
    case ReplyFault::expired:
      return fmt::format(" Its signature expired on {}.",
                         date(&SignedSet::expires, [&](SysTime time) { return time < at; }));
    case ReplyFault::not_yet_valid:
      return fmt::format(" Its signature begins on {}.",
                         date(&SignedSet::inception, [&](SysTime time) { return time > at; }));
    case ReplyFault::no_key:
      return " It is signed with a key that is not among those of the zone.";
    case ReplyFault::wrong:
      return " Its signature is wrong.";
    default:
      return "";
  }
}

// The first of its replies that validators do not take.
struct Bogus {
  const ServerAnswers* server = nullptr;
  const ServerReply* reply = nullptr;
  ReplyFault fault = ReplyFault::none;
};

std::optional<Bogus> bogus_reply(const GivenSets& given, const ServerAnswers& server, SysTime at) {
  for (const ServerReply& reply : server.replies) {
    const ReplyFault fault = reply.question == given.question ? fault_of(reply, *given.zone, at) : ReplyFault::none;
    if (is_bogus(fault)) return Bogus{&server, &reply, fault};
  }
  return std::nullopt;
}

// Where no server's answer validates, the zone itself is at fault, and that is told elsewhere.
void find_bogus(const Report& report, const HostReport& host, const GivenSets& given, Findings& found) {
  if (given.sets.empty()) return;
  std::map<ReplyFault, std::vector<Bogus>> faults;
  for (const ServerAnswers& server : given.zone->servers) {
    if (const auto bogus = bogus_reply(given, server, report.at)) faults[bogus->fault].push_back(*bogus);
  }
  for (const auto& [fault, all] : faults) {
    ServerList servers;
    for (const Bogus& each : all) servers.push_back(each.server);
    const std::string question = fmt::format("{} TLSA", given.question.name);
    Finding finding = make_finding(
        "server-bogus", server_places(servers),
        servers_say(servers, {"answers", "answer", fmt::format(" {} in a way that fails DNSSEC validation", question)}),
        fault == ReplyFault::expired ? "Make it take over the zone again: its copy is no longer refreshed. Where it "
                                       "signs the zone itself, look at its signer."
                                     : "Make it serve the zone as the others do, with its signatures.");
    finding = also(std::move(finding), fault_words(*all.front().reply, fault, report.at));
    finding = also(std::move(finding), serial_words(*given.zone, servers));
    found.push_back(about_host(host, with_nsid(servers, std::move(finding))));
  }
}

// What it says to the TLSA question alone; empty: an answer, or it was not asked.
std::string refusal_of(const GivenSets& given, const ServerAnswers& server) {
  const ServerReply* reply = reply_to(server, given.question, Transport::udp);
  const bool knows_zone = std::ranges::any_of(
      server.replies, [&](const ServerReply& each) { return each.question.type == RrType::soa && is_good(each); });
  if (reply == nullptr || !knows_zone || good_reply(server, given.question) != nullptr) return "";
  if (reply->contact == Contact::silent || reply->contact == Contact::refused) return "nothing";
  if (reply->contact == Contact::malformed) return "no DNS message";
  return reply->rcode == 0 || reply->rcode == 3 ? "" : rcode_name(reply->rcode);
}

// Otherwise what is true of all that were asked need not be true of all.
bool all_were_asked(const ZoneServers& zone) {
  return zone.servers_cut == 0 &&
         std::ranges::all_of(zone.servers, [](const ServerAnswers& server) { return server.unasked == Unasked::none; });
}

std::string_view others_say(bool any_answer, bool all_asked) {
  if (any_answer) return " Others answer it, so resolvers ask once more.";
  return all_asked ? " No other name server answers it either." : " Not every name server could be asked.";
}

void find_refusals(const HostReport& host, const GivenSets& given, Findings& found) {
  std::map<std::string, ServerList> refusals;
  bool any_answer = false;
  for (const ServerAnswers& server : given.zone->servers) {
    any_answer = any_answer || good_reply(server, given.question) != nullptr;
    const std::string refusal = refusal_of(given, server);
    if (!refusal.empty()) refusals[refusal].push_back(&server);
  }
  for (const auto& [what, servers] : refusals) {
    Finding finding = make_finding(
        "server-refuses", server_places(servers),
        servers_say(servers,
                    {"answers", "answer", fmt::format(" {} to the question {} TLSA", what, given.question.name)}),
        "Make it answer questions of every type, also through firewalls and load balancers before it.");
    const bool all_asked = all_were_asked(*given.zone);
    finding = also(std::move(finding), std::string(others_say(any_answer, all_asked)));
    if (!any_answer && all_asked) finding.severity = Severity::critical;
    const auto* reply = reply_to(*servers.front(), given.question, Transport::udp);
    if (reply->extended_error) finding = quoting(std::move(finding), "It says", reply->extended_error->text);
    found.push_back(about_host(host, with_nsid(servers, std::move(finding))));
  }
}

}  // namespace

void find_in_given_sets(const Report& report, const HostReport& host, Findings& found) {
  const GivenSets given = given_sets(report, host);
  if (given.zone == nullptr) return;
  find_differences(report, host, given, found);
  find_bogus(report, host, given, found);
  find_refusals(host, given, found);
}

}  // namespace danewatch
