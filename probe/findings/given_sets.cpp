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

// Data that is cut short ends the sentence already.
std::string it_gives(const GivenSet& set) {
  const std::string words = records_words(set.records);
  return fmt::format(" It gives {}{}", words, words.ends_with("…") ? "" : ".");
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
  finding = also(std::move(finding), fmt::format(" {}{}", gives_up(report), it_gives(set)));
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
                                : also(std::move(finding), it_gives(set));
  found.push_back(about_host(host, with_circumstances(given, set, std::move(finding))));
}

void find_differences(const Report& report, const HostReport& host, const GivenSets& given, Findings& found) {
  if (given.sets.size() < 2) return;
  const GivenSet& right = right_set(given);
  for (const GivenSet& set : given.sets) {
    if (&set == &right) continue;
    if (is_old(set, right)) {
      find_old(report, host, given, set, found);
    } else {
      find_other(report, host, given, set, found);
    }
  }
}

std::string begin_of(const ServerReply& reply) {
  std::optional<SysTime> last;
  for (const SignedSet& set : reply.signatures) last = std::max(last, set.inception);
  return last ? moment_of(*last) : "an unknown time";
}

std::string end_of(const ServerReply& reply) {
  const auto expiry = first_expiry(reply);
  return expiry ? moment_of(*expiry) : "an unknown time";
}

std::string fault_words(const ServerReply& reply, ReplyFault fault) {
  switch (fault) {
    case ReplyFault::missing:
      return " It is not signed.";
    case ReplyFault::expired:
      return fmt::format(" Its signature expired on {}.", end_of(reply));
    case ReplyFault::not_yet_valid:
      return fmt::format(" Its signature begins on {}.", begin_of(reply));
    case ReplyFault::no_key:
      return " It is signed with a key that is not among those of the zone.";
    case ReplyFault::wrong:
      return " Its signature is wrong.";
    default:
      return "";
  }
}

// Where no server's answer validates, the zone itself is at fault, and that is told elsewhere.
void find_bogus(const Report& report, const HostReport& host, const GivenSets& given, Findings& found) {
  if (given.sets.empty()) return;
  std::map<ReplyFault, ServerList> faults;
  for (const ServerAnswers& server : given.zone->servers) {
    const ServerReply* reply = bogus_reply(given, server, report.at);
    if (reply != nullptr) faults[fault_of(*reply, *given.zone, report.at)].push_back(&server);
  }
  for (const auto& [fault, servers] : faults) {
    const std::string question = fmt::format("{} TLSA", given.question.name);
    Finding finding = make_finding(
        "server-bogus", server_places(servers),
        servers_say(servers, {"answers", "answer", fmt::format(" {} in a way that fails DNSSEC validation", question)}),
        fault == ReplyFault::expired ? "Make it take over the zone again: its copy is no longer refreshed. Where it "
                                       "signs the zone itself, look at its signer."
                                     : "Make it serve the zone as the others do, with its signatures.");
    finding = also(std::move(finding), fault_words(*bogus_reply(given, *servers.front(), report.at), fault));
    finding = also(std::move(finding), serial_words(*given.zone, servers));
    found.push_back(about_host(host, with_nsid(servers, std::move(finding))));
  }
}

// Behind "answers"; empty: it does.
std::string refusal_of(const GivenSets& given, const ServerAnswers& server) {
  switch (why_no_answer(server, given.question)) {
    case NoAnswer::none:
      return "";
    case NoAnswer::silence:
      return "nothing";
    case NoAnswer::malformed:
      return "no DNS message";
    case NoAnswer::error:
      return rcode_name(first_reply(server, given.question)->rcode);
    case NoAnswer::no_authority:
      return "without authority";
    case NoAnswer::truncated:
      return "only in part, and nothing by TCP,";
  }
  return "";
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
    const auto* reply = first_reply(*servers.front(), given.question);
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
