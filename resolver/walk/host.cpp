// One host: addresses, TLSA base domain, TLSA records, reference identifiers (RFC 7672 2.2.2 and 2.2.3).
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "resolver/async.hpp"
#include "resolver/walk/inner.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t hosts_at_once = 8;
constexpr std::size_t longest_name = 253;

// What the addresses of a host say about the next step.
struct AddressStep {
  std::optional<Located> end;           // the walk of this host is over
  std::vector<std::string> candidates;  // TLSA base domains in the order to try
  bool through_insecure_alias = false;  // an alias led to an unsigned address: is the alias itself signed?
};

bool has_addresses(const Answer& answer) {
  return !failure_of(answer) && !values_of<Address>(answer).empty();
}

// No family gave an address. A failure outweighs a denial (RFC 7672 2.1.2, rows.md D-23).
Located without_addresses(const std::vector<Answer>& answers) {
  std::optional<Located> failure;
  for (const Answer& answer : answers) {
    const auto found = failure_of(answer);
    if (found && (!failure || *found == Located::bogus)) failure = found;
  }
  if (failure) return *failure;
  if (answers.empty()) return Located::not_run;
  if (std::ranges::any_of(answers, [](const Answer& a) { return !a.data.empty(); })) return Located::malformed;
  const auto absent = [](const Answer& a) { return a.denial == Denial::nxdomain; };
  return std::ranges::any_of(answers, absent) ? Located::nxdomain : Located::no_address;
}

// RFC 7672 2.2.3: the name at the end of a secure alias chain comes first, then the name we began with.
std::vector<std::string> candidates_from(const Answer& answer, const std::string& host) {
  std::vector<std::string> candidates;
  if (!answer.aliases.empty() && answer.canonical_name != host) candidates.push_back(answer.canonical_name);
  candidates.push_back(host);
  return candidates;
}

// An address given by the operator stands in for missing ones; the proof that they are missing stays the proof.
AddressStep step_with_given_address(const std::vector<Answer>& answers, const std::string& host) {
  const bool secure = std::ranges::all_of(answers, [](const Answer& a) { return a.status == Status::secure; });
  if (!secure) return {Located::insecure, {}, false};
  return {std::nullopt, {host}, false};
}

// One signed family is enough (RFC 7673 3.2), and a failed one beside it does not hide it (rows.md D-22).
AddressStep step_from(const std::vector<Answer>& answers, const HostPlan& plan) {
  const auto with_addresses = std::ranges::find_if(answers, has_addresses);
  if (with_addresses == answers.end()) {
    const Located end = without_addresses(answers);
    const bool denied = end == Located::nxdomain || end == Located::no_address;
    if (plan.address && denied) return step_with_given_address(answers, plan.host);
    return {end, {}, false};
  }
  for (const Answer& answer : answers) {
    if (answer.status == Status::secure && has_addresses(answer)) {
      return {std::nullopt, candidates_from(answer, plan.host), false};
    }
  }
  return {Located::insecure, {}, !with_addresses->aliases.empty()};
}

// RFC 7672 2.2.2: a signed alias to an unsigned address leaves the name we began with as base domain.
AddressStep step_after_cname(const Answer& cname, const std::string& host) {
  if (const auto failure = failure_of(cname)) return {failure, {}, false};
  const bool is_alias = !cname.data.empty() || !cname.aliases.empty();
  if (cname.status != Status::secure || !is_alias) return {Located::insecure, {}, false};
  return {std::nullopt, {host}, false};
}

// Sorted, because name servers rotate what they send and a report should not change with it.
std::vector<HostAddress> addresses_of(const Answer& answer) {
  std::vector<Address> values = values_of<Address>(answer);
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  std::vector<HostAddress> addresses;
  for (const Address& value : values) addresses.push_back({value, answer.status});
  return addresses;
}

void take_addresses(HostEvidence& host, const std::vector<Answer>& answers, const LocateOptions& options) {
  Cut cut{"addresses", 0, 0};
  for (const Answer& answer : answers) {
    if (!has_addresses(answer)) continue;  // never those of a bogus answer
    const std::vector<HostAddress> found = addresses_of(answer);
    const std::size_t kept = std::min(found.size(), options.max_addresses_per_family);
    host.addresses.insert(host.addresses.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept));
    cut.kept += kept;
    cut.found += found.size();
  }
  if (cut.kept < cut.found) host.cuts.push_back(std::move(cut));
}

// Both families are known even if one is not wanted: what is left out is no proof that it is not there.
void leave_out_families(HostEvidence& host, const LocateOptions& options) {
  const auto unwanted = [&](const HostAddress& a) { return a.address.v6 ? !options.ipv6 : !options.ipv4; };
  host.excluded_addresses += std::erase_if(host.addresses, unwanted);
}

