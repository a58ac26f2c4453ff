// The conclusion about one endpoint, and how several become one.

#include <algorithm>

#include "probe/judgement/inner.hpp"

namespace danewatch {

Conclusion conclude_endpoint(const TlsEvidence& evidence, const ChainMatch& match, bool complete) {
  // A server that wants a client certificate shows its own first; that is all we came for (rows.md E-03).
  const bool enough = is_finished(evidence) || insists_on_client_certificate(evidence);
  if (enough) return match.conclusion;
  // A wrong certificate is wrong whatever broke afterwards, but a right one whose handshake fails authenticates nobody.
  if (shows_chain(evidence) && match.conclusion.verdict == Verdict::mismatch) return match.conclusion;
  return conclusion_of(evidence, complete).value_or(match.conclusion);
}

bool is_judged(const Conclusion& conclusion) {
  return conclusion.verdict != Verdict::tempfail && conclusion.verdict != Verdict::unknown;
}

Conclusion aggregate(std::span<const Conclusion> parts) {
  const auto order = [](const Conclusion& part) {
    const int layer = is_judged(part) ? 0 : part.verdict == Verdict::tempfail ? 1 : 2;
    return std::pair{layer, part.verdict};
  };
  const auto worst = std::ranges::min_element(parts, {}, order);  // the first of equals
  return worst == parts.end() ? Conclusion{Verdict::unknown, Reason::not_run} : *worst;
}

}  // namespace danewatch
