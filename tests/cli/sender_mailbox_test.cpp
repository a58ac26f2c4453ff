// What `serve` reads of TLS reports: each once, whatever happens to the files, and nothing that nobody vouches for.
#include "cli/serve/sender_mailbox.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "cli/serve/sender_watch.hpp"
#include "resolver/dns/time.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/packed.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string json(const std::string& id, SysTime begin, unsigned failed = 0) {
  return fmt::format(
      R"({{"organization-name":"Sender","contact-info":"c","report-id":"{}","date-range":{{"start-datetime":"{}","end-datetime":"{}"}},)"
      R"("policies":[{{"policy":{{"policy-type":"tlsa","policy-domain":"example.org"}},"summary":{{)"
      R"("total-successful-session-count":5,"total-failure-session-count":{}}}}}]}})",
      id, format_time(begin), format_time(begin + std::chrono::hours(23)), failed);
}

std::string mail(const std::string& text, bool authentic = true) {
  return std::string(authentic ? "Authentication-Results: mx.example.org; dkim=pass header.d=sender.example\n" : "") +
         "From: tls@sender.example\nContent-Type: application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n" +
         base64(gzipped(text));
}

class SenderMailboxes : public testing::Test {
 protected:
  SenderMailboxes() {
    config.paths = {path("box")};
    config.trusted_authserv_id = "mx.example.org";
    std::filesystem::create_directories(path("box"));
  }

  std::string path(const std::string& name) {
    return std::filesystem::path(scratch_.file(".a", "")).parent_path() / name;
  }
  std::string put(const std::string& name, const std::string& text) { return scratch_.file("box/" + name, text); }

  SenderMailbox& box() {
    if (!box_)
      box_ = std::make_unique<SenderMailbox>(config, [this](const std::string& line) { said.push_back(line); });
    return *box_;
  }
  const SenderSnapshot& read(SysTime when) {
    EXPECT_TRUE(box().read(when, [] { return false; }));
    return box().seen();
  }
  const SenderSnapshot& read() { return read(now); }

  SysTime now = test::noon();
  SysTime yesterday = test::noon() - days(1);
  TlsrptConfig config;
  std::vector<std::string> said;

 private:
  Scratch scratch_;
  std::unique_ptr<SenderMailbox> box_;
};

TEST_F(SenderMailboxes, AReportCountsOnceHoweverOftenItIsReadMovedOrRepeated) {
  const std::string first = put("1", mail(json("1", yesterday)));
  EXPECT_EQ(read().tally.reports(), 1U);
  std::filesystem::rename(first, path("box/1:2,S"));
  put("2", mail(json("1", yesterday)));
  EXPECT_EQ(read().tally.reports(), 1U);
  put("3", mail(json("3", yesterday)));
  EXPECT_EQ(read().tally.reports(), 2U);
  EXPECT_EQ(read().totals.domains().at("example.org").sessions.at("success"), 10U);
  EXPECT_TRUE(read().up);
  EXPECT_THAT(said, IsEmpty());
}

TEST_F(SenderMailboxes, WhatNobodyVouchesForIsCountedApart) {
  put("1", mail(json("1", yesterday, 9), false));
  put("2", json("2", yesterday, 9));
  EXPECT_EQ(read().unauthenticated, 2U);
  EXPECT_THAT(read().totals.domains(), IsEmpty());
  EXPECT_EQ(senders_saw(read().tally, {"example.org"}, true).days.at(0).believed, false);
}

TEST_F(SenderMailboxes, WithoutAnybodyWhoVouchesNothingCounts) {
  config.trusted_authserv_id.clear();
  put("1", mail(json("1", yesterday)));
  EXPECT_FALSE(read().vouched);
  EXPECT_EQ(read().unauthenticated, 1U);
}

TEST_F(SenderMailboxes, AMalformedReportIsToldOnceAndStopsNothing) {
  put("1", mail("{\"policies\":"));
  put("2", mail(json("2", yesterday)));
  put("3", "From: a@b.example\n\nother mail\n");
  EXPECT_EQ(read().tally.reports(), 1U);
  EXPECT_EQ(read().rejected, (std::map<RejectReason, std::uint64_t>{{RejectReason::malformed, 1}}));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0], HasSubstr("box/1: "));
}

