#include "exporters/board/view.hpp"

#include <utility>

namespace danewatch {

void BoardView::push_back(BoardEntryPtr entry) {
  auto block = std::make_shared<Block>();
  if (size_ % in_a_block == 0) {
    blocks_.emplace_back();
  } else {
    *block = *blocks_.back();
  }
  block->push_back(std::move(entry));
  blocks_.back() = std::move(block);
  ++size_;
}

void BoardView::set(std::size_t at, BoardEntryPtr entry) {
  auto& place = blocks_[at / in_a_block];
  auto block = std::make_shared<Block>(*place);
  (*block)[at % in_a_block] = std::move(entry);
  place = std::move(block);
}

}  // namespace danewatch
