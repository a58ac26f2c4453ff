#include "exporters/text_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exporters/escape.hpp"
#include "exporters/json.hpp"

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

std::string_view sentence(Impact impact) {
  switch (impact) {
    case Impact::protected_:
      return "Mail is delivered, protected by DANE on every mail host.";
    case Impact::partly_protected:
      return "Mail is delivered, protected by DANE on some mail hosts only.";
    case Impact::unprotected:
      return "Mail is delivered, but without the protection of DANE.";
    case Impact::partly_deferred:
      return "Senders that use DANE skip some servers; mail arrives through the others.";
    case Impact::deferred:
      return "Senders that use DANE deliver nothing: mail waits in their queues.";
    case Impact::undeliverable:
      return "No mail can be delivered.";
  }
  return "";
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
  return format_time(time).substr(0, 10);
}

std::string date_and_time(SysTime time) {
  const std::string full = format_time(time);
  return layout::glued(fmt::format("{} {} UTC", full.substr(0, 10), full.substr(11, 5)));
}

std::string parameters(const TlsaRecord& record) {
  if (record.truncated) return "malformed";
  return layout::glued(fmt::format("{} {} {}", record.usage, record.selector, record.matching_type));
}

std::string short_data(const TlsaRecord& record) {
  constexpr std::size_t shown = 8;  // octets
  constexpr std::size_t longest_digest = 64;
  if (record.data.empty()) return "(empty)";
  if (record.data.size() <= shown) return to_hex(record.data);
  const std::string start = to_hex(std::span(record.data).first(shown)) + "...";
  if (record.data.size() <= longest_digest) return start;
  return layout::glued(fmt::format("{} ({} octets)", start, record.data.size()));
}

std::string endpoint_label(std::size_t index) {
  std::string label;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    label.push_back(static_cast<char>('a' + (rest - 1) % 26));
  }
  std::ranges::reverse(label);
  return label;
}

std::string reference(std::string_view ref) {
  constexpr std::string_view section = "\xc2\xa7";
  std::string out = escape_for_terminal(ref);
  for (std::size_t at = out.find(section); at != std::string::npos; at = out.find(section, at)) {
    out.replace(at, section.size(), "section ");
  }
  return out;
}

}  // namespace danewatch::words
