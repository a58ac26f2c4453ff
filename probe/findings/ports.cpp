// Records that stand elsewhere: right ones that nobody looks for there, and those of another port that were published
// here (finding tlsa-explained).

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/authority.hpp"
#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/wildcards.hpp"

namespace danewatch {
namespace {

bool has_tlsa(const Answer& answer) {
  return answer.diagnostic && answer.question.type == RrType::tlsa && answer.status == Status::secure;
}

bool is_of_this_port(const HostReport& host, const Answer& answer) {
  return answer.question.name.starts_with(fmt::format("_{}._tcp.", host.dns.port));
}

// RFC 1035 5.1: an owner without a final dot gets the zone's name appended.
bool lacks_a_dot(const std::string& owner, const std::string& right) {
  return owner.starts_with(right + ".");
}

std::vector<TlsaRecord> records_in(const Answer& answer) {
  std::vector<TlsaRecord> records;
  for (const Rdata& rdata : answer.data) {
    if (const auto* record = std::get_if<TlsaRecord>(&rdata.value)) records.push_back(*record);
  }
  return records;
}

// The digests at hand are SHA2-256, which is what nearly everybody publishes.
bool is_right_for(const TlsaRecord& record, const Certificate& leaf) {
  if (record.truncated || record.usage != 3 || record.selector > 1 || record.matching_type != 1) return false;
  return to_hex(record.data) == (record.selector == 0 ? leaf.sha256 : leaf.spki_sha256);
}

// Endpoints whose own certificate a record of the other port would match, and none of this one does.
Endpoints endpoints_for(const HostReport& host, const std::vector<TlsaRecord>& records) {
  Endpoints endpoints;
  for (const EndpointReport& endpoint : host.endpoints) {
    const Verdict verdict = endpoint.conclusion.verdict;
    const auto& chain = endpoint.seen.chain;
    if (verdict == Verdict::authenticated || chain.empty() || !decides(endpoint.seen)) continue;
    const auto fits = [&](const TlsaRecord& record) { return is_right_for(record, chain.front()); };
    if (std::ranges::any_of(records, fits)) endpoints.push_back(&endpoint);
  }
  return endpoints;
}

void find_misplaced(const Report& report, const HostReport& host, const Answer& answer,
                    const std::vector<TlsaRecord>& records, Findings& found) {
  const auto endpoints = endpoints_for(host, records);
  const PublishingPlace place = publishing_place(host);
  const std::string& owner = place.owner;
  if (endpoints.empty() || answer.question.name == owner) return;
  TlsaRecord right = right_record(host, endpoints.front()->seen.chain.front());
  right.owner = owner;
  std::vector<Step> steps{publish_record(std::move(right))};
  if (!place.before_it.empty()) {
    steps.front().words = "then publish";
    steps.insert(steps.begin(), in_zone(place.before_it));
  }
  Finding finding =
      make_finding("tlsa-explained", answer.question.name,
                   fmt::format("A record for the certificate of {} stands at {}, but port {} is looked up at {}.",
                               place_of(host, endpoints), answer.question.name, host.dns.port, owner),
                   {always(std::move(steps))});
  if (lacks_a_dot(answer.question.name, owner))
    finding.text += " The final dot of its name is missing in the zone file.";
  finding.text += place.reason;
  finding.severity = explaining(endpoints.front()->conclusion, report.policy);
  found.push_back(about_host(host, about_endpoints(host, endpoints, std::move(finding))));
}

void find_borrowed(const Report& report, const HostReport& host, const Answer& answer,
                   const std::vector<TlsaRecord>& records, Findings& found) {
  // One RRset for all ports, by aliases or a wildcard.
  const bool shared =
      !host.records.empty() && !records.empty() && records.front().owner == host.records.front().record.owner;
  if (shared) return;
  for (const RecordReport& mine : host.records) {
    // The same authorities are in reserve for every port.
    if (mine.state != RecordState::unmatched || is_reserve(host, mine)) continue;
    const auto same = [&](const TlsaRecord& record) { return same_association(record, mine.record); };
    if (std::ranges::none_of(records, same)) continue;
    Remedy move = replacement_by_all_in_use(report, host, mine);
    move.steps.back().why = "every port has records of its own";
    Finding finding = make_finding(
        "tlsa-explained", "",
        fmt::format("{} also stands at {}, so it may be meant for that port.", named(host, mine), answer.question.name),
        {if_so("it is meant for that port", std::move(move.steps))});
    found.push_back(about_record(host, mine, std::move(finding)));
  }
}

}  // namespace

void find_other_ports(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.located != Located::dane && host.dns.located != Located::no_tlsa) return;
  for (const Answer& answer : host.dns.lookups) {
    if (!has_tlsa(answer)) continue;
    const auto records = records_in(answer);
    find_misplaced(report, host, answer, records, found);
    if (!is_of_this_port(host, answer)) find_borrowed(report, host, answer, records, found);
  }
}

}  // namespace danewatch