void use_given_address(HostEvidence& host, const HostPlan& plan) {
  if (!plan.address) return;
  const auto other = [&](const HostAddress& a) { return a.address != *plan.address; };
  host.excluded_addresses += static_cast<std::size_t>(std::ranges::count_if(host.addresses, other));
  const auto secure = [](const HostAddress& a) { return a.status == Status::secure; };
  const bool proven =
      host.located == Located::dane || host.located == Located::no_tlsa || std::ranges::any_of(host.addresses, secure);
  host.addresses.assign(1, HostAddress{*plan.address, proven ? Status::secure : Status::insecure});
  std::erase_if(host.cuts, [](const Cut& cut) { return cut.what == "addresses"; });
}

bool association_less(const TlsaRecord& left, const TlsaRecord& right) {
  const auto key = [](const TlsaRecord& r) {
    return std::tie(r.truncated, r.usage, r.selector, r.matching_type, r.data);
  };
  return key(left) < key(right);
}

// The distinct records in an order of their own: the order on the wire means nothing (rows.md ).
// RDATA nobody could read is kept as an unusable record, because it is one (RFC 6698 4.1).
std::vector<TlsaRecord> records_of(const Answer& answer) {
  std::vector<TlsaRecord> records;
  for (const Rdata& rdata : answer.data) {
    const auto* record = std::get_if<TlsaRecord>(&rdata.value);
    records.push_back(record != nullptr ? *record : tlsa_from_rdata(answer.canonical_name, {}));
  }
  std::ranges::stable_sort(records, association_less);
  records.erase(std::unique(records.begin(), records.end(), same_association), records.end());
  return records;
}

// Matching type 0 costs most to judge, so it has a limit of its own. Usable records are kept before others.
void take_records(HostEvidence& host, const Answer& answer, const LocateOptions& options) {
  host.tlsa = records_of(answer);
  host.tlsa_total = static_cast<std::uint32_t>(host.tlsa.size());
  // What is cut must not change what the rest says: usable before unusable, and the strongest digest first, because it
  // alone decides about its group (RFC 7671 9).
  const auto weight = [](const TlsaRecord& r) {
    constexpr int full_data_last = 3;
    const int digest = r.matching_type == 0 ? full_data_last : -static_cast<int>(r.matching_type);
    return std::pair(unusable_reason(r).has_value(), digest);
  };
  const auto full = [](const TlsaRecord& r) { return !r.truncated && r.matching_type == 0; };
  std::ranges::stable_sort(host.tlsa, {}, weight);
  std::size_t full_seen = 0;
  const auto one_full_too_many = [&](const TlsaRecord& r) { return full(r) && ++full_seen > options.max_full_records; };
  std::vector<TlsaRecord> kept;
  for (TlsaRecord& record : host.tlsa) {
    if (!one_full_too_many(record)) kept.push_back(std::move(record));
  }
  if (full_seen > options.max_full_records) {
    host.cuts.push_back({"full records", options.max_full_records, full_seen});
  }
  host.tlsa = std::move(kept);
  cut_to(host.tlsa, options.max_records, "records", host.cuts);
  std::ranges::stable_sort(host.tlsa, association_less);
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
}

std::vector<std::string> reference_names(const HostPlan& plan, const HostEvidence& host) {
  const auto usable = [](const TlsaRecord& record) { return !unusable_reason(record); };
  const bool others_first = plan.service_name_first && std::ranges::none_of(host.tlsa, usable);
  std::vector<std::string> names;
  if (plan.base_is_name && !others_first) add_name(names, host.base_domain);
  for (const std::string& name : plan.other_names) add_name(names, name);
  if (plan.base_is_name) add_name(names, host.base_domain);
  return names;
}

asio::awaitable<void> ask_addresses(Walk walk, HostEvidence& host) {
  std::vector<Question> questions;
  questions.push_back({host.host, RrType::a});
  questions.push_back({host.host, RrType::aaaa});
  host.lookups = co_await ask_all(walk, std::move(questions));
}

asio::awaitable<AddressStep> ask_cname(Walk walk, HostEvidence& host) {
  Question question{host.host, RrType::cname};
  std::optional<Answer> cname = co_await ask(walk, std::move(question));
  AddressStep step;
  step.end = Located::not_run;
  if (!cname) co_return step;
  step = step_after_cname(*cname, host.host);
  host.lookups.push_back(std::move(*cname));
  co_return step;
}

