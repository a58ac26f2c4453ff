// A survey under way: each name gets its result, at the pace that was asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "probe/run/polite_dialer.hpp"
#include "probe/run/polite_resolver.hpp"
#include "probe/run/survey_run.hpp"
#include "probe/survey/result.hpp"
#include "tests/support/probe_fixture.hpp"

namespace danewatch::test {
namespace {

// The first so many questions about a name find this machine late, and end without an answer; all do without a network.
class LateResolver final : public Resolver {
 public:
  LateResolver(Resolver& inner, ManualClock& clock) : inner_(inner), clock_(clock) {}

  boost::asio::awaitable<Answer> lookup(Question question, Deadline deadline) override {
    const bool is_late = question.name == name && late_times > 0;
    if (is_late) late();
    if (is_late || is_away) {
      Answer answer;
      answer.canonical_name = question.name;
      answer.question = std::move(question);
      answer.failure = Failure::timeout;
      co_return answer;
    }
    Answer answer = co_await inner_.lookup(std::move(question), deadline);
    co_return answer;
  }

  std::string name;
  int late_times = 0;
  bool is_away = false;
  SelfWatch* watch = nullptr;

 private:
  void late() {
    --late_times;
    watch->lateness().expect(clock_.steady_time);
    clock_.steady_time += std::chrono::seconds(5);
    watch->lateness().beat(clock_.steady_time);
  }

  Resolver& inner_;
  ManualClock& clock_;
};

class SurveyRunTest : public ProbeTest {
 protected:
  struct Told {
    std::string domain;
    Conclusion conclusion;
    std::vector<std::string> algorithms;
    std::string ours;
  };

  SurveyRunTest() {
    for (int i = 0; i < 100; ++i) {
      const std::string domain = "d" + std::to_string(i) + ".org";
      world.secure(domain + " MX", {"10 mx1.example.org"});
      names.push_back(domain);
    }
    options.locate.diagnostics = false;
    options.policy.views = Views::standard;
    options.share_for = std::chrono::hours(1);
    serve("11.0.0.1");
  }

  void survey() {
    boost::asio::io_context io;
    std::size_t next = 0;
    SelfWatch watch(io.get_executor(), clock, senses);
    late.watch = &watch;
    PoliteResolver resolver(late, opt_out, clock, watch);
    PoliteDialer dialer(io.get_executor(), servers, clock, courtesy, opt_out, watch,
                        [](const std::string& host) { return host; });
    SurveyRun survey_run(
        io.get_executor(), {resolver, dialer, matcher, clock, opt_out, watch}, options, how,
        [&]() -> std::optional<SurveyJob> {
          if (next == names.size()) return std::nullopt;
          const auto name = read_survey_name(names[next++]).value();
          return SurveyJob{name, kept_line(name), 0, 0};
        },
        [&](const SurveyJob& job, const SurveyLooked& looked) {
          most_in_flight = std::max(most_in_flight, run->in_flight());
          if (job.name.name == stumbles_at) throw std::runtime_error("no space left");
          told.push_back({job.name.name, looked.report.conclusion, looked.algorithms, std::string(looked.ours)});
          if (told.size() == stop_after) run->stop(std::chrono::seconds(30));
        });
    run = &survey_run;
    std::exception_ptr error;
    boost::asio::co_spawn(io, survey_run.run(), [&](const std::exception_ptr& ended) { error = ended; });
    io.run();
    paced = survey_run.pace();
    if (error) std::rethrow_exception(error);
  }

  // Nobody answers for a while.
  boost::asio::awaitable<bool> canary() {
    late.is_away = --silences > 0;
    co_return !late.is_away;
  }

  const Told& told_of(const std::string& domain) const {
    const auto found = std::ranges::find(told, domain, &Told::domain);
    if (found == told.end()) throw std::runtime_error("nothing was told of " + domain);
    return *found;
  }

