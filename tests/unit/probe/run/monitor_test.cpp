#include "probe/run/monitor.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "probe/run/schedule.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(Schedule, ATurnFollowsFromTheNameAlone) {
  EXPECT_EQ(phase_of("example.org", 300s), phase_of("example.org", 300s));
  EXPECT_NE(phase_of("example.org", 300s), phase_of("example.net", 300s));
  EXPECT_EQ(phase_of("example.org", 0s), 0ms);
}

TEST(Schedule, TurnsLieOnThePhaseWhereverOneAsks) {
  const Deadline epoch{};
  for (const auto now : {Deadline{} + 1s, Deadline{} + 3599s, Deadline{} + 12345678s}) {
    const Deadline turn = next_turn(now, epoch, 60s, 7s);
    EXPECT_GT(turn, now);
    EXPECT_LE(turn, now + 60s);
    EXPECT_EQ((turn - epoch) % 60s, 7s);
  }
  EXPECT_EQ(next_turn(Deadline{} + 67s, epoch, 60s, 7s), Deadline{} + 127s) << "its own turn is over";
}

TEST(Schedule, TenThousandTargetsSpreadEvenly) {
  std::map<std::int64_t, int> seconds;
  for (int i = 0; i < 10000; ++i) {
    ++seconds[phase_of("domain-" + std::to_string(i) + ".example", 300s) / 1s];
  }
  EXPECT_EQ(seconds.size(), 300U);
  const auto most = std::ranges::max_element(seconds, {}, [](const auto& entry) { return entry.second; });
  EXPECT_LT(most->second, 67) << "twice the mean";
}

// Jobs that end when told, on a clock that moves when told.
class MonitorTest : public testing::Test {
 protected:
  using Waiters = std::map<std::string, std::shared_ptr<asio::steady_timer>>;

  MonitorJob job(const std::string& name, std::chrono::milliseconds interval = 60s) {
    MonitorJob result;
    result.name = name;
    result.interval = interval;
    result.timeout = 10s;
    result.run = [this, name](Deadline, Admit admit) { return look(name, std::move(admit)); };
    result.publish = [this, name](Report report) { published.emplace_back(name, std::move(report)); };
    return result;
  }

  // As a probe does: the DNS first, then the servers, if it may.
  asio::awaitable<Report> look(std::string name, Admit admit) {
    started.push_back(name);
    if (!admit(found[name])) co_return Report{};
    admitted.push_back(name);
    auto timer = std::make_shared<asio::steady_timer>(io, Deadline::max());
    waiting[name] = timer;
    boost::system::error_code ignored;
    co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const Report report = reports[name];
    co_return report;
  }

  void set(std::vector<MonitorJob> jobs) {
    monitor.set_jobs(std::move(jobs), options);
    settle();
  }

  void settle() {
    monitor.tick(clock.steady_time);
    turn_loop();
  }

  void turn_loop() {
    io.restart();
    io.poll();
  }

  void finish(const std::string& name) {
    waiting.at(name)->cancel();
    turn_loop();
    settle();
  }

  asio::io_context io;
  test::ManualClock clock;
  MonitorOptions options{.in_flight = 3, .per_provider = 2, .grace = 1s, .start_pace = 0ms};
  Waiters waiting;
  std::map<std::string, Report> reports;
  std::map<std::string, DnsEvidence> found;
  std::vector<std::string> started, admitted;
  std::vector<std::pair<std::string, Report>> published;
  Monitor monitor{io.get_executor(), clock, options, Deadline{}};
};

TEST_F(MonitorTest, NoMoreThanAllowedAreInFlight) {
  set({job("a"), job("b"), job("c"), job("d")});
  EXPECT_EQ(started.size(), 3U);
  EXPECT_EQ(monitor.in_flight(), 3U);
  EXPECT_EQ(monitor.queued(), 1U);
  finish("a");
  EXPECT_THAT(started, Contains("d"));
  EXPECT_EQ(published.size(), 1U);
}

TEST_F(MonitorTest, EveryJobComesAgainAtItsTurnAndNotBefore) {
  set({job("a", 60s)});
  finish("a");
  const Deadline turn = next_turn(clock.steady_time, Deadline{}, 60s, phase_of("a", 60s));
  EXPECT_EQ(monitor.tick(clock.steady_time), turn);
  clock.steady_time = turn - 1ms;
  settle();
  EXPECT_EQ(started.size(), 1U);
  clock.steady_time = turn;
  settle();
  EXPECT_EQ(started.size(), 2U);
}

TEST_F(MonitorTest, ARunLongerThanTheIntervalDoesNotPileUp) {
  set({job("a", 1s)});
  clock.steady_time += 5s;
  settle();
  EXPECT_EQ(monitor.in_flight() + monitor.queued(), 1U);
  finish("a");
  EXPECT_EQ(monitor.in_flight() + monitor.queued(), 0U);
}

TEST_F(MonitorTest, ARunThatThrowsIsReportedAndStopsNoOther) {
  MonitorJob broken = job("broken");
  broken.run = [](Deadline, const Admit&) -> asio::awaitable<Report> {
    throw std::runtime_error("a bug");
    co_return Report{};
  };
  MonitorJob worse = job("worse");
  worse.run = [](Deadline, const Admit&) -> asio::awaitable<Report> { throw std::runtime_error("before it began"); };
  set({broken, worse, job("c")});
  ASSERT_EQ(published.size(), 2U);
  for (const auto& [name, report] : published) {
    EXPECT_EQ(report.conclusion, (Conclusion{Verdict::unknown, Reason::local_limit})) << name;
  }
  finish("c");
  EXPECT_EQ(published.back().first, "c");
  EXPECT_EQ(monitor.ended(), 3U);
}

