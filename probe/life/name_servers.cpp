#include "probe/life/name_servers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "probe/report/given_sets.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_records = 100;

std::vector<std::string> names_of(const std::vector<TlsaRecord>& records) {
  std::vector<std::string> names;
  for (const TlsaRecord& each : records) names.push_back(record_name(each));
  std::ranges::sort(names);
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most_listed = 16;
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_listed));
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "), end == names.end() ? "" : ", ...");
}

// What the server gives by every transport by which it gives anything; empty and `none`: nothing is known of it.
struct Given {
  bool none = true;
  bool differs = false;
  std::vector<std::string> names;
};

Given given_by(const GivenSets& given, const ServerAnswers& server, SysTime at) {
  Given result;
  // Validators do not take all that it says.
  if (bogus_reply(given, server, at) != nullptr) return result;
  const GivenSet& right = right_set(given);
  for (const GivenSet& set : given.sets) {
    if (std::ranges::find(set.servers, &server) == set.servers.end()) continue;
    if (set.records.size() > most_records) return {};
    std::vector<std::string> names = names_of(set.records);
    std::vector<std::string> both;
    std::ranges::set_intersection(result.names, names, std::back_inserter(both));
    result.names = result.none ? std::move(names) : std::move(both);
    result.none = false;
    result.differs = result.differs || &set != &right;
  }
  return result;
}

}  // namespace

bool were_asked(const Report& report) {
  const NameServers& servers = report.servers;
  const auto end = report.at + std::chrono::ceil<std::chrono::seconds>(report.run.duration) + std::chrono::seconds(1);
  return servers.asked == NameServers::Asked::yes && servers.at >= report.at && servers.at <= end;
}

// No resolver in use keeps anything for longer than a week, whatever it is told.
std::optional<std::uint32_t> longest_ttl_given(const Report& report, const HostReport& host) {
  constexpr std::uint32_t week = 604800;
  std::optional<std::uint32_t> longest;
  const GivenSets given = were_asked(report) ? given_sets(report, host) : GivenSets();
  for (const GivenSet& set : given.sets) {
    for (const ServerAnswers* server : set.servers) {
      const ServerReply* reply = good_reply(*server, given.question);
      if (reply == nullptr || !reply->ttl) continue;
      longest = std::max(longest.value_or(0), std::min(*reply->ttl, week));
    }
  }
  return longest;
}

void see_name_servers(const Report& report, const HostReport& host, Sight& sight) {
  if (!were_asked(report)) return;
  const GivenSets given = given_sets(report, host);
  if (given.sets.empty()) return;
  const std::string server = server_name(host.dns);
  const GivenSet& right = right_set(given);
  if (right.records.size() <= most_records) sight.most_give.emplace(server, listed(names_of(right.records)));
  for (const ServerAnswers& each : given.zone->servers) {
    const Given gives = given_by(given, each, report.at);
    if (gives.none) continue;
    const std::string place = server + " " + to_string(each.address);
    const LifePlace agreement{Kind::agreement, place};
    if (!sight.whole.insert(agreement).second) continue;  // one machine of two names
    const std::string_view state = gives.differs ? differs_word : agrees_word;
    sight.seen.try_emplace({agreement, std::string(state)}, each.name);
    sight.whole.insert({Kind::given, place});
    for (const std::string& name : gives.names) sight.seen.try_emplace({{Kind::given, place}, name}, each.name);
  }
}

std::vector<NameServerLife> name_server_lives(const Life& life) {
  std::map<std::string, NameServerLife> by_place;
  for (const Interval& each : life.open) {
    if (each.thing.place.kind != Kind::agreement) continue;
    by_place.emplace(each.thing.place.name, NameServerLife{server_of(each.thing.place),
                                                           each.note,
                                                           address_of(each.thing.place),
                                                           each.thing.name == agrees_word,
                                                           each.first_seen,
                                                           each.at_least,
                                                           last_seen(life, each),
                                                           {}});
  }
  for (const Interval& each : life.open) {
    const auto found = by_place.find(each.thing.place.name);
    if (each.thing.place.kind != Kind::given || found == by_place.end()) continue;
    found->second.records.push_back({each.thing.name, each.first_seen, each.at_least});
  }
  std::vector<NameServerLife> lives;
  for (auto& [place, server] : by_place) lives.push_back(std::move(server));
  return lives;
}

std::string name_server_place(const Interval& interval) {
  return fmt::format("{} ({})", interval.note, address_of(interval.thing.place));
}

std::string records_given(const Life& life, const std::string& server, const std::string& address) {
  std::vector<std::string> names;
  for (const Interval* each : open_at(life, {Kind::given, server + " " + address})) names.push_back(each->thing.name);
  std::ranges::sort(names);
  return listed(names);
}

}  // namespace danewatch
