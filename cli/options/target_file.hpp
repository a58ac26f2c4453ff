// Pure: a file of targets: one a line, `#` starts a comment, blank lines do not count.
//
// Pure. A broken line never hides the others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/target/target.hpp"

namespace danewatch {

struct BadLine {
  std::size_t number = 0;  // 1-based
  std::string text;        // as in the file, at most 300 octets, without user info
  ParseError error;
};

struct TargetFile {
  std::vector<Target> targets;
  std::vector<BadLine> bad_lines;
};

// CR LF line ends and a UTF-8 byte order mark are tolerated.
TargetFile parse_target_file(std::string_view content, const TargetOptions& options);

// "https://user:secret@host/" as "https://...@host/": what an operator wrote may be repeated, a password may not.
std::string without_user_info(std::string_view text);

}  // namespace danewatch
