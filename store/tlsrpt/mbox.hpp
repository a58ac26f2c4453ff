// The mails of an mbox file, piece by piece as it is read.
//
// Holds one mail at a time and no more than 10 MiB of it; lines may be of any length. Opens no file.
// Thread rule: a MboxSplitter has one owner.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace danewatch {

// Does a file begin as an mbox does? "From " and a time of day on one line.
bool looks_like_mbox(std::string_view octets);

class MboxSplitter {
 public:
  // Called with each mail, without its "From " line; nullopt: it was larger than 10 MiB.
  using Sink = std::function<void(std::optional<std::string_view>)>;

  explicit MboxSplitter(Sink sink) : sink_(std::move(sink)) {}

  void feed(std::string_view octets);
  void finish();  // the file has ended

 private:
  void line();
  void end_mail();

  Sink sink_;
  std::string mail_;
  std::string line_;
  bool open_ = false;       // a mail has begun
  bool blank_ = true;       // the line before was empty, or there was none
  bool too_large_ = false;  // the open mail, which is passed over
  bool long_line_ = false;  // the end of a line that was given up is awaited
};

}  // namespace danewatch
