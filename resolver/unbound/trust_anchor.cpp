#include "resolver/unbound/trust_anchor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "resolver/dns/parse_error.hpp"
#include "resolver/text_file.hpp"
#include "resolver/wire/records.hpp"

namespace danewatch {
namespace {

// IANA's root keys KSK-2017 and KSK-2024 (root-anchors.xml), for systems without a copy of their own.
constexpr std::array root_keys{
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

const std::array<std::string, 2> usual_places{"/usr/share/dns/root.key", "/var/lib/unbound/root.key"};

bool is_anchor(const wire::Record& record) {
  return record.type == RrType::ds || record.type == RrType::dnskey;
}

Parsed<std::vector<std::string>> read_anchors(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return tl::unexpected(text.error());
  const auto records = wire::read_zone(*text, ".");
  if (!records || records->empty() || !std::all_of(records->begin(), records->end(), is_anchor)) {
    const auto where = records ? std::string() : fmt::format(" (line {})", records.error().position);
    return tl::unexpected(ParseError{fmt::format("this is not a list of DS or DNSKEY records{}", where)});
  }
  std::vector<std::string> lines;
  for (const auto& record : *records) lines.push_back(wire::to_line(record));
  return lines;
}

}  // namespace

TrustAnchor find_trust_anchor(const std::optional<std::string>& file, std::span<const std::string> candidates) {
  if (file) {
    auto records = read_anchors(*file);
    if (!records) throw std::runtime_error(fmt::format("--trust-anchor {}: {}", *file, records.error().message));
    return {*file, std::move(*records)};
  }
  for (const auto& candidate : candidates) {
    if (auto records = read_anchors(candidate)) return {candidate, std::move(*records)};
  }
  return {"built-in", {root_keys.begin(), root_keys.end()}};
}

TrustAnchor find_trust_anchor(const std::optional<std::string>& file) {
  return find_trust_anchor(file, usual_places);
}

}  // namespace danewatch
