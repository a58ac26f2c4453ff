// What memory adds to the pages: the time line of a target, what happened, what changed lately.
#include <gmock/gmock.h>

#include "exporters/page/page.hpp"
#include "resolver/dns/time.hpp"
#include "tests/support/life_world.hpp"
#include "tests/support/pages.hpp"

namespace danewatch::page {
namespace {

using testing::HasSubstr;
using testing::Not;

// What memory adds to the pages, made by looking at a world again and again.
class RememberedPages : public testing::Test {
 protected:
  RememberedPages() { world.at = noon.now - std::chrono::days(30); }

  void look_after(std::chrono::seconds time) {
    world.at += time;
    const auto report = std::make_shared<const Report>(world.report());
    for (const Event& each : add(remembered.life, *report).events) remembered.events.push_back({"example.org", each});
    record(history, report);
  }

  std::string page() const { return target({"example.org", &history, {}}, noon, &remembered); }

  test::LifeWorld world;
  Remembered remembered;
  History history;
};

TEST_F(RememberedPages, ATargetHasATimeLineOfWhatWasThereAndWhatHappened) {
  look_after(std::chrono::days(0));
  look_after(std::chrono::days(10));
  world.records = "ab";
  look_after(std::chrono::days(5));
  world.all_show('b');
  look_after(std::chrono::days(10));
  const std::string html = page();
  EXPECT_THAT(html, HasSubstr("<h2>Time line</h2>"));
  EXPECT_THAT(html, HasSubstr("stale since"));
  EXPECT_THAT(html, HasSubstr("1 before it"));
  // Matched until the tenth of thirty days, published until the last look.
  EXPECT_THAT(html, HasSubstr("<rect class=\"info hollow\" x=\"0\" y=\"1\" width=\"833\" height=\"10\"></rect>"
                              "<rect class=\"good\" x=\"0\" y=\"0\" width=\"500\" height=\"12\"></rect>"));
  EXPECT_THAT(html, HasSubstr("shows another key"));
  EXPECT_EQ(count(html, "<svg class=\"lane\""), count(html, "preserveAspectRatio=\"none\" aria-label=\""));
}

TEST_F(RememberedPages, ANameServerHasALaneThatRisesWhereItDiffers) {
  world.name_servers = {{1, "a"}, {2, "a"}};
  look_after(std::chrono::days(0));
  world.records = "ab";
  world.name_servers[1] = "ab";
  look_after(std::chrono::days(15));
  look_after(std::chrono::days(15));
  const std::string html = page();
  EXPECT_THAT(html,
              HasSubstr("ns2.example.org (11.1.0.2) differs for mx1.example.org:25: other records than the rest"));
  EXPECT_THAT(html, HasSubstr("<rect class=\"warn\" x=\"500\" y=\"4\" width=\"500\" height=\"8\"></rect>"));
  EXPECT_THAT(html, HasSubstr("ns1.example.org (11.1.0.1) agrees for mx1.example.org:25: gives"));
}

// A domain without mail is neither good nor bad.
TEST_F(RememberedPages, AChangeWhoseEvidenceIsKeptLeadsToIt) {
  look_after(std::chrono::days(0));
  world.records = "ab";
  look_after(std::chrono::days(5));
  EXPECT_THAT(page(), Not(HasSubstr("evidence?at="))) << "none was kept";
  EXPECT_THAT(page(), HasSubstr("href=\"/api/v1/reports/example.org/evidence\""));
  remembered.evidence = {world.at};
  EXPECT_THAT(page(), HasSubstr("href=\"/api/v1/reports/example.org/evidence?at=" + format_time(world.at) + "\""));
}

TEST_F(RememberedPages, TheBarOfAVerdictIsAsHighAsItIsBad) {
  const auto bar = [this](Verdict verdict, Severity severity) {
    remembered = {};
    world.verdict = verdict;
    world.severity = severity;
    look_after(std::chrono::days(1));
    const std::string html = page();
    const std::size_t at = html.find("<rect", html.find("Verdict: "));
    return html.substr(at, html.find('>', at) - at);
  };
  EXPECT_THAT(bar(Verdict::authenticated, Severity::ok), HasSubstr("class=\"good\""));
  EXPECT_THAT(bar(Verdict::authenticated, Severity::warning), HasSubstr("class=\"warn\""));
  EXPECT_THAT(bar(Verdict::no_service, Severity::unknown), HasSubstr("class=\"unknown\""));
  EXPECT_THAT(bar(Verdict::mismatch, Severity::critical), HasSubstr("height=\"12\""));
}

TEST_F(RememberedPages, AFirstLookHasATimeLineWithoutEvents) {
  look_after(std::chrono::days(30));
  EXPECT_THAT(page(), HasSubstr("<h2>Time line</h2>"));
  EXPECT_THAT(page(), Not(HasSubstr("What happened")));
}

TEST_F(RememberedPages, WhatNobodyCouldLookAtIsSaid) {
  look_after(std::chrono::days(0));
  remembered.life.head.blind_since = noon.now - std::chrono::hours(2);
  EXPECT_THAT(page(), HasSubstr("could not look"));
}

TEST_F(RememberedPages, TheOverviewTellsTheNewestAndWhereTheOthersAre) {
  std::vector<KeptEvent> kept;
  for (int i = 0; i < 12; ++i) {
    Event event;
    event.at = noon.now - std::chrono::hours(i);
    event.code = EventCode::mx_added;
    event.now = "mx" + std::to_string(i) + ".example";
    kept.push_back({"example.org", event});
  }
  look_after(std::chrono::days(30));
  std::vector<Changed> newest_first;
  for (const KeptEvent& each : kept) newest_first.push_back({"My Target", &each});
  newest_first[1].name = "";
  const std::vector<TargetState> targets{{"My Target", &history, {}}};
  const std::string html = overview(targets, noon, {}, &newest_first);
  EXPECT_THAT(html, HasSubstr("<a href=\"/targets/My%20Target\">My Target</a>: mx0.example is a new host"));
  EXPECT_THAT(html, HasSubstr("example.org: mx1.example is a new host"));
  EXPECT_THAT(html, Not(HasSubstr("mx10.example")));
  EXPECT_THAT(html, HasSubstr("<a href=\"/changes\">All 12 changes</a>"));
  EXPECT_THAT(changes(newest_first, noon), HasSubstr("mx11.example"));
  OverviewQuery query;
  query.text = "my";
  EXPECT_THAT(overview(targets, noon, query, &newest_first), Not(HasSubstr("What changed")));
  const std::vector<Changed> none;
  EXPECT_THAT(overview(targets, noon, {}, &none), HasSubstr("<p>Nothing.</p>"));
  EXPECT_THAT(overview(targets, noon), Not(HasSubstr("What changed")));
}

}  // namespace
}  // namespace danewatch::page
