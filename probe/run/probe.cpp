#include "probe/run/probe.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <tuple>

#include "probe/evidence/predicates.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/judgement/more_to_ask.hpp"
#include "probe/judgement/more_to_look.hpp"
#include "probe/observe/observe_all.hpp"
#include "probe/run/compare_all.hpp"
#include "resolver/async.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

// An exception of a coroutine of ours: a bug or our own limit, unless the run is being cancelled.
asio::awaitable<void> rethrow_if_cancelled(std::exception_ptr error) {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(error);
}

asio::awaitable<DnsEvidence> locate_or_fail(Resolver& resolver, const Clock& clock, Target target,
                                            LocateOptions options, Deadline deadline) {
  std::exception_ptr error;
  try {
    DnsEvidence evidence = co_await locate(resolver, clock, std::move(target), options, deadline);
    co_return evidence;
  } catch (...) {
    error = std::current_exception();
  }
  co_await rethrow_if_cancelled(error);
  DnsEvidence nothing;
  nothing.located = Located::local_failure;
  co_return nothing;
}

using Ask = asio::awaitable<std::vector<Answer>> (&)(Resolver&, const Clock&, std::vector<Question>, LocateOptions,
                                                     Deadline);

// Explanations only: what goes wrong here costs nothing but them.
asio::awaitable<std::vector<Answer>> ask_if_possible(Ask ask, Resolver& resolver, const Clock& clock,
                                                     std::vector<Question> questions, LocateOptions options,
                                                     Deadline deadline) {
  std::exception_ptr error;
  try {
    std::vector<Answer> answers = co_await ask(resolver, clock, std::move(questions), options, deadline);
    co_return answers;
  } catch (...) {
    error = std::current_exception();
  }
  co_await rethrow_if_cancelled(error);
  co_return std::vector<Answer>();
}

