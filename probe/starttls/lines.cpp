#include "probe/starttls/lines.hpp"

#include <algorithm>
#include <charconv>

namespace danewatch {

DialogueStep need_more() {
  return DialogueStep{};
}

DialogueStep send_step(std::string bytes) {
  DialogueStep step;
  step.kind = DialogueStep::Kind::send;
  step.bytes = std::move(bytes);
  return step;
}

DialogueStep upgrade_step() {
  DialogueStep step;
  step.kind = DialogueStep::Kind::upgrade;
  return step;
}

DialogueStep fail_step(Stage stage, Fault fault, std::string_view error) {
  DialogueStep step;
  step.kind = DialogueStep::Kind::fail;
  step.stage = stage;
  step.fault = fault;
  step.error = error.substr(0, max_error_octets);
  return step;
}

DialogueStep refuse_step(Stage stage, Refusal why, std::string_view words) {
  DialogueStep step = fail_step(stage, Fault::reply, words);
  step.refusal = why;
  return step;
}

bool holds_ignoring_case(std::string_view text, std::string_view part) {
  return lower(text).find(part) != std::string::npos;
}

std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

void LineReader::append(std::string_view bytes) {
  const std::size_t space = max_dialogue_octets - buffer_.size();
  if (bytes.size() > space) full_ = true;
  buffer_.append(bytes.substr(0, space));
}

std::optional<std::string_view> LineReader::next() {
  const std::size_t skipped = std::min(skip_, buffer_.size() - begin_);
  skip_ -= skipped;
  begin_ += skipped;
  const std::string_view pending = rest();
  const auto end = pending.find('\n');
  const std::size_t length = std::min(end, pending.size());
  // One octet more may be the CR of a line that is just short enough.
  if (length > max_line + 1) too_long_ = "a line of more than 2048 bytes";
  if (lines_ >= max_lines) too_long_ = "more than 200 lines";
  if (end == std::string_view::npos && full_) too_long_ = "more than 64 kB before TLS";
  if (!too_long_.empty() || end == std::string_view::npos) return std::nullopt;
  begin_ += end + 1;
  ++lines_;
  return pending.substr(0, end > 0 && pending[end - 1] == '\r' ? end - 1 : end);
}

DialogueStep LineDialogue::feed(std::string_view bytes) {
  reader_.append(bytes);
  while (const auto line = reader_.next()) {
    DialogueStep step = on_line(*line);
    // TLS servers never speak first, so whatever follows the go-ahead was slipped in by someone (rows.md E-13).
    if (step.kind == DialogueStep::Kind::upgrade && !reader_.rest().empty())
      return fail(Fault::injected, reader_.rest());
    if (step.kind == DialogueStep::Kind::need_more) {
      if (begun_.empty()) begun_ = line->substr(0, max_error_octets);
      continue;
    }
    begun_.clear();
    return step;
  }
  return reader_.too_long().empty() ? need_more() : fail(Fault::too_long, reader_.too_long());
}

std::string LineDialogue::heard() const {
  return begun_.empty() ? std::string(reader_.rest().substr(0, max_error_octets)) : begun_;
}

DialogueStep LiteralDialogue::on_line(std::string_view line) {
  if (const auto literal = literal_at_end(line)) {
    if (!continued_) head_ = line;
    continued_ = true;
    skip_literal(*literal);
    return need_more();
  }
  if (!continued_) return on_whole_line(line);
  continued_ = false;
  return on_whole_line(head_);
}

std::optional<std::size_t> literal_at_end(std::string_view line) {
  const auto open = line.rfind('{');
  if (open == std::string_view::npos || !line.ends_with('}')) return std::nullopt;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return std::min(size, max_dialogue_octets);  // more never arrives
}

}  // namespace danewatch
