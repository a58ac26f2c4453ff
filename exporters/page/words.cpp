#include "exporters/page/words.hpp"

#include <fmt/format.h>

#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::page {

using std::chrono::seconds;

std::string_view tone(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return "good";
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warn";
    case Severity::critical:
      return "bad";
    case Severity::unknown:
      break;
  }
  return "unknown";
}

std::string_view tone(Status status) {
  switch (status) {
    case Status::secure:
      return "good";
    case Status::insecure:
      return "warn";
    case Status::bogus:
    case Status::failed:
      break;
  }
  return "bad";
}

std::string_view tone(Cell cell) {
  switch (cell) {
    case Cell::match:
      return "match";
    case Cell::shadowed:
      return "shadowed";
    case Cell::no_match:
      return "no-match";
    case Cell::unusable:
      return "unusable";
    case Cell::unobserved:
      break;
  }
  return "unobserved";
}

std::string_view tone(RecordState state) {
  switch (state) {
    case RecordState::current:
      return "good";
    case RecordState::next:
      return "info";
    case RecordState::unknown:
      return "unknown";
    default:
      return "warn";
  }
}

std::string conclusion(const Conclusion& conclusion) {
  return words::conclusion(conclusion);
}

std::string moment(SysTime time) {
  return moment_of(time);
}

std::string span(seconds length) {
  return span_of(length, {.from = 1, .finest = seconds(1)});
}

std::string ago(SysTime time, SysTime now) {
  if (time > now) return "in " + span(time - now);
  return span(now - time) + " ago";
}

std::string name(std::string_view ascii, std::string_view unicode) {
  if (unicode.empty() || unicode == ascii) return std::string(ascii);
  return fmt::format("{} ({})", ascii, unicode);
}

std::string short_record(const TlsaRecord& record) {
  if (record.truncated) return "malformed " + to_hex(record.data);
  return short_text(record, {.far_end = false, .size = false});
}

std::string endpoint(const TlsEvidence& seen) {
  const std::string address = fmt::format("{}:{}", to_bracketed(seen.address), seen.port);
  if (seen.view == View::standard) return address;
  return fmt::format("{}, {} view", address, to_string(seen.view));
}

void time(Html& html, SysTime at, SysTime now) {
  html.line("time", moment(at), {{"datetime", format_time(at)}});
  html.text(" (" + ago(at, now) + ")");
}

void badge(Html& html, std::string_view word, std::string_view tone) {
  html.line("strong", word, {{"class", fmt::format("badge {}", tone)}});
}

void verdict_badge(Html& html, const Report& report) {
  const Conclusion& found = report.conclusion;
  badge(html, conclusion(found), tone(severity_of(found, report.policy.if_present)));
}

std::string impact_sentence(const Report& report) {
  if (!report.impact) return {};
  const Verdict verdict = report.conclusion.verdict;
  const bool no_mx = verdict == Verdict::dns_error && report.hosts.empty();
  return std::string(words::sentence(*report.impact, verdict == Verdict::tempfail || no_mx));
}

std::string percent_encoded(std::string_view text) {
  std::string path;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    path += unreserved ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

std::string target_path(std::string_view name) {
  return "/targets/" + percent_encoded(name);
}

std::string evidence_path(std::string_view name, std::optional<SysTime> at) {
  const std::string path = "/api/v1/reports/" + percent_encoded(name) + "/evidence";
  return at ? path + "?at=" + format_time(*at) : path;
}

}  // namespace danewatch::page
