#include "probe/life/record_life.hpp"

#include <algorithm>
#include <map>

namespace danewatch {
namespace {

using Matches = std::multimap<LifePlace, const Interval*>;  // in the order of their ids at each place

Matches matches_of(const Life& life) {
  Matches matches;
  for (const auto* intervals : {&life.past, &life.open}) {
    for (const Interval& each : *intervals) {
      if (each.thing.place.kind == Kind::match) matches.emplace(each.thing.place, &each);
    }
  }
  return matches;
}

void add_matches(const Life& life, const Interval& record, const Matches& matches, RecordLife& result) {
  const auto [first, end] = matches.equal_range({Kind::match, result.server + " " + result.record});
  for (auto each = first; each != end; ++each) {
    const Interval& match = *each->second;
    // A record that was away and came back has a life of its own.
    if (match.id < record.id || (record.gone_at && match.first_seen > *record.gone_at)) continue;
    if (!result.first_matched) result.first_matched = match.first_seen;
    result.last_matched = last_seen(life, match);
    result.stopped_matching = match.gone_at;
  }
}

RecordLife life_of(const Life& life, const Interval& record, const Matches& matches) {
  RecordLife result;
  result.server = record.thing.place.name;
  result.record = record.thing.name;
  result.owner = record.note;
  result.first_seen = record.first_seen;
  result.at_least = record.at_least;
  result.last_seen = last_seen(life, record);
  result.gone_at = record.gone_at;
  add_matches(life, record, matches, result);
  if (record.gone_at) {
    result.state = RecordLife::State::gone;
  } else if (result.last_matched) {
    result.state = result.stopped_matching ? RecordLife::State::former : RecordLife::State::in_use;
  }
  return result;
}

}  // namespace

std::string_view to_string(RecordLife::State state) {
  switch (state) {
    case RecordLife::State::unused:
      return "unused";
    case RecordLife::State::in_use:
      return "in-use";
    case RecordLife::State::former:
      return "former";
    case RecordLife::State::gone:
      return "gone";
  }
  return "";
}

std::vector<RecordLife> record_lives(const Life& life) {
  const Matches matches = matches_of(life);
  std::vector<RecordLife> result;
  for (const auto* intervals : {&life.open, &life.past}) {
    for (const Interval& each : *intervals) {
      if (each.thing.place.kind == Kind::record) result.push_back(life_of(life, each, matches));
    }
  }
  return result;
}

}  // namespace danewatch
