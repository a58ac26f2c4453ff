// Where real senders deviate from RFC 8460: a report of that shape is read, and what deviates is noted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolver/dns/time.hpp"
#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto range =
    R"("date-range":{"start-datetime":"2026-05-22T00:00:00Z","end-datetime":"2026-05-22T23:59:59Z"})";
constexpr auto tlsa =
    R"("policy":{"policy-type":"tlsa","policy-string":["3 1 1 60"],"policy-domain":"mx.example.org"})";

std::string with_policies(const std::string& policies) {
  return std::string(R"({"organization-name":"Sender","contact-info":"tls@sender.example","report-id":"1",)") + range +
         R"(,"policies":)" + policies + "}";
}

std::string with_entry(const std::string& policy, const std::string& rest = "") {
  return with_policies("[{" + policy +
                       R"(,"summary":{"total-successful-session-count":5,"total-failure-session-count":2})" + rest +
                       "}]");
}

SenderReport read(const std::string& text, std::string_view name = "report.json") {
  const Reading reading = read_sender_reports(text, name, "");
  for (const auto& rejected : reading.rejected) ADD_FAILURE() << rejected.why;
  EXPECT_EQ(reading.reports.size(), 1U);
  return reading.reports.empty() ? SenderReport{} : reading.reports.front();
}

Rejected refused(const std::string& text) {
  const Reading reading = read_sender_reports(text, "report.json", "");
  EXPECT_THAT(reading.reports, IsEmpty());
  EXPECT_EQ(reading.rejected.size(), 1U);
  return reading.rejected.empty() ? Rejected{} : reading.rejected.front();
}

TEST(Deviations, AReportByTheBookHasNoNotes) {
  const auto report = read(with_entry(tlsa, R"(,"failure-details":[{"result-type":"validation-failure",
    "sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"MX.Example.ORG.","receiving-mx-helo":"mx","receiving-ip":"192.0.2.2",
    "failed-session-count":2,"additional-information":"https://x.example","failure-reason-code":"no match"}])"));
  EXPECT_THAT(report.notes, IsEmpty());
  EXPECT_EQ(report.organization, "Sender");
  EXPECT_EQ(report.contact, "tls@sender.example");
  EXPECT_EQ(format_time(report.begin), "2026-05-22T00:00:00Z");
  EXPECT_EQ(format_time(report.end), "2026-05-22T23:59:59Z");
  const auto& policy = report.policies.at(0);
  EXPECT_EQ(policy.type, SenderPolicyType::tlsa);
  EXPECT_EQ(policy.domain, "mx.example.org");
  EXPECT_THAT(policy.strings, ElementsAre("3 1 1 60"));
  EXPECT_EQ(policy.successful, 5U);
  EXPECT_EQ(policy.failed, 2U);
  const auto& failure = policy.failures.at(0);
  EXPECT_EQ(failure.result_type, "validation-failure");
  EXPECT_EQ(failure.mx_host, "mx.example.org");
  EXPECT_EQ(failure.sessions, 2U);
  EXPECT_EQ(failure.reason, "no match");
  EXPECT_EQ(failure.information, "https://x.example");
}

TEST(Deviations, RecordsAsAListWrittenAsText) {
  const auto report = read(with_entry(
      R"("policy":{"policy-type":"tlsa","policy-string":["[\"3 1 1 60\",\"3 1 1 83\"]"],"policy-domain":"example.org"})"));
  EXPECT_THAT(report.policies.at(0).strings, ElementsAre("3 1 1 60", "3 1 1 83"));
  EXPECT_THAT(report.notes, ElementsAre("policy-string is a list written as text"));
}

TEST(Deviations, AListWrittenAsTextThatIsNoneStaysText) {
  const auto report = read(with_entry(
      R"("policy":{"policy-type":"tlsa","policy-string":["[\"3 1 1", "[[[[[[[[[[[[[[[[[[[[[["],"policy-domain":"example.org"})"));
  EXPECT_EQ(report.policies.at(0).strings.size(), 2U);
}

TEST(Deviations, TimesWithoutAZoneAreUtc) {
  std::string text = with_entry(tlsa);
  for (const auto* time : {"2026-05-22T00:00:00Z", "2026-05-22T23:59:59Z"})
    text.replace(text.find(time), 20, std::string(time, 19));
  const auto report = read(text);
  EXPECT_EQ(format_time(report.end), "2026-05-22T23:59:59Z");
  EXPECT_THAT(report.notes, ElementsAre("start-datetime without a time zone: taken as UTC",
                                        "end-datetime without a time zone: taken as UTC"));
}

TEST(Deviations, AnIdIsAnyText) {
  std::string text = with_entry(tlsa);
  text.replace(text.find(R"("report-id":"1")"), 15, R"("report-id":"133944884956529435+")");
  EXPECT_EQ(read(text).id, "133944884956529435+");
}

