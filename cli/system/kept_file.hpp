// A file that is written whole or not at all: what stood under its name stays until the new one is complete.
//
// A name of something that is no regular file (/dev/stdout, a pipe) is written to as it is. Thread rule: one thread.
#pragma once

#include <string>
#include <string_view>

namespace danewatch {

class KeptFile {
 public:
  // Throws UsageError "OPTION FILE: why" where nothing can be written there.
  KeptFile(std::string option, const std::string& path);
  KeptFile(const KeptFile&) = delete;
  KeptFile& operator=(const KeptFile&) = delete;
  ~KeptFile();  // without finish(): as if it had never been begun

  // Both throw std::runtime_error "OPTION FILE: why" (a full disk).
  void write(std::string_view text);
  void finish();

 private:
  [[noreturn]] void fail(int error) const;

  std::string option_;
  std::string name_;       // as the operator gave it
  std::string path_;       // where it goes
  std::string temporary_;  // until it is complete; empty: written to as it is
  int fd_ = -1;
};

}  // namespace danewatch
