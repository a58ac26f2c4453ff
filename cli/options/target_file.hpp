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
  std::size_t number = 0;  // 1-based; 0: an argument of the command line
  std::string text;        // as it was given, at most 300 octets, without a password
  ParseError error;
};

struct TargetFile {
  std::vector<Target> targets;
  std::vector<BadLine> bad_lines;
};

// CR LF line ends and a UTF-8 byte order mark are tolerated.
TargetFile parse_target_file(std::string_view content, const TargetOptions& options);

// The targets that one word or line means, or what is wrong with it. Blanks around it do not count.
void take_target(std::string_view text, std::size_t number, const TargetOptions& options, TargetFile& file);

// "https://user:secret@host/" as "https://user:...@host/": what an operator wrote may be repeated, a password may not.
std::string without_password(std::string_view text);

}  // namespace danewatch
