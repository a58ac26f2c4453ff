#include "exporters/words/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "exporters/words/escape.hpp"
#include "probe/report/chain_paths.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::words {

using layout::Tone;

std::string headline_word(Severity severity) {
  switch (severity) {
    case Severity::ok:
    case Severity::info:
      return "OK";
    case Severity::unknown:
      return "UNKNOWN";
    case Severity::warning:
      return "WARNING";
    case Severity::critical:
      return "CRITICAL";
  }
  return "UNKNOWN";
}

Tone tone_of(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return Tone::good;
    case Severity::info:
      return Tone::plain;
    case Severity::unknown:
    case Severity::warning:
      return Tone::warn;
    case Severity::critical:
      return Tone::bad;
  }
  return Tone::plain;
}

std::string_view sentence(Impact impact, bool all_senders) {
  switch (impact) {
    case Impact::protected_:
      return "Mail is delivered, protected by DANE on every mail host.";
    case Impact::partly_protected:
      return "Mail is delivered, protected by DANE on some mail hosts only.";
    case Impact::unprotected:
      return "Mail is delivered, but without the protection of DANE.";
    case Impact::partly_deferred:
      return all_senders ? "Senders must skip some servers; some mail may be late."
                         : "Senders that use DANE must skip some servers; some mail may be late.";
    case Impact::deferred:
      return all_senders ? "Nothing is delivered: mail waits in the queues of its senders."
                         : "Senders that use DANE deliver nothing: mail waits in their queues.";
    case Impact::undeliverable:
      return "No mail can be delivered.";
  }
  return "";
}

std::string_view sentence(Origin origin) {
  switch (origin) {
    case Origin::seen:
      return "";
    case Origin::predicted:
      return "Nothing was looked at: this is what the files say will be seen.";
    case Origin::replayed:
      return "Nothing was looked at: this is evidence that was kept, judged again.";
  }
  return "";
}

std::string lead(Origin origin) {
  return origin == Origin::seen ? "" : fmt::format("{}: ", to_string(origin));
}

std::string conclusion(const Conclusion& conclusion) {
  const std::string_view reason = to_string(conclusion.reason);
  return fmt::format("{}{}{}", to_string(conclusion.verdict), reason.empty() ? "" : "/", reason);
}

layout::Span conclusion_span(const Conclusion& value, const Policy& policy) {
  return {conclusion(value), tone_of(severity_of(value, policy.if_present))};
}

std::string name(std::string_view ascii, std::string_view unicode) {
  if (unicode.empty() || unicode == ascii) return escape_for_terminal(ascii);
  return fmt::format("{} ({})", escape_for_terminal(ascii), escape_for_terminal(unicode));
}

std::string target(const Target& target) {
  const bool idn = !target.unicode.empty() && target.unicode != target.name;
  if (!idn) return escape_for_terminal(target.text);
  std::string ascii = target.text;
  const std::size_t at = ascii.find(target.unicode);
  if (at != std::string::npos) ascii.replace(at, target.unicode.size(), target.name);
  return name(ascii, target.unicode);
}

std::string address_port(const Address& address, std::uint16_t port) {
  return fmt::format("{}:{}", to_bracketed(address), port);
}

std::string date(SysTime time) {
  return date_of(time);
}

std::string date_and_time(SysTime time) {
  return layout::glued(moment_of(time));
}

std::string parameters(const TlsaRecord& record) {
  if (record.truncated) return "malformed";
  return layout::glued(numbers_of(record));
}

std::string short_data(const TlsaRecord& record) {
  if (record.data.empty()) return "(empty)";
  return layout::glued(danewatch::short_data(record, {.left_out = "...", .far_end = false}));
}

namespace {

const RecordReport* report_of(const Report& report, const Finding& finding) {
  if (!finding.record || !finding.place.host) return nullptr;
  return &report.hosts[*finding.place.host].records[*finding.record];
}

}  // namespace

std::vector<Naming> namings_of(const Certificate& certificate, std::size_t depth) {
  std::vector<Naming> all;
  const auto add = [&](int selector, const std::string& digest) {
    if (!digest.empty()) all.push_back({fmt::format("{} {} 1", usage_at(depth), selector), digest});
  };
  add(1, certificate.spki_sha256);
  add(0, certificate.sha256);
  return all;
}

const TlsaRecord* record_of(const Report& report, const Finding& finding) {
  const RecordReport* found = report_of(report, finding);
  return found == nullptr ? nullptr : &found->record;
}

const TlsaRecord* faulty_record_of(const Report& report, const Finding& finding) {
  const RecordReport* found = report_of(report, finding);
  const bool faulty =
      found != nullptr && (found->state == RecordState::unmatched || found->state == RecordState::unusable);
  return faulty ? &found->record : nullptr;
}

std::string endpoint_label(std::size_t index) {
  std::string label;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    label.push_back(static_cast<char>('a' + (rest - 1) % 26));
  }
  std::ranges::reverse(label);
  return label;
}

std::string plain(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> signs{
      {{"\u00a7", "section "}, {"\u2026", "..."}, {"\u2192", "->"}}};
  std::string out = escape_for_terminal(text);
  for (const auto& [sign, ascii] : signs) {
    for (std::size_t at = out.find(sign); at != std::string::npos; at = out.find(sign, at + ascii.size())) {
      out.replace(at, sign.size(), ascii);
    }
  }
  return out;
}

std::string one_line(std::string_view network_text) {
  constexpr std::string_view line_end = "\r\n";
  std::string out;
  while (!network_text.empty()) {
    const std::size_t end = std::min(network_text.find_first_of(line_end), network_text.size());
    const std::string_view line = network_text.substr(0, end);
    if (!line.empty()) out += (out.empty() ? "" : " / ") + escape_for_terminal(line);
    network_text.remove_prefix(std::min(end + 1, network_text.size()));
  }
  return out;
}

}  // namespace danewatch::words
