#include "probe/report/verdict.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace danewatch {
namespace {

template <class Enum, std::size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

template <class Enum, std::size_t N>
constexpr std::string_view word_of(const Words<Enum, N>& words, Enum value) {
  const auto* found = std::ranges::find(words, value, &std::pair<Enum, std::string_view>::first);
  return found == words.end() ? std::string_view{} : found->second;
}

template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_of(const Words<Enum, N>& words, std::string_view word) {
  const auto* found = std::ranges::find(words, word, &std::pair<Enum, std::string_view>::second);
  if (found == words.end()) return std::nullopt;
  return found->first;
}

constexpr Words<Verdict, 11> verdicts{{{Verdict::mismatch, "mismatch"},
                                       {Verdict::tls_missing, "tls-missing"},
                                       {Verdict::protocol_error, "protocol-error"},
                                       {Verdict::dns_bogus, "dns-bogus"},
                                       {Verdict::dns_error, "dns-error"},
                                       {Verdict::unusable, "unusable"},
                                       {Verdict::tempfail, "tempfail"},
                                       {Verdict::not_applicable, "not-applicable"},
                                       {Verdict::unknown, "unknown"},
                                       {Verdict::no_service, "no-service"},
                                       {Verdict::authenticated, "authenticated"}}};

constexpr Words<Reason, 39> reasons{{{Reason::none, ""},
                                     {Reason::no_match, "no-match"},
                                     {Reason::shadowed, "shadowed"},
                                     {Reason::name, "name"},
                                     {Reason::expired, "expired"},
                                     {Reason::not_yet_valid, "not-yet-valid"},
                                     {Reason::ca, "ca"},
                                     {Reason::pathlen, "pathlen"},
                                     {Reason::name_constraint, "name-constraint"},
                                     {Reason::purpose, "purpose"},
                                     {Reason::chain, "chain"},
                                     {Reason::pkix_untrusted, "pkix-untrusted"},
                                     {Reason::weak, "weak"},
                                     {Reason::no_cert, "no-cert"},
                                     {Reason::not_offered, "not-offered"},
                                     {Reason::refused, "refused"},
                                     {Reason::handshake, "handshake"},
                                     {Reason::injected, "injected"},
                                     {Reason::malformed, "malformed"},
                                     {Reason::too_long, "too-long"},
                                     {Reason::servfail, "servfail"},
                                     {Reason::timeout, "timeout"},
                                     {Reason::nxdomain, "nxdomain"},
                                     {Reason::no_address, "no-address"},
                                     {Reason::connect, "connect"},
                                     {Reason::greeting, "greeting"},
                                     {Reason::starttls, "starttls"},
                                     {Reason::no_tlsa, "no-tlsa"},
                                     {Reason::insecure, "insecure"},
                                     {Reason::insecure_mx, "insecure-mx"},
                                     {Reason::insecure_srv, "insecure-srv"},
                                     {Reason::address_literal, "address-literal"},
                                     {Reason::no_network, "no-network"},
                                     {Reason::trust_anchor, "trust-anchor"},
                                     {Reason::local_limit, "local-limit"},
                                     {Reason::deadline, "deadline"},
                                     {Reason::not_run, "not-run"},
                                     {Reason::bad_target, "bad-target"},
                                     {Reason::refused_by_policy, "refused-by-policy"}}};

constexpr Words<Severity, 5> severities{{{Severity::ok, "ok"},
                                         {Severity::info, "info"},
                                         {Severity::unknown, "unknown"},
                                         {Severity::warning, "warning"},
                                         {Severity::critical, "critical"}}};

constexpr Words<Impact, 6> impacts{{{Impact::protected_, "protected"},
                                    {Impact::partly_protected, "partly-protected"},
                                    {Impact::unprotected, "unprotected"},
                                    {Impact::partly_deferred, "partly-deferred"},
                                    {Impact::deferred, "deferred"},
                                    {Impact::undeliverable, "undeliverable"}}};

constexpr Words<Cell, 5> cells{{{Cell::match, "match"},
                                {Cell::shadowed, "shadowed"},
                                {Cell::no_match, "no-match"},
                                {Cell::unusable, "unusable"},
                                {Cell::unobserved, "unobserved"}}};

constexpr Words<RecordState, 7> states{{{RecordState::unusable, "unusable"},
                                        {RecordState::next, "next"},
                                        {RecordState::partial, "partial"},
                                        {RecordState::current, "current"},
                                        {RecordState::shadowed, "shadowed"},
                                        {RecordState::unknown, "unknown"},
                                        {RecordState::unmatched, "unmatched"}}};

constexpr Words<ResultType, 7> result_types{{{ResultType::starttls_not_supported, "starttls-not-supported"},
                                             {ResultType::certificate_host_mismatch, "certificate-host-mismatch"},
                                             {ResultType::certificate_expired, "certificate-expired"},
                                             {ResultType::certificate_not_trusted, "certificate-not-trusted"},
                                             {ResultType::validation_failure, "validation-failure"},
                                             {ResultType::tlsa_invalid, "tlsa-invalid"},
                                             {ResultType::dnssec_invalid, "dnssec-invalid"}}};

ResultType mismatch_result(Reason reason) {
  switch (reason) {
    case Reason::name:
      return ResultType::certificate_host_mismatch;
    case Reason::expired:
      return ResultType::certificate_expired;
    case Reason::not_yet_valid:
    case Reason::purpose:
    case Reason::weak:
    case Reason::no_cert:
      return ResultType::validation_failure;
    default:
      return ResultType::certificate_not_trusted;
  }
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  return word_of(verdicts, verdict);
}
std::string_view to_string(Reason reason) {
  return word_of(reasons, reason);
}
std::string_view to_string(Severity severity) {
  return word_of(severities, severity);
}
std::string_view to_string(Impact impact) {
  return word_of(impacts, impact);
}
std::string_view to_string(Cell cell) {
  return word_of(cells, cell);
}
std::string_view to_string(RecordState state) {
  return word_of(states, state);
}
std::string_view to_string(ResultType type) {
  return word_of(result_types, type);
}

std::optional<Verdict> verdict_from(std::string_view word) {
  return value_of(verdicts, word);
}
std::optional<Reason> reason_from(std::string_view word) {
  return value_of(reasons, word);
}
std::optional<Impact> impact_from(std::string_view word) {
  return value_of(impacts, word);
}
std::optional<Severity> severity_from(std::string_view word) {
  return value_of(severities, word);
}

Severity severity_of(const Conclusion& conclusion, bool if_present) {
  switch (conclusion.verdict) {
    case Verdict::authenticated:
      return Severity::ok;
    case Verdict::unknown:
      return Severity::unknown;
    case Verdict::no_service:
      return if_present ? Severity::ok : Severity::unknown;
    case Verdict::not_applicable:
      return if_present ? Severity::ok : Severity::critical;
    default:
      return Severity::critical;
  }
}

std::optional<ResultType> result_type_of(const Conclusion& conclusion) {
  switch (conclusion.verdict) {
    case Verdict::mismatch:
      return mismatch_result(conclusion.reason);
    case Verdict::tls_missing:
      return conclusion.reason == Reason::handshake ? ResultType::validation_failure
                                                    : ResultType::starttls_not_supported;
    case Verdict::protocol_error:
      return ResultType::validation_failure;
    case Verdict::dns_bogus:
    case Verdict::dns_error:
      return ResultType::dnssec_invalid;
    case Verdict::unusable:
      return ResultType::tlsa_invalid;
    default:
      return std::nullopt;
  }
}

int exit_status(Severity severity) {
  switch (severity) {
    case Severity::ok:
    case Severity::info:
      return 0;
    case Severity::warning:
      return 1;
    case Severity::critical:
      return 2;
    case Severity::unknown:
      return 3;
  }
  return 3;
}

}  // namespace danewatch
