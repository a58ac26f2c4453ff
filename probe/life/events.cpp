#include "probe/life/events.hpp"

#include <array>
#include <utility>

namespace danewatch {
namespace {

constexpr std::array<std::pair<EventCode, std::string_view>, 19> table{{
    {EventCode::tlsa_added, "tlsa-added"},
    {EventCode::tlsa_removed, "tlsa-removed"},
    {EventCode::tlsa_disappeared, "tlsa-disappeared"},
    {EventCode::removed_too_early, "removed-too-early"},
    {EventCode::deployed_too_early, "deployed-too-early"},
    {EventCode::key_changed, "key-changed"},
    {EventCode::certificate_renewed, "certificate-renewed"},
    {EventCode::mx_added, "mx-added"},
    {EventCode::mx_removed, "mx-removed"},
    {EventCode::address_added, "address-added"},
    {EventCode::address_removed, "address-removed"},
    {EventCode::dnssec_lost, "dnssec-lost"},
    {EventCode::dnssec_gained, "dnssec-gained"},
    {EventCode::dnssec_broken, "dnssec-broken"},
    {EventCode::dnssec_mended, "dnssec-mended"},
    {EventCode::starttls_lost, "starttls-lost"},
    {EventCode::starttls_back, "starttls-back"},
    {EventCode::ds_changed, "ds-changed"},
    {EventCode::verdict_changed, "verdict-changed"},
}};

constexpr auto codes = [] {
  std::array<EventCode, table.size()> all{};
  for (std::size_t i = 0; i < table.size(); ++i) all[i] = table[i].first;
  return all;
}();

}  // namespace

std::string_view to_string(EventCode code) {
  for (const auto& [each, word] : table) {
    if (each == code) return word;
  }
  return "";
}

std::optional<EventCode> event_code_from(std::string_view word) {
  for (const auto& [code, each] : table) {
    if (each == word) return code;
  }
  return std::nullopt;
}

std::span<const EventCode> event_codes() {
  return codes;
}

}  // namespace danewatch
