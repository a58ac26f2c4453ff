#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <fstream>

#include "cli/clock/system_clock.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/probe.hpp"
#include "resolver/async.hpp"
#include "resolver/unbound/resolver.hpp"
#include "tests/bench/bench.hpp"

namespace danewatch::bench {
namespace {

namespace asio = boost::asio;

using Moment = std::chrono::steady_clock::time_point;

ResolverOptions lab_resolver() {
  ResolverOptions options;
  options.trust_anchor = std::getenv("DANEWATCH_TRUST_ANCHOR");
  options.root_hints = std::getenv("DANEWATCH_ROOT_HINTS");
  return options;
}

ProbeOptions plain_options() {
  ProbeOptions options;
  options.policy.views = Views::standard;
  options.locate.diagnostics = false;
  return options;
}

asio::awaitable<void> probe_one(Probe& probe, const std::string& domain, Moment started, RunFigures& figures) {
  figures.full_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  auto targets = parse_targets(domain);
  Target target = targets->front();
  const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  const Report report = co_await probe.run(std::move(target), deadline);
  ++figures.probes;
  if (report.conclusion.verdict == Verdict::authenticated) ++figures.authenticated;
  figures.lookups += report.walk.lookups.size();
  for (const auto& host : report.hosts) figures.lookups += host.dns.lookups.size();
  for (const auto& host : report.hosts) {
    for (const auto& endpoint : looks(host)) {
      if (shows_chain(endpoint)) figures.addresses.push_back(endpoint.address);
    }
  }
}

}  // namespace

std::vector<std::string> bulk_domains(std::size_t first, std::size_t count) {
  std::vector<std::string> domains;
  for (std::size_t i = first + 1; i <= first + count; ++i) domains.push_back(fmt::format("d{}.bulk.lab", i));
  return domains;
}

std::vector<std::string> lab_targets(std::size_t count) {
  std::ifstream file(std::getenv("DANEWATCH_LAB_TARGETS"));
  std::vector<std::string> targets;
  for (std::string line; targets.size() < count && std::getline(file, line);) targets.push_back(line);
  return targets;
}

std::vector<std::string> bulk_tlsa_names(std::size_t first, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = first + 1; i <= first + count; ++i) names.push_back(fmt::format("_25._tcp.h{}.bulk.lab", i));
  return names;
}

RunFigures run_probes(const std::vector<std::string>& domains, std::size_t jobs) {
  asio::io_context io{1};
  UnboundResolver resolver(io.get_executor(), lab_resolver());
  OpensslDialer dialer(io.get_executor(), {});
  const OpensslMatcher matcher;
  const SystemClock clock;
  Probe probe(resolver, dialer, matcher, clock, plain_options());
  RunFigures figures;
  reset_peak();
  figures.kb_before = resident_kb();
  const auto cpu_before = cpu_time();
  const auto started = std::chrono::steady_clock::now();
  std::vector<Task> tasks;
  for (const auto& domain : domains) {
    tasks.emplace_back([&probe, &domain, started, &figures] { return probe_one(probe, domain, started, figures); });
  }
  asio::co_spawn(io, run_all(std::move(tasks), jobs), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
  io.run();
  figures.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  figures.cpu = cpu_time() - cpu_before;
  figures.kb_peak = peak_resident_kb();
  return figures;
}

}  // namespace danewatch::bench
