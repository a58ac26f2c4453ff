// Words with a tone: what a text says, and how good or bad it is. A terminal makes colours of it.
//
// Knows no terminal. Text handed in is escaped already. Thread rule: values.
#pragma once

#include <string>
#include <vector>

namespace danewatch::layout {

enum class Tone { plain, good, warn, bad, strong, faint };

struct Span {
  std::string text;
  Tone tone = Tone::plain;

  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

inline constexpr char glue = '\x1f';  // a blank at which no line is broken; no escaped text holds it

// Keeps the words of `text` on one line: "3 1 1" is one thing. Shown as blanks.
std::string glued(std::string text);

}  // namespace danewatch::layout
