#include "probe/rollover/seen.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/life/name_servers.hpp"
#include "probe/report/given_sets.hpp"
#include "probe/rollover/others.hpp"

namespace danewatch {
namespace {

std::string place_of(const ServerAnswers& server) {
  return fmt::format("{} ({})", server.name, to_string(server.address));
}

std::string why_unknown(const GivenSets& given, const ServerAnswers& server, SysTime at) {
  switch (server.unasked) {
    case Unasked::none:
      break;
    case Unasked::not_global:
      return "has an address that is not asked";
    case Unasked::no_route:
      return "cannot be reached from here";
    case Unasked::no_time:
    case Unasked::too_many:
      return "was not asked, by a limit of danewatch's own";
  }
  return bogus_reply(given, server, at) != nullptr ? "gives an answer that does not validate" : "does not answer";
}

SysTime since(const SeenTarget& seen, const HostReport& host, const ServerAnswers& server, const std::string& record) {
  const LifePlace place{Kind::given, server_name(host.dns) + " " + to_string(server.address)};
  for (const Interval* each : open_at(*seen.life, place)) {
    if (each->thing.name == record) return each->first_seen;
  }
  return seen.report->at;  // forgotten, beyond what memory holds
}

// What it gives by every transport by which it gives anything.
std::vector<TlsaRecord> records_by(const GivenSets& given, const ServerAnswers& server, bool& answers) {
  std::vector<TlsaRecord> records;
  answers = false;
  for (const GivenSet& set : given.sets) {
    if (std::ranges::find(set.servers, &server) == set.servers.end()) continue;
    if (!answers) records = set.records;
    answers = true;
    std::erase_if(records, [&](const TlsaRecord& each) {
      return std::ranges::none_of(set.records, [&](const TlsaRecord& other) { return same_association(each, other); });
    });
  }
  return records;
}

ServedSince served_by(const SeenTarget& seen, const HostReport& host, const GivenSets& given,
                      const ServerAnswers& server) {
  const SysTime at = seen.report->at;
  ServedSince served{place_of(server), true, {}, ""};
  const auto records = records_by(given, server, served.answers);
  if (!served.answers || bogus_reply(given, server, at) != nullptr) {
    return {served.name_server, false, {}, why_unknown(given, server, at)};
  }
  for (const TlsaRecord& each : records)
    served.records.emplace_back(each, since(seen, host, server, record_name(each)));
  return served;
}

// An address of the other family of a name server that was asked: it is taken for the same machine.
bool is_known_by_another(const ZoneServers& zone, const ServerAnswers& server) {
  return server.unasked == Unasked::no_route && std::ranges::any_of(zone.servers, [&](const ServerAnswers& other) {
           return other.name == server.name && other.unasked == Unasked::none && !other.replies.empty();
         });
}

// Why nothing is known of what the target's hosts are; empty: it is.
std::string what_is_missing(const Report& report) {
  if (report.run.not_looked || cannot_look(report.walk.located)) return report.summary;
  if (report.hosts.empty()) return "it has no host that could be looked at";
  if (!report.walk.cuts.empty()) return "not all of its hosts were looked at";
  return {};
}

std::vector<std::string> unnamed_others(const SeenTarget& seen, const HostReport& host,
                                        std::span<const SeenTarget> targets) {
  std::vector<std::string> others = others_with_the_key(host, seen.elsewhere);
  std::erase_if(others, [&](const std::string& place) {
    return std::ranges::any_of(targets, [&](const SeenTarget& target) {
      return std::ranges::any_of(target.report->hosts,
                                 [&](const HostReport& other) { return server_name(other.dns) == place; });
    });
  });
  return others;
}

}  // namespace

std::vector<ServedSince> served_for(const SeenTarget& seen, const HostReport& host) {
  std::vector<ServedSince> all;
  if (!were_asked(*seen.report)) return all;
  const GivenSets given = given_sets(*seen.report, host);
  if (given.zone == nullptr) return all;
  for (const ServerAnswers& server : given.zone->servers) {
    if (!is_known_by_another(*given.zone, server)) all.push_back(served_by(seen, host, given, server));
  }
  if (given.zone->servers_cut > 0) {
    all.push_back({fmt::format("one of {} more name servers of {}", given.zone->servers_cut, given.zone->zone),
                   false,
                   {},
                   "was not asked, by a limit of danewatch's own"});
  }
  return all;
}

Plan plan_for(std::span<const SeenTarget> targets, const Wanted& wanted, SysTime now) {
  std::vector<Roll> rolls;
  for (const SeenTarget& seen : targets) {
    for (const HostReport& host : seen.report->hosts) {
      rolls.push_back(
          {&host, seen.life, served_for(seen, host), wanted.all_named, unnamed_others(seen, host, targets)});
    }
  }
  Plan plan = plan_of(rolls, wanted.next, now);
  for (const SeenTarget& seen : targets) {
    const std::string why = what_is_missing(*seen.report);
    if (why.empty()) continue;
    plan.keeps_the_key = false;
    for (const StepKind kind : step_kinds) {
      plan.steps.push_back({kind, StepState::unknown, life_key(seen.report->target), {}, std::nullopt, why});
    }
  }
  return plan;
}

}  // namespace danewatch
