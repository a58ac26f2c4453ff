#include "exporters/text/layout.hpp"

#include <algorithm>
#include <utility>

#include "exporters/words/escape.hpp"

namespace danewatch::layout {
namespace {

using Word = Spans;  // without blanks

std::size_t width_of(const Spans& spans) {
  std::size_t width = 0;
  for (const auto& span : spans) width += display_width(span.text);
  return width;
}

std::vector<Word> words_of(const Spans& spans) {
  std::vector<Word> words;
  bool open = false;  // the next piece continues the last word
  for (const auto& span : spans) {
    for (std::size_t at = 0; at < span.text.size();) {
      if (span.text[at] == ' ') {
        open = false;
        ++at;
        continue;
      }
      const std::size_t end = std::min(span.text.find(' ', at), span.text.size());
      if (!open) words.emplace_back();
      words.back().push_back({span.text.substr(at, end - at), span.tone});
      open = true;
      at = end;
    }
  }
  return words;
}

// Octets of the longest prefix of at most `columns`, at least one character, never inside a character.
std::size_t prefix_length(std::string_view text, std::size_t columns) {
  std::size_t length = 0;
  for (std::size_t used = 0; length < text.size();) {
    std::size_t next = length + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0U) == 0x80U) ++next;
    used += display_width(text.substr(length, next - length));
    if (length > 0 && used > columns) break;
    length = next;
  }
  return length;
}

// Pieces of a word that is longer than a line.
std::vector<Word> broken(const Word& word, std::size_t columns) {
  std::vector<Word> pieces(1);
  std::size_t used = 0;
  for (const auto& span : word) {
    std::string_view rest = span.text;
    while (!rest.empty()) {
      if (used >= columns) {
        pieces.emplace_back();
        used = 0;
      }
      const std::string_view piece = rest.substr(0, prefix_length(rest, columns - used));
      pieces.back().push_back({std::string(piece), span.tone});
      used += display_width(piece);
      rest.remove_prefix(piece.size());
    }
  }
  return pieces;
}

class Wrapper {
 public:
  Wrapper(std::size_t width, std::size_t hang, Spans first)
      : width_(std::max(width, hang + 1)), hang_(hang), line_(std::move(first)) {
    const std::size_t used = width_of(line_);
    if (used < hang_) line_.push_back({std::string(hang_ - used, ' ')});
  }

  void add(const Word& word) {
    const std::size_t available = width_ - hang_;
    if (width_of(word) <= available) return place(word);
    for (const auto& piece : broken(word, available)) place(piece);
  }

  std::vector<Line> finish() {
    end_line();
    return std::move(lines_);
  }

 private:
  void place(const Word& word) {
    const std::size_t columns = width_of(word);
    if (used_ > 0 && hang_ + used_ + 1 + columns > width_) end_line();
    if (used_ > 0) {
      line_.push_back({" "});
      ++used_;
    }
    line_.insert(line_.end(), word.begin(), word.end());
    used_ += columns;
  }

  void end_line() {
    lines_.push_back({std::move(line_), false});
    line_ = {{std::string(hang_, ' ')}};
    used_ = 0;
  }

  std::size_t width_, hang_;
  std::size_t used_ = 0;  // columns of words on the line
  Spans line_;
  std::vector<Line> lines_;
};

std::string_view sgr(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "32";
    case Tone::warn:
      return "33";
    case Tone::bad:
      return "31";
    case Tone::strong:
      return "1";
    case Tone::faint:
      return "2";
    case Tone::plain:
      return "";
  }
  return "";
}

Spans without_trailing_blanks(Spans spans) {
  while (!spans.empty()) {
    std::string& text = spans.back().text;
    text.erase(text.find_last_not_of(' ') + 1);
    if (!text.empty()) break;
    spans.pop_back();
  }
  return spans;
}

std::vector<std::size_t> column_widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.cells.size()));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row.cells[i].text));
    }
  }
  return widths;
}

Spans aligned(const Spans& row, const std::vector<std::size_t>& widths) {
  Spans cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::size_t filled = widths[i] == 0 ? 0 : widths[i] + 2;  // a column empty in every row takes no room
    cells.push_back({row[i].text, row[i].tone});
    cells.push_back({std::string(filled - std::min(filled, display_width(row[i].text)), ' ')});
  }
  return cells;
}

}  // namespace

std::string padded(std::string text, std::size_t columns) {
  const std::size_t width = display_width(text);
  if (width < columns) text.append(columns - width, ' ');
  return text;
}

Page::Page(std::size_t width) : width_(std::max<std::size_t>(width, 2 * gutter)) {}

void Page::paragraph(const Span& label, std::string_view lead, const Spans& words) {
  hanging(label, {{std::string(lead)}}, words);
}

void Page::table(const Span& label, const std::vector<Row>& rows) {
  const auto widths = column_widths(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    row(r == 0 ? label : Span{}, rows[r].cells, widths);
    for (const auto& note : rows[r].notes) hanging({}, {{std::string(widths.front() + 2, ' ')}}, note);
  }
}

void Page::row(const Span& label, const Spans& cells, const std::vector<std::size_t>& widths) {
  constexpr std::size_t least_room = 16;
  const Spans whole = aligned(cells, widths);
  if (gutter + width_of(whole) <= width_ + 2) return hanging(label, whole, {});  // two blanks follow the last cell
  const Spans before = aligned({cells.begin(), cells.end() - 1}, widths);
  if (gutter + width_of(before) + least_room <= width_) return hanging(label, before, {cells.back()});
  const Spans first = aligned({cells.front()}, widths);
  Spans rest;
  for (std::size_t i = 1; i < cells.size(); ++i) rest.insert(rest.end(), {cells[i], {" "}});
  hanging(label, first, rest);
}

void Page::hanging(const Span& label, const Spans& lead, const Spans& words) {
  Spans first{{padded(label.text, gutter), label.tone}};
  first.insert(first.end(), lead.begin(), lead.end());
  const std::size_t columns = width_of(first);
  Wrapper wrapper(width_, columns, std::move(first));
  for (const auto& word : words_of(words)) wrapper.add(word);
  for (auto& line : wrapper.finish()) push(std::move(line));
}

void Page::copy(std::string text) {
  blank();
  push({{{std::move(text)}}, true});
  blank();
}

void Page::blank() {
  blank_ = !lines_.empty();
}

void Page::push(Line line) {
  if (std::exchange(blank_, false)) lines_.emplace_back();
  lines_.push_back(std::move(line));
}

std::string render(const Spans& spans, bool color) {
  std::string out;
  for (const auto& span : without_trailing_blanks(spans)) {
    const std::string_view code = color ? sgr(span.tone) : std::string_view{};
    if (!code.empty()) out.append("\x1b[").append(code).append("m");
    for (const char c : span.text) out.push_back(c == glue ? ' ' : c);
    if (!code.empty()) out += "\x1b[0m";
  }
  return out;
}

std::string render(const std::vector<Line>& lines, bool color) {
  std::string out;
  for (const auto& line : lines) out += render(line.spans, color) + '\n';
  return out;
}

}  // namespace danewatch::layout