asio::awaitable<void> diagnose_if_possible(Resolver& resolver, const Clock& clock, DnsEvidence& evidence,
                                           LocateOptions options, Deadline deadline) {
  std::exception_ptr error;
  try {
    co_await diagnose(resolver, clock, evidence, options, deadline);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_await rethrow_if_cancelled(error);
}

// Beside the looks, and for no verdict's sake: what goes wrong here costs nothing but what it would have told.
asio::awaitable<void> ask_servers_if_possible(Resolver& resolver, const ProbeOptions& options, const DnsEvidence& dns,
                                              const Clock& clock, Deadline deadline, NameServers& servers) {
  servers.asked = options.ask_servers;
  servers.at = clock.now();
  if (servers.asked != NameServers::Asked::yes) co_return;
  std::vector<ZoneQuestion> questions = zones_to_ask(dns);
  std::exception_ptr error;
  try {
    servers.zones = co_await ask_name_servers(resolver, *options.transport, std::move(questions), options.server_limits,
                                              clock, deadline);
  } catch (...) {
    error = std::current_exception();
  }
  if (error) co_await rethrow_if_cancelled(error);
}

struct Observation {
  std::vector<HostFacts> hosts;
  bool late = false;  // the deadline had come when the last address was done
};

asio::awaitable<void> observe_into(Observation& observation, const Observer& observer, const Target& target,
                                   const DnsEvidence& dns, Deadline deadline) {
  observation.hosts = co_await observe_all(observer, target, dns, deadline);
  observation.late = observer.clock.steady() >= deadline;
}

// Only what is marked diagnostic is taken over, so that an explanation can never change a verdict.
void take_diagnostics(std::vector<Answer>& to, std::vector<Answer>&& from) {
  const auto known = std::ranges::mismatch(to, from).in2 - from.begin();
  for (auto answer = from.begin() + known; answer != from.end(); ++answer) {
    if (answer->diagnostic) to.push_back(std::move(*answer));
  }
}

// SRV records may name one host for two ports, and one port of it with two weights.
bool is_same_host(const HostEvidence& left, const HostEvidence& right) {
  const auto identity = [](const HostEvidence& host) {
    return std::tie(host.host, host.port, host.preference, host.weight);
  };
  return identity(left) == identity(right);
}

void take_diagnostics(Evidence& to, DnsEvidence&& from) {
  take_diagnostics(to.walk.lookups, std::move(from.lookups));
  for (HostFacts& host : to.hosts) {
    const auto diagnosed =
        std::ranges::find_if(from.hosts, [&](const HostEvidence& each) { return is_same_host(each, host.dns); });
    if (diagnosed == from.hosts.end()) continue;
    take_diagnostics(host.dns.lookups, std::move(diagnosed->lookups));
    from.hosts.erase(diagnosed);
  }
}

double milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

bool was_cut_short(const DnsEvidence& dns, const Observation& observation) {
  if (observation.late || dns.located == Located::not_run) return true;
  const auto unwalked = [](const HostEvidence& host) { return host.located == Located::not_run; };
  if (std::ranges::any_of(dns.hosts, unwalked)) return true;
  return std::ranges::any_of(observation.hosts, [](const HostFacts& host) {
    return std::ranges::find(host.endpoints, Fault::not_run, &TlsEvidence::fault) != host.endpoints.end();
  });
}

Evidence evidence_of(Target target, SysTime at, const ProbeOptions& options) {
  Evidence evidence;
  evidence.target = std::move(target);
  evidence.at = at;
  evidence.run.trust_anchor = options.trust_anchor;
  evidence.run.origin = options.origin;
  return evidence;
}

void put(Evidence& evidence, const DnsEvidence& dns, Observation observation) {
  evidence.run.complete = !was_cut_short(dns, observation);
  evidence.walk = dns;
  evidence.hosts = std::move(observation.hosts);
}

// Two hosts may have the same base domain: each question is asked once.
std::vector<Question> questions_of(const std::vector<HostQuestion>& asked) {
  std::vector<Question> questions;
  for (const auto& [host, question] : asked) {
    if (std::ranges::find(questions, question) == questions.end()) questions.push_back(question);
  }
  return questions;
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point begun, const Clock& clock) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady() - begun);
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
      own_workers_(options_.workers == nullptr ? std::make_unique<Workers>(worker_threads) : nullptr),
      workers_(own_workers_ ? *own_workers_ : *options_.workers),
      memory_(std::make_unique<ObservationMemory>(options_.share_for)) {}

Probe::~Probe() = default;

asio::awaitable<Evidence> Probe::look(Target target, Deadline deadline) {
  const auto begun = clock_.steady();
  Evidence evidence = evidence_of(std::move(target), clock_.now(), options_);
  Target question = evidence.target;
  DnsEvidence dns = co_await locate_or_fail(resolver_, clock_, std::move(question), options_.locate, deadline);
  evidence.run.timings.dns = milliseconds(clock_.steady() - begun);
  if (options_.admit && !options_.admit(dns)) {
    evidence.run = {};
    evidence.run.complete = false;
    evidence.run.not_looked.emplace();
    co_return evidence;
  }

  // What explains is asked while the servers are looked at, and on a copy: it cannot touch a verdict.
  DnsEvidence diagnosed;
  if (options_.locate.diagnostics) diagnosed = dns;
  Observation observation;
  const Observer eyes = observer();
  NameServers servers;
  std::vector<Task> tasks{[&] { return observe_into(observation, eyes, evidence.target, dns, deadline); }};
  if (options_.locate.diagnostics) {
    tasks.emplace_back([&] { return diagnose_if_possible(resolver_, clock_, diagnosed, options_.locate, deadline); });
  }
  if (options_.ask_servers != NameServers::Asked::no) {
    tasks.emplace_back([&] { return ask_servers(dns, evidence, servers, deadline); });
  }
  const std::size_t all = tasks.size();
  co_await run_all(std::move(tasks), all);
  put(evidence, dns, std::move(observation));
  evidence.servers = std::move(servers);
  take_diagnostics(evidence, std::move(diagnosed));
  co_return evidence;
}

