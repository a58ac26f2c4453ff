#include "probe/rollover/spread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "probe/rollover/next_set.hpp"

namespace danewatch {
namespace {

void add(std::vector<TlsaRecord>& records, const TlsaRecord& record) {
  const auto same = [&](const TlsaRecord& each) { return same_association(each, record); };
  if (std::ranges::none_of(records, same)) records.push_back(record);
}

// Records of one host, and who has them.
class Spread {
 public:
  Spread(const SeenTarget& seen, const HostReport& host, SysTime now)
      : seen_(seen), place_(server_name(host.dns)), servers_(served_for(seen, host)), now_(now) {}

  const std::vector<ServedSince>& servers() const { return servers_; }

  RecordSpread of(const TlsaRecord& record) const {
    RecordSpread spread{place_, record, RecordSpread::State::unknown, {}, {}, false, ""};
    bool lacks_somewhere = false;
    for (const ServedSince& server : servers_) {
      const auto time = since(server, record);
      if (time) spread.since = std::max(spread.since.value_or(*time), *time);
      if (server.answers && !time && !std::exchange(lacks_somewhere, true))
        spread.why = fmt::format("{} does not have it", server.name_server);
    }
    spread.at_least = was_there_before(spread);
    if (servers_.empty()) {
      spread.why = "the name servers were not asked one by one";
    } else if (spread.since) {
      lacks_somewhere ? void(spread.state = RecordSpread::State::rumoured) : settle(spread, *spread.since);
    } else {
      settle_gone(spread);
    }
    return spread;
  }

 private:
  bool was_there_before(const RecordSpread& spread) const {
    return std::ranges::any_of(seen_.life->open, [&](const Interval& each) {
      return each.thing.place.kind == Kind::given && server_of(each.thing.place) == place_ && each.at_least &&
             each.thing.name == record_name(spread.record) && each.first_seen == spread.since;
    });
  }

  bool all_answer(RecordSpread& spread) const {
    for (const ServedSince& server : servers_) {
      if (server.answers) continue;
      spread.why = fmt::format("{} {}", server.name_server, server.why_not);
      return false;
    }
    return true;
  }

  // Every name server that answers has it.
  void settle(RecordSpread& spread, SysTime since) const {
    if (!all_answer(spread)) return;
    const auto caches = waiting_time(*seen_.life, place_, since);
    if (caches) spread.until = since + *caches;
    const bool is_everywhere = spread.until && now_ >= *spread.until;
    spread.state = is_everywhere ? RecordSpread::State::omnipresent : RecordSpread::State::rumoured;
    if (is_everywhere) spread.until.reset();
  }

  // None that answers has it.
  void settle_gone(RecordSpread& spread) const {
    spread.why.clear();
    if (!all_answer(spread)) return;
    spread.state = RecordSpread::State::hidden;
    const auto caches = waiting_time(*seen_.life, place_, now_);
    for (const Interval& each : seen_.life->past) {
      const bool is_it = each.thing.place.kind == Kind::given && server_of(each.thing.place) == place_ &&
                         each.thing.name == record_name(spread.record) && each.gone_at;
      if (!is_it || !caches || now_ >= *each.gone_at + *caches) continue;
      spread.state = RecordSpread::State::unretentive;
      spread.until = std::max(spread.until.value_or(*each.gone_at + *caches), *each.gone_at + *caches);
    }
  }

  const SeenTarget& seen_;
  std::string place_;
  std::vector<ServedSince> servers_;
  SysTime now_;
};

}  // namespace

std::string_view to_string(RecordSpread::State state) {
  switch (state) {
    case RecordSpread::State::hidden:
      return "hidden";
    case RecordSpread::State::rumoured:
      return "rumoured";
    case RecordSpread::State::omnipresent:
      return "omnipresent";
    case RecordSpread::State::unretentive:
      return "unretentive";
    case RecordSpread::State::unknown:
      return "unknown";
  }
  return "";
}

std::vector<RecordSpread> spread_of(const SeenTarget& seen, const HostReport& host, std::span<const NextKey> next,
                                    SysTime now) {
  const Spread spread(seen, host, now);
  std::vector<TlsaRecord> records;
  for (const RecordReport& each : host.records) add(records, each.record);
  for (const ServedSince& server : spread.servers()) {
    for (const auto& [record, time] : server.records) add(records, record);
  }
  if (const auto wanted = next_set_of_all(host, next)) {
    for (const TlsaRecord& each : *wanted) add(records, each);
  }
  std::vector<RecordSpread> all;
  for (const TlsaRecord& each : records) all.push_back(spread.of(each));
  return all;
}

}  // namespace danewatch
