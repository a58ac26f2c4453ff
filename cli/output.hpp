// Standard output and the progress line on standard error.
//
// Thread rule: one thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace danewatch {

// Writes everything. When the reader has gone away the process ends as one that SIGPIPE ended, quietly. Throws
// std::runtime_error when the text cannot be written (a full disk).
void write_output(std::string_view text);

// One sentence on standard error, prefixed with "danewatch: ", safe for terminals whatever it quotes.
void write_error(std::string_view sentence);

bool output_is_terminal();

// Columns of the terminal, or 80.
std::size_t output_width();

// Colour is wanted: a terminal, NO_COLOR unset or empty, TERM not "dumb".
bool output_has_color();

// "12/100 checked, 3 not ok" on one line that is redrawn; shows nothing unless standard error is a terminal.
class Progress {
 public:
  explicit Progress(std::size_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void clear();  // before anything else is written
  void show(std::size_t done, std::size_t not_ok);

 private:
  std::size_t total_;
  bool enabled_;
  bool visible_ = false;
};

}  // namespace danewatch
