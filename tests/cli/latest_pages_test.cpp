#include "cli/serve/latest_pages.hpp"

#include <gtest/gtest.h>

#include "tests/support/manual_clock.hpp"

namespace danewatch {
namespace {

using std::chrono::milliseconds;

class LatestPagesTest : public testing::Test {
 protected:
  std::string get(const LatestPages::Key& key, int at) {
    clock_.steady_time = Deadline(milliseconds(at));
    return *pages_.get(key, clock_, [this] {
      clock_.steady_time += takes_;
      return std::to_string(++written_);
    });
  }

  test::ManualClock clock_;
  LatestPages pages_;
  milliseconds takes_{0};
  int written_ = 0;
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
  EXPECT_EQ(written_, 6);
  EXPECT_EQ(get(page, 1), "5");
}

TEST_F(LatestPagesTest, ThatItTakesLongMakesItNoOlder) {
  takes_ = milliseconds(3000);
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
