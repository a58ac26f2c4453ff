#include "probe/judgement/tlsrpt_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/report/record_words.hpp"
#include "resolver/dns/name.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using Item = CheckupItem;

constexpr std::string_view version = "v=TLSRPTv1";
constexpr std::size_t most_shown = 200;  // octets of what others wrote

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_known_scheme(std::string_view uri) {
  const auto colon = uri.find(':');
  const std::string_view scheme = uri.substr(0, colon);
  return colon != std::string_view::npos &&
         (equal_ignoring_case(scheme, "mailto") || equal_ignoring_case(scheme, "https"));
}

bool has_rest(std::string_view uri) {
  const std::string_view rest = uri.substr(uri.find(':') + 1);
  const bool mail = equal_ignoring_case(uri.substr(0, uri.find(':')), "mailto");
  if (mail) return rest.find('@') != std::string_view::npos && !rest.starts_with('@') && !rest.ends_with('@');
  return rest.starts_with("//") && rest.size() > 2;
}

// RFC 8460 3: URIs with commas between them; a comma, a semicolon or an exclamation mark inside one is encoded.
Parsed<std::vector<std::string>> parse_places(std::string_view value, std::size_t at) {
  std::vector<std::string> places;
  while (true) {
    const auto comma = value.find(',');
    const std::string_view uri = trimmed(value.substr(0, comma));
    if (uri.empty()) return error_at(at, "an empty address in rua");
    const bool printable = std::ranges::all_of(uri, [](char c) { return c > ' ' && c <= '~'; });
    if (!printable) return error_at(at, "an address in rua that is not a URI");
    if (!is_known_scheme(uri)) return error_at(at, "an address in rua that begins with neither mailto: nor https:");
    if (!has_rest(uri)) return error_at(at, "an address in rua that is incomplete");
    places.emplace_back(uri);
    if (comma == std::string_view::npos) return places;
    value.remove_prefix(comma + 1);
    at += comma + 1;
  }
}

bool is_escaped_octet(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() >= 4 && text[0] == '\\' && std::ranges::all_of(text.substr(1, 3), is_digit);
}

std::string owner(const ReportsAsked& asked) {
  return "_smtp._tls." + asked.domain;
}

std::string to_publish(const ReportsAsked& asked) {
  return fmt::format("{}. IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@{}\"", owner(asked), asked.domain);
}

// RFC 8460 3: what does not begin so does not count.
std::vector<std::string> records_of(const Answer& answer) {
  std::vector<std::string> records;
  for (const Rdata& data : answer.data) {
    std::string octets = txt_octets(data.text);
    if (octets.starts_with(version)) records.push_back(std::move(octets));
  }
  return records;
}

Item none(const ReportsAsked& asked) {
  std::string text = fmt::format("{} does not ask other mail servers for TLS reports.", asked.domain);
  const bool similar = std::ranges::any_of(asked.answer.data, [](const Rdata& data) {
    return lower(txt_octets(data.text)).find("tlsrpt") != std::string::npos;
  });
  if (similar)
    text += fmt::format(" A TXT record of {} does not begin with v=TLSRPTv1, so nobody takes it.", owner(asked));
  return {"TLS reports", similar ? Severity::warning : Severity::info, std::move(text),
          fmt::format("To get them publish, with an address that takes mail: {}", to_publish(asked))};
}

Item malformed(const ReportsAsked& asked, const ParseError& error) {
  return {"TLS reports", Severity::warning,
          fmt::format("The TXT record of {} has {} (character {}), so nobody reports.", owner(asked), error.message,
                      error.position + 1),
          fmt::format("Replace it, with an address that takes mail: {}", to_publish(asked))};
}

std::string arrived_words(const ReportsAsked& asked, SysTime now) {
  if (!asked.looked) return " Whether they arrive was not looked at: --reports PATH.";
  if (!asked.latest) return " No report about it is there.";
  const auto age = std::chrono::floor<std::chrono::days>(now - *asked.latest);
  return age < std::chrono::days{3}
             ? fmt::format(" The latest that is there ends {}.", moment_of(*asked.latest))
             : fmt::format(" The latest that is there ended {}, {} days ago.", moment_of(*asked.latest), age.count());
}

