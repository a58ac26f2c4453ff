#include "probe/evidence/predicates.hpp"

namespace danewatch {

bool is_finished(const TlsEvidence& evidence) {
  return evidence.stage == Stage::done && (evidence.fault == Fault::none || shows_chain(evidence));
}

bool was_observed(const TlsEvidence& evidence) {
  return is_finished(evidence) || shows_chain(evidence);
}

bool decides(const TlsEvidence& evidence) {
  return evidence.view != View::no_sni;
}

bool is_temporary(Fault fault) {
  switch (fault) {
    case Fault::refused:
    case Fault::unreachable:
    case Fault::timeout:
    case Fault::reset:
    case Fault::eof:
    case Fault::reply:
      return true;
    default:
      return false;
  }
}

std::vector<std::string> reference_names(const HostEvidence& host) {
  if (!host.names.empty()) return host.names;
  return {host.base_domain.empty() ? host.host : host.base_domain};
}

}  // namespace danewatch
