// From a mail domain or an SRV name to its hosts (RFC 7672 2.2.1, RFC 7505, RFC 7673 3.1).
#include <algorithm>

#include "resolver/walk/inner.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::string_view no_target = ".";

// Hosts of an MX RRset, best first; what has the same preference stays as received.
std::vector<Mx> hosts_by_preference(const Answer& answer) {
  std::vector<Mx> all = values_of<Mx>(answer);
  std::ranges::stable_sort(all, {}, &Mx::preference);
  std::vector<Mx> distinct;
  for (const Mx& mx : all) {
    if (std::ranges::find(distinct, mx.host, &Mx::host) == distinct.end()) distinct.push_back(mx);
  }
  return distinct;
}

// RFC 7672 3.2.2: the next-hop domain, and what it is an alias for, count only if the MX RRset is proven; names
// between the two never do.
std::vector<std::string> next_hop_names(const Answer& answer, const Target& target) {
  if (answer.status != Status::secure) return {};
  std::vector<std::string> names{target.name};
  if (!answer.aliases.empty()) names.push_back(answer.canonical_name);
  return names;
}

std::vector<HostPlan> mail_plans(const Answer& answer, const Target& target, const std::vector<Mx>& exchanges) {
  std::vector<HostPlan> plans;
  for (const Mx& mx : exchanges) {
    HostPlan plan;
    plan.host = mx.host;
    plan.port = target.port;
    plan.preference = mx.preference;
    plan.address = target.address;
    plan.other_names = next_hop_names(answer, target);
    plans.push_back(std::move(plan));
  }
  return plans;
}

HostPlan own_host_plan(const Target& target) {
  HostPlan plan;
  plan.host = target.name;
  plan.port = target.port;
  plan.address = target.address;
  plan.other_names = {target.name};
  return plan;
}

// RFC 7505 3: a null MX says the domain takes no mail, also where it wrongly stands beside others.
bool settle_null_mx(DnsEvidence& evidence, const std::vector<Mx>& exchanges) {
  if (std::ranges::find(exchanges, no_target, &Mx::host) == exchanges.end()) return false;
  evidence.located = Located::no_service;
  evidence.null_mx_beside_others = exchanges.size() > 1;
  return true;
}

// The answer to MX or SRV, noted in the evidence. Nothing: the walk is over and `located` says why.
asio::awaitable<std::optional<Answer>> ask_service(Walk walk, Question question, DnsEvidence& evidence) {
  std::optional<Answer> answer = co_await ask(walk, std::move(question));
  if (!answer) {
    evidence.located = Located::not_run;
    co_return std::nullopt;
  }
  evidence.lookups.push_back(*answer);
  evidence.service_status = answer->status;
  if (const auto failure = failure_of(*answer)) {
    evidence.located = *failure;
    co_return std::nullopt;
  }
  co_return answer;
}

std::vector<Srv> services_by_priority(const Answer& answer) {
  std::vector<Srv> all = values_of<Srv>(answer);
  std::ranges::stable_sort(all, {}, &Srv::priority);
  const auto same_place = [](const Srv& left, const Srv& right) {
    return left.target == right.target && left.port == right.port;
  };
  std::vector<Srv> distinct;
  for (const Srv& srv : all) {
    const auto seen = [&](const Srv& other) { return same_place(srv, other); };
    if (std::ranges::none_of(distinct, seen)) distinct.push_back(srv);
  }
  return distinct;
}

// RFC 7673 4.1 and 4.2: a proven SRV RRset makes its target the first name; an unproven one gives the service domain
// alone, and no TLSA (3.1).
std::vector<HostPlan> srv_plans(const Answer& answer, const Target& target, const std::vector<Srv>& services) {
  const bool secure = answer.status == Status::secure;
  std::vector<HostPlan> plans;
  for (const Srv& srv : services) {
    HostPlan plan;
    plan.host = srv.target;
    plan.port = srv.port;
    plan.preference = srv.priority;
    plan.weight = srv.weight;
    plan.address = target.address;
    plan.other_names = {target.name};
    plan.base_is_name = plan.ask_tlsa = secure;
    plan.service_name_first = true;
    plans.push_back(std::move(plan));
  }
  return plans;
}

asio::awaitable<void> walk_into(Walk walk, std::vector<HostPlan> plans, DnsEvidence& evidence) {
  cut_to(plans, walk.options.max_hosts, "hosts", evidence.cuts);
  evidence.hosts = co_await walk_hosts(walk, std::move(plans));
}

}  // namespace

asio::awaitable<DnsEvidence> locate_mail(Walk walk, const Target& target) {
  DnsEvidence evidence;
  Question question{target.name, RrType::mx};
  const std::optional<Answer> answer = co_await ask_service(walk, std::move(question), evidence);
  if (!answer) co_return evidence;
  evidence.located = answer->status == Status::secure ? Located::dane : Located::insecure_mx;
  if (answer->denial == Denial::nxdomain) {
    evidence.located = Located::nxdomain;  // RFC 5321 5.1: no implicit MX for a name that does not exist
    co_return evidence;
  }
  std::vector<HostPlan> plans;
  evidence.implicit_mx = answer->data.empty();
  if (evidence.implicit_mx) {
    plans.push_back(own_host_plan(target));
  } else {
    const std::vector<Mx> exchanges = hosts_by_preference(*answer);
    if (settle_null_mx(evidence, exchanges)) co_return evidence;
    plans = mail_plans(*answer, target, exchanges);
    if (plans.empty()) evidence.located = Located::malformed;
  }
  co_await walk_into(walk, std::move(plans), evidence);
  co_return evidence;
}

asio::awaitable<DnsEvidence> locate_srv(Walk walk, const Target& target) {
  DnsEvidence evidence;
  Question question{target.srv_owner, RrType::srv};
  const std::optional<Answer> answer = co_await ask_service(walk, std::move(question), evidence);
  if (!answer) co_return evidence;
  std::vector<HostPlan> plans;
  if (answer->data.empty()) {
    // RFC 7673 3.1: without SRV the protocol's ordinary way holds; where there is none, the service does not exist.
    evidence.located = target.kind == TargetKind::srv_then_host ? Located::dane : Located::nxdomain;
    if (evidence.located == Located::dane) plans.push_back(own_host_plan(target));
  } else {
    std::vector<Srv> services = services_by_priority(*answer);
    const auto declined = std::erase_if(services, [](const Srv& srv) { return srv.target == no_target; });
    plans = srv_plans(*answer, target, services);
    evidence.located = answer->status == Status::secure ? Located::dane : Located::insecure_srv;
    if (plans.empty()) evidence.located = declined > 0 ? Located::no_service : Located::malformed;
  }
  co_await walk_into(walk, std::move(plans), evidence);
  co_return evidence;
}

}  // namespace danewatch
