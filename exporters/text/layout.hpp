// Inner: lines of a terminal: words wrapped into a width, with a label in the left gutter.
//
// Knows nothing of reports. Text handed in is escaped already. Thread rule: values; a Page has one owner.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/words/tone.hpp"

namespace danewatch::layout {

struct Line {
  Spans spans;
  bool copy = false;  // to be copied as it is: never wrapped, and flush left because a zone file minds leading blanks

  bool operator==(const Line&) const = default;
};

// Of a table: cells in columns, and paragraphs below them that begin under the second cell.
struct Row {
  Spans cells;
  std::vector<Spans> notes;
};

// Cut or filled with blanks to at least `columns`.
std::string padded(std::string text, std::size_t columns);

class Page {
 public:
  explicit Page(std::size_t width);

  // Wrapped words behind a label in the gutter (it may be empty) and a lead such as "-> "; further lines hang
  // under the first word. A word longer than a line is broken.
  void paragraph(const Span& label, std::string_view lead, const Spans& words);

  // Cells in aligned columns, the label on the first row. What is too wide wraps within its last column, or, where
  // that leaves no room, as a paragraph.
  void table(const Span& label, const std::vector<Row>& rows);

  void copy(std::string text);  // on a line of its own, never broken, between blank lines
  void blank();                 // before what follows: at most one in a row, none at either end

  const std::vector<Line>& lines() const { return lines_; }

 private:
  void row(const Span& label, const Spans& cells, const std::vector<std::size_t>& widths);
  void hanging(const Span& label, const Spans& lead, const Spans& words);
  void push(Line line);

  std::size_t width_;
  bool blank_ = false;  // wanted before the next line
  std::vector<Line> lines_;
};

inline constexpr std::size_t gutter = 10;  // columns of the longest severity word and two blanks

// Joined, each ended by a newline; SGR codes only with colour.
std::string render(const std::vector<Line>& lines, bool color);
std::string render(const Spans& spans, bool color);

}  // namespace danewatch::layout
