// "12/100 checked, 3 not ok" on one line that is redrawn; shows nothing unless standard error is a terminal.
//
// Thread rule: one thread.
#pragma once

#include <cstddef>

#include "cli/system/output_writer.hpp"

namespace danewatch {

class Progress {
 public:
  // One target alone needs no progress line.
  Progress(OutputWriter& writer, std::size_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void clear();  // before anything else is written
  void show(std::size_t done, std::size_t not_ok);

 private:
  OutputWriter& writer_;
  std::size_t total_;
  bool enabled_;
  bool visible_ = false;
};

}  // namespace danewatch
