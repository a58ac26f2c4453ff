// What holds for every history: 10 000 of them, generated.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "probe/life/life.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::minutes;
using test::LifeWorld;

constexpr std::uint32_t seeds = 10000;
constexpr int looks = 6;

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 random_;
};

void toggle(std::string& letters, char letter) {
  const auto found = letters.find(letter);
  if (found == std::string::npos) {
    letters.insert(std::ranges::upper_bound(letters, letter), letter);
  } else {
    letters.erase(found, 1);
  }
}

// Records and keys alone, as in a rollover that may go wrong.
void turn_keys(LifeWorld& world, Chance& chance) {
  if (chance.one_in(2)) toggle(world.records, static_cast<char>('a' + chance.below(3)));
  const char key = static_cast<char>('a' + chance.below(3));
  if (chance.one_in(3)) world.keys[chance.one_in(2) ? "192.0.2.1" : "192.0.2.2"] = key;
  if (chance.one_in(4)) world.all_show(key);
}

void turn_anything(LifeWorld& world, Chance& chance) {
  constexpr Status states[] = {Status::secure, Status::secure, Status::insecure, Status::bogus, Status::failed};
  turn_keys(world, chance);
  if (chance.one_in(4)) world.tlsa = states[chance.below(5)];
  if (chance.one_in(6)) world.mx = states[chance.below(4)];
  if (chance.one_in(4)) world.ttl = 300U << chance.below(9);
  if (chance.one_in(4)) ++world.renewals;
  if (chance.one_in(5)) world.starttls = !world.starttls;
  world.silent.clear();
  if (chance.one_in(3)) world.silent.insert(chance.one_in(2) ? "192.0.2.1" : "192.0.2.2");
  if (chance.one_in(5)) world.addresses.insert("192.0.2.2");
  if (chance.one_in(5)) world.addresses.erase("192.0.2.2");
  if (chance.one_in(6)) world.hosts.insert("mx2.example.org");
  if (chance.one_in(6)) world.hosts.erase("mx2.example.org");
  if (chance.one_in(4)) world.severity = chance.one_in(2) ? Severity::ok : Severity::warning;
}

std::vector<Report> history(std::uint32_t seed, bool with_jumps) {
  Chance chance(seed);
  LifeWorld world;
  world.at = test::noon();
  std::vector<Report> reports;
  for (int i = 0; i < looks; ++i) {
    reports.push_back(chance.one_in(5) ? world.blind() : world.report());
    turn_anything(world, chance);
    world.at += minutes(1 + chance.below(90));
    if (with_jumps && chance.one_in(4)) world.at += std::chrono::hours(chance.below(2000) - 1000);
  }
  return reports;
}

struct Lived {
  Life life;
  std::vector<Event> events;
};

void go_on(Lived& lived, const Report& report) {
  const Change change = add(lived.life, report);
  lived.events.insert(lived.events.end(), change.events.begin(), change.events.end());
}

Lived live(const std::vector<Report>& reports) {
  Lived lived;
  for (const Report& each : reports) go_on(lived, each);
  lived.life.head.blind_since.reset();
  return lived;
}

bool is_blind(const Report& report) {
  return report.conclusion.verdict == Verdict::unknown;
}

TEST(LifeProperties, RunsThatCouldNotLookChangeNothingWhereverTheyAre) {
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    std::vector<Report> reports = history(seed, false);
    std::vector<Report> without;
    std::ranges::remove_copy_if(reports, std::back_inserter(without), is_blind);
    const Lived some = live(reports);
    const Lived none = live(without);
    ASSERT_EQ(some.life, none.life) << "seed " << seed;
    ASSERT_EQ(some.events, none.events) << "seed " << seed;
  }
}

TEST(LifeProperties, NoIntervalIsNegativeWhateverTheClockDoes) {
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    Lived lived;
    for (const Report& report : history(seed, true)) {
      go_on(lived, report);
      for (const auto* intervals : {&lived.life.open, &lived.life.past}) {
        for (const Interval& each : *intervals) {
          ASSERT_LE(each.first_seen, last_seen(lived.life, each)) << "seed " << seed;
          ASSERT_LE(last_seen(lived.life, each), each.gone_at.value_or(SysTime::max())) << "seed " << seed;
          ASSERT_LE(each.first_seen, lived.life.head.last_looked) << "seed " << seed;
        }
      }
    }
  }
}

TEST(LifeProperties, NothingIsReportedTwice) {
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    Lived lived;
    for (const Report& report : history(seed, false)) {
      go_on(lived, report);
      ASSERT_TRUE(add(lived.life, report).events.empty()) << "seed " << seed;
    }
  }
}

