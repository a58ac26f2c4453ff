// The vocabulary of verdicts (docs/verdicts.md): the same words in JSON, metrics, text and code.
//
// Thread rule: values and pure functions.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "probe/report/words.hpp"

namespace danewatch {

// Worst first, so the smaller value wins an aggregation.
enum class Verdict {
  mismatch,
  tls_missing,
  protocol_error,
  dns_bogus,
  dns_error,
  unusable,
  tempfail,
  not_applicable,
  unknown,
  no_service,
  authenticated
};

enum class Reason {
  none,
  // mismatch
  no_match,
  shadowed,
  name,
  expired,
  not_yet_valid,
  ca,
  pathlen,
  name_constraint,
  purpose,
  chain,
  pkix_untrusted,
  weak,
  no_cert,
  // tls-missing
  not_offered,
  refused,
  handshake,
  // protocol-error
  injected,
  malformed,
  too_long,
  // dns-error (malformed is shared)
  servfail,
  timeout,
  nxdomain,
  no_address,
  // tempfail (handshake is shared)
  connect,
  greeting,
  starttls,
  // not-applicable
  no_tlsa,
  insecure,
  insecure_mx,
  insecure_srv,
  address_literal,
  // unknown
  no_network,
  trust_anchor,
  local_limit,
  deadline,
  not_run,
  bad_target,
  refused_by_policy
};

// From good to bad: this is the one order of severities.
enum class Severity { ok, info, unknown, warning, critical };

inline constexpr std::array worst_first{Severity::critical, Severity::warning, Severity::unknown, Severity::info,
                                        Severity::ok};

constexpr bool is_worse(Severity left, Severity right) {
  return left > right;
}
constexpr Severity worse(Severity left, Severity right) {
  return is_worse(left, right) ? left : right;
}
constexpr bool is_good(Severity severity) {  // there is nothing to do about it
  return !is_worse(severity, Severity::info);
}

struct Conclusion {
  Verdict verdict = Verdict::unknown;
  Reason reason = Reason::none;

  bool operator==(const Conclusion&) const = default;
};

// The words of the output: "tls-missing", "not-offered", … `Reason::none` is "".
std::string_view to_string(Verdict verdict);
std::string_view to_string(Reason reason);
std::string_view to_string(Severity severity);

std::optional<Verdict> verdict_from(std::string_view word);
std::optional<Reason> reason_from(std::string_view word);  // "" is `none`
std::optional<Severity> severity_from(std::string_view word);

// Severity of a verdict; `if_present` makes not-applicable and no-service ok.
Severity severity_of(const Conclusion& conclusion, bool if_present);

// RFC 8460 4.3; nothing for authenticated, not-applicable, tempfail and what we could not look at.
std::optional<ResultType> result_type_of(const Conclusion& conclusion);
// Exit status: ok and info 0, warning 1, critical 2, unknown 3.
int exit_status(Severity severity);

}  // namespace danewatch