asio::awaitable<void> Probe::ask_servers(const DnsEvidence& dns, Evidence& evidence, NameServers& servers,
                                         Deadline deadline) {
  const auto begun = clock_.steady();
  std::optional<NameServers> kept = options_.kept_servers ? options_.kept_servers(dns) : std::nullopt;
  if (kept) {
    servers = std::move(*kept);
    co_return;
  }
  co_await ask_servers_if_possible(resolver_, options_, dns, clock_, deadline, servers);
  if (servers.asked == NameServers::Asked::yes) evidence.run.timings.servers = milliseconds(clock_.steady() - begun);
}

Observer Probe::observer() {
  return {dialer_, gate_, *memory_, clock_, options_.policy.views, options_.policy.attempts, options_.max_connections};
}

// Nothing that a further look shows is needed for a report, so it is none of the run's parts that may be incomplete.
asio::awaitable<std::optional<Evidence>> Probe::look_again(const Report& report, Deadline deadline) {
  const std::vector<LookPlace> places = more_to_look(report);
  if (places.empty()) co_return std::nullopt;
  std::vector<PlaceLooks> known;
  for (const LookPlace& place : places) known.push_back({place, looks_at(report, place)});
  std::vector<AddressLooks> addresses;
  for (PlaceLooks& each : known) addresses.push_back({report.hosts[each.place.host].dns, each.seen});
  const Observer eyes = observer();
  co_await observe_again(eyes, report.target, addresses, deadline);
  Evidence evidence = with_looks(report, known);
  co_return evidence;
}

asio::awaitable<std::optional<Evidence>> Probe::explain(const Report& report, Deadline deadline) {
  std::vector<HostQuestion> more = more_to_ask(report);
  std::vector<Question> questions = questions_of(more);
  if (questions.empty() || !options_.locate.diagnostics) co_return std::nullopt;
  std::vector<HostQuestion> twice = worth_asking_elsewhere(report);
  std::vector<Question> again = questions_of(twice);
  std::vector<Answer> answers =
      co_await ask_if_possible(ask_to_explain, resolver_, clock_, std::move(questions), options_.locate, deadline);
  std::vector<Answer> others =
      co_await ask_if_possible(ask_elsewhere, resolver_, clock_, std::move(again), options_.locate, deadline);
  others = different_ones(report, std::move(others));
  std::ranges::move(twice, std::back_inserter(more));
  std::ranges::move(others, std::back_inserter(answers));
  Evidence evidence = with_answers(report, more, answers);
  co_return evidence;
}

asio::awaitable<Report> Probe::run(Target target, Deadline deadline) {
  const auto begun = clock_.steady();
  Evidence evidence = co_await look(std::move(target), deadline);
  KnownMatches matches(matcher_);
  if (evidence.run.not_looked) co_return judge(std::move(evidence), matches, options_.policy);
  const Comparer comparer{matcher_, workers_, clock_};
  const auto looked = clock_.steady();
  const bool in_time = co_await compare_all(comparer, evidence, matches, deadline);
  evidence.run.complete = evidence.run.complete && in_time;
  evidence.run.timings.verify = milliseconds(clock_.steady() - looked);
  evidence.run.duration = since(begun, clock_);
  Report report = judge(std::move(evidence), matches, options_.policy);

  std::optional<Evidence> seen = co_await look_again(report, deadline);
  if (seen) {
    const Evidence& more = *seen;
    const bool known = co_await compare_all(comparer, more, matches, deadline);
    seen->run.complete = seen->run.complete && known;
    seen->run.duration = since(begun, clock_);
    report = judge(std::move(*seen), matches, options_.policy);
  }
  std::optional<Evidence> explained = co_await explain(report, deadline);
  if (!explained) co_return report;
  explained->run.duration = since(begun, clock_);
  Report last = judge(std::move(*explained), matches, options_.policy);
  co_return last;
}

}  // namespace danewatch
