// Inner: keeps the evidence of one invocation's reports in a file (--save), a bundle a line.
//
// A file that takes no more stops nothing: finish() says so at the end. Thread rule: one thread.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "cli/system/kept_file.hpp"
#include "probe/report/report.hpp"
#include "store/bundle/bundle.hpp"

namespace danewatch {

// Who looks here, with what; `trust_anchor`: the operator's file.
Provenance provenance(const std::optional<std::string>& trust_anchor);

class EvidenceSaver {
 public:
  // Nothing is kept where there is no path. Throws UsageError.
  EvidenceSaver(const std::optional<std::string>& path, const std::optional<std::string>& trust_anchor);

  bool is_wanted() const { return file_.has_value(); }
  void keep(const Report& report, std::vector<Answer> proofs = {});
  void finish();  // throws std::runtime_error

 private:
  std::optional<KeptFile> file_;
  Provenance made_;
  std::exception_ptr error_;
};

}  // namespace danewatch
