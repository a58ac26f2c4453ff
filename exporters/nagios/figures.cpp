#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "exporters/nagios/parts.hpp"
#include "exporters/words/words.hpp"

namespace danewatch::nagios {
namespace {

constexpr double seconds_per_day = 86400;

double days_until(SysTime then, SysTime now) {
  return static_cast<double>((then - now).count()) / seconds_per_day;
}

bool is_earlier(double days, const std::optional<DaysLeft>& first) {
  return !first || days < first->days;
}

Finding about(std::string_view code, std::string text, std::string fix) {
  Finding finding = make_finding(code, "", std::move(text), std::move(fix));
  finding.severity = Severity::info;  // explain() knows better
  return finding;
}

DaysLeft of_certificate(const std::string& host, const TlsEvidence& seen, double days, SysTime end) {
  const std::string clients = seen.view == View::standard ? "" : fmt::format(" for {} clients", to_string(seen.view));
  return {days, fmt::format("the certificate of {}", host),
          about(certificate_code,
                fmt::format("A certificate of {} ({}){} ends on {}, and its TLSA record needs the date.",
                            to_string(seen.address), host, clients, words::date_and_time(end)),
                "Renew it, and publish the new record first if the key or the CA changes.")};
}

DaysLeft of_signature(const Answer& answer, double days, SysTime end) {
  const std::string rrset = fmt::format("{} {}", answer.question.name, to_string(answer.question.type));
  const std::string zone = answer.signer.value_or(answer.question.name);
  return {days, fmt::format("the signature of {}", rrset),
          about(signature_code, fmt::format("The signature of {} ends on {}.", rrset, words::date_and_time(end)),
                fmt::format("Sign the zone {} again before that, and see that its signer works.", zone))};
}

// When the dates of what this endpoint shows would end, or have ended, its authentication. Records of usage 3 ignore
// dates (RFC 7671 5.1), so a certificate that only they name never expires here.
std::optional<SysTime> end_of(const EndpointReport& endpoint) {
  const auto& chain = endpoint.seen.chain;
  if (endpoint.match.date_matters) return endpoint.match.earliest_not_after;
  if (endpoint.conclusion != Conclusion{Verdict::mismatch, Reason::expired} || chain.empty()) return std::nullopt;
  return std::ranges::min_element(chain, {}, &Certificate::not_after)->not_after;
}

std::optional<DaysLeft> certificate_days(const Report& report) {
  std::optional<DaysLeft> first;
  for (const HostReport& host : report.hosts) {
    for (const EndpointReport& endpoint : host.endpoints) {
      const auto end = end_of(endpoint);
      if (!end) continue;
      const double days = days_until(*end, report.at);
      if (is_earlier(days, first)) first = of_certificate(host.dns.host, endpoint.seen, days, *end);
    }
  }
  return first;
}

// What was asked to explain cannot take anything away.
bool is_bogus(const std::vector<Answer>& lookups) {
  return std::ranges::any_of(lookups,
                             [](const Answer& answer) { return answer.status == Status::bogus && !answer.diagnostic; });
}

void take_signatures(const std::vector<Answer>& lookups, SysTime at, std::optional<DaysLeft>& first) {
  for (const Answer& answer : lookups) {
    if (answer.status != Status::secure || !answer.rrsig_expires) continue;
    const double days = days_until(*answer.rrsig_expires, at);
    if (is_earlier(days, first)) first = of_signature(answer, days, *answer.rrsig_expires);
  }
}

// Where an answer is bogus a signature has ended or never was right, and the others' dates would look healthy.
std::optional<DaysLeft> signature_days(const Report& report) {
  std::optional<DaysLeft> first;
  bool bogus = is_bogus(report.walk.lookups);
  take_signatures(report.walk.lookups, report.at, first);
  for (const HostReport& host : report.hosts) {
    bogus = bogus || is_bogus(host.dns.lookups);
    take_signatures(host.dns.lookups, report.at, first);
  }
  return bogus ? std::nullopt : first;
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
  figures.days = certificate_days(report);
  figures.rrsig_days = signature_days(report);
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
