// The life of a target: what many reports add up to, as intervals of what was there.
//
// Facts and times alone; states are computed on reading (record_life.hpp). A run that could not look ends no interval
// and begins none, and changes nothing but `blind_since`. A clock that went back pulls the times that it passed with
// it, so that no interval is negative. What it remembers is bounded. Thread rule: values and pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "probe/life/events.hpp"
#include "probe/life/sight.hpp"

namespace danewatch {

struct Interval {
  std::uint64_t id = 0;  // grows with time, whatever the clock does
  Thing thing;
  std::string note;  // of the last look that saw it
  SysTime first_seen{};
  std::optional<SysTime> last_seen;  // unset: when its place was last seen whole
  std::optional<SysTime> gone_at;    // the first look that showed it gone
  bool at_least = false;             // it was there when its place was first looked at: since at least first_seen

  bool operator==(const Interval&) const = default;
};

// When a place was seen whole.
struct Look {
  SysTime first{};
  std::optional<SysTime> last;  // unset: when the target was last looked at

  bool operator==(const Look&) const = default;
};

struct LifeHead {
  SysTime first_looked{};
  SysTime last_looked{};
  std::uint64_t looks = 0;  // that said something
  std::uint64_t next_id = 1;
  std::optional<SysTime> blind_since;  // runs since then could not look
  std::string runs;                    // packed(): the recent ones, of whoever wants to show them again

  bool operator==(const LifeHead&) const = default;
};

struct Life {
  LifeHead head;
  std::map<LifePlace, Look> places;
  std::vector<Interval> open;  // in the order of their ids
  std::vector<Interval> past;  // likewise

  bool operator==(const Life&) const = default;
};

struct LifeLimits {
  std::size_t open = 4096;  // what was seen longest ago goes first
  std::size_t past = 2000;  // the oldest go first
};

// What a look changed, for whoever keeps it.
struct Change {
  LifeHead head;
  std::vector<std::pair<LifePlace, Look>> places;
  std::vector<Interval> intervals;     // new, or other than before; with gone_at: past from now on
  std::vector<std::uint64_t> dropped;  // beyond the limits
  std::vector<LifePlace> dropped_places;
  std::vector<Event> events;
  bool whole = false;  // all there is: takes the place of what is kept
  bool could_look = false;
  bool went_blind = false;  // the first run that could not look
};

Change add(Life& life, const Report& report, const LifeLimits& limits = {});

Change whole(const Life& life);  // for a keeper that knows nothing of it

SysTime last_looked(const Life& life, const LifePlace& place);
SysTime last_seen(const Life& life, const Interval& interval);

// What is at the place; of states: at most one.
std::vector<const Interval*> open_at(const Life& life, const LifePlace& place);

// Twice the longest that a cache may still hold TLSA records of this server (RFC 7671 8.1); nothing: it is not known.
std::optional<std::chrono::seconds> waiting_time(const Life& life, const std::string& server, SysTime now);

// Less than a month apart. What is far from it was stamped by a clock that was or is wrong, or long ago.
bool is_near_to(SysTime look, SysTime now);

// The same key for every spelling of one target: what memory is kept under.
std::string life_key(const Target& target);

}  // namespace danewatch
