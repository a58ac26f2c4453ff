#include "probe/life/life.hpp"

#include <algorithm>
#include <charconv>

#include "probe/life/life_events.hpp"

namespace danewatch {
namespace {

void pull_back(std::optional<SysTime>& time, SysTime at) {
  if (time && *time > at) time = at;
}

// The clock went back: what lies after it now was stamped by a clock that was wrong, and when it began is not known.
void pull_back(std::vector<Interval>& intervals, SysTime at) {
  for (Interval& each : intervals) {
    if (each.first_seen > at) {
      each.first_seen = at;
      each.at_least = true;
    }
    pull_back(each.last_seen, at);
    pull_back(each.gone_at, at);
  }
}

void pull_back(Life& life, SysTime at) {
  if (at >= life.head.last_looked) return;
  life.head.last_looked = at;
  life.head.first_looked = std::min(life.head.first_looked, at);
  for (auto& [place, look] : life.places) {
    look.first = std::min(look.first, at);
    pull_back(look.last, at);
  }
  pull_back(life.open, at);
  pull_back(life.past, at);
}

// From "when last looked at" to a time, before that means another one.
void pin_times(Life& life) {
  for (Interval& each : life.open) each.last_seen = last_seen(life, each);
  for (auto& [place, look] : life.places) look.last = last_looked(life, place);
}

void unpin_times(Life& life) {
  for (auto& [place, look] : life.places) {
    if (look.last == life.head.last_looked) look.last.reset();
  }
  for (Interval& each : life.open) {
    const auto place = life.places.find(each.thing.place);
    if (place != life.places.end() && each.last_seen == last_looked(life, each.thing.place)) each.last_seen.reset();
  }
}

void see(Life& life, const Sight& sight) {
  std::map<Thing, std::size_t> known;
  for (std::size_t i = 0; i < life.open.size(); ++i) known.emplace(life.open[i].thing, i);
  for (const auto& [thing, note] : sight.seen) {
    const auto found = known.find(thing);
    if (found == known.end()) {
      const bool first_look = !life.places.contains(thing.place);
      life.open.push_back({life.head.next_id++, thing, note, sight.at, sight.at, std::nullopt, first_look});
    } else {
      life.open[found->second].last_seen = sight.at;
      life.open[found->second].note = note;
    }
  }
}

// A record that is gone matches nothing any more.
std::set<LifePlace> places_without(const Life& life, const Sight& sight) {
  std::set<LifePlace> whole = sight.whole;
  for (const Interval& each : life.open) {
    if (each.thing.place.kind != Kind::record || !sight.whole.contains(each.thing.place) || sight.sees(each.thing))
      continue;
    whole.insert({Kind::match, each.thing.place.name + " " + each.thing.name});
  }
  return whole;
}

std::vector<Interval> end_what_is_gone(Life& life, const Sight& sight) {
  const std::set<LifePlace> whole = places_without(life, sight);
  std::vector<Interval> gone;
  for (Interval& each : life.open) {
    if (!whole.contains(each.thing.place) || sight.sees(each.thing)) continue;
    each.gone_at = sight.at;
    gone.push_back(each);
  }
  std::erase_if(life.open, [](const Interval& each) { return each.gone_at.has_value(); });
  return gone;
}

void forget_intervals(std::vector<Interval>& intervals, std::size_t most, Change& change) {
  if (intervals.size() <= most) return;
  const auto end = intervals.end() - static_cast<std::ptrdiff_t>(most);
  for (auto each = intervals.begin(); each != end; ++each) change.dropped.push_back(each->id);
  intervals.erase(intervals.begin(), end);
}

// A place that nobody looks at any more, and of which nothing is known.
void forget_places(Life& life, Change& change) {
  std::set<LifePlace> known;
  for (const auto* intervals : {&life.open, &life.past}) {
    for (const Interval& each : *intervals) known.insert(each.thing.place);
  }
  std::erase_if(life.places, [&](const auto& each) {
    const bool forgotten = each.second.last && !known.contains(each.first);
    if (forgotten) change.dropped_places.push_back(each.first);
    return forgotten;
  });
}

// The oldest first: of what is there, what was seen longest ago.
void forget(Life& life, const LifeLimits& limits, Change& change) {
  if (life.open.size() > limits.open) {
    std::ranges::stable_sort(life.open, {}, [&](const Interval& each) { return last_seen(life, each); });
    forget_intervals(life.open, limits.open, change);
    std::ranges::sort(life.open, {}, &Interval::id);
  }
  forget_intervals(life.past, limits.past, change);
  if (!change.dropped.empty()) forget_places(life, change);
}

// What differs from how it was; both in the order of ids.
void note_changes(const std::vector<Interval>& before, const std::vector<Interval>& after, Change& change) {
  auto old = before.begin();
  for (const Interval& each : after) {
    while (old != before.end() && old->id < each.id) ++old;
    if (old == before.end() || old->id != each.id || *old != each) change.intervals.push_back(each);
  }
}

void note_changes(const Life& before, const Life& after, Change& change) {
  for (const auto& [place, look] : after.places) {
    const auto old = before.places.find(place);
    if (old == before.places.end() || old->second != look) change.places.emplace_back(place, look);
  }
  note_changes(before.open, after.open, change);
  note_changes(before.past, after.past, change);
}

void look(Life& life, const Sight& sight, Change& change) {
  pull_back(life, sight.at);
  pin_times(life);
  const SysTime looked_before = life.head.last_looked;
  const std::uint64_t first_new = life.head.next_id;
  see(life, sight);
  const std::vector<Interval> gone = end_what_is_gone(life, sight);
  if (life.head.looks > 0) change.events = events_of({life, gone, sight, looked_before, first_new});
  // By id, as before: what began earlier may end later.
  life.past.insert(life.past.end(), gone.begin(), gone.end());
  std::ranges::sort(life.past, {}, &Interval::id);
  for (const LifePlace& place : sight.whole)
    life.places.try_emplace(place, Look{sight.at, {}}).first->second.last = sight.at;
  if (life.head.looks == 0) life.head.first_looked = sight.at;
  life.head.last_looked = sight.at;
  ++life.head.looks;
  unpin_times(life);
}

}  // namespace

Change add(Life& life, const Report& report, const LifeLimits& limits) {
  const Sight sight = sight_of(report);
  const Life before = life;
  Change change;
  change.could_look = sight.looked;
  if (sight.looked) {
    life.head.blind_since.reset();
    look(life, sight, change);
    forget(life, limits, change);
  } else if (!life.head.blind_since) {
    life.head.blind_since = report.at;
    change.went_blind = true;
  }
  change.head = life.head;
  note_changes(before, life, change);
  return change;
}

Change whole(const Life& life) {
  Change change;
  change.head = life.head;
  change.whole = true;
  change.could_look = true;
  note_changes(Life{}, life, change);
  return change;
}

SysTime last_looked(const Life& life, const LifePlace& place) {
  const auto found = life.places.find(place);
  return found == life.places.end() ? SysTime{} : found->second.last.value_or(life.head.last_looked);
}

SysTime last_seen(const Life& life, const Interval& interval) {
  return interval.last_seen.value_or(last_looked(life, interval.thing.place));
}

std::vector<const Interval*> open_at(const Life& life, const LifePlace& place) {
  std::vector<const Interval*> result;
  for (const Interval& each : life.open) {
    if (each.thing.place == place) result.push_back(&each);
  }
  return result;
}

// A lowered TTL counts only after the longer one has run out.
std::optional<std::chrono::seconds> waiting_time(const Life& life, const std::string& server, SysTime now) {
  std::optional<std::chrono::seconds> longest;
  const auto take = [&](const Interval& each) {
    if (each.thing.place != LifePlace{Kind::ttl, server}) return;
    std::uint32_t seconds = 0;
    const std::string& text = each.thing.name;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    const std::chrono::seconds ttl(seconds);
    if (each.gone_at && *each.gone_at + ttl <= now) return;
    longest = std::max(longest.value_or(ttl), ttl);
  };
  std::ranges::for_each(life.open, take);
  std::ranges::for_each(life.past, take);
  if (longest) return 2 * *longest;
  return std::nullopt;
}

bool is_near_to(SysTime look, SysTime now) {
  constexpr std::chrono::days month{30};
  return look < now + month && now < look + month;
}

std::string life_key(const Target& target) {
  std::string key;
  switch (target.kind) {
    case TargetKind::mail_domain:
      key = target.name;
      break;
    case TargetKind::srv:
      key = target.srv_owner;
      break;
    case TargetKind::srv_then_host:
      key = std::string(target.service->name) + "://" + target.name;
      break;
    case TargetKind::host:
      key = std::string(target.service->name) + "://" + target.name + ":" + std::to_string(target.port);
      break;
    case TargetKind::address_literal:
      break;
  }
  if (!target.address) return key;
  const std::string address = to_bracketed(*target.address) + ":" + std::to_string(target.port);
  return key.empty() ? address : key + " at " + address;
}

}  // namespace danewatch
