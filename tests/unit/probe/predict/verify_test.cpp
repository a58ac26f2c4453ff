// A chain from a file against records from the command line: no DNS, no network.
#include "probe/predict/verify.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_matcher.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;

const std::string a = "3 1 1 " + digest('a');
const std::string b = "3 1 1 " + digest('b');

VerifyReport verified(const std::vector<std::string>& records, const Policy& policy = {}) {
  VerifyQuestion question;
  question.chain = {certificate('a')};
  for (const std::string& text : records) question.records.push_back(record(text, ""));
  question.names = {"mx1.example.org"};
  question.at = noon();
  question.policy = policy;
  return verify(FakeMatcher(), std::move(question));
}

std::vector<RecordState> states_of(const VerifyReport& report) {
  std::vector<RecordState> states;
  for (const RecordReport& record : report.host().records) states.push_back(record.state);
  return states;
}

std::vector<std::string_view> codes_of(const VerifyReport& report) {
  std::vector<std::string_view> codes;
  for (const Finding& each : report.report.findings) codes.push_back(each.code);
  return codes;
}

TEST(Verify, ARightRecord) {
  const VerifyReport report = verified({a});
  EXPECT_EQ(report.endpoint().conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(states_of(report), std::vector{RecordState::current});
  EXPECT_EQ(report.report.severity, Severity::ok);
  EXPECT_EQ(report.report.summary, "the chain matches a TLSA record");
  EXPECT_TRUE(report.report.findings.empty());
  EXPECT_EQ(report.host().dns.names.front(), "mx1.example.org");
}

TEST(Verify, AWrongRecordSaysWhatWouldBeRight) {
  const VerifyReport report = verified({b});
  EXPECT_EQ(report.endpoint().conclusion.verdict, Verdict::mismatch);
  EXPECT_EQ(states_of(report), std::vector{RecordState::unmatched});
  EXPECT_EQ(report.report.severity, Severity::critical);
  EXPECT_EQ(report.report.summary, "No TLSA record matches the certificate of this chain");
  ASSERT_EQ(codes_of(report), std::vector<std::string_view>{"tlsa-mismatch"});
  EXPECT_EQ(fix_words(report.report.findings[0].remedies),
            "If that certificate is the right one, add `" + a +
                "`; otherwise go back to the certificate whose record is published.");
  EXPECT_EQ(report.report.findings[0].address, std::nullopt);
  EXPECT_EQ(report.report.findings[0].host, std::nullopt);
}

TEST(Verify, AnExtraRecordIsAWarning) {
  const VerifyReport report = verified({a, b});
  EXPECT_EQ(states_of(report), (std::vector{RecordState::current, RecordState::unmatched}));
  EXPECT_EQ(report.report.severity, Severity::warning);
  ASSERT_EQ(codes_of(report), std::vector<std::string_view>{"tlsa-extra-record"});
  EXPECT_EQ(report.report.findings[0].subject, "TLSA 3 1 1 bbbbbbbbbbbbbbbb…");
  EXPECT_EQ(report.report.findings[0].text, "TLSA 3 1 1 bbbbbbbbbbbbbbbb… matches no certificate of this chain.");
  EXPECT_EQ(fix_words(report.report.findings[0].remedies),
            "If it is an old key, remove `" + b + "`. If it is your next key, let it stand.");
}

TEST(Verify, PolicyHoldsAsInAProbe) {
  Policy policy;
  policy.next = {NextKey{"", {record(b, "")}}};
  EXPECT_EQ(states_of(verified({a, b}, policy)), (std::vector{RecordState::current, RecordState::next}));
  policy.next.clear();
  policy.extra_records = Severity::ok;
  EXPECT_EQ(verified({a, b}, policy).report.severity, Severity::ok);
  policy.views = Views::standard;
  EXPECT_EQ(states_of(verified({a, b}, policy))[1], RecordState::unmatched) << "a chain from a file is all there is";
}

TEST(Verify, NothingUsable) {
  const VerifyReport report = verified({"4 1 1 " + digest('a')});
  EXPECT_EQ(report.endpoint().conclusion.verdict, Verdict::unusable);
  EXPECT_EQ(states_of(report), std::vector{RecordState::unusable});
  EXPECT_EQ(report.report.severity, Severity::critical);
  EXPECT_EQ(codes_of(report), std::vector<std::string_view>{"tlsa-unusable-record"});
}

}  // namespace
}  // namespace danewatch
