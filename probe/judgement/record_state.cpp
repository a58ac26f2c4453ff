// What a TLSA record is good for, over all endpoints of its host: the first state that holds.

#include "probe/judgement/record_state.hpp"

#include <algorithm>

#include "probe/evidence/predicates.hpp"

namespace danewatch {
namespace {

bool has_cell(const HostReport& host, const RecordReport& record, Cell cell) {
  return std::ranges::any_of(host.endpoints,
                             [&](const EndpointReport& endpoint) { return cell_of(endpoint, record) == cell; });
}

bool is_unmatched(const EndpointReport& endpoint) {
  return std::ranges::find(endpoint.cells, Cell::match) == endpoint.cells.end();
}

// Its chain was compared with the records, and was not too costly for that.
bool was_compared(const EndpointReport& endpoint) {
  return std::ranges::find(endpoint.cells, Cell::unobserved) == endpoint.cells.end();
}

// Some observed endpoint is matched by no record at all.
bool leaves_one_out(const HostReport& host) {
  return std::ranges::any_of(host.endpoints, [](const EndpointReport& endpoint) {
    return decides(endpoint.seen) && was_observed(endpoint.seen) && was_compared(endpoint) && is_unmatched(endpoint);
  });
}

bool all_compared(const HostReport& host) {
  return std::ranges::all_of(
      host.endpoints, [](const EndpointReport& endpoint) { return !decides(endpoint.seen) || was_compared(endpoint); });
}

bool is_declared_next(const Policy& policy, const TlsaRecord& record) {
  return std::ranges::any_of(policy.next, [&](const NextKey& next) {
    return std::ranges::any_of(next.records, [&](const auto& one) { return same_association(one, record); });
  });
}

// A record may belong to a server behind an address that no answer told us, or that we were told to leave out.
bool knows_all_addresses(const HostEvidence& host) {
  if (host.excluded_addresses > 0) return false;
  return std::ranges::none_of(host.lookups, [](const Answer& answer) {
    const bool address = answer.question.type == RrType::a || answer.question.type == RrType::aaaa;
    const bool silent = answer.status == Status::bogus || answer.status == Status::failed;
    return address && silent && !answer.diagnostic;
  });
}

// What one connection showed is what one server has. A chain from a file was not shown by any.
bool was_looked_at_again(const HostReport& host) {
  if (host.dns.host.empty()) return true;
  return std::ranges::all_of(looks(host), [](const TlsEvidence& evidence) {
    return evidence.view != View::standard || was_seen_again(std::span(&evidence, 1));
  });
}

// Where connections meet different servers, there may be more of them than were met.
bool takes_turns(const HostReport& host) {
  const auto seen = looks(host);
  return std::ranges::find(seen, View::second, &TlsEvidence::view) != seen.end();
}

bool is_without_match(const HostReport& host, const RecordReport& record, const Policy& policy) {
  return !record.unusable && !has_cell(host, record, Cell::match) && !has_cell(host, record, Cell::shadowed) &&
         !is_declared_next(policy, record.record);
}

}  // namespace

bool awaits_another_look(const HostReport& host, const Policy& policy) {
  if (host.dns.located != Located::dane || !all_observed(host, policy) || !all_compared(host)) return false;
  if (was_looked_at_again(host) || takes_turns(host)) return false;
  return std::ranges::any_of(host.records,
                             [&](const RecordReport& record) { return is_without_match(host, record, policy); });
}

bool all_observed(const HostReport& host, const Policy& policy) {
  const bool one_type_only = policy.views == Views::standard;
  const bool cut = std::ranges::any_of(host.dns.cuts, [](const Cut& c) { return c.what == "addresses"; });
  return !host.endpoints.empty() && !one_type_only && !cut && knows_all_addresses(host.dns) &&
         std::ranges::all_of(looks(host), [](const TlsEvidence& evidence) {
           return !decides(evidence) || (was_observed(evidence) && evidence.unobserved_views.empty());
         });
}

std::vector<RecordState> record_states(const HostReport& host, const Policy& policy) {
  const bool partly = leaves_one_out(host);
  const bool observed =
      all_observed(host, policy) && all_compared(host) && was_looked_at_again(host) && !takes_turns(host);
  const auto state_of = [&](const RecordReport& record) {
    if (record.unusable) return RecordState::unusable;
    const bool matched = has_cell(host, record, Cell::match);
    const bool shadowed = has_cell(host, record, Cell::shadowed);
    if (is_declared_next(policy, record.record) && !matched && !shadowed) return RecordState::next;
    if (matched) return partly ? RecordState::partial : RecordState::current;
    if (shadowed) return RecordState::shadowed;
    return observed ? RecordState::unmatched : RecordState::unknown;
  };
  std::vector<RecordState> states;
  for (const RecordReport& record : host.records) states.push_back(state_of(record));
  return states;
}

}  // namespace danewatch
