// One file of results: lines, compressed as they come, and a name only when it is whole.
//
// Written as NAME.part, flushed to the disk, renamed, and the directory flushed: after a crash it is there and whole,
// or not there. Thread rule: one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace danewatch {

class SegmentWriter {
 public:
  // Throws std::runtime_error "PATH: why", here and below.
  SegmentWriter(const std::string& directory, const std::string& name);
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;
  ~SegmentWriter();  // takes the .part away unless it was finished

  void add(std::string_view line);  // without its line end
  void finish(const std::string& name);

 private:
  class Stream;
  std::string directory_;
  std::string part_;
  std::unique_ptr<Stream> stream_;
};

// A small file, as durable.
void write_whole_file(const std::string& directory, const std::string& name, std::string_view content);

}  // namespace danewatch
