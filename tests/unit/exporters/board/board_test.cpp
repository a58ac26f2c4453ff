#include "exporters/board/board.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "exporters/board/metrics_page.hpp"
#include "tests/support/finding_cases.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

std::string whole(const BodySource& source) {
  std::string text;
  for (std::string piece = source(); !piece.empty(); piece = source()) text += piece;
  return text;
}

std::string page_of_everything() {
  Board board;
  std::vector<BoardEntry> entries;
  const auto all = test::every_report();
  for (std::size_t i = 0; i < all.size(); ++i) {
    BoardEntry& entry = entries.emplace_back();
    entry.name = "target \"" + std::to_string(i) + "\"";
    entry.labels = {{"team", "mail"}};
    entry.metrics.detail = i % 2 == 0 ? Detail::summary : Detail::full;
  }
  board.configure(std::move(entries));
  for (std::size_t i = 0; i < all.size(); ++i) board.publish("target \"" + std::to_string(i) + "\"", all[i]);
  return whole(metrics_page("", board.view()));
}

TEST(MetricsPage, EveryFamilyHasOneHeaderAndItsSamplesTogether) {
  const std::string page = page_of_everything();
  std::map<std::string, int> headers;
  std::string current;
  std::size_t begin = 0;
  std::set<std::string> lines;
  while (begin < page.size()) {
    const auto end = page.find('\n', begin);
    const std::string line = page.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("# TYPE ")) {
      current = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_EQ(++headers[current], 1) << current;
    } else if (!line.starts_with("#")) {
      EXPECT_TRUE(line.starts_with(current + "{")) << line;
      EXPECT_TRUE(lines.insert(line.substr(0, line.rfind(' '))).second) << line;
    }
  }
  EXPECT_GT(lines.size(), 1000U);
}

TEST(MetricsPage, PromtoolFindsNothingWrong) {
  Start start{{"/usr/bin/promtool", "check", "metrics"}, page_of_everything()};
  const Finished finished = run_process(start);
  EXPECT_EQ(finished.out + finished.err, "");
  EXPECT_EQ(finished.status, 0);
}

TEST(Board, RecordsHaveTheirTimes) {
  Board board;
  BoardEntry entry;
  entry.name = "a";
  entry.metrics.detail = Detail::summary;
  board.configure({entry});
  Report report = samples::stale_duplicate();
  board.publish("a", report);
  const SysTime first = report.at;
  report.at += std::chrono::hours(1);
  board.publish("a", report);
  std::string text;
  for (const auto& [row, samples] : board.find("a")->rendered) text += samples;
  const auto seconds = [](SysTime at) { return std::to_string(at.time_since_epoch().count()); };
  std::map<std::string, int> times;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (const std::string name : {"first_seen", "last_matched"}) {
      if (line.starts_with("dane_tlsa_record_" + name)) ++times[name + line.substr(line.rfind(' '))];
    }
  }
  EXPECT_THAT(times, UnorderedElementsAre(Pair("first_seen " + seconds(first), 2),
                                          Pair("last_matched " + seconds(report.at), 1)));
}

TEST(Board, ANameThatStaysKeepsWhatIsKnown) {
  Board board;
  BoardEntry entry;
  entry.name = "a";
  board.configure({entry});
  board.publish("a", samples::all_good());
  board.publish("gone", samples::all_good());
  BoardEntry other;
  other.name = "b";
  board.configure({entry, other});
  ASSERT_EQ(board.view().size(), 2U);
  EXPECT_NE(board.find("a")->history.latest, nullptr);
  EXPECT_FALSE(board.find("a")->rendered.empty());
  EXPECT_EQ(board.find("b")->history.latest, nullptr);
  board.configure({other});
  EXPECT_EQ(board.find("a"), nullptr);
}

TEST(Board, ANameThatMeansSomethingElseBeginsAnew) {
  for (const auto& change :
       std::vector<std::function<void(BoardEntry&)>>{[](BoardEntry& entry) { entry.target.name = "other.example"; },
                                                     [](BoardEntry& entry) { entry.module = "m"; }}) {
    Board board;
    BoardEntry entry;
    entry.name = "a";
    board.configure({entry});
    board.publish("a", samples::all_good());
    change(entry);
    board.configure({entry});
    EXPECT_EQ(board.find("a")->history.latest, nullptr);
    EXPECT_TRUE(board.find("a")->rendered.empty()) << "another target's series";
  }
}

}  // namespace
}  // namespace danewatch
