#include "cli/commands/evidence_saver.hpp"

#include "cli/system/version.hpp"
#include "resolver/unbound/trust_anchor.hpp"

namespace danewatch {

Provenance provenance(const std::optional<std::string>& trust_anchor) {
  return {version_text(false), libraries_that_look(), trust_anchor_digest(find_trust_anchor(trust_anchor).records)};
}

EvidenceSaver::EvidenceSaver(const std::optional<std::string>& path, const std::optional<std::string>& trust_anchor) {
  if (!path) return;
  file_.emplace("--save", *path);
  made_ = provenance(trust_anchor);
}

void EvidenceSaver::keep(const Report& report, std::vector<Answer> proofs) {
  if (!file_ || error_) return;
  try {
    file_->write(write_bundle(bundle_of(report, made_, std::move(proofs))) + "\n");
  } catch (const std::exception&) {
    error_ = std::current_exception();
  }
}

void EvidenceSaver::finish() {
  if (error_) std::rethrow_exception(error_);
  if (file_) file_->finish();
}

}  // namespace danewatch