TEST(Deviations, OfAFailureOnlyTheTypeAndTheCountAreSaid) {
  const auto report = read(
      with_entry(tlsa, R"(,"failure-details":[{"result-type":"sts-policy-fetch-error","failed-session-count":2}])"));
  EXPECT_EQ(report.policies.at(0).failures.at(0).result_type, "sts-policy-fetch-error");
  EXPECT_EQ(report.policies.at(0).failures.at(0).mx_host, "");
  EXPECT_THAT(report.notes, IsEmpty());
}

TEST(Deviations, AnyTextMayBeNull) {
  const auto report = read(std::string(R"({"organization-name":null,"contact-info":null,"report-id":null,)") + range +
                           R"(,"policies":[]})");
  EXPECT_EQ(report.contact, "");
  EXPECT_THAT(report.notes, ElementsAre("no organization-name", "no contact-info", "no report-id"));
}

TEST(Deviations, WithoutAPolicyDomainTheFileNameTells) {
  const auto report =
      read(with_entry(R"("policy":{"policy-type":"no-policy-found"})"), "mail/sender.example!Example.ORG!1!2!001.json");
  EXPECT_EQ(report.policies.at(0).domain, "example.org");
  EXPECT_EQ(report.policies.at(0).type, SenderPolicyType::no_policy_found);
  EXPECT_THAT(report.notes, Contains("a policy without policy-domain"));
}

TEST(Deviations, HostsAsATextAndAsAList) {
  const auto text = read(
      with_entry(R"("policy":{"policy-type":"sts","policy-domain":"example.org","mx-host":"*.mail.example.org"})"));
  EXPECT_THAT(text.policies.at(0).mx_patterns, ElementsAre("*.mail.example.org"));
  EXPECT_THAT(text.notes, ElementsAre("mx-host is a text, not a list"));
  const auto list =
      read(with_entry(R"("policy":{"policy-type":"sts","policy-domain":"example.org","mx-host":["a","b"]})"));
  EXPECT_THAT(list.policies.at(0).mx_patterns, ElementsAre("a", "b"));
}

TEST(Deviations, HostsAsLinesOfAPolicy) {
  const auto report = read(
      with_entry(R"("policy":{"policy-type":"sts","policy-domain":"example.org","mx-host":["mx: mx.example.org"]})"));
  EXPECT_THAT(report.policies.at(0).mx_patterns, ElementsAre("mx.example.org"));
  EXPECT_THAT(report.notes, ElementsAre("mx-host begins with \"mx:\""));
}

TEST(Deviations, OtherNamesOfMembers) {
  const auto report = read(
      with_entry(R"("policy":{"policy-type":"sts","policy-domain":"example.org","mx-host-pattern":["a"]})",
                 R"(,"failure-details":[{"result-type":"x","failed-session-count":2,"additional-info-uri":"u"}])"));
  EXPECT_THAT(report.policies.at(0).mx_patterns, ElementsAre("a"));
  EXPECT_EQ(report.policies.at(0).failures.at(0).information, "u");
  EXPECT_THAT(report.notes, ElementsAre("mx-host-pattern instead of mx-host",
                                        "additional-info-uri instead of additional-information"));
}

TEST(Deviations, NoDetailsAreNoFailure) {
  for (const auto* rest : {R"(,"failure-details":[])", R"(,"failure-details":null)", ""}) {
    const auto report = read(with_entry(tlsa, rest));
    EXPECT_THAT(report.policies.at(0).failures, IsEmpty());
    EXPECT_EQ(report.policies.at(0).failed, 2U);
    EXPECT_THAT(report.notes, IsEmpty());
  }
}

TEST(Deviations, ASummaryIsNeverReckonedFromItsParts) {
  const auto none = read(with_policies(std::string("[{") + tlsa +
                                       R"(,"failure-details":[{"result-type":"x","failed-session-count":3}]}])"));
  EXPECT_EQ(none.policies.at(0).failed, std::nullopt);
  EXPECT_EQ(none.policies.at(0).successful, std::nullopt);
  EXPECT_EQ(failed_sessions(none.policies.at(0)), 3U);
  EXPECT_THAT(none.notes, ElementsAre("a policy without summary"));
  const auto zero =
      read(with_policies(std::string("[{") + tlsa +
                         R"(,"summary":{"total-successful-session-count":0,"total-failure-session-count":0}}])"));
  EXPECT_EQ(zero.policies.at(0).successful, 0U);
  EXPECT_THAT(zero.notes, IsEmpty());
}

TEST(Deviations, SumsMayDisagree) {
  const auto report = read(with_entry(
      tlsa,
      R"(,"failure-details":[{"result-type":"a","failed-session-count":2},{"result-type":"b","failed-session-count":1}])"));
  EXPECT_EQ(report.policies.at(0).failed, 2U);
  EXPECT_EQ(failed_sessions(report.policies.at(0)), 3U);
  EXPECT_THAT(report.notes, ElementsAre("more failures are listed than the summary has"));
}

