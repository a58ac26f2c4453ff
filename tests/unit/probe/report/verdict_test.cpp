#include "probe/report/verdict.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace danewatch {
namespace {

TEST(Verdict, EveryReasonHasItsOwnWord) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Reason::refused_by_policy); ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_EQ(to_string(reason).empty(), reason == Reason::none) << i;
    EXPECT_TRUE(words.insert(to_string(reason)).second) << to_string(reason);
  }
}

TEST(Verdict, WordsReadBack) {
  for (int i = 0; i <= static_cast<int>(Verdict::authenticated); ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(verdict_from(to_string(verdict)), verdict);
  }
  EXPECT_EQ(verdict_from("fine"), std::nullopt);
}

TEST(Verdict, CriticalOutranksWarningOutranksUnknown) {
  EXPECT_EQ(worse(Severity::critical, Severity::warning), Severity::critical);
  EXPECT_EQ(worse(Severity::unknown, Severity::warning), Severity::warning);
  EXPECT_EQ(worse(Severity::info, Severity::unknown), Severity::unknown);
}

TEST(Verdict, ThereIsOneOrderOfSeverities) {
  EXPECT_TRUE(std::ranges::is_sorted(worst_first, is_worse));
  EXPECT_EQ(std::set(worst_first.begin(), worst_first.end()).size(), 5U);
  EXPECT_FALSE(is_worse(Severity::warning, Severity::warning));
}

TEST(Verdict, GoodIsWhatNobodyHasToActUpon) {
  for (const Severity severity : worst_first) {
    EXPECT_EQ(is_good(severity), exit_status(severity) == 0) << to_string(severity);
  }
}

TEST(Verdict, ExitStatusIsNotTheSeverityRank) {
  EXPECT_EQ(exit_status(Severity::ok), 0);
  EXPECT_EQ(exit_status(Severity::info), 0);
  EXPECT_EQ(exit_status(Severity::warning), 1);
  EXPECT_EQ(exit_status(Severity::critical), 2);
  EXPECT_EQ(exit_status(Severity::unknown), 3);
}

TEST(Verdict, IfPresentForgivesAbsenceOnly) {
  EXPECT_EQ(severity_of({Verdict::not_applicable, Reason::no_tlsa}, true), Severity::ok);
  EXPECT_EQ(severity_of({Verdict::not_applicable, Reason::no_tlsa}, false), Severity::critical);
  EXPECT_EQ(severity_of({Verdict::no_service, Reason::none}, true), Severity::ok);
  EXPECT_EQ(severity_of({Verdict::no_service, Reason::none}, false), Severity::unknown);
  EXPECT_EQ(severity_of({Verdict::dns_bogus, Reason::none}, true), Severity::critical);
}

// RFC 8460 4.3
TEST(Verdict, ResultTypesOfRfc8460) {
  EXPECT_EQ(result_type_of({Verdict::tls_missing, Reason::not_offered}), ResultType::starttls_not_supported);
  EXPECT_EQ(result_type_of({Verdict::tls_missing, Reason::handshake}), ResultType::validation_failure);
  EXPECT_EQ(result_type_of({Verdict::mismatch, Reason::name}), ResultType::certificate_host_mismatch);
  EXPECT_EQ(result_type_of({Verdict::mismatch, Reason::expired}), ResultType::certificate_expired);
  EXPECT_EQ(result_type_of({Verdict::mismatch, Reason::shadowed}), ResultType::certificate_not_trusted);
  EXPECT_EQ(result_type_of({Verdict::unusable, Reason::none}), ResultType::tlsa_invalid);
  EXPECT_EQ(result_type_of({Verdict::dns_error, Reason::servfail}), ResultType::dnssec_invalid);
  EXPECT_EQ(result_type_of({Verdict::tempfail, Reason::connect}), std::nullopt);
  EXPECT_EQ(result_type_of({Verdict::authenticated, Reason::none}), std::nullopt);
}

}  // namespace
}  // namespace danewatch
