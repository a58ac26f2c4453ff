// One run from target to report, with a fake world, fake servers and a clock that moves when told.
#include "probe/run/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <set>

#include "tests/support/probe_fixture.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

using namespace test;

TEST_F(ProbeTest, AGoodMailDomainIsAuthenticated) {
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(report.severity, Severity::ok);
  EXPECT_TRUE(report.run.complete);
  EXPECT_EQ(report.at, clock.time);
  EXPECT_EQ(report.run.trust_anchor, "anchor");
  ASSERT_EQ(report.hosts.size(), 1U);
  ASSERT_EQ(report.hosts[0].endpoints.size(), 1U);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.attempts, 1);
  const auto& look = servers.looks().front();
  EXPECT_EQ(look.endpoint.sni, "mx1.example.org");
  EXPECT_EQ(look.endpoint.port, 25);
  EXPECT_EQ(look.deadline, deadline);
  EXPECT_EQ(matcher.asked.front().names, (std::vector<std::string>{"mx1.example.org", "example.org"}));
  EXPECT_EQ(matcher.asked.front().at, clock.time);
}

TEST_F(ProbeTest, TheOldRecordBesideTheNewOneIsNamed) {
  world.secure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a'), "3 1 1 " + digest('b')});
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.severity, Severity::warning);
  EXPECT_EQ(fix_words(finding(report, "tlsa-extra-record").remedies),
            "If it is an old key (also behind any load balancer), remove `_25._tcp.mx1.example.org. IN TLSA 3 1 1 " +
                digest('b') + "`. If it is your next key, declare it (--next, or next: in danewatch.yml).");
}

TEST_F(ProbeTest, EveryAddressOfEveryHostIsLookedAt) {
  world.secure("example.org MX", {"10 mx1.example.org", "20 mx2.example.org"})
      .secure("mx1.example.org AAAA", {"2a00:1::1"})
      .secure("mx2.example.org A", {"11.0.0.2"})
      .secure("_25._tcp.mx2.example.org TLSA", {"3 1 1 " + digest('a')});
  for (const char* address : {"11.0.0.1", "11.0.0.2", "2a00:1::1"}) serve(address);
  options.policy.views = Views::standard;
  const Report report = run();
  std::set<Address> seen;
  for (const auto& look : servers.looks()) seen.insert(look.endpoint.address);
  EXPECT_EQ(seen.size(), 3U);
  ASSERT_EQ(report.hosts.size(), 2U);
  EXPECT_EQ(report.hosts[0].endpoints.size(), 2U);
  EXPECT_EQ(report.hosts[1].endpoints.size(), 1U);
  EXPECT_EQ(servers.most_at_once(), 3U);
}

TEST_F(ProbeTest, NoMoreConnectionsThanAllowed) {
  world.secure("mx1.example.org A", {"11.0.0.1", "11.0.0.2", "11.0.0.3", "11.0.0.4"});
  options.max_connections = 2;
  run();
  EXPECT_EQ(servers.most_at_once(), 2U);
}

TEST_F(ProbeTest, RunsInFlightNeverShareAnAddressAtATime) {
  serve("11.0.0.1");
  const auto reports = run_all_of({"example.org", "mx1.example.org:25", "smtp://mx1.example.org"});
  for (const Report& report : reports) EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(servers.most_on_one_address(), 1U);
}

TEST_F(ProbeTest, OnlyWhatEndedInTempfailIsTriedAgain) {
  options.policy.attempts = 3;
  options.policy.views = Views::standard;
  world.secure("mx1.example.org A", {"11.0.0.1", "11.0.0.2", "11.0.0.3"});
  servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply).tls);
  serve("11.0.0.1");
  servers.plays(fails("11.0.0.2", Stage::starttls, Fault::not_offered).tls);
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.attempts, 2);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.fault, Fault::none);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.attempts, 1) << "TLS that is missing is no matter of patience";
  EXPECT_EQ(report.hosts[0].endpoints[2].seen.attempts, 3);
  EXPECT_EQ(report.hosts[0].endpoints[2].seen.fault, Fault::refused);
}

using Pauses = std::vector<std::chrono::milliseconds>;