// RFC 7671 8.1 said once more, over the whole story and without intervals.
class Oracle {
 public:
  struct Moment {
    SysTime at;
    std::string records;
    std::map<std::string, char> keys;
  };

  std::string told() const {
    std::string text;
    for (const Moment& each : story_) {
      text += "\n" + std::to_string((each.at - test::noon()).count() / 60) + " min: " + each.records + " shown";
      for (const auto& [address, key] : each.keys) text += std::string(" ") + key;
    }
    return text;
  }

  void look(const LifeWorld& world) { story_.push_back({world.at, world.records, world.keys}); }

  bool removed_too_early() const {
    if (story_.size() < 2 || now().records.empty()) return false;
    return std::ranges::any_of(before().records,
                               [this](char record) { return !has(now(), record) && was_needed(record); });
  }

  bool deployed_too_early() const {
    if (story_.size() < 2) return false;
    return std::ranges::any_of(now().keys,
                               [this](const auto& shown) { return came_too_early(shown.first, shown.second); });
  }

 private:
  static constexpr std::chrono::seconds window{7200};

  const Moment& now() const { return story_.back(); }
  const Moment& before() const { return story_[story_.size() - 2]; }
  static bool has(const Moment& moment, char record) { return moment.records.find(record) != std::string::npos; }
  static bool shows(const Moment& moment, char key) {
    return std::ranges::any_of(moment.keys, [key](const auto& each) { return each.second == key; });
  }

  // The look since which it has been there without a gap, up to `end`.
  template <class Is>
  std::size_t start(std::size_t end, Is is) const {
    std::size_t i = end;
    while (i > 0 && is(story_[i - 1])) --i;
    return i;
  }
  bool is_young(std::size_t began) const {
    if (began == 0) return false;
    const bool now_only = began == story_.size() - 1;
    return now().at - story_[now_only ? began - 1 : began].at < window;
  }
  std::size_t start_of_record(char record) const {
    return start(story_.size() - 1, [record](const Moment& m) { return has(m, record); });
  }

  bool was_needed(char record) const {
    const std::size_t last = story_.size() - 2;
    const std::size_t first = start(last, [record](const Moment& m) { return has(m, record); });
    const bool ever = std::any_of(story_.begin() + static_cast<std::ptrdiff_t>(first), story_.end() - 1,
                                  [record](const Moment& m) { return shows(m, record); });
    if (!ever) return false;
    if (shows(before(), record) && shows(now(), record)) return true;
    std::string successors;
    std::ranges::copy_if(now().records, std::back_inserter(successors), [this](char r) { return shows(now(), r); });
    return !successors.empty() &&
           std::ranges::all_of(successors, [this](char r) { return is_young(start_of_record(r)); });
  }

  bool came_too_early(const std::string& address, char key) const {
    if (!has(now(), key)) return false;
    const std::size_t shown_since =
        start(story_.size() - 1, [&](const Moment& m) { return m.keys.at(address) == key; });
    const std::size_t published = start_of_record(key);
    if (!is_young(shown_since) || !is_young(published)) return false;
    const bool matched_before = has(before(), key) && shows(before(), key);
    return !matched_before && some_cache_lacks(key, published);
  }

  // A set of other records was served before, and may be in a cache still.
  bool some_cache_lacks(char key, std::size_t published) const {
    for (std::size_t i = 0; i < published; ++i) {
      for (const char other : story_[i].records) {
        if (other == key) continue;
        std::size_t end = i;
        while (end < story_.size() && has(story_[end], other)) ++end;
        if (end == story_.size() || now().at - story_[end].at < window) return true;
      }
    }
    return false;
  }

  std::vector<Moment> story_;
};

bool has(const std::vector<Event>& events, EventCode code) {
  return std::ranges::find(events, code, &Event::code) != events.end();
}

TEST(LifeProperties, TooEarlyIsToldExactlyWhereTheRfcSaysSo) {
  int told = 0;
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    Chance chance(seed);
    LifeWorld world;
    world.at = test::noon();
    Life life;
    Oracle oracle;
    for (int i = 0; i < looks; ++i) {
      const Change change = add(life, world.report());
      oracle.look(world);
      ASSERT_EQ(has(change.events, EventCode::removed_too_early), oracle.removed_too_early()) << oracle.told();
      ASSERT_EQ(has(change.events, EventCode::deployed_too_early), oracle.deployed_too_early()) << oracle.told();
      told += oracle.removed_too_early() || oracle.deployed_too_early() ? 1 : 0;
      turn_keys(world, chance);
      world.at += minutes(5 + chance.below(180));
    }
  }
  EXPECT_GT(told, 1000);
}

}  // namespace
}  // namespace danewatch