TEST_F(MonitorTest, ARunThatHangsLosesItsPlace) {
  options.in_flight = 1;
  clock.steady_time = std::chrono::steady_clock::now() - 1h;  // its time is over as soon as it begins
  set({job("hangs"), job("next")});
  turn_loop();
  settle();
  ASSERT_FALSE(published.empty());
  EXPECT_EQ(published[0].second.conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));
  EXPECT_EQ(started.size(), 2U);
}

DnsEvidence at_providers(const std::vector<std::string>& names) {
  DnsEvidence dns;
  for (const auto& name : names) dns.hosts.emplace_back().host = name;
  return dns;
}

TEST_F(MonitorTest, ServersOfOneProviderAreSparedInTheFirstRun) {
  for (const auto* name : {"a", "b", "c"}) found[name] = at_providers({"mx.provider.example"});
  set({job("a"), job("b"), job("c"), job("elsewhere")});
  settle();
  EXPECT_THAT(started, ElementsAre("a", "b", "c", "elsewhere"));
  EXPECT_THAT(admitted, ElementsAre("a", "b", "elsewhere")) << "c waits, and leaves its place to another";
  EXPECT_EQ(monitor.queued(), 1U);
  EXPECT_TRUE(published.empty()) << "a run that waits says nothing";
  finish("b");
  EXPECT_THAT(admitted, ElementsAre("a", "b", "elsewhere", "c"));
  EXPECT_EQ(monitor.queued(), 0U);
  finish("c");
  EXPECT_EQ(monitor.ended(), 2U);
}

TEST_F(MonitorTest, ServersOfOneProviderAreSparedByWhatTheLastRunSaw) {
  for (const auto* name : {"a", "b", "c"}) found[name] = at_providers({"mx.provider.example"});
  set({job("a"), job("b"), job("c")});
  for (const auto* name : {"a", "b", "c"}) finish(name);
  started.clear();
  clock.steady_time += 60s;
  settle();
  EXPECT_EQ(started.size(), 2U) << "the third does not even begin, though there is room";
  EXPECT_EQ(monitor.queued(), 1U);
  finish(started[0]);
  EXPECT_EQ(started.size(), 3U);
}

TEST_F(MonitorTest, ManyTargetsOfOneProviderDoNotHoldUpOthers) {
  std::vector<MonitorJob> jobs;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "crowd-" + std::to_string(i);
    found[name] = at_providers({"mx.crowd.example"});
    jobs.push_back(job(name));
  }
  jobs.push_back(job("last"));
  set(std::move(jobs));
  for (int i = 0; i < 3000 && admitted.size() < 3; ++i) settle();
  EXPECT_THAT(admitted, ElementsAre("crowd-0", "crowd-1", "last"));
  EXPECT_EQ(monitor.queued(), 2998U);
}

// A job of two providers that finds the second one busy must hand the place at the first one on.
TEST_F(MonitorTest, APlaceAtAProviderIsNeverLost) {
  options.per_provider = 1;
  found["x"] = at_providers({"one", "two"});
  found["y"] = at_providers({"two"});
  found["z"] = at_providers({"one"});
  found["w"] = at_providers({"one"});
  set({job("y"), job("w"), job("x"), job("z")});
  EXPECT_THAT(admitted, ElementsAre("y", "w"));
  finish("w");
  EXPECT_THAT(admitted, ElementsAre("y", "w", "z")) << "x still waits for two";
  finish("y");
  finish("z");
  EXPECT_THAT(admitted, ElementsAre("y", "w", "z", "x"));
  finish("x");
  EXPECT_EQ(monitor.in_flight() + monitor.queued(), 0U);
}

TEST_F(MonitorTest, AReloadKeepsRunsAndTurns) {
  set({job("a"), job("b")});
  set({job("a"), job("c")});
  EXPECT_THAT(started, UnorderedElementsAre("a", "b", "c")) << "a runs on, c begins";
  finish("a");
  finish("b");
  ASSERT_EQ(published.size(), 1U) << "nobody asks for b any more";
  EXPECT_EQ(published[0].first, "a");
}

TEST_F(MonitorTest, ANameThatMeansSomethingElseRunsAtOnce) {
  set({job("a")});
  const auto first = waiting.at("a");
  MonitorJob other = job("a");
  other.target.name = "other.example";
  set({other});
  EXPECT_THAT(started, ElementsAre("a", "a"));
  first->cancel();
  turn_loop();
  EXPECT_TRUE(published.empty()) << "that run looked at something else";
  finish("a");
  EXPECT_EQ(published.size(), 1U);
}

TEST(Providers, AreMxNamesAndAddressBlocks) {
  DnsEvidence dns;
  HostEvidence host;
  host.host = "mx.example";
  host.addresses = {{*parse_address("192.0.2.17"), Status::secure},
                    {*parse_address("2001:db8:1:2::3"), Status::secure}};
  dns.hosts = {host};
  EXPECT_THAT(providers_of(dns), UnorderedElementsAre("mx.example", "192.0.2.0", "2001:db8:1::"));
}

}  // namespace
}  // namespace danewatch
