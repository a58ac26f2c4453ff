// Senders that deliver all the time, through resolvers that keep what they read as long as they may, from name servers
// that get a change late: whoever takes each step at the first moment at which its gate opens loses no delivery.
//
// So that the simulation is known to see lost deliveries, it is also told to do what the gates forbid.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "probe/rollover/gate.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::seconds;

enum class Way {
  by_the_gates,
  deploy_within_one_ttl,  // of the slowest name server
  leave_out_the_slowest_server,
  remove_the_wrong_record
};

constexpr int resolvers = 8;

struct Zone {
  std::string records;
  long long since;  // on the primary
};

class Simulation {
 public:
  Simulation(unsigned seed, Way way) : random_(seed), way_(way) {
    ttl_ = pick(2, 40);
    look_every_ = pick(3, 15);
    lags_.resize(static_cast<std::size_t>(pick(1, 4)));
    for (int& lag : lags_) lag = pick(0, 30);
    if (way == Way::leave_out_the_slowest_server) lags_ = {0, 2 * ttl_ + pick(20, 60)};
    world_.ttl = static_cast<std::uint32_t>(ttl_);
    world_.all_show('a');
    next_.file = "next.pem";
    next_.records = {*parse_tlsa(test::record_of_key('b'))};
  }

  // Deliveries that failed.
  int run() {
    slowest_ = *std::ranges::max_element(lags_);
    for (now_ = 0; now_ < 1000 && !is_over(); ++now_) {
      if (now_ >= look_at_) look();
      deploy_bit_by_bit();
      deliver();
    }
    EXPECT_TRUE(is_over() || way_ != Way::by_the_gates) << "the gates never opened";
    return failures_;
  }

 private:
  int pick(int from, int to) { return from + static_cast<int>(random_() % static_cast<unsigned>(to - from + 1)); }

  bool is_over() const { return removed_at_ >= 0 && now_ > removed_at_ + slowest_ + ttl_; }

  // What a name server hands out: the last change that has come to it.
  const std::string& served(std::size_t server) const {
    const Zone* latest = &zones_.front();
    for (const Zone& each : zones_) {
      if (each.since + lags_[server] <= now_) latest = &each;
    }
    return latest->records;
  }

  void change(std::string records) { zones_.push_back({std::move(records), now_}); }

  // A look of danewatch: what it sees and remembers, and the step it then allows.
  void look() {
    look_at_ = now_ + look_every_;
    if (removed_at_ >= 0) return;
    const SysTime at = test::noon() + seconds(now_);
    // Through its own resolver, whose answer is that of some name server.
    world_.records = served(static_cast<std::size_t>(pick(0, static_cast<int>(lags_.size()) - 1)));
    const Report& report = report_at(at);
    add(life_, report);
    act(report, at);
  }

  // Everything but the time is the same again and again.
  const Report& report_at(SysTime at) const {
    static std::map<std::string, Report> reports;
    Report& report = reports[world_.records + keys_[0] + keys_[1] + std::to_string(ttl_)];
    if (report.hosts.empty()) report = world_.report();
    report.at = at;
    return report;
  }

  void act(const Report& report, SysTime at) {
    const std::vector<Roll> rolls{{&report.hosts[0], &life_, name_servers(at)}};
    const Plan plan = plan_of(rolls, {&next_, 1}, at);
    if (zones_.size() == 1 && gate(plan, StepKind::publish).state == StepState::open) change("ab");
    if (deploy_at_ < 0) {
      decide(gate(plan, StepKind::deploy));
    } else if (gate(plan, StepKind::remove).state == StepState::open) {
      change(way_ == Way::remove_the_wrong_record ? "a" : "b");
      removed_at_ = now_;
    }
  }

