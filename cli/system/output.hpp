// Standard output and standard error.
//
// Thread rule: one thread.
#pragma once

#include <string>
#include <string_view>

#include "exporters/text/text.hpp"

namespace danewatch {

// Writes everything. When the reader has gone away the process ends as one that SIGPIPE ended, quietly. Throws
// std::runtime_error when the text cannot be written (a full disk).
void write_output(std::string_view text);

// One sentence on standard error, prefixed with "danewatch: ", safe for terminals whatever it quotes.
void write_error(std::string_view sentence);

// The same for a log whose reader may have stopped: what would have to wait is lost instead.
void write_log(std::string_view sentence);

// The line write_error() writes.
std::string error_line(std::string_view sentence);

// The text as it is, for what is safe already.
void write_raw_error(std::string_view text);

bool output_is_terminal();

// Columns of the terminal, or 80. Colour where it is wanted: a terminal, NO_COLOR unset or empty, TERM not "dumb".
TextOptions output_style(bool no_color);

}  // namespace danewatch
