// What a TLSA record is good for, over all endpoints of its host: the first state that holds.

#include <algorithm>

#include "probe/judge_parts.hpp"

namespace danewatch {
namespace {

bool has_cell(std::span<const EndpointJudgement> endpoints, std::size_t record, Cell cell) {
  return std::ranges::any_of(endpoints, [&](const auto& endpoint) {
    return record < endpoint.cells.size() && endpoint.cells[record] == cell;
  });
}

bool is_unmatched(const EndpointJudgement& endpoint) {
  return std::ranges::find(endpoint.cells, Cell::match) == endpoint.cells.end();
}

// Its chain was compared with the records, and was not too costly for that.
bool was_compared(const EndpointJudgement& endpoint) {
  return std::ranges::find(endpoint.cells, Cell::unobserved) == endpoint.cells.end();
}

// Some observed endpoint is matched by no record at all.
bool leaves_one_out(std::span<const TlsEvidence> tls, std::span<const EndpointJudgement> endpoints) {
  for (std::size_t e = 0; e < endpoints.size(); ++e) {
    if (decides(tls[e]) && was_observed(tls[e]) && was_compared(endpoints[e]) && is_unmatched(endpoints[e]))
      return true;
  }
  return false;
}

bool all_compared(std::span<const TlsEvidence> tls, std::span<const EndpointJudgement> endpoints) {
  for (std::size_t e = 0; e < endpoints.size(); ++e) {
    if (decides(tls[e]) && !was_compared(endpoints[e])) return false;
  }
  return true;
}

bool is_declared_next(const Policy& policy, const TlsaRecord& record) {
  return std::ranges::any_of(policy.next, [&](const auto& next) { return same_association(next, record); });
}

}  // namespace

namespace {

// A record may belong to a server behind an address that no answer told us, or that we were told to leave out.
bool knows_all_addresses(const HostEvidence& host) {
  if (host.excluded_addresses > 0) return false;
  return std::ranges::none_of(host.lookups, [](const Answer& answer) {
    const bool address = answer.question.type == RrType::a || answer.question.type == RrType::aaaa;
    const bool silent = answer.status == Status::bogus || answer.status == Status::failed;
    return address && silent && !answer.diagnostic;
  });
}

}  // namespace

bool all_observed(const HostEvidence& host, std::span<const TlsEvidence> tls, const Policy& policy) {
  const bool one_type_only = policy.views == Views::standard;
  const bool cut = std::ranges::any_of(host.cuts, [](const Cut& c) { return c.what == "addresses"; });
  return !tls.empty() && !one_type_only && !cut && knows_all_addresses(host) &&
         std::ranges::all_of(tls, [](const TlsEvidence& evidence) {
           return !decides(evidence) || (was_observed(evidence) && evidence.unobserved_views.empty());
         });
}

std::vector<RecordState> record_states(const HostEvidence& host, std::span<const TlsEvidence> tls,
                                       std::span<const EndpointJudgement> endpoints, const HostMatches& matches,
                                       const Policy& policy) {
  const bool partly = leaves_one_out(tls, endpoints);
  const bool observed = all_observed(host, tls, policy) && all_compared(tls, endpoints);
  const auto state_of = [&](std::size_t r) {
    if (r < matches.unusable.size() && matches.unusable[r]) return RecordState::unusable;
    const bool matched = has_cell(endpoints, r, Cell::match);
    const bool shadowed = has_cell(endpoints, r, Cell::shadowed);
    if (is_declared_next(policy, host.tlsa[r]) && !matched && !shadowed) return RecordState::next;
    if (matched) return partly ? RecordState::partial : RecordState::current;
    if (shadowed) return RecordState::shadowed;
    return observed ? RecordState::unmatched : RecordState::unknown;
  };
  std::vector<RecordState> states;
  for (std::size_t r = 0; r < host.tlsa.size(); ++r) states.push_back(state_of(r));
  return states;
}

}  // namespace danewatch
