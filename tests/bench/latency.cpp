#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "cli/clock/system_clock.hpp"
#include "probe/openssl/certificate.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/compare_all.hpp"
#include "probe/run/probe.hpp"
#include "tests/bench/bench.hpp"
#include "tests/support/maze.hpp"

namespace danewatch::bench {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Moment = std::chrono::steady_clock::time_point;

// That it is dear, or too costly, is what the figure is about.
void insist_on(Chains chains, const HostFacts& host) {
  const MatchLoad load = load_of({host.endpoints[0].chain, host.dns.tlsa, host.dns.names});
  const bool right = is_too_costly(load) == (chains == Chains::too_costly) && load.time > most_time_at_once;
  if (!right) throw std::runtime_error(fmt::format("the chain takes {} us", load.time.count()));
}

Evidence evidence_of(Chains chains, int number) {
  const bool dear = chains == Chains::dear;
  pki::CertificateSpec leaf;
  leaf.dns_names = {fmt::format("mx{}.example.org", number)};
  const pki::MazeSpec spec = dear ? pki::MazeSpec{4, 4, 8192, 64} : pki::MazeSpec{};
  Evidence evidence;
  evidence.target.service = &smtp_service();
  evidence.at = SysTime(1'760'000'000s);
  HostFacts& host = evidence.hosts.emplace_back();
  host.dns.names = leaf.dns_names;
  for (int salt = 0; salt < (dear ? 2 : 58); ++salt) host.dns.tlsa.push_back(pki::unrelated_tlsa(2, 1, 1, salt));
  TlsEvidence& seen = host.endpoints.emplace_back();
  seen.stage = Stage::done;
  seen.fault = Fault::none;
  for (const auto& der : pki::make_maze(leaf, spec).chain()) seen.chain.push_back(parse_certificate(der));
  insist_on(chains, host);
  return evidence;
}

asio::awaitable<void> compare(Comparer comparer, Evidence evidence, Moment end, std::size_t& matches) {
  const auto home = co_await asio::this_coro::executor;
  asio::steady_timer pause(home);
  while (std::chrono::steady_clock::now() < end) {
    KnownMatches found(comparer.matcher);
    co_await compare_all(comparer, evidence, found, end);
    ++matches;
    pause.expires_after(1ms);  // a run has other things to do
    co_await pause.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> tick(Moment end, std::vector<double>& late) {
  const auto home = co_await asio::this_coro::executor;
  asio::steady_timer timer(home);
  while (std::chrono::steady_clock::now() < end) {
    const Moment due = std::chrono::steady_clock::now() + 1ms;
    timer.expires_at(due);
    co_await timer.async_wait(asio::use_awaitable);
    late.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - due).count());
  }
}

void rethrow(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace

LatencyFigures loop_latency(Chains chains) {
  std::vector<Evidence> all;
  for (int n = 0; chains != Chains::none && n < 8; ++n) all.push_back(evidence_of(chains, n));
  asio::io_context io{1};
  const OpensslMatcher matcher;
  const SystemClock clock;
  Workers workers(worker_threads);
  const Comparer comparer{matcher, workers, clock};
  const Moment end = std::chrono::steady_clock::now() + 2s;
  LatencyFigures figures;
  std::vector<double> late;
  asio::co_spawn(io, tick(end, late), rethrow);
  for (Evidence& evidence : all) {
    asio::co_spawn(io, compare(comparer, std::move(evidence), end, figures.matches), rethrow);
  }
  io.run();
  std::ranges::sort(late);
  figures.turns = late.size();
  figures.p50_ms = late[late.size() / 2];
  figures.p99_ms = late[late.size() * 99 / 100];
  figures.worst_ms = late.back();
  return figures;
}

}  // namespace danewatch::bench
