#include "probe/evidence/sender_report.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace danewatch {

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::unreadable:
      return "unreadable";
    case RejectReason::malformed:
      return "malformed";
    case RejectReason::too_large:
      return "too-large";
    case RejectReason::not_a_report:
      return "not-a-report";
    case RejectReason::from_the_future:
      return "from-the-future";
  }
  return "malformed";
}

namespace {

using Row = std::pair<std::string_view, std::string_view>;
constexpr auto rows = std::to_array<Row>({
    {"starttls-not-supported", "the server did not offer STARTTLS"},
    {"certificate-host-mismatch", "the certificate is for another name"},
    {"certificate-expired", "the certificate has expired"},
    {"certificate-not-trusted", "the sender does not trust the certificate's issuer"},
    {"validation-failure",
     "the session failed for a reason the sender did not say; with DANE often no TLSA record matched"},
    {"tlsa-invalid", "no usable TLSA record, or none that matched the certificate"},
    {"dnssec-invalid", "the DNS answer did not validate"},
    {"dane-required", "the sender insists on DANE, and there is no TLSA record it can prove"},
    {"sts-policy-fetch-error", "the MTA-STS policy could not be fetched"},
    {"sts-policy-invalid", "the MTA-STS policy is malformed"},
    {"sts-webpki-invalid", "the web server of the MTA-STS policy has no valid certificate"},
});

std::uint64_t listed_failures(const SenderPolicy& policy) {
  std::uint64_t listed = 0;
  for (const auto& failure : policy.failures) listed = add_sessions(listed, failure.sessions.value_or(1));
  return listed;
}

}  // namespace

std::string_view meaning_of_result(std::string_view result_type) {
  const auto* found = std::ranges::find(rows, result_type, &Row::first);
  return found == std::end(rows) ? std::string_view{} : found->second;
}

std::span<const std::string_view> iana_results() {
  static constexpr auto words = [] {
    std::array<std::string_view, rows.size()> all;
    for (std::size_t i = 0; i < rows.size(); ++i) all[i] = rows[i].first;
    return all;
  }();
  return words;
}

std::uint64_t add_sessions(std::uint64_t left, std::uint64_t right) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return right > most - left ? most : left + right;
}

std::uint64_t failed_sessions(const SenderPolicy& policy) {
  return std::max(policy.failed.value_or(0), listed_failures(policy));
}

std::uint64_t unlisted_failures(const SenderPolicy& policy) {
  return failed_sessions(policy) - listed_failures(policy);
}

}  // namespace danewatch
