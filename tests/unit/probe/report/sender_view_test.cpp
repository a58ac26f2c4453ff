// What senders see beside what danewatch sees: which reports count, and whether it is the same.
#include "probe/report/sender_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using namespace test;

const auto today = std::chrono::floor<std::chrono::days>(noon());

// One sender's day: so many sessions failed, of this kind.
struct Told {
  int days_ago = 1;
  std::string sender = "a.example";
  std::uint64_t failed = 0;
  std::string result = "tlsa-invalid";
  SenderPolicyType policy = SenderPolicyType::tlsa;
  bool believed = true;
};

SendersSaw saw(const std::vector<Told>& all) {
  SendersSaw saw;
  for (const Told& told : all) {
    SendersDay day;
    day.day = today - std::chrono::days(told.days_ago);
    day.believed = told.believed;
    day.senders = {{told.sender, {5, told.failed}}};
    if (told.failed > 0)
      day.troubles = {{{told.result, "mx1.example.org", told.policy, {}}, told.failed, {told.sender}}};
    saw.days.push_back(std::move(day));
  }
  return saw;
}

std::vector<std::string> troubles(const std::vector<Told>& all) {
  std::vector<std::string> result;
  const auto seen = what_senders_see(saw(all), noon());
  if (!seen) return {"nobody reported"};
  for (const SeenTrouble& each : *seen) result.push_back(each.result_type + " " + std::to_string(each.sessions));
  return result;
}

TEST(WhatSendersSee, IsNotKnownWhereNobodyReportedLately) {
  EXPECT_THAT(troubles({}), ElementsAre("nobody reported"));
  EXPECT_THAT(troubles({{.days_ago = 4, .failed = 1}}), ElementsAre("nobody reported"));
  EXPECT_THAT(troubles({{.failed = 1, .believed = false}}), ElementsAre("nobody reported"));
}

TEST(WhatSendersSee, IsNothingWhereNoSessionFailed) {
  EXPECT_THAT(troubles({{}}), IsEmpty());
}

TEST(WhatSendersSee, IsOverWhenTheSameSenderReportsADayWithoutFailures) {
  EXPECT_THAT(troubles({{.days_ago = 1}, {.days_ago = 2, .failed = 3}}), IsEmpty());
  EXPECT_THAT(troubles({{.days_ago = 1, .sender = "b.example"}, {.days_ago = 2, .failed = 3}}),
              ElementsAre("tlsa-invalid 3"));
  EXPECT_THAT(troubles({{.days_ago = 1, .failed = 2}, {.days_ago = 2, .failed = 3}}), ElementsAre("tlsa-invalid 2"));
}

TEST(WhatSendersSee, AddsUpSendersAndTellsMostSessionsFirst) {
  EXPECT_THAT(troubles({{.failed = 2},
                        {.sender = "b.example", .failed = 3},
                        {.sender = "c.example", .failed = 9, .result = "validation-failure"}}),
              ElementsAre("validation-failure 9", "tlsa-invalid 5"));
}

TEST(WhatSendersSee, MtaStsIsNoneOfDanesBusiness) {
  EXPECT_THAT(troubles({{.failed = 2, .result = "certificate-expired", .policy = SenderPolicyType::sts}}), IsEmpty());
  EXPECT_THAT(
      troubles({{.failed = 2, .result = "sts-policy-fetch-error", .policy = SenderPolicyType::no_policy_found}}),
      IsEmpty());
  EXPECT_THAT(
      troubles({{.failed = 2, .result = "starttls-not-supported", .policy = SenderPolicyType::no_policy_found}}),
      ElementsAre("starttls-not-supported 2"));
}

TEST(SameView, TellsWhatDanewatchSeesAtTheSameHost) {
  using enum Verdict;
  struct Row {
    Conclusion own;
    std::string result;
    SameView view;
  };
  for (const Row& row : {Row{{mismatch, Reason::no_match}, "tlsa-invalid", SameView::same},
                         {{mismatch, Reason::no_match}, "validation-failure", SameView::same},
                         {{mismatch, Reason::expired}, "certificate-expired", SameView::same},
                         {{mismatch, Reason::no_match}, "dnssec-invalid", SameView::other},
                         {{dns_bogus, Reason::none}, "dnssec-invalid", SameView::same},
                         {{tls_missing, Reason::not_offered}, "starttls-not-supported", SameView::same},
                         {{not_applicable, Reason::no_tlsa}, "dane-required", SameView::same},
                         {{not_applicable, Reason::no_tlsa}, "tlsa-invalid", SameView::other},
                         {{authenticated, Reason::none}, "tlsa-invalid", SameView::no_fault},
                         {{authenticated, Reason::none}, "out-of-tea", SameView::no_fault},
                         {{mismatch, Reason::no_match}, "out-of-tea", SameView::other},
                         {{tempfail, Reason::connect}, "validation-failure", SameView::not_known},
                         {{unknown, Reason::no_network}, "dnssec-invalid", SameView::not_known}}) {
    EXPECT_EQ(same_view(row.own, row.result), row.view) << row.result << " " << to_string(row.own.verdict);
  }
}

Report two_hosts() {
  ReportBuilder builder("example.org");
  builder.add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match})));
  builder.add(HostBuilder("mx2.example.org").tlsa("3 1 1 " + digest('b')).add(shows("11.0.0.2", {Cell::match}, 'b')));
  return builder.judged();
}

TEST(HostOfATrouble, IsToldByItsNameElseByARecord) {
  const Report report = two_hosts();
  SeenTrouble trouble;
  EXPECT_EQ(host_of(report, trouble), nullptr);
  trouble.records = {"3 1 1 " + std::string(32, 'B') + " " + std::string(32, 'b')};
  EXPECT_EQ(host_of(report, trouble), &report.hosts[1]);
  trouble.mx_host = "MX1.example.org";
  EXPECT_EQ(host_of(report, trouble), &report.hosts[0]);
  trouble.mx_host = "mx9.example.org";
  EXPECT_EQ(host_of(report, trouble), nullptr);
}

}  // namespace
}  // namespace danewatch