TEST(Deviations, WhatStandsBehindTheReportIsPassedOver) {
  EXPECT_THAT(read(with_entry(tlsa) + "\n\n").notes, IsEmpty());
  EXPECT_THAT(read(with_entry(tlsa) + "\n-- \nscanned").notes, ElementsAre("text behind the end of the report"));
}

TEST(Deviations, AnUnknownPolicyTypeIsKept) {
  const auto report = read(with_entry(R"("policy":{"policy-type":"Magic","policy-domain":"example.org"})"));
  EXPECT_EQ(report.policies.at(0).type, SenderPolicyType::other);
  EXPECT_EQ(report.policies.at(0).type_word, "magic");
  EXPECT_EQ(report.policies.at(0).successful, 5U);
}

TEST(Deviations, NumbersAsTextAndNumbersThatAreNone) {
  const auto report =
      read(with_policies(std::string("[{") + tlsa +
                         R"(,"summary":{"total-successful-session-count":"7","total-failure-session-count":-1}}])"));
  EXPECT_EQ(report.policies.at(0).successful, 7U);
  EXPECT_EQ(report.policies.at(0).failed, std::nullopt);
  EXPECT_THAT(report.notes, ElementsAre("total-successful-session-count is a text",
                                        "total-failure-session-count is not a number of sessions"));
  for (const auto* number : {"1e300", "99999999999999999999999", "[1]", "{}", "\"5x\"", "\"\""}) {
    const auto odd = read(
        with_policies(std::string("[{") + tlsa + R"(,"summary":{"total-successful-session-count":)" + number + "}}]"));
    EXPECT_EQ(odd.policies.at(0).successful, std::nullopt) << number;
  }
}

TEST(Deviations, AGatewayBrokeTheText) {
  std::string text = with_entry(tlsa);
  text.replace(text.find("Sender"), 6, "Se\nnd\xe9r");
  const auto report = read("\xef\xbb\xbf" + text);
  EXPECT_EQ(report.organization, "Se nd?r");
  EXPECT_THAT(report.notes, ElementsAre("line ends or control characters inside a string", "text that is not UTF-8"));
}

TEST(Deviations, WhatCannotBeUnderstoodIsNamed) {
  EXPECT_EQ(refused("").why, "is not a TLS report: it is not a JSON object");
  EXPECT_EQ(refused("{}").why, "is JSON, but not a TLS report (RFC 8460)");
  EXPECT_EQ(refused("{\"a\":1,}").why, "is no JSON (octet 7)");
  EXPECT_EQ(refused(with_entry(tlsa).substr(0, 100)).why, "is JSON that ends in the middle (octet 100)");
  EXPECT_EQ(refused(R"({"policies":[],"report-id":"1"})").why, "has no date-range");
  EXPECT_EQ(refused(R"({"policies":3,"date-range":{"start-datetime":"2026-01-01","end-datetime":"2026-01-02"}})").why,
            "has policies that are not a list");
  EXPECT_EQ(refused(R"({"policies":[],"date-range":{"start-datetime":"yesterday","end-datetime":"2026-01-02"}})").why,
            "has a start-datetime that is not a time");
  EXPECT_EQ(refused(R"({"policies":[],"date-range":{"start-datetime":"2026-01-02","end-datetime":"2026-01-01"}})").why,
            "ends before it begins");
}

TEST(Deviations, PoliciesOfAnyKindBreakNothing) {
  const auto report = read(with_policies(
      R"([null,1,"x",[],{},{"policy":1,"summary":[],"failure-details":"none"},{"failure-details":[null,{}]}])"));
  EXPECT_EQ(report.policies.size(), 3U);
  EXPECT_EQ(report.policies.at(2).failures.size(), 1U);
}

TEST(Deviations, JsonOfAHundredThousandLevelsIsRefused) {
  std::string deep = R"({"policies":[],"date-range":)";
  for (int i = 0; i < 100'000; ++i) deep += "[{\"a\":";
  EXPECT_THAT(refused(deep).why, HasSubstr("is JSON nested deeper than 16 (octet "));
}

TEST(Deviations, JsonOfAMillionValuesIsRefused) {
  std::string wide = R"({"date-range":1,"policies":[)";
  for (int i = 0; i < 1'000'000; ++i) wide += "1,";
  EXPECT_THAT(refused(wide + "1]}").why, HasSubstr("is JSON of more than 500000 values"));
}

TEST(Deviations, TheSameReportHasTheSameKeyAndAnotherHasNot) {
  const std::string text = with_entry(tlsa);
  EXPECT_EQ(read(text).key, read(text).key);
  std::string other = text;
  other.replace(other.find("Sender"), 6, "Xender");
  EXPECT_NE(read(text).key, read(other).key);
}

}  // namespace
}  // namespace danewatch