Item asked_for(const ReportsAsked& asked, const std::vector<std::string>& places, SysTime now) {
  Item item{"TLS reports", Severity::ok,
            fmt::format("{} asks for TLS reports to {}.", asked.domain, list(places).substr(0, most_shown)), ""};
  item.text += arrived_words(asked, now);
  const bool by_mail =
      std::ranges::any_of(places, [](const auto& place) { return lower(place).starts_with("mailto:"); });
  const bool late = asked.looked && (!asked.latest || now - *asked.latest >= std::chrono::days{3});
  if (!by_mail) {
    item.severity = worse(item.severity, Severity::info);
    item.fix = "danewatch reads reports that come by mail: add a mailto: address, if it shall.";
  } else if (late) {
    item.severity = Severity::warning;
    item.fix =
        "Make sure that this address leads to the place that was looked at. Senders report once a day, few do, and "
        "only "
        "of a domain that they sent mail to.";
  }
  return item;
}

}  // namespace

Parsed<std::vector<std::string>> parse_tlsrpt_record(std::string_view record) {
  if (!record.starts_with(version)) return error_at(0, "no v=TLSRPTv1 at its beginning");
  std::size_t at = version.size();
  std::optional<std::vector<std::string>> places;
  while (at < record.size()) {
    if (!trimmed(record.substr(at)).starts_with(';') && !trimmed(record.substr(at)).empty())
      return error_at(at, "no semicolon between its fields");
    const auto begin = record.find(';', at);
    if (begin == std::string_view::npos) break;
    const auto end = std::min(record.find(';', begin + 1), record.size());
    const std::string_view field = trimmed(record.substr(begin + 1, end - begin - 1));
    at = end;
    if (field.empty()) continue;
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) return error_at(begin + 1, "a field without =");
    if (trimmed(field.substr(0, equals)) != "rua") continue;
    if (places) return error_at(begin + 1, "a second rua");
    const std::string_view value = field.substr(equals + 1);
    auto parsed = parse_places(value, static_cast<std::size_t>(value.data() - record.data()));
    if (!parsed) return tl::unexpected(parsed.error());
    places = std::move(*parsed);
  }
  if (!places) return error_at(record.size(), "no rua, which says where reports go");
  return *places;
}

std::string txt_octets(std::string_view presentation) {
  std::string octets;
  bool quoted = false;
  for (std::size_t i = 0; i < presentation.size(); ++i) {
    const char c = presentation[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (is_escaped_octet(presentation.substr(i))) {
      octets += static_cast<char>(std::stoi(std::string(presentation.substr(i + 1, 3))));
      i += 3;
    } else if (c == '\\' && i + 1 < presentation.size()) {
      octets += presentation[++i];
    } else if (quoted) {
      octets += c;
    }
  }
  return octets;
}

CheckupItem tlsrpt_item(const ReportsAsked& asked, SysTime now) {
  const Status status = asked.answer.status;
  if (status == Status::bogus || status == Status::failed) {
    return {"TLS reports", Severity::unknown,
            fmt::format("Whether {} asks for TLS reports is not known: {} TXT cannot be looked up.", asked.domain,
                        owner(asked)),
            "Look at the DNS first."};
  }
  const std::vector<std::string> records = records_of(asked.answer);
  if (records.empty()) return none(asked);
  if (records.size() > 1) {
    return {"TLS reports", Severity::warning,
            fmt::format("{} has {} records that ask for TLS reports, so nobody takes any of them.", owner(asked),
                        records.size()),
            "Leave one; it may name several addresses, with commas between them."};
  }
  const auto places = parse_tlsrpt_record(records.front());
  return places ? asked_for(asked, *places, now) : malformed(asked, places.error());
}

}  // namespace danewatch
