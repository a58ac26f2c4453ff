// Inner: what the line-based dialogues share: a bounded line reader, and the steps it leads to.
//
// Lines end with CRLF; a bare LF is tolerated, because some servers send it
// and nothing is decided by it. Thread rule: one dialogue, one owner.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "probe/starttls/starttls.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {

constexpr std::size_t max_dialogue_octets = 65536;  // all that a peer may send before TLS
constexpr std::size_t max_error_octets = 512;

DialogueStep need_more();
DialogueStep send_step(std::string bytes);
DialogueStep upgrade_step();
DialogueStep fail_step(Stage stage, Fault fault, std::string_view error);  // the error is cut to 512 octets
DialogueStep refuse_step(Stage stage, Refusal why, std::string_view words);

bool holds_ignoring_case(std::string_view text, std::string_view part);  // ASCII; `part` is in lower case

// The first word of a line; `line` keeps the rest without the space.
std::string_view take_word(std::string_view& line);

// Whether `fits` is true of one of the whole lines, their ends left out.
template <class Fits>
bool any_line(std::string_view text, Fits fits) {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (fits(line)) return true;
    text.remove_prefix(end + 1);
  }
  return false;
}

class LineReader {
 public:
  static constexpr std::size_t max_line = 2048;  // octets without the line end, as Postfix allows (rows.md E-24)
  static constexpr std::size_t max_lines = 200;

  void append(std::string_view bytes);

  // The next whole line without its end; valid until the next append.
  std::optional<std::string_view> next();

  // Which limit was passed; empty: none. After one, nothing more will come out.
  std::string_view too_long() const { return too_long_; }

  // The beginning of what did not become a line.
  std::string_view rest() const { return std::string_view(buffer_).substr(begin_); }

  // Discards the next octets, also those still to come (a literal of IMAP and ManageSieve).
  void skip(std::size_t octets) { skip_ += octets; }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not yet given out
  std::size_t lines_ = 0;
  std::size_t skip_ = 0;
  bool full_ = false;  // octets had to be dropped
  std::string_view too_long_;
};

// A dialogue that is driven line by line.
class LineDialogue : public StartTls {
 public:
  DialogueStep start() override { return need_more(); }
  DialogueStep feed(std::string_view bytes) final;
  Stage stage() const final { return greeted_ ? Stage::starttls : Stage::greeting; }
  std::string heard() const override;

 protected:
  // What this line leads to. `need_more` asks for the next line.
  virtual DialogueStep on_line(std::string_view line) = 0;

  void greeted() { greeted_ = true; }
  void skip_literal(std::size_t octets) { reader_.skip(octets); }
  DialogueStep fail(Fault fault, std::string_view error) const { return fail_step(stage(), fault, error); }
  DialogueStep refuse(Refusal why, std::string_view words) const { return refuse_step(stage(), why, words); }

 private:
  LineReader reader_;
  std::string begun_;  // the first line of a reply that is not whole yet
  bool greeted_ = false;
};

// A line dialogue whose lines may hold literals (IMAP, ManageSieve): "{5}", a line end, five octets, the rest.
class LiteralDialogue : public LineDialogue {
 protected:
  // A whole line, literals and all that follows the first one left out.
  virtual DialogueStep on_whole_line(std::string_view line) = 0;

 private:
  DialogueStep on_line(std::string_view line) final;
  std::string head_;
  bool continued_ = false;
};

// The size of a literal at the end of a line of IMAP or ManageSieve: "… {5}" or "… {5+}" (RFC 9051 4.3, RFC 5804 4).
std::optional<std::size_t> literal_at_end(std::string_view line);

}  // namespace danewatch
