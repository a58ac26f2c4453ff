// A file read line by line: plain, gzip or zstd, told apart by its first octets.
//
// Never holds more than one line, of which the first 4096 octets count. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace danewatch {

class PackedLines {
 public:
  // "-" is standard input. Throws std::runtime_error "PATH: why", here and below.
  explicit PackedLines(const std::string& path);
  PackedLines(const PackedLines&) = delete;
  PackedLines& operator=(const PackedLines&) = delete;
  ~PackedLines();

  // Without its line end; false at the end. `longest`: octets of a line that count; the rest is passed over.
  bool next(std::string& line, std::size_t longest = 4096);

 private:
  class Source;
  bool refill();

  std::string path_;
  std::unique_ptr<Source> source_;
  std::string buffer_;
  std::size_t at_ = 0;
};

}  // namespace danewatch
