#include "exporters/board/view.hpp"

#include <gtest/gtest.h>

#include <string>

#include "exporters/board/board.hpp"

namespace danewatch {
namespace {

BoardEntryPtr named(const std::string& name) {
  BoardEntry entry;
  entry.name = name;
  return std::make_shared<const BoardEntry>(std::move(entry));
}

BoardView of(std::size_t count) {
  BoardView view;
  for (std::size_t i = 0; i < count; ++i) view.push_back(named(std::to_string(i)));
  return view;
}

TEST(BoardView, EveryEntryIsInItsPlace) {
  for (const std::size_t count : {0U, 1U, 255U, 256U, 257U, 1000U}) {
    const BoardView view = of(count);
    EXPECT_EQ(view.size(), count);
    std::size_t next = 0;
    for (const BoardEntryPtr& entry : view) EXPECT_EQ(entry->name, std::to_string(next++));
    EXPECT_EQ(next, count);
  }
}

TEST(BoardView, ASnapshotStaysWhatItWas) {
  BoardView view = of(300);
  const BoardView snapshot = view;
  view.set(299, named("new"));
  view.push_back(named("more"));
  EXPECT_EQ(view[299]->name, "new");
  EXPECT_EQ(view[300]->name, "more");
  EXPECT_EQ(snapshot.size(), 300U);
  EXPECT_EQ(snapshot[299]->name, "299");
}

// Whoever keeps one while entries change keeps the places of few entries, not of all.
TEST(BoardView, SnapshotsShareWhatHasNotChanged) {
  BoardView view = of(1000);
  const BoardView snapshot = view;
  view.set(999, named("new"));
  EXPECT_EQ(&snapshot[0], &view[0]) << "the same place";
  EXPECT_NE(&snapshot[999], &view[999]);
}

}  // namespace
}  // namespace danewatch