// RFC 5155 9.2: opt-out proves no absence, so that a resolver calls the denial insecure. The zone is signed all the
// same: it is that of an address which is proven.
bool is_denied_by_opt_out(const Answer& tlsa, const HostEvidence& host) {
  const bool denied = tlsa.status == Status::insecure && tlsa.opt_out && tlsa.denial != Denial::none && tlsa.signer;
  return denied && std::ranges::any_of(host.lookups, [&](const Answer& answer) {
           return answer.status == Status::secure && !answer.data.empty() && answer.signer == tlsa.signer;
         });
}

// RFC 7672 2.2.3. A failed lookup ends the host at once: 2.1.2 makes it unreachable, so the next candidate must not
// be tried. An alias at the TLSA owner changes neither base domain nor names.
asio::awaitable<Located> find_tlsa(Walk walk, HostEvidence& host, std::vector<std::string> candidates) {
  bool insecure = false;
  for (const std::string& candidate : candidates) {
    Question question{fmt::format("_{}._tcp.{}", host.port, candidate), RrType::tlsa};
    if (question.name.size() > longest_name) continue;  // such an owner cannot exist
    std::optional<Answer> answer = co_await ask(walk, std::move(question));
    if (!answer) co_return Located::not_run;
    host.lookups.push_back(std::move(*answer));
    const Answer& tlsa = host.lookups.back();
    if (const auto failure = failure_of(tlsa)) co_return *failure;
    insecure = insecure || (tlsa.status == Status::insecure && !is_denied_by_opt_out(tlsa, host));
    if (tlsa.status != Status::secure || tlsa.data.empty()) continue;
    host.base_domain = candidate;
    take_records(host, tlsa, walk.options);
    co_return Located::dane;
  }
  co_return insecure ? Located::insecure : Located::no_tlsa;
}

// "10 192.0.2.1." in an MX, or a literal of the operator: an address without a name has no TLSA (RFC 7672 2.2).
void make_literal(HostEvidence& host, const Address& address) {
  host.located = Located::address_literal;
  host.base_domain.clear();
  host.addresses.assign(1, HostAddress{address, Status::insecure});
}

asio::awaitable<Located> walk_named_host(Walk walk, const HostPlan& plan, HostEvidence& host) {
  if (plan.port == 0) co_return Located::malformed;  // an SRV record that names no port
  co_await ask_addresses(walk, host);
  take_addresses(host, host.lookups, walk.options);
  AddressStep step = step_from(host.lookups, plan);
  if (!plan.ask_tlsa) {
    const bool reachable = !step.end || *step.end == Located::insecure;
    co_return reachable ? Located::insecure_srv : *step.end;
  }
  if (step.through_insecure_alias) step = co_await ask_cname(walk, host);
  if (step.end) co_return *step.end;
  Located located = co_await find_tlsa(walk, host, std::move(step.candidates));
  co_return located;
}

asio::awaitable<void> walk_host(Walk walk, const HostPlan& plan, HostEvidence& host) {
  host.host = host.base_domain = plan.host;
  host.unicode = to_unicode_name(plan.host);
  host.port = plan.port;
  host.preference = plan.preference;
  host.weight = plan.weight;
  if (const auto literal = parse_address(plan.host)) {
    make_literal(host, plan.address.value_or(*literal));
    co_return;
  }
  host.located = co_await walk_named_host(walk, plan, host);
  leave_out_families(host, walk.options);
  use_given_address(host, plan);
  host.names = reference_names(plan, host);
}

}  // namespace

asio::awaitable<std::vector<HostEvidence>> walk_hosts(Walk walk, std::vector<HostPlan> plans) {
  std::vector<HostEvidence> hosts(plans.size());
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    tasks.emplace_back([walk, &plan = plans[i], &host = hosts[i]] { return walk_host(walk, plan, host); });
  }
  co_await run_all(std::move(tasks), hosts_at_once);
  co_return hosts;
}

asio::awaitable<DnsEvidence> locate_host(Walk walk, const Target& target) {
  HostPlan plan;
  const bool literal = target.kind == TargetKind::address_literal && target.address;
  plan.host = literal ? to_string(*target.address) : target.name;
  plan.port = target.port;
  plan.address = target.address;
  plan.other_names = {target.name};  // RFC 7672 3.2.2: the name asked for stays a name beside its alias' target
  std::vector<HostPlan> plans;
  plans.push_back(std::move(plan));
  DnsEvidence evidence;
  evidence.hosts = co_await walk_hosts(walk, std::move(plans));
  evidence.located = literal ? Located::address_literal : Located::dane;
  co_return evidence;
}

}  // namespace danewatch
