#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "exporters/nagios/parts.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::nagios {
namespace {

constexpr double seconds_per_day = 86400;

double days_until(SysTime then, SysTime now) {
  return static_cast<double>((then - now).count()) / seconds_per_day;
}

Finding about(std::string_view code, std::string text, std::string fix) {
  Finding finding;
  finding.code = code;
  finding.text = std::move(text);
  finding.fix = std::move(fix);
  finding.ref = finding_row(code).ref;
  return finding;
}

Finding about_certificate(const Expiry& expiry) {
  const std::string clients =
      expiry.view == View::standard ? "" : fmt::format(" for {} clients", to_string(expiry.view));
  const std::string address = expiry.address ? to_string(*expiry.address) : "";
  return about(certificate_code,
               fmt::format("A certificate of {} ({}){} ends on {}, and its TLSA record needs the date.", address,
                           expiry.of, clients, words::date_and_time(expiry.at)),
               "Renew it, and publish the new record first if the key or the CA changes.");
}

Finding about_signature(const Expiry& expiry) {
  return about(signature_code,
               fmt::format("The signature of {} ends on {}.", expiry.of, words::date_and_time(expiry.at)),
               fmt::format("Sign the zone {} again before that, and see that its signer works.", expiry.zone));
}

std::optional<DaysLeft> days_left(const std::optional<Expiry>& expiry, SysTime now) {
  if (!expiry) return std::nullopt;
  const bool certificate = expiry->kind == Expiry::Kind::certificate;
  return DaysLeft{days_until(expiry->at, now), "the " + to_string(*expiry),
                  certificate ? about_certificate(*expiry) : about_signature(*expiry)};
}

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

std::string value_of(const std::optional<DaysLeft>& left) {
  return left ? decimal(left->days) : "U";
}

std::string value_of(const std::optional<std::size_t>& value) {
  return value ? fmt::format("{}", *value) : "U";
}

std::string text_of(const std::optional<Range>& range) {
  return range ? range->text : "";
}

std::string with(std::string_view label, const std::string& value, const Thresholds& thresholds) {
  return fmt::format(" {}={};{};{}", label, value, text_of(thresholds.warning), text_of(thresholds.critical));
}

}  // namespace

double shown(double value) {
  constexpr double noise = 1e-6;  // 1.13 * 100 is a little less than 113
  return std::floor(value * 100 + noise) / 100;
}

std::string decimal(double value) {
  std::string text = fmt::format("{:.2f}", shown(value));
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

Figures figures(const Report& report) {
  Figures figures;
  figures.days = days_left(first_certificate_expiry(report), report.at);
  figures.rrsig_days = days_left(first_signature_expiry(report), report.at);
  if (report.hosts.empty()) return figures;
  figures.tlsa_usable = figures.tlsa_matched = figures.tlsa_extra = figures.endpoints_failed = 0;
  for (const HostReport& host : report.hosts) count_host(host, figures);
  return figures;
}

std::string perfdata(const Report& report, const Figures& figures, const Options& options) {
  const double seconds = static_cast<double>(report.run.duration.count()) / 1000;
  const double limit = static_cast<double>(options.timeout.count()) / 1000;
  return fmt::format("time={:.3f}s;;;0;{}", seconds, decimal(limit)) +
         with("days", value_of(figures.days), options.days) +
         with("rrsig_days", value_of(figures.rrsig_days), options.rrsig) +
         fmt::format(" tlsa_usable={};;;0 tlsa_matched={};;;0 tlsa_extra={};;;0 endpoints_failed={};;;0",
                     value_of(figures.tlsa_usable), value_of(figures.tlsa_matched), value_of(figures.tlsa_extra),
                     value_of(figures.endpoints_failed));
}

}  // namespace danewatch::nagios
