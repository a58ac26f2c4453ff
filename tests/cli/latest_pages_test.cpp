#include "cli/serve/latest_pages.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;

class LatestPagesTest : public testing::Test {
 protected:
  std::string get(const LatestPages::Key& key, int at) {
    clock.steady_time = Deadline(milliseconds(at));
    return *pages.get(key, clock, [this] {
      clock.steady_time += takes;
      return std::to_string(++written);
    });
  }

  test::ManualClock clock;
  LatestPages pages;
  milliseconds takes{0};
  int written = 0;
};

TEST_F(LatestPagesTest, HundredsOfClientsAtOnceGetOnePage) {
  for (int client = 0; client < 300; ++client) EXPECT_EQ(get({}, client), "1");
  EXPECT_EQ(get({}, 1000), "2") << "a second later it is a new one";
}

TEST_F(LatestPagesTest, WhatMakesAnotherPageIsAnotherKey) {
  LatestPages::Key path, text, state, page, problem;
  path.path = "/changes";
  text.text = "a";
  state.state = Severity::critical;
  page.page = 2;
  problem.problem = "The configuration could not be loaded.";
  for (const auto& key : {LatestPages::Key{}, path, text, state, page, problem}) get(key, 0);
  EXPECT_EQ(written, 6);
  EXPECT_EQ(get(page, 1), "5");
}

TEST_F(LatestPagesTest, ThatItTakesLongMakesItNoOlder) {
  takes = milliseconds(3000);
  EXPECT_EQ(get({}, 0), "1");
  EXPECT_EQ(get({}, 3500), "1");
}

TEST_F(LatestPagesTest, FewAreKept) {
  LatestPages::Key key;
  for (key.page = 1; key.page <= 1000; ++key.page) get(key, 0);
  key.page = 1;
  EXPECT_EQ(get(key, 0), "1001") << "it has been forgotten";
}

}  // namespace
}  // namespace danewatch