TEST_F(ProbeTest, BetweenAttemptsThereIsAPauseThatGrows) {
  using std::chrono::seconds;
  options.policy.attempts = 7;
  options.policy.views = Views::standard;
  for (int i = 0; i < 6; ++i) servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply, "451 later").tls);
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.attempts, 7);
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(clock.pauses, (Pauses{seconds(1), seconds(2), seconds(4), seconds(8), seconds(8), seconds(8)}));
}

TEST_F(ProbeTest, NobodyWaitsForAnAttemptAfterTheDeadline) {
  options.policy.attempts = 5;
  options.policy.views = Views::standard;
  deadline = clock.steady_time + std::chrono::milliseconds(2900);
  for (int i = 0; i < 5; ++i) servers.plays(fails("11.0.0.1", Stage::greeting, Fault::reply, "451 later").tls);
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.attempts, 2);
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::tempfail, Reason::greeting}));
  EXPECT_EQ(clock.pauses, Pauses{std::chrono::seconds(1)});
}

TEST_F(ProbeTest, WithoutAFurtherAttemptThereIsNoPause) {
  serve("11.0.0.1");
  run();
  options.policy.attempts = 3;
  run();
  EXPECT_EQ(clock.pauses, Pauses{});
}

TEST_F(ProbeTest, FactsAreCollectedWhereDaneDoesNotApply) {
  world.nodata("_25._tcp.mx1.example.org TLSA");
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::not_applicable, Reason::no_tlsa}));
  EXPECT_EQ(servers.looks().front().endpoint.sni, "mx1.example.org");
  EXPECT_NE(fix_words(finding(report, "dns-no-tlsa").remedies).find("3 1 1 " + digest('a')), std::string::npos);
}

TEST_F(ProbeTest, NobodyConnectsToABogusAddress) {
  world.bogus("mx1.example.org A", {"11.0.0.1"});
  const Report report = run();
  EXPECT_EQ(report.conclusion.verdict, Verdict::dns_bogus);
  EXPECT_TRUE(servers.looks().empty());
}

TEST_F(ProbeTest, NobodyConnectsToADomainThatTakesNoMail) {
  world.secure("example.org MX", {"0 ."});
  const Report report = run();
  EXPECT_EQ(report.conclusion.verdict, Verdict::no_service);
  EXPECT_TRUE(servers.looks().empty());
}

TEST_F(ProbeTest, TheServerNameIsTheBaseDomainOfAnAlias) {
  world.alias("mx1.example.org", "real.example.net")
      .secure("real.example.net A", {"11.0.0.9"})
      .secure("_25._tcp.real.example.net TLSA", {"3 1 1 " + digest('a')});
  serve("11.0.0.9");
  run();
  EXPECT_EQ(servers.looks().front().endpoint.sni, "real.example.net");
}

// RFC 7673 4.1: without a usable TLSA record the server is the one of the service domain.
TEST_F(ProbeTest, TheServerNameIsTheServiceDomainWithoutUsableRecords) {
  world.secure("_imaps._tcp.example.org SRV", {"0 0 993 imap.example.org"}).secure("imap.example.org A", {"11.0.0.5"});
  run("_imaps._tcp.example.org");
  ASSERT_FALSE(servers.looks().empty());
  EXPECT_EQ(servers.looks().front().endpoint.sni, "example.org");
}

TEST_F(ProbeTest, AnAddressIsNoServerName) {
  run("11.0.0.1:25");
  ASSERT_FALSE(servers.looks().empty());
  EXPECT_EQ(servers.looks().front().endpoint.sni, "");
}

TEST_F(ProbeTest, WhoIsNotAdmittedConnectsToNobody) {
  serve("11.0.0.1");
  std::vector<std::string> asked;
  options.admit = [&](const DnsEvidence& dns) {
    for (const HostEvidence& host : dns.hosts) asked.push_back(host.host);
    return false;
  };
  const Report report = run();
  EXPECT_EQ(asked, std::vector<std::string>{"mx1.example.org"});
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::unknown, Reason::not_run}));
  EXPECT_TRUE(servers.looks().empty());
  options.admit = [](const DnsEvidence&) { return true; };
  EXPECT_EQ(run().conclusion.verdict, Verdict::authenticated);
}

