// Words beside the verdict: the impact on a mail domain, what a record is to an endpoint and to its host, and the
// result types of TLS reports.
//
// Thread rule: values and pure functions (probe/report/verdict.cpp).
#pragma once

#include <optional>
#include <string_view>

namespace danewatch {

// For a mail domain; what each means for mail is decided in impact.cpp.
enum class Impact { protected_, partly_protected, unprotected, partly_deferred, deferred, undeliverable };

// Record x endpoint.
enum class Cell { match, shadowed, no_match, unusable, unobserved };

// A record over all endpoints of its host.
enum class RecordState { unusable, next, partial, current, shadowed, unknown, unmatched };

// RFC 8460 4.3.
enum class ResultType {
  starttls_not_supported,
  certificate_host_mismatch,
  certificate_expired,
  certificate_not_trusted,
  validation_failure,
  tlsa_invalid,
  dnssec_invalid
};

std::string_view to_string(Impact impact);
std::string_view to_string(Cell cell);
std::string_view to_string(RecordState state);
std::string_view to_string(ResultType type);

std::optional<Impact> impact_from(std::string_view word);

}  // namespace danewatch
