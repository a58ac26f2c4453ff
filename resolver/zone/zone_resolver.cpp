#include "resolver/zone/zone_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/dns/name.hpp"
#include "resolver/wire/signatures.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_aliases = 12;
constexpr int noerror = 0;
constexpr int nxdomain = 3;

int rank(Status status) {
  return status == Status::bogus ? 0 : status == Status::failed ? 1 : status == Status::insecure ? 2 : 3;
}

template <class T>
void keep_least(std::optional<T>& least, const std::optional<T>& value) {
  if (value) least = least ? std::min(*least, *value) : *value;
}

Answer empty_answer(const Question& question, Status status, Failure failure = Failure::none) {
  Answer answer;
  answer.question = question;
  answer.canonical_name = question.name;
  answer.status = status;
  answer.failure = failure;
  return answer;
}

}  // namespace

// One zone's word about a name, and what its signatures are worth.
struct ZoneResolver::Step {
  bool known = false;
  std::string zone;
  Zone::Found found;
  Status status = Status::secure;
  std::string why_bogus;
  wire::SignatureWorth check;
  std::uint32_t ttl = 0;
};

// The zone that answers: of a DS record the parent's, where that was given.
const Zone* ZoneResolver::zone_of(const std::string& name, RrType type) const {
  const Zone* best = nullptr;
  for (const Zone& zone : zones_) {
    const bool mine = is_at_or_below(name, zone.origin()) && !(type == RrType::ds && name == zone.origin());
    if (mine && (best == nullptr || is_at_or_below(zone.origin(), best->origin()))) best = &zone;
  }
  return best;
}

// A zone is no more secure than the delegation in a parent that was given too.
Status ZoneResolver::status_of(const Zone& zone) const {
  if (zone.origin() == ".") return Status::secure;
  const Zone* parent = zone_of(zone.origin(), RrType::ds);
  if (parent == nullptr) return Status::secure;
  const Status above = status_of(*parent);
  if (above != Status::secure) return above;
  const auto ds = parent->of_type(zone.origin(), RrType::ds);
  if (ds.empty()) return Status::insecure;
  const auto keys = zone.of_type(zone.origin(), RrType::dnskey);
  const bool fits = keys.empty() ||  // it will be signed
                    std::ranges::any_of(keys, [&](const wire::Record& key) { return wire::is_named_by(key, ds); });
  return fits ? Status::secure : Status::bogus;
}

void ZoneResolver::judge(Step& step, const Zone& zone) const {
  step.status = status_of(zone);
  if (step.status == Status::bogus)
    step.why_bogus = fmt::format("no DS record of {} is of a key in its file", zone.origin());
  if (step.status != Status::secure || !zone.is_signed()) return;
  const auto keys = zone.of_type(zone.origin(), RrType::dnskey);
  const auto of_keys = wire::check_signatures(keys, zone.of_type(zone.origin(), wire::rr_type_rrsig), keys, at_);
  const bool denial = step.found.records.empty();
  const auto soa = zone.of_type(zone.origin(), RrType::soa);
  const auto& rrset = denial ? soa : step.found.records;
  const auto signatures = denial ? zone.of_type(zone.origin(), wire::rr_type_rrsig) : step.found.signatures;
  step.check = wire::check_signatures(rrset, signatures, keys, at_);
  const bool valid = of_keys.valid && step.check.valid;
  if (valid) {
    step.check.expires = std::min(step.check.expires, of_keys.expires);
    return;
  }
  step.status = Status::bogus;
  const std::string what = of_keys.valid ? fmt::format("{} {}", rrset.front().owner, to_string(rrset.front().type))
                                         : fmt::format("{} DNSKEY", zone.origin());
  step.why_bogus = fmt::format("{}: {}", what, of_keys.valid ? step.check.why : of_keys.why);
}

ZoneResolver::Step ZoneResolver::step(const std::string& name, RrType type) const {
  Step step;
  const Zone* zone = zone_of(name, type);
  if (zone == nullptr) return step;
  step.zone = zone->origin();
  step.found = zone->find(name, type);
  step.known = step.found.kind != Zone::Found::Kind::delegated;
  if (!step.known) return step;
  step.ttl = step.found.records.empty() ? zone->negative_ttl() : step.found.records.front().ttl;
  for (const wire::Record& record : step.found.records) step.ttl = std::min(step.ttl, record.ttl);
  judge(step, *zone);
  return step;
}

// What the step adds to the answer; the worst status counts, and the shortest time.
void ZoneResolver::take(const Step& step, Answer& answer) {
  if (rank(step.status) < rank(answer.status)) {
    answer.status = step.status;
    answer.why_bogus = step.why_bogus;
  }
  keep_least(answer.ttl, std::optional(step.ttl));
  keep_least(answer.original_ttl, step.check.original_ttl);
  keep_least(answer.rrsig_expires, step.check.expires);
  if (step.check.inception) answer.rrsig_inception = std::max(answer.rrsig_inception, step.check.inception);
  answer.signer = step.zone;
  const auto& [kind, type, records, signatures, alias, is_wildcard] = step.found;
  const auto wildcard =
      is_wildcard && !records.empty() ? std::optional("*." + parent_of(records.front().owner)) : std::nullopt;
  if (kind == Zone::Found::Kind::alias) {
    answer.aliases.push_back({answer.canonical_name, alias, type, wildcard});
    answer.canonical_name = alias;
    return;
  }
  answer.wildcard = wildcard;
  const std::string owner = wildcard.value_or(answer.canonical_name);
  for (const wire::Record& record : records) {
    answer.data.push_back(wire::read_rdata(answer.question.type, owner, record.rdata));
  }
  if (kind == Zone::Found::Kind::nxdomain) answer.rcode = nxdomain;
  if (answer.data.empty()) answer.denial = answer.rcode == nxdomain ? Denial::nxdomain : Denial::nodata;
}

Answer ZoneResolver::answer(const Question& question) {
  Answer answer = empty_answer(question, Status::secure);
  answer.rcode = noerror;
  if (question.name == "." && zone_of(".", question.type) == nullptr) {  // whoever asks for the root trusts it
    answer.denial = Denial::nodata;
    return answer;
  }
  while (answer.aliases.size() <= most_aliases) {
    const Step found = step(answer.canonical_name, question.type);
    if (!found.known) {
      strangers_.insert(answer.canonical_name);
      return empty_answer(question, Status::failed, Failure::local);
    }
    take(found, answer);
    if (found.found.kind != Zone::Found::Kind::alias) return answer;
  }
  return empty_answer(question, Status::failed, Failure::servfail);
}

boost::asio::awaitable<Answer> ZoneResolver::lookup(Question question, Deadline) {
  Answer found = answer(question);
  co_return found;
}

}  // namespace danewatch
