#include "store/tlsrpt/mbox.hpp"

#include <algorithm>

#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "From a@example.org Thu May 22 03:04:05 2025": a time of day tells it from a sentence that nobody quoted.
bool is_separator(std::string_view line) {
  if (!line.starts_with("From ")) return false;
  for (auto at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    if (at >= 2 && at + 2 < line.size() && is_digit(line[at - 2]) && is_digit(line[at - 1]) && is_digit(line[at + 1]) &&
        is_digit(line[at + 2])) {
      return true;
    }
  }
  return false;
}

// ">From " was "From ", ">>From " was ">From ".
bool is_quoted(std::string_view line) {
  const auto end = line.find_first_not_of('>');
  return end != std::string_view::npos && end > 0 && line.substr(end).starts_with("From ");
}

}  // namespace

bool looks_like_mbox(std::string_view octets) {
  return is_separator(octets.substr(0, octets.find('\n')));
}

void MboxSplitter::feed(std::string_view octets) {
  while (!octets.empty()) {
    const auto end = octets.find('\n');
    const std::string_view piece = octets.substr(0, end == std::string_view::npos ? octets.size() : end + 1);
    octets.remove_prefix(piece.size());
    const bool ends = piece.ends_with('\n');
    if (!long_line_ && line_.size() + piece.size() > largest_document) {
      long_line_ = too_large_ = true;
      std::string().swap(line_);
      std::string().swap(mail_);
    }
    if (long_line_) {
      long_line_ = !ends;
      blank_ = false;
      continue;
    }
    line_ += piece;
    if (ends) line();
  }
}

void MboxSplitter::line() {
  if (blank_ && is_separator(line_)) {
    end_mail();
    open_ = true;
    blank_ = false;
  } else {
    blank_ = line_ == "\n" || line_ == "\r\n";
    const std::string_view text = std::string_view(line_).substr(is_quoted(line_) ? 1 : 0);
    too_large_ = too_large_ || mail_.size() + text.size() > largest_document;
    if (too_large_) {
      std::string().swap(mail_);
    } else if (open_) {
      mail_ += text;
    }
  }
  line_.clear();
}

void MboxSplitter::end_mail() {
  if (open_ || too_large_) sink_(too_large_ ? std::nullopt : std::optional<std::string_view>(mail_));
  mail_.clear();
  open_ = false;
  too_large_ = false;
}

void MboxSplitter::finish() {
  if (!line_.empty()) line();
  end_mail();
}

}  // namespace danewatch