TEST_F(ProbeTest, PhasesOfTheRunHaveTheirTimes) {
  serve("11.0.0.1");
  options.admit = [this](const DnsEvidence&) {
    clock.steady_time += std::chrono::seconds(1);  // behind the first phase
    return true;
  };
  const Report report = run();
  EXPECT_EQ(report.run.timings, (RunTimings{0, 0}));
  EXPECT_EQ(report.run.duration, std::chrono::seconds(1));
}

TEST_F(ProbeTest, AnAddressWithoutANameIsSaidOnce) {
  const Report report = run("11.0.0.1:25");
  EXPECT_EQ(std::ranges::count(report.findings, "address-literal", &Finding::code), 1);
}

TEST_F(ProbeTest, TheDialogueAsksForTheServiceDomain) {
  world.secure("_xmpp-client._tcp.example.org SRV", {"0 0 5222 chat.example.org"})
      .secure("chat.example.org A", {"11.0.0.5"});
  run("xmpp-client://example.org");
  ASSERT_FALSE(servers.looks().empty());
  EXPECT_EQ(servers.looks().front().endpoint.domain, "example.org");
  EXPECT_EQ(servers.looks().front().endpoint.port, 5222);
}

TEST_F(ProbeTest, WhatTheDeadlineLeavesOutIsNotRun) {
  world.secure("mx1.example.org A", {"11.0.0.1", "11.0.0.2"});
  serve("11.0.0.1");
  serve("11.0.0.2");
  options.max_connections = 1;
  options.policy.views = Views::standard;
  servers.takes_time(clock, std::chrono::hours(2));
  const Report report = run();
  EXPECT_FALSE(report.run.complete);
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.fault, Fault::none);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.fault, Fault::not_run);
  EXPECT_EQ(report.run.duration, std::chrono::hours(2));
  EXPECT_EQ(report.hosts[0].endpoints[1].conclusion, (Conclusion{Verdict::unknown, Reason::deadline}));
  EXPECT_EQ(report.severity, Severity::warning);
  finding(report, "run-incomplete");
}

TEST_F(ProbeTest, ABrokenLookCostsNoOther) {
  world.secure("mx1.example.org A", {"11.0.0.1", "11.0.0.2"});
  servers.breaks("11.0.0.2");
  serve("11.0.0.1");
  const Report report = run();
  EXPECT_EQ(report.hosts[0].endpoints[0].seen.fault, Fault::none);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.fault, Fault::local);
  EXPECT_EQ(report.hosts[0].endpoints[1].seen.error, "a broken dialer");
  EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
}

class BrokenResolver final : public Resolver {
 public:
  asio::awaitable<Answer> lookup(Question, Deadline) override {
    throw std::runtime_error("a broken resolver");
    co_return Answer();
  }
};

TEST_F(ProbeTest, ABrokenResolverIsALocalLimit) {
  BrokenResolver broken;
  asio::io_context io;
  Probe probe(broken, servers, matcher, clock, options);
  Report result;
  asio::co_spawn(io, probe.run(target("example.org"), deadline),
                 [&](std::exception_ptr, Report report) { result = std::move(report); });
  io.run();
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::unknown, Reason::local_limit}));
  finding(result, "local-limit");
}

TEST_F(ProbeTest, ACancelledRunEndsAtOnceAndFreesItsAddress) {
  servers.hangs("11.0.0.1");
  asio::io_context io;
  Probe probe(world, servers, matcher, clock, options);
  asio::cancellation_signal signal;
  std::exception_ptr ended;
  asio::co_spawn(io, probe.run(target("example.org"), deadline),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Report) { ended = error; }));
  while (servers.looks().empty()) io.run_one();
  asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_NE(ended, nullptr);
}

TEST_F(ProbeTest, ARightRecordAtAnotherPortIsTold) {
  serve("11.0.0.1", 'b');
  world.secure("_465._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('b')});
  Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  EXPECT_EQ(
      finding(report, "tlsa-explained").text,
      "A record for the certificate of 11.0.0.1 (mx1.example.org) stands at _465._tcp.mx1.example.org, but port 25 "
      "is looked up at _25._tcp.mx1.example.org.");
  EXPECT_EQ(finding(report, "tlsa-explained").severity, Severity::critical);

  world.nodata("_25._tcp.mx1.example.org TLSA");
  report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::not_applicable, Reason::no_tlsa}));
  EXPECT_EQ(fix_words(finding(report, "tlsa-explained").remedies),
            "Publish `_25._tcp.mx1.example.org. IN TLSA 3 1 1 " + digest('b') + "`.");
}

