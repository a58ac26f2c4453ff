// What other mail servers reported, on a target's page beside what danewatch saw.
#include <gmock/gmock.h>

#include "exporters/page/page.hpp"
#include "tests/support/pages.hpp"

namespace danewatch::page {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const auto today = std::chrono::floor<std::chrono::days>(noon.now);

SendersDay day(int days_ago, bool believed = true) {
  SendersDay result;
  result.day = today - std::chrono::days(days_ago);
  result.believed = believed;
  result.reports = 1;
  result.sessions = {90, 3};
  result.senders = {{"google.example", {90, 3}}};
  result.troubles = {{{"tlsa-invalid", "mx1.example.org", SenderPolicyType::tlsa, {"3 1 1 " + std::string(64, 'a')}},
                      3,
                      {"google.example"}}};
  return result;
}

std::string page_with(SendersSaw saw) {
  Report report = samples::all_good();
  report.senders = std::move(saw);
  return page_of(report);
}

TEST(SendersOnThePage, ShowADayBesideWhatDanewatchSaw) {
  const std::string html = page_with({true, {day(0), day(5)}});
  EXPECT_THAT(html, HasSubstr("<h2>What senders saw</h2>"));
  EXPECT_THAT(html, HasSubstr("3 of 93 sessions failed"));
  EXPECT_THAT(html, HasSubstr("google.example: 3 of 93 sessions failed"));
  EXPECT_THAT(html, HasSubstr("tlsa-invalid at mx1.example.org (DANE, 3 1 1 aaaaaaaaaaaaaaaa…): 3 sessions"));
  // The run is of today; of five days ago nothing is known.
  EXPECT_EQ(count(html, "<td data-of=\"danewatch saw\"><strong class=\"badge good\">authenticated</strong></td>"), 1U);
  EXPECT_EQ(count(html, "<td data-of=\"danewatch saw\">not known</td>"), 1U);
}

TEST(SendersOnThePage, SayWhatDoesNotCount) {
  EXPECT_THAT(page_with({true, {day(1, false)}}), HasSubstr("not authenticated: does not count"));
  EXPECT_THAT(page_with({false, {day(1, false)}}), HasSubstr("names nobody who vouches for them"));
}

TEST(SendersOnThePage, AreAbsentWhereNobodyReadsReportsAndSaySoWhereThereIsNone) {
  EXPECT_THAT(page_of(samples::all_good()), Not(HasSubstr("What senders saw")));
  EXPECT_THAT(page_with({}), HasSubstr("No report about this target is of the last 14 days."));
}

TEST(SendersOnThePage, EscapeWhatSendersWriteAndShowAFewOfMany) {
  SendersDay hostile = day(1);
  hostile.senders.assign(50, {"<script>alert(1)</script>", {1, 1}});
  hostile.troubles[0].trouble.result_type = "<img src=x>";
  EXPECT_THAT(page_with({true, {hostile}}),
              AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<img")), HasSubstr("and 45 more")));
}

}  // namespace
}  // namespace danewatch::page