  // "Not before" is asked again at that very moment, or as often as ever where it may move.
  void decide(const RolloverStep& step) {
    if (way_ == Way::deploy_within_one_ttl) {
      if (zones_.size() > 1) deploy_at_ = zones_.back().since + slowest_ + ttl_ / 4;
      return;
    }
    EXPECT_GE(step.at.value_or(opens_at_), opens_at_) << "a gate got earlier";
    opens_at_ = step.at.value_or(opens_at_);
    if (step.state == StepState::open) deploy_at_ = now_;
    if (step.state == StepState::not_before && !step.may_move) look_at_ = (*step.at - test::noon()).count();
  }

  std::vector<ServedSince> name_servers(SysTime at) {
    std::vector<ServedSince> all;
    since_.resize(lags_.size());
    for (std::size_t server = 0; server < lags_.size(); ++server) {
      const bool has_it = served(server).find('b') != std::string::npos;
      if (has_it && !since_[server]) since_[server] = at;
      if (way_ == Way::leave_out_the_slowest_server && server == 1) continue;
      all.push_back({"ns" + std::to_string(server), true, {}});
      if (has_it) all.back().records.emplace_back(next_.records[0], *since_[server]);
    }
    return all;
  }

  // The machines behind the addresses are not restarted at once.
  void deploy_bit_by_bit() {
    if (deploy_at_ < 0 || now_ < deploy_at_ || keys_[1] == 'b') return;
    world_.keys["192.0.2.1"] = keys_[0] = 'b';
    if (now_ >= deploy_at_ + 3) world_.keys["192.0.2.2"] = keys_[1] = 'b';
  }

  void deliver() {
    for (Cache& cache : caches_) {
      if (now_ >= cache.until) {
        cache.records = served(static_cast<std::size_t>(pick(0, static_cast<int>(lags_.size()) - 1)));
        cache.until = now_ + ttl_;
      }
      if (cache.records.find(keys_[random_() % keys_.size()]) == std::string::npos) ++failures_;
    }
  }

  struct Cache {
    std::string records;
    long long until = 0;
  };

  std::mt19937 random_;
  Way way_;
  int ttl_ = 1, look_every_ = 1, slowest_ = 0;
  std::vector<int> lags_;
  std::vector<Zone> zones_{{"a", -1000}};
  std::array<Cache, resolvers> caches_;
  std::vector<std::optional<SysTime>> since_;
  std::array<char, 2> keys_{'a', 'a'};  // that the addresses show
  test::LifeWorld world_;
  Life life_;
  SysTime opens_at_{};  // the last answer of the gate
  NextKey next_;
  long long now_ = 0, look_at_ = 0, deploy_at_ = -1, removed_at_ = -1;
  int failures_ = 0;
};

int seeds_with_failures(unsigned first, unsigned count, Way way) {
  int failed = 0;
  for (unsigned seed = first; seed < first + count; ++seed) failed += Simulation(seed, way).run() > 0 ? 1 : 0;
  return failed;
}

class RolloverSimulation : public testing::TestWithParam<unsigned> {};

TEST_P(RolloverSimulation, StepsAtTheFirstMomentOfTheirGatesLoseNothing) {
  EXPECT_EQ(seeds_with_failures(GetParam(), 10'000, Way::by_the_gates), 0);
}

INSTANTIATE_TEST_SUITE_P(AHundredThousandSeeds, RolloverSimulation, testing::Range(0U, 100'000U, 10'000U));

TEST(RolloverWithoutGates, DeployingWithinOneTtlLosesDeliveries) {
  EXPECT_GT(seeds_with_failures(0, 1000, Way::deploy_within_one_ttl), 500);
}

TEST(RolloverWithoutGates, LeavingOutTheSlowestNameServerLosesDeliveries) {
  EXPECT_GT(seeds_with_failures(0, 1000, Way::leave_out_the_slowest_server), 500);
}

TEST(RolloverWithoutGates, RemovingTheWrongRecordLosesDeliveries) {
  EXPECT_GT(seeds_with_failures(0, 1000, Way::remove_the_wrong_record), 500);
}

}  // namespace
}  // namespace danewatch
