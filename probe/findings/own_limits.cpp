#include "probe/findings/own_limits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

std::string words_of(const Expiry& expiry, double days, const Range& range) {
  if (days < 0)
    return fmt::format("the {} expired {} days ago (range {})", to_string(expiry), decimal(-days), range.text);
  return fmt::format("the {} expires in {} days (range {})", to_string(expiry), decimal(days), range.text);
}

void hold(OwnLimit& limit, const Thresholds& thresholds, SysTime now) {
  const double days = shown(days_left(limit.first, now).value_or(0));
  const auto passed = [&](const std::optional<Range>& range, Severity severity) {
    if (!range || !alerts(*range, days)) return false;
    limit.severity = severity;
    limit.words = words_of(limit.first, days, *range);
    return true;
  };
  if (!passed(thresholds.critical, Severity::critical)) passed(thresholds.warning, Severity::warning);
}

std::string_view ends(const Expiry& first, SysTime now) {
  return first.at > now ? "ends" : "ended";
}

Finding about_certificate(const OwnLimit& limit, SysTime now) {
  const Expiry& first = limit.first;
  const std::string clients = first.view == View::standard ? "" : fmt::format(" for {} clients", to_string(first.view));
  const std::string address = first.address ? to_string(*first.address) : "";
  Finding finding = make_finding(limit.code, fmt::format("{} ({})", address, first.of),
                                 fmt::format("A certificate of {} ({}){} {} on {}, and its TLSA record needs the date.",
                                             address, first.of, clients, ends(first, now), moment_of(first.at)),
                                 "Renew it, and publish the new record first if the key or the CA changes.");
  finding.host = first.of;
  finding.address = first.address;
  finding.view = first.view;
  finding.place = {first.host, {}};
  if (first.endpoint) finding.place.endpoints.push_back(*first.endpoint);
  return finding;
}

Finding about_signature(const OwnLimit& limit, SysTime now) {
  const Expiry& first = limit.first;
  return make_finding(limit.code, first.zone,
                      fmt::format("The signature of {} {} on {}.", first.of, ends(first, now), moment_of(first.at)),
                      fmt::format("Sign the zone {} again{}, and see that its signer works.", first.zone,
                                  first.at > now ? " before that" : ""));
}

}  // namespace

std::optional<double> days_left(const std::optional<Expiry>& expiry, SysTime now) {
  constexpr double seconds_per_day = 86400;
  if (!expiry) return std::nullopt;
  return static_cast<double>((expiry->at - now).count()) / seconds_per_day;
}

std::optional<OwnLimit> own_limit(const Report& report, Expiry::Kind kind) {
  const bool certificate = kind == Expiry::Kind::certificate;
  const Thresholds& thresholds = certificate ? report.policy.days : report.policy.rrsig_days;
  if (!thresholds.any()) return std::nullopt;
  auto first = certificate ? first_certificate_expiry(report) : first_signature_expiry(report);
  if (!first) return std::nullopt;
  OwnLimit limit{certificate ? "cert-expiring" : "dnssec-signature-expiring", std::move(*first), Severity::info, {}};
  hold(limit, thresholds, report.at);
  return limit;
}

std::vector<OwnLimit> passed_limits(const Report& report) {
  std::vector<OwnLimit> passed;
  for (const auto kind : {Expiry::Kind::certificate, Expiry::Kind::signature}) {
    auto limit = own_limit(report, kind);
    if (limit && limit->severity != Severity::info) passed.push_back(std::move(*limit));
  }
  return passed;
}

// The makers tell what passes our limits too, at the operator's severity; what passes the operator's alone is told
// here.
void find_beyond_own_limits(const Report& report, Findings& found) {
  for (const OwnLimit& limit : passed_limits(report)) {
    if (std::ranges::find(found, limit.code, &Finding::code) != found.end()) continue;
    const bool certificate = limit.first.kind == Expiry::Kind::certificate;
    Finding finding = certificate ? about_certificate(limit, report.at) : about_signature(limit, report.at);
    finding.severity = limit.severity;
    found.push_back(std::move(finding));
  }
}

}  // namespace danewatch
