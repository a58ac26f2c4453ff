// Pure: a snapshot of all entries of the board, in the order of the configuration, that costs next to nothing to take
// and to keep.
//
// Slow clients hold many of them at a time, so the places of the entries are shared, block by block: a change copies
// one block. Thread rule: a value; copies may go to other threads.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <vector>

namespace danewatch {

struct BoardEntry;
using BoardEntryPtr = std::shared_ptr<const BoardEntry>;

class BoardView {
 public:
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;  // NOLINT(readability-identifier-naming): the library's name
    using value_type = BoardEntryPtr;        // NOLINT(readability-identifier-naming)

    Iterator() = default;
    Iterator(const BoardView& view, std::size_t at) : view_(&view), at_(at) {}
    const BoardEntryPtr& operator*() const { return (*view_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const BoardView* view_ = nullptr;
    std::size_t at_ = 0;
  };

  std::size_t size() const { return size_; }
  const BoardEntryPtr& operator[](std::size_t at) const { return (*blocks_[at / in_a_block])[at % in_a_block]; }
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size_}; }

  void push_back(BoardEntryPtr entry);
  void set(std::size_t at, BoardEntryPtr entry);  // of one that is there

 private:
  static constexpr std::size_t in_a_block = 256;
  using Block = std::vector<BoardEntryPtr>;

  std::vector<std::shared_ptr<const Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace danewatch