  SurveyRun* run = nullptr;
  LateResolver late{world, clock};
  SelfSenses senses;
  Courtesy courtesy{CourtesyLimits{}};
  OptOut opt_out;
  SurveyRunOptions how;
  std::vector<std::string> names;
  std::vector<Told> told;
  std::string stumbles_at;
  std::size_t stop_after = 0;
  Pace paced;
  int silences = 1000;
  std::size_t most_in_flight = 0;
};

TEST_F(SurveyRunTest, AServerIsLookedAtOnceHoweverManyDomainsShareIt) {
  survey();
  EXPECT_EQ(told.size(), 100U);
  for (const Told& each : told) EXPECT_EQ(each.conclusion.verdict, Verdict::authenticated) << each.domain;
  EXPECT_EQ(servers.looks().size(), 1U);
}

TEST_F(SurveyRunTest, ABoundedNumberIsInFlight) {
  how.jobs = 4;
  how.in_flight = 7;
  survey();
  EXPECT_EQ(told.size(), 100U);
  EXPECT_LE(most_in_flight, 7U);
  EXPECT_LE(world.most_at_once(), 3U * 7U);
}

TEST_F(SurveyRunTest, ARateIsKept) {
  how.rate = 20;
  const auto began = clock.steady_time;
  survey();
  EXPECT_GE(clock.steady_time - began, std::chrono::milliseconds(99 * 50));
}

TEST_F(SurveyRunTest, JunkAndWhoOptedOutAreResultsAndNobodyIsAskedAboutThem) {
  opt_out = OptOut::parse("quiet.org\n").value();
  names = {"a..b", "www.quiet.org"};
  survey();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].conclusion, (Conclusion{Verdict::unknown, Reason::bad_target}));
  EXPECT_EQ(told[1].conclusion, (Conclusion{Verdict::unknown, Reason::refused_by_policy}));
  EXPECT_TRUE(world.asked().empty());
}

TEST_F(SurveyRunTest, TheAlgorithmsOfASignedZoneAreTold) {
  names = {"d1.org"};
  world.signer("d1.org").secure("d1.org DS", {"12345 13 2 " + digest('a'), "12346 8 2 " + digest('b')});
  survey();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].algorithms, testing::ElementsAre(testing::HasSubstr("(13)"), testing::HasSubstr("(8)")));
}

TEST_F(SurveyRunTest, WhatCannotBeWrittenEndsIt) {
  stumbles_at = "d5.org";
  how.jobs = 1;
  how.in_flight = 1;
  EXPECT_THROW(survey(), std::runtime_error);
  EXPECT_LT(told.size(), 100U);
}

TEST_F(SurveyRunTest, WhatWeWereTooLateForIsAskedAgain) {
  late.name = "d5.org";
  late.late_times = 2;
  survey();
  EXPECT_EQ(told.size(), 100U);
  EXPECT_EQ(told_of("d5.org").conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(told_of("d5.org").ours, "");
}

TEST_F(SurveyRunTest, WhatWeAreAlwaysTooLateForIsUnknownAndOurFault) {
  late.name = "d5.org";
  late.late_times = 1000;
  survey();
  EXPECT_EQ(told.size(), 100U);
  EXPECT_GE(late.late_times, 1000 - 3 * most_tries);
  EXPECT_EQ(told_of("d5.org").conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));
  EXPECT_EQ(told_of("d5.org").ours, in_words(Ours::too_slow));
}

TEST_F(SurveyRunTest, WhoFailsWhileWeAreInTimeIsTold) {
  world.failed("d5.org MX", Failure::timeout);
  survey();
  EXPECT_EQ(told.size(), 100U);
  EXPECT_EQ(told_of("d5.org").conclusion, (Conclusion{Verdict::dns_error, Reason::timeout}));
  EXPECT_EQ(told_of("d5.org").ours, "");
}

TEST_F(SurveyRunTest, WhileTheNetworkIsAwayNothingIsBegunAndNothingIsWrittenDown) {
  how.jobs = 4;
  late.is_away = true;
  senses.canary = [this] { return canary(); };
  survey();
  EXPECT_EQ(told.size(), 100U);
  for (const Told& each : told) EXPECT_EQ(each.conclusion.verdict, Verdict::authenticated) << each.domain;
  EXPECT_LE(silences, 0) << "it was waited for";
}

TEST_F(SurveyRunTest, ASlowMachineTakesOnLess) {
  how.jobs = 64;
  late.name = "d5.org";
  late.late_times = 1;
  survey();
  EXPECT_EQ(told.size(), 100U);
  EXPECT_FALSE(paced.doubling);
  EXPECT_LT(paced.names, 64U);
}

TEST_F(SurveyRunTest, AfterAStopNothingNewIsBegun) {
  how.jobs = 2;
  how.in_flight = 4;
  stop_after = 10;
  survey();
  EXPECT_GE(told.size(), 10U);
  EXPECT_LE(told.size(), 14U);
}

}  // namespace
}  // namespace danewatch::test
