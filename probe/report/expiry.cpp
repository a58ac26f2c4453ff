#include "probe/report/expiry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

// Of equals the first.
void keep_first(std::optional<Expiry>& first, std::optional<Expiry> other) {
  if (other && (!first || other->at < first->at)) first = std::move(other);
}

bool is_on_path(const Answer& answer) {
  return !answer.diagnostic || answer.question.type == RrType::ds || answer.question.type == RrType::dnskey;
}

// Of all certificates shown, because the endpoint fails and nobody knows which of them a client would need.
std::optional<SysTime> ended_in(const std::vector<Certificate>& chain, SysTime now) {
  std::optional<SysTime> first;
  for (const Certificate& certificate : chain) {
    if (!certificate.error.empty() || certificate.not_after > now) continue;
    first = std::min(first.value_or(certificate.not_after), certificate.not_after);
  }
  return first;
}

FirstSignature signatures_of(const Report& report) {
  FirstSignature signatures(report.at);
  for (const Answer& answer : report.walk.lookups) signatures.take(answer);
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    for (const Answer& answer : report.hosts[h].dns.lookups) signatures.take(answer, h);
  }
  return signatures;
}

}  // namespace

std::string to_string(const Expiry& expiry) {
  return fmt::format("{} of {}", expiry.kind == Expiry::Kind::certificate ? "certificate" : "signature", expiry.of);
}

std::optional<SysTime> signature_end(const Answer& answer, SysTime now) {
  const bool ended = answer.rrsig_expires && *answer.rrsig_expires <= now;
  const bool counts = answer.status == Status::secure || (answer.status == Status::bogus && ended);
  return counts ? answer.rrsig_expires : std::nullopt;
}

std::optional<SysTime> certificate_end(const EndpointReport& endpoint, SysTime now) {
  if (endpoint.match.date_matters) return endpoint.match.earliest_not_after;
  if (endpoint.conclusion != Conclusion{Verdict::mismatch, Reason::expired}) return std::nullopt;
  return ended_in(endpoint.seen.chain, now);
}

void FirstSignature::take(const Answer& answer, std::optional<std::size_t> host) {
  const bool bogus = answer.status == Status::bogus;
  if (bogus && !is_on_path(answer)) return;
  const auto end = signature_end(answer, now_);
  undated_ = undated_ || (bogus && !end);
  if (!end || (first_ && first_->at <= *end)) return;
  Expiry expiry;
  expiry.at = *end;
  expiry.of = fmt::format("{} {}", answer.question.name, to_string(answer.question.type));
  expiry.type = answer.question.type;
  expiry.host = host;
  expiry.zone = answer.signer.value_or(answer.question.name);
  first_ = std::move(expiry);
}

bool FirstSignature::is_hidden() const {
  return undated_ && !(first_ && first_->at <= now_);
}

std::optional<Expiry> FirstSignature::first() const {
  return is_hidden() ? std::nullopt : first_;
}

std::optional<Expiry> first_signature_expiry(const Report& report) {
  return signatures_of(report).first();
}

std::optional<Expiry> first_certificate_expiry(const HostReport& host, SysTime now) {
  std::optional<Expiry> first;
  for (const EndpointReport& endpoint : host.endpoints) {
    const TlsEvidence& seen = endpoint.seen;
    const auto end = certificate_end(endpoint, now);
    if (!end) continue;
    Expiry expiry;
    expiry.kind = Expiry::Kind::certificate;
    expiry.at = *end;
    expiry.of = host.dns.host;
    expiry.endpoint = endpoint.place;
    expiry.address = seen.address;
    expiry.view = seen.view;
    keep_first(first, std::move(expiry));
  }
  return first;
}

std::optional<Expiry> first_certificate_expiry(const Report& report) {
  std::optional<Expiry> first;
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    auto expiry = first_certificate_expiry(report.hosts[h], report.at);
    if (expiry) expiry->host = h;
    keep_first(first, std::move(expiry));
  }
  return first;
}

std::optional<Expiry> next_expiry(const Report& report) {
  const FirstSignature signatures = signatures_of(report);
  std::optional<Expiry> next = signatures.first();
  keep_first(next, first_certificate_expiry(report));
  const bool healthy = next && next->at > report.at;
  return signatures.is_hidden() && healthy ? std::nullopt : next;
}

}  // namespace danewatch