TEST_F(ProbeTest, ARecordOfAnotherPortIsTold) {
  serve("11.0.0.1", 'b');
  world.secure("_443._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a'), "3 1 1 " + digest('c')});
  EXPECT_THAT(finding(run(), "tlsa-explained").text,
              testing::EndsWith("also stands at _443._tcp.mx1.example.org, so it may be meant for that port."));
}

// A name server that lags behind has the records of before.
TEST_F(ProbeTest, AnotherAnswerToTheSameQuestionIsTold) {
  FakeResolver other;
  world.elsewhere(other);
  other.secure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a')});
  serve("11.0.0.1");
  EXPECT_THAT(codes(run()), testing::Not(testing::Contains("dns-answers-differ"))) << "who has a match needs no hint";
  world.secure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('b')});
  const Report report = run();
  EXPECT_EQ(report.conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
  const Finding told = finding(report, "dns-answers-differ");
  EXPECT_EQ(told.severity, Severity::info);
  EXPECT_EQ(told.text,
            "Asked once more, the name servers gave another answer to _25._tcp.mx1.example.org TLSA: TLSA 3 1 1 "
            "aaaaaaaaaaaaaaaa….");
  other.secure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('b')});
  EXPECT_THAT(codes(run()), testing::Not(testing::Contains("dns-answers-differ")));
  options.locate.unvalidated = false;
  other.nodata("_25._tcp.mx1.example.org TLSA");
  EXPECT_THAT(codes(run()), testing::Not(testing::Contains("dns-answers-differ")));
}

TEST_F(ProbeTest, OtherPortsAreAskedAboutOnlyWhereNothingMatches) {
  serve("11.0.0.1");
  run();
  EXPECT_EQ(std::ranges::count(world.asked(), "_465._tcp.mx1.example.org TLSA"), 0);
}

TEST_F(ProbeTest, EachHostHasTheDiagnosticsThatAreAboutIt) {
  world.secure("example.org MX", {"10 mx1.example.org", "20 mx2.example.org"});
  world.insecure("mx1.example.org A", {"11.0.0.1"}).insecure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a')});
  world.insecure("mx2.example.org A", {"11.0.0.2"}).insecure("_25._tcp.mx2.example.org TLSA", {"3 1 1 " + digest('a')});
  serve("11.0.0.1");
  serve("11.0.0.2");
  const Report report = run();
  ASSERT_EQ(report.hosts.size(), 2U);
  const auto explained = [&](std::size_t host) {
    std::vector<std::string> names;
    for (const Answer& answer : report.hosts[host].dns.lookups) {
      if (answer.diagnostic) names.push_back(answer.question.name);
    }
    return names;
  };
  const std::string first = "_25._tcp.mx1.example.org", second = "_25._tcp.mx2.example.org";
  EXPECT_THAT(explained(0), testing::AllOf(testing::Contains(first), testing::Not(testing::Contains(second))));
  EXPECT_THAT(explained(1), testing::AllOf(testing::Contains(second), testing::Not(testing::Contains(first))));
}

TEST_F(ProbeTest, DiagnosticsExplainAndChangeNoVerdict) {
  world.insecure("mx1.example.org A", {"11.0.0.1"}).insecure("_25._tcp.mx1.example.org TLSA", {"3 1 1 " + digest('a')});
  serve("11.0.0.1");
  options.locate.diagnostics = false;
  const Report plain = run();
  options.locate.diagnostics = true;
  const Report explained = run();
  EXPECT_EQ(explained.conclusion, plain.conclusion);
  EXPECT_EQ(explained.severity, plain.severity);
  EXPECT_GT(explained.hosts[0].dns.lookups.size(), plain.hosts[0].dns.lookups.size());
  EXPECT_TRUE(explained.hosts[0].dns.lookups.back().diagnostic);
  EXPECT_NE(finding(explained, "dns-insecure-address").text.find("are ignored"), std::string::npos);
}

}  // namespace
}  // namespace danewatch
