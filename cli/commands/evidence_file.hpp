// Inner: files of evidence, read piece by piece: a file of ten thousand bundles takes no more room than its largest.
//
// Thread rule: one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

class EvidenceFile {
 public:
  // "-" is standard input, which is read at once, up to 64 MiB.
  explicit EvidenceFile(std::string path);

  const std::string& path() const { return path_; }

  // Each JSON text of the file in its order; what is wrong with the file after those, if anything is. Throws UsageError
  // where it cannot be read.
  std::optional<ParseError> read(const std::function<void(std::string)>& each) const;

 private:
  std::string path_;
  std::optional<std::string> content_;  // of standard input
};

}  // namespace danewatch