TEST_F(SenderMailboxes, AMailboxThatVanishesIsToldWhenItGoesAndReadWhenItIsBack) {
  put("1", mail(json("1", yesterday)));
  EXPECT_TRUE(read().up);
  std::filesystem::rename(path("box"), path("away"));
  EXPECT_FALSE(read().up);
  EXPECT_FALSE(read().up);
  EXPECT_EQ(read().rejected.at(RejectReason::unreadable), 1U);
  EXPECT_EQ(read().tally.reports(), 1U);
  EXPECT_EQ(said.size(), 1U);
  std::filesystem::rename(path("away"), path("box"));
  put("2", mail(json("2", yesterday)));
  EXPECT_TRUE(read().up);
  EXPECT_EQ(read().tally.reports(), 2U);
}

// Perhaps it is our own clock that is wrong.
TEST_F(SenderMailboxes, AReportFromTheFutureIsToldOnceAndCountsWhenItsTimeHasCome) {
  put("1", mail(json("1", now + days(5))));
  EXPECT_EQ(read().tally.reports(), 0U);
  EXPECT_EQ(read().rejected.at(RejectReason::from_the_future), 1U);
  EXPECT_EQ(said.size(), 1U);
  EXPECT_EQ(read(now + days(6)).tally.reports(), 1U);
}

TEST_F(SenderMailboxes, AClockThatJumpsAheadAndComesBackLosesNothing) {
  put("1", mail(json("1", yesterday)));
  EXPECT_EQ(senders_saw(read().tally, {"example.org"}, true).days.size(), 1U);
  EXPECT_EQ(senders_saw(read(now + days(4000)).tally, {"example.org"}, true).days.size(), 0U);
  EXPECT_EQ(senders_saw(read().tally, {"example.org"}, true).days.size(), 1U);
  EXPECT_EQ(read().totals.domains().at("example.org").sessions.at("success"), 5U);
}

TEST_F(SenderMailboxes, AnMboxThatGrowsIsReadAgain) {
  const auto entry = [&](const char* id) {
    return "From a Thu Jan  1 00:00:00 2026\n" + mail(json(id, yesterday)) + "\n\n";
  };
  config.paths = {put("mbox", entry("1"))};
  EXPECT_EQ(read().tally.reports(), 1U);
  put("mbox", entry("1") + entry("2"));
  EXPECT_EQ(read().tally.reports(), 2U);
}

TEST_F(SenderMailboxes, APipeIsNoMailbox) {
  config.paths = {path("pipe")};
  ASSERT_EQ(::mkfifo(config.paths[0].c_str(), 0600), 0);
  EXPECT_FALSE(read().up);
  EXPECT_THAT(said.at(0), HasSubstr("is neither a file nor a directory"));
}

TEST_F(SenderMailboxes, AFloodOfRubbishFillsNoLog) {
  for (int i = 0; i < 100; ++i) put(std::to_string(i), mail("{\"policies\":"));
  EXPECT_EQ(read().rejected.at(RejectReason::malformed), 100U);
  EXPECT_EQ(said.size(), 21U);
  EXPECT_EQ(said.back(), "TLS reports: 80 more files like these");
}

TEST_F(SenderMailboxes, ReadingStopsBetweenFiles) {
  for (int i = 0; i < 5; ++i) put(std::to_string(i), mail(json(std::to_string(i), yesterday)));
  int asked = 0;
  EXPECT_FALSE(box().read(now, [&] { return ++asked > 4; }));
  EXPECT_LT(box().seen().tally.reports(), 5U);
  EXPECT_EQ(read().tally.reports(), 5U);
}

const Target domain = parse_targets("example.org")->front();

// The thread reads on its own; what a test waits for is a snapshot.
std::optional<SendersSaw> wait_for_days(const SenderWatch& watch, std::size_t count) {
  for (;;) {
    const auto saw = watch.saw(domain, {});
    if (saw && saw->days.size() == count) return saw;
    std::this_thread::yield();
  }
}

TEST_F(SenderMailboxes, AThreadReadsWhatTheConfigurationNamesAtOnceAndForgetsWhatItDoesNot) {
  test::ManualClock clock;
  put("1", mail(json("1", clock.now() - days(1), 2)));
  SenderWatch watch(clock, [](const std::string&) {});
  EXPECT_EQ(watch.saw(domain, {}), std::nullopt);
  watch.configure(config);
  EXPECT_EQ(wait_for_days(watch, 1)->days[0].sessions.failed, 2U);
  TlsrptConfig other = config;
  other.paths = {path("other")};
  std::filesystem::create_directories(path("other"));
  watch.configure(other);
  wait_for_days(watch, 0);
  watch.configure(std::nullopt);
  EXPECT_EQ(watch.saw(domain, {}), std::nullopt);
  watch.configure(config);
  wait_for_days(watch, 1);
}

}  // namespace
}  // namespace danewatch
