// What a sender of mail reported about its TLS sessions (RFC 8460): values as they were sent, and no verdict.
//
// Every text is foreign and unescaped. Never reads a report: store/tlsrpt does. Thread rule: values, pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch {

// An empty text was not said.
struct SenderFailure {
  std::string result_type;  // IANA's word, or another one
  std::optional<std::uint64_t> sessions;
  std::string mx_host;  // lower case
  std::string mx_helo;
  std::string receiving_ip;
  std::string sending_ip;
  std::string reason;
  std::string information;
};

enum class SenderPolicyType { tlsa, sts, no_policy_found, other };

struct SenderPolicy {
  SenderPolicyType type = SenderPolicyType::other;
  std::string type_word;             // as sent
  std::string domain;                // A-labels, lower case; of some senders' tlsa policies the MX host
  std::vector<std::string> strings;  // the TLSA records, or the lines of the MTA-STS policy
  std::vector<std::string> mx_patterns;
  std::optional<std::uint64_t> successful;  // neither is ever reckoned from the other, or from the failures
  std::optional<std::uint64_t> failed;
  std::vector<SenderFailure> failures;
};

struct SenderReport {
  std::string organization;
  std::string contact;
  std::string id;
  SysTime begin{};
  SysTime end{};
  std::vector<SenderPolicy> policies;
  std::string signed_by;  // the domain whose DKIM signature our own mail server says it checked; empty: anybody's mail
  std::string key;        // the same for the same report, however often it came
  std::vector<std::string> notes;  // where it deviates from RFC 8460: safe to print
};

enum class RejectReason { unreadable, malformed, too_large, not_a_report, from_the_future };

std::string_view to_string(RejectReason reason);  // "too-large"

// Why something that should be a report is none. The sentence is safe to print.
struct Rejected {
  RejectReason reason = RejectReason::malformed;
  std::string why;

  bool operator==(const Rejected&) const = default;
};

// "no certificate of the host matched a TLSA record": what IANA's word means (RFC 8460 4.3); empty for others.
std::string_view meaning_of_result(std::string_view result_type);

// Sessions that the report says failed: of its summary, or where that says less, of the failures it lists.
std::uint64_t failed_sessions(const SenderPolicy& policy);

// IANA's words, in the order of RFC 8460 4.3.
std::span<const std::string_view> iana_results();

// Of those, sessions that it does not list.
std::uint64_t unlisted_failures(const SenderPolicy& policy);

// No overflow: the sum of what strangers say.
std::uint64_t add_sessions(std::uint64_t left, std::uint64_t right);

}  // namespace danewatch
