// The record that asks for TLS reports, as people really write it, and what doctor says of it.
#include "probe/judgement/tlsrpt_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const SysTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};

std::string error_of(std::string_view record) {
  const auto parsed = parse_tlsrpt_record(record);
  return parsed ? "good" : parsed.error().message;
}

TEST(TlsrptRecord, NamesWhereReportsGo) {
  EXPECT_THAT(*parse_tlsrpt_record("v=TLSRPTv1; rua=mailto:a@b.example"), ElementsAre("mailto:a@b.example"));
  EXPECT_THAT(*parse_tlsrpt_record("v=TLSRPTv1;rua=mailto:a@b.example , https://c.example/v1;x=y;"),
              ElementsAre("mailto:a@b.example", "https://c.example/v1"));
  EXPECT_THAT(*parse_tlsrpt_record("v=TLSRPTv1 ; x=1; rua=MAILTO:a@b.example"), ElementsAre("MAILTO:a@b.example"));
}

TEST(TlsrptRecord, WhatPeopleWriteInsteadIsNamed) {
  EXPECT_EQ(error_of("v=TLSRPTv1"), "no rua, which says where reports go");
  EXPECT_EQ(error_of("v=TLSRPTv1;"), "no rua, which says where reports go");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua="), "an empty address in rua");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua=a@b.example"), "an address in rua that begins with neither mailto: nor https:");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua=mailto:b.example"), "an address in rua that is incomplete");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua=https:c.example"), "an address in rua that is incomplete");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua=mailto:a@b c.example"), "an address in rua that is not a URI");
  EXPECT_EQ(error_of("v=TLSRPTv1 rua=mailto:a@b.example"), "no semicolon between its fields");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua mailto:a@b.example"), "a field without =");
  EXPECT_EQ(error_of("v=TLSRPTv1; rua=mailto:a@b.example; rua=mailto:c@d.example"), "a second rua");
  EXPECT_EQ(error_of("v=DMARC1; rua=mailto:a@b.example"), "no v=TLSRPTv1 at its beginning");
}

TEST(TlsrptRecord, StringsOfATxtRecordAreOneText) {
  EXPECT_EQ(txt_octets(R"("v=TLSRPTv1; " "rua=mailto:a@b.example")"), "v=TLSRPTv1; rua=mailto:a@b.example");
  EXPECT_EQ(txt_octets(R"("a\"b\\c\059")"), "a\"b\\c;");
}

ReportsAsked asked(std::vector<std::string> texts, Status status = Status::secure) {
  ReportsAsked result;
  result.domain = "example.org";
  result.answer.status = status;
  for (auto& text : texts) result.answer.data.push_back({{}, "\"" + text + "\"", false});
  return result;
}

constexpr auto good = "v=TLSRPTv1; rua=mailto:r@example.org";

TEST(TlsReportsOfADomain, TheRecordToPublishIsTold) {
  const auto item = tlsrpt_item(asked({}), now);
  EXPECT_EQ(item.severity, Severity::info);
  EXPECT_EQ(item.text, "example.org does not ask other mail servers for TLS reports.");
  EXPECT_THAT(item.fix, HasSubstr("_smtp._tls.example.org. IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@example.org\""));
}

TEST(TlsReportsOfADomain, ARecordThatNobodyTakesIsAWarning) {
  EXPECT_THAT(tlsrpt_item(asked({"v=tlsrptv1; rua=mailto:r@example.org"}), now).text,
              HasSubstr("does not begin with v=TLSRPTv1, so nobody takes it"));
  EXPECT_THAT(tlsrpt_item(asked({good, good}), now).text, HasSubstr("has 2 records that ask for TLS reports"));
  const auto item = tlsrpt_item(asked({"v=TLSRPTv1; rua=r@example.org", "another text"}), now);
  EXPECT_EQ(item.severity, Severity::warning);
  EXPECT_THAT(item.text, HasSubstr("neither mailto: nor https: (character 17)"));
}

TEST(TlsReportsOfADomain, WhetherTheyArriveIsToldByTheLatest) {
  EXPECT_EQ(tlsrpt_item(asked({good}), now).severity, Severity::ok);
  EXPECT_THAT(tlsrpt_item(asked({good}), now).text, HasSubstr("was not looked at: --reports PATH"));
  ReportsAsked arrived = asked({good});
  arrived.looked = true;
  EXPECT_EQ(tlsrpt_item(arrived, now).severity, Severity::warning);
  EXPECT_THAT(tlsrpt_item(arrived, now).text, HasSubstr("No report about it is there."));
  arrived.latest = now - std::chrono::hours(30);
  EXPECT_EQ(tlsrpt_item(arrived, now).severity, Severity::ok);
  arrived.latest = now - std::chrono::days(9);
  EXPECT_EQ(tlsrpt_item(arrived, now).severity, Severity::warning);
  EXPECT_THAT(tlsrpt_item(arrived, now).text, HasSubstr("9 days ago"));
}

TEST(TlsReportsOfADomain, WhatCannotBeLookedUpIsUnknown) {
  EXPECT_EQ(tlsrpt_item(asked({}, Status::bogus), now).severity, Severity::unknown);
  EXPECT_EQ(tlsrpt_item(asked({}, Status::failed), now).severity, Severity::unknown);
}

}  // namespace
}  // namespace danewatch
