#include "probe/probe.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/judge.hpp"
#include "probe/observe_all.hpp"
#include "probe/predicates.hpp"
#include "resolver/async.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

// An exception of a coroutine of ours: a bug or our own limit, unless the run is being cancelled.
asio::awaitable<void> rethrow_if_cancelled(std::exception_ptr error) {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(error);
}

asio::awaitable<DnsEvidence> locate_or_fail(Resolver& resolver, Target target, LocateOptions options,
                                            Deadline deadline) {
  std::exception_ptr error;
  try {
    DnsEvidence evidence = co_await locate(resolver, std::move(target), options, deadline);
    co_return evidence;
  } catch (...) {
    error = std::current_exception();
  }
  co_await rethrow_if_cancelled(error);
  DnsEvidence nothing;
  nothing.located = Located::local_failure;
  co_return nothing;
}

// Explanations only: what goes wrong here costs nothing but them.
asio::awaitable<void> diagnose_ports_if_possible(Resolver& resolver, DnsEvidence& evidence,
                                                 std::vector<std::size_t> hosts, LocateOptions options,
                                                 Deadline deadline) {
  std::exception_ptr error;
  try {
    co_await diagnose_other_ports(resolver, evidence, std::move(hosts), options, deadline);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_await rethrow_if_cancelled(error);
}

asio::awaitable<void> diagnose_if_possible(Resolver& resolver, DnsEvidence& evidence, LocateOptions options,
                                           Deadline deadline) {
  std::exception_ptr error;
  try {
    co_await diagnose(resolver, evidence, options, deadline);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_await rethrow_if_cancelled(error);
}

struct Observation {
  std::vector<std::vector<TlsEvidence>> tls;
  bool late = false;  // the deadline had come when the last address was done
};

asio::awaitable<void> observe_into(Observation& observation, const Observer& observer, const Report& report,
                                   Deadline deadline) {
  observation.tls = co_await observe_all(observer, report.target, report.dns, deadline);
  observation.late = observer.clock.steady() >= deadline;
}

// Only what is marked diagnostic is taken over, so that an explanation can never change a verdict.
void take_diagnostics(std::vector<Answer>& to, std::vector<Answer>&& from) {
  for (std::size_t i = to.size(); i < from.size(); ++i) {
    if (from[i].diagnostic) to.push_back(std::move(from[i]));
  }
}

void take_diagnostics(DnsEvidence& to, DnsEvidence&& from) {
  take_diagnostics(to.lookups, std::move(from.lookups));
  for (std::size_t h = 0; h < to.hosts.size() && h < from.hosts.size(); ++h) {
    take_diagnostics(to.hosts[h].lookups, std::move(from.hosts[h].lookups));
  }
}

HostMatches match_host(const Matcher& matcher, const Report& report, std::size_t index) {
  const HostEvidence& host = report.dns.hosts[index];
  HostMatches result;
  result.unusable = matcher.unusable(host.tlsa, *report.target.service);
  std::vector<std::string> names = host.names;
  if (names.empty()) names.push_back(host.base_domain.empty() ? host.host : host.base_domain);
  for (const TlsEvidence& evidence : report.tls[index]) {
    MatchResult& match = result.endpoints.emplace_back();
    if (!was_observed(evidence)) continue;
    MatchQuestion question;
    question.chain = evidence.chain;
    question.records = host.tlsa;
    question.names = names;
    question.service = report.target.service;
    question.at = report.at;
    match = matcher.match(question);
  }
  return result;
}

bool lacks_a_match(const HostEvidence& host, const HostMatches& matches) {
  if (host.located == Located::no_tlsa) return true;
  if (host.located != Located::dane) return false;
  constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};
  return std::ranges::find(matches.endpoints, no_match, &MatchResult::conclusion) != matches.endpoints.end();
}

// Hosts that speak TLS and have no record for what they show.
std::vector<std::size_t> hosts_without_match(const Report& report) {
  std::vector<std::size_t> hosts;
  for (std::size_t h = 0; h < report.dns.hosts.size(); ++h) {
    const bool seen = std::ranges::any_of(report.tls[h], [](const TlsEvidence& tls) { return was_observed(tls); });
    if (seen && lacks_a_match(report.dns.hosts[h], report.matches[h])) hosts.push_back(h);
  }
  return hosts;
}

double milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

void match_all(const Matcher& matcher, const Clock& clock, Report& report) {
  const auto begun = clock.steady();
  for (std::size_t h = 0; h < report.dns.hosts.size(); ++h) {
    report.matches.push_back(match_host(matcher, report, h));
  }
  report.timings.verify = milliseconds(clock.steady() - begun);
}

Report start(Target target, SysTime at, const ProbeOptions& options) {
  Report report;
  report.target = std::move(target);
  report.at = at;
  report.policy = options.policy;
  report.trust_anchor = options.trust_anchor;
  return report;
}

bool was_cut_short(const Report& report, bool late) {
  if (late || report.dns.located == Located::not_run) return true;
  for (const HostEvidence& host : report.dns.hosts) {
    if (host.located == Located::not_run) return true;
  }
  for (const auto& host : report.tls) {
    for (const TlsEvidence& evidence : host) {
      if (evidence.fault == Fault::not_run) return true;
    }
  }
  return false;
}

}  // namespace

Probe::Probe(Resolver& resolver, Dialer& dialer, const Matcher& matcher, const Clock& clock, ProbeOptions options)
    : resolver_(resolver),
      dialer_(dialer),
      matcher_(matcher),
      clock_(clock),
      options_(std::move(options)),
      own_gate_(options_.gate == nullptr ? std::make_unique<AddressGate>() : nullptr),
      gate_(own_gate_ ? *own_gate_ : *options_.gate),
      memory_(std::make_unique<ObservationMemory>(options_.share_for)) {}

Probe::~Probe() = default;

asio::awaitable<Report> Probe::run(Target target, Deadline deadline) {
  const auto begun = clock_.steady();
  Report report = start(std::move(target), clock_.now(), options_);
  Target question = report.target;
  report.dns = co_await locate_or_fail(resolver_, std::move(question), options_.locate, deadline);
  report.timings.dns = milliseconds(clock_.steady() - begun);
  if (options_.admit && !options_.admit(report.dns)) {
    Report postponed = not_run_report(report.target, Reason::not_run, report.at);
    co_return postponed;
  }

  // What explains is asked while the servers are looked at, and on a copy: it cannot touch a verdict.
  DnsEvidence diagnosed;
  if (options_.locate.diagnostics) diagnosed = report.dns;
  Observation observation;
  const Observer observer{
      dialer_, gate_, *memory_, clock_, options_.policy.views, options_.policy.attempts, options_.max_connections};
  std::vector<Task> tasks{[&] { return observe_into(observation, observer, report, deadline); }};
  if (options_.locate.diagnostics) {
    tasks.emplace_back([&] { return diagnose_if_possible(resolver_, diagnosed, options_.locate, deadline); });
  }
  const std::size_t both = tasks.size();
  co_await run_all(std::move(tasks), both);

  report.tls = std::move(observation.tls);
  report.complete = !was_cut_short(report, observation.late);
  take_diagnostics(report.dns, std::move(diagnosed));
  match_all(matcher_, clock_, report);
  std::vector<std::size_t> unmatched = hosts_without_match(report);
  if (!unmatched.empty()) {
    co_await diagnose_ports_if_possible(resolver_, report.dns, std::move(unmatched), options_.locate, deadline);
  }
  report.duration = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady() - begun);
  report.judgement = judge(report);
  co_return report;
}

}  // namespace danewatch
