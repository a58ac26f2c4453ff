#include <fmt/format.h>

#include <algorithm>

#include "exporters/nagios/parts.hpp"
#include "probe/findings/own_limits.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::nagios {
namespace {

bool went_wrong(const Conclusion& conclusion) {
  switch (conclusion.verdict) {
    case Verdict::mismatch:
    case Verdict::tls_missing:
    case Verdict::protocol_error:
    case Verdict::unusable:
    case Verdict::tempfail:
      return true;
    default:
      return false;
  }
}

// Whether a host has TLSA records that count is known: there are some, or it is proven or certain that DANE is off.
bool records_known(Located located) {
  switch (located) {
    case Located::dane:
    case Located::no_tlsa:
    case Located::insecure:
    case Located::insecure_mx:
    case Located::insecure_srv:
    case Located::address_literal:
    case Located::no_service:
      return true;
    default:
      return false;
  }
}

void add(std::optional<std::size_t>& sum, std::size_t count, bool known = true) {
  if (!known) sum.reset();
  if (sum) *sum += count;
}

void count_host(const HostReport& host, Figures& figures) {
  const auto states = [&](RecordState state) {
    return static_cast<std::size_t>(std::ranges::count(host.records, state, &RecordReport::state));
  };
  const bool known = records_known(host.dns.located);
  const bool all_seen = states(RecordState::unknown) == 0;
  const std::size_t matched = states(RecordState::current) + states(RecordState::partial);
  add(figures.tlsa_usable, host.records.size() - states(RecordState::unusable), known);
  add(figures.tlsa_matched, matched, known && (all_seen || matched > 0));
  add(figures.tlsa_extra, matched > 0 ? states(RecordState::unmatched) : 0, known && all_seen);
  for (const EndpointReport& endpoint : host.endpoints) {
    add(figures.endpoints_failed, went_wrong(endpoint.conclusion) ? 1 : 0);
  }
}

std::string value_of(const std::optional<double>& days) {
  return days ? decimal(*days) : "U";
}

std::string value_of(const std::optional<std::size_t>& value) {
  return value ? fmt::format("{}", *value) : "U";
}

std::string text_of(const std::optional<Range>& range) {
  return range ? range->text : "";
}

// Whether a certificate's date can count: a record of usage 3 ignores it (RFC 7671 5.1), and a host without records has
// none that needs it. Icinga takes no "U", so a figure that can never have a value is left out.
bool dates_can_count(const HostReport& host) {
  if (!records_known(host.dns.located)) return true;
  return std::ranges::any_of(host.records, [](const RecordReport& each) {
    return each.state != RecordState::unusable && each.record.usage != 3;
  });
}

bool dates_can_count(const Report& report) {
  return report.hosts.empty() ||
         std::ranges::any_of(report.hosts, [](const HostReport& host) { return dates_can_count(host); });
}

std::string with(std::string_view label, const std::string& value, const Thresholds& thresholds) {
  return fmt::format(" {}={};{};{}", label, value, text_of(thresholds.warning), text_of(thresholds.critical));
}

}  // namespace

Figures figures(const Report& report) {
  Figures figures;
  figures.days = days_left(first_certificate_expiry(report), report.at);
  figures.rrsig_days = days_left(first_signature_expiry(report), report.at);
  if (report.hosts.empty()) return figures;
  figures.tlsa_usable = figures.tlsa_matched = figures.tlsa_extra = figures.endpoints_failed = 0;
  for (const HostReport& host : report.hosts) count_host(host, figures);
  return figures;
}

std::string perfdata(const Report& report) {
  const Figures numbers = figures(report);
  const double seconds = static_cast<double>(report.run.duration.count()) / 1000;
  const auto& limit = report.policy.time_limit;
  const std::string most = limit ? decimal(static_cast<double>(limit->whole.count()) / 1000) : "";
  const bool days = numbers.days || dates_can_count(report);
  return fmt::format("time={:.3f}s;;;0;{}", seconds, most) +
         (days ? with("days", value_of(numbers.days), report.policy.days) : "") +
         with("rrsig_days", value_of(numbers.rrsig_days), report.policy.rrsig_days) +
         fmt::format(" tlsa_usable={};;;0 tlsa_matched={};;;0 tlsa_extra={};;;0 endpoints_failed={};;;0",
                     value_of(numbers.tlsa_usable), value_of(numbers.tlsa_matched), value_of(numbers.tlsa_extra),
                     value_of(numbers.endpoints_failed));
}

}  // namespace danewatch::nagios
