// Makes text from the network safe to show.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace danewatch {

// For terminals and logs: control characters, DEL, C1 controls, bidirectional overrides, line and paragraph
// separators and invalid UTF-8 become \xNN or \u{NNNN}; a backslash stays as it is. Valid, printable UTF-8 stays.
std::string escape_for_terminal(std::string_view text);

// Invalid UTF-8 octets become U+FFFD, everything else stays: for JSON, whose own escapes do the rest.
std::string to_valid_utf8(std::string_view text);

// Columns of a terminal the text takes (wide and combining characters counted as libc's wcwidth would in UTF-8).
std::size_t display_width(std::string_view text);

}  // namespace danewatch
