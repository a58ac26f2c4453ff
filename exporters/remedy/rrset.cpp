#include "exporters/remedy/rrset.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

using Seen = tl::expected<SeenRrset, std::string>;

bool is_sound(const Answer& answer) {
  return answer.question.type == RrType::tlsa && (answer.status == Status::secure || answer.status == Status::insecure);
}

std::vector<TlsaRecord> records_in(const Answer& answer, const std::string& owner) {
  std::vector<TlsaRecord> records;
  for (const Rdata& rdata : answer.data) {
    const auto* record = std::get_if<TlsaRecord>(&rdata.value);
    if (record != nullptr && record->owner == owner) records.push_back(*record);
  }
  return records;
}

// The answer that shows these records, or that nothing stands there: denied, or made from a wildcard.
const Answer* answer_about(const HostReport& host, const std::string& owner) {
  const auto& lookups = host.dns.lookups;
  const auto found = std::ranges::find_if(lookups, [&](const Answer& answer) {
    if (!is_sound(answer)) return false;
    return !records_in(answer, owner).empty() || (answer.question.name == owner && answer.aliases.empty());
  });
  return found == lookups.end() ? nullptr : &*found;
}

Seen of_host(const HostReport& host, const std::string& owner, const Answer* answer) {
  if (host.dns.tlsa_total > host.records.size())
    return tl::unexpected(fmt::format("there are more records at {} than danewatch looked at", owner));
  SeenRrset seen;
  for (const RecordReport& each : host.records) seen.records.push_back(each.record);
  if (answer != nullptr) seen.ttl = answer->original_ttl;
  return seen;
}

Seen with_names(Seen seen, const std::string& owner) {
  if (!seen || std::ranges::none_of(seen->records, &TlsaRecord::truncated)) return seen;
  return tl::unexpected(fmt::format("a record at {} is too short for nsupdate to name it", owner));
}

}  // namespace

Seen rrset_at(const Report& report, const std::string& owner) {
  for (const HostReport& host : report.hosts) {
    const Answer* answer = answer_about(host, owner);
    if (!host.records.empty() && host.records.front().record.owner == owner)
      return with_names(of_host(host, owner, answer), owner);
    if (answer == nullptr) continue;
    SeenRrset seen{records_in(*answer, owner), std::nullopt, true};
    if (!seen.records.empty()) seen.ttl = answer->original_ttl;
    return with_names(std::move(seen), owner);
  }
  return SeenRrset{{}, std::nullopt, false};
}

}  // namespace danewatch
