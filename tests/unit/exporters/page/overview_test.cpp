// The overview: order, pages, search, and what changed lately.
#include <gmock/gmock.h>

#include "exporters/page/page.hpp"
#include "tests/support/pages.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::page {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Overview, BrokenTargetsComeFirst) {
  const History good = history_of(samples::all_good()), stale = history_of(samples::stale_duplicate()),
                bad = history_of(samples::shadowed()), none;
  const std::string html =
      overview({{"a-good", &good, {}}, {"b-stale", &stale, {}}, {"c-none", &none, {}}, {"d-bad", &bad, {}}}, noon);
  EXPECT_LT(html.find("d-bad"), html.find("b-stale"));
  EXPECT_LT(html.find("b-stale"), html.find("c-none"));
  EXPECT_LT(html.find("c-none"), html.find("a-good"));
  EXPECT_THAT(html, HasSubstr("1 critical"));
  EXPECT_THAT(html, HasSubstr("1 warning"));
  EXPECT_THAT(html, HasSubstr("1 unknown"));
  EXPECT_THAT(html, HasSubstr("1 ok"));
}

// Who opens the page because of an alert looks for the mail that waits first.
TEST(Overview, OfBrokenTargetsTheOneThatHoldsUpMoreMailComesFirst) {
  Report unprotected = samples::shadowed();
  unprotected.impact = Impact::unprotected;
  const History less = history_of(unprotected), more = history_of(samples::shadowed());
  const std::string html = overview({{"a-less", &less, {}}, {"b-more", &more, {}}}, noon);
  EXPECT_LT(html.find("b-more"), html.find("a-less"));
}

// So many that nobody reads them all, the worst first: a page has some of them, and is small.
TEST(Overview, AnOverviewOfManyTargetsComesInPages) {
  const History bad = history_of(samples::shadowed());
  std::vector<std::string> names;
  for (int i = 1000; i < 1250; ++i) names.push_back("target-" + std::to_string(i));
  std::vector<TargetState> targets;
  for (const std::string& name : names) targets.push_back({name, &bad, {}});
  const std::string first = overview(targets, noon);
  EXPECT_EQ(count(first, "<article"), 100U);
  EXPECT_LT(first.size(), 300000U);
  EXPECT_EQ(count(first, "1 to 100 of 250"), 2U);
  EXPECT_THAT(first, HasSubstr("250 critical"));
  EXPECT_THAT(first, Not(HasSubstr("Previous")));
  OverviewQuery query;
  query.page = 3;
  query.text = "TARGET-1";
  const std::string last = overview(targets, noon, query);
  EXPECT_EQ(count(last, "<article"), 50U);
  EXPECT_THAT(last, HasSubstr("<a rel=\"prev\" href=\"/?q=TARGET-1&amp;page=2\">Previous</a>"));
  EXPECT_THAT(last, Not(HasSubstr("Next</a>")));
  query.page = 99;
  EXPECT_EQ(overview(targets, noon, query), last);
}

TEST(Overview, TargetsAreFoundByNameByHostAndByState) {
  const History good = history_of(samples::all_good()), bad = history_of(samples::shadowed());
  const std::vector<TargetState> targets{{"a-good", &good, {}}, {"b-bad", &bad, {}}};
  const auto shown = [&](std::string text, std::optional<Severity> state) {
    OverviewQuery query;
    query.text = std::move(text);
    query.state = state;
    return overview(targets, noon, query);
  };
  const auto has = [](const std::string& html, std::string_view name) {
    return count(html, "href=\"/targets/" + std::string(name) + "\"") > 0;
  };
  const std::string by_name = shown("B-BA", {});
  EXPECT_TRUE(has(by_name, "b-bad"));
  EXPECT_FALSE(has(by_name, "a-good"));
  EXPECT_THAT(by_name, HasSubstr("value=\"B-BA\""));
  EXPECT_THAT(by_name, HasSubstr("Target with &quot;B-BA&quot;: 1."));
  const std::string by_host = shown(samples::all_good().hosts[0].dns.host, {});
  EXPECT_TRUE(has(by_host, "a-good"));
  const std::string by_state = shown("", Severity::critical);
  EXPECT_TRUE(has(by_state, "b-bad"));
  EXPECT_FALSE(has(by_state, "a-good"));
  EXPECT_THAT(by_state, HasSubstr("<option value=\"critical\" selected>"));
  EXPECT_TRUE(has(shown("", Severity::ok), "a-good"));
  EXPECT_THAT(shown("\"><script>", Severity::warning),
              HasSubstr("Targets warning with &quot;&quot;&gt;&lt;script&gt;&quot;: 0."));
}

TEST(Overview, OverviewSaysWhatIsBrokenSinceWhenAndWhatToDo) {
  History history;
  Report report = samples::all_good();
  report.at = noon.now - std::chrono::hours(5);
  record(history, std::make_shared<const Report>(report));
  report = samples::shadowed();
  report.at = noon.now - std::chrono::hours(3);
  record(history, std::make_shared<const Report>(report));
  report.at = noon.now;
  record(history, std::make_shared<const Report>(report));
  const std::string html = overview({{"shadowed.example", &history, std::chrono::minutes(5)}}, noon);
  EXPECT_THAT(html, HasSubstr("mismatch/shadowed"));
  EXPECT_THAT(html, HasSubstr("Senders that use DANE deliver nothing"));
  EXPECT_THAT(html, HasSubstr("<a href=\"/targets/shadowed.example#tlsa-shadowed\">tlsa-shadowed</a>"));
  EXPECT_EQ(count(page_of(report), "id=\"tlsa-shadowed\""), 1U);
  EXPECT_THAT(html, HasSubstr(to_zone_line(report.hosts[0].dns.tlsa[1])));
  EXPECT_THAT(html, HasSubstr("2026-01-31 09:00 UTC</time> (3 hours ago)"));
  EXPECT_THAT(html, HasSubstr("2026-01-31 07:00 UTC</time> (5 hours ago)"));
  EXPECT_THAT(html, HasSubstr("Last 3 runs: 2 critical, 1 ok"));
  EXPECT_THAT(html, HasSubstr("signature of shadowed.example MX"));
}

}  // namespace
}  // namespace danewatch::page
