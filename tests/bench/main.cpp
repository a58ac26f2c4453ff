// Run inside the lab's bulk world: `danewatch-lab --bulk N -- danewatch-bench cost N`.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "tests/bench/bench.hpp"

namespace {

using namespace danewatch::bench;
using danewatch::RrType;
using nlohmann::ordered_json;

// What a complete probe costs beyond the handshake and the lookups it is made of.
ordered_json cost(std::size_t count) {
  const std::size_t third = count / 3;
  run_probes(bulk_domains(0, 10), 1);  // warm up: libraries, page cache
  const auto probes = run_probes(bulk_domains(10, third), 1);
  const auto handshake = bare_handshakes(probes.addresses);
  const auto lookup = bare_lookups(bulk_tlsa_names(10 + third, third), RrType::tlsa);
  const double lookups = static_cast<double>(probes.lookups) / static_cast<double>(probes.probes);
  const double each = static_cast<double>(probes.cpu.count()) / static_cast<double>(probes.probes);
  const double parts = static_cast<double>(handshake.count()) + lookups * static_cast<double>(lookup.count());
  return {{"bench", "cost"},
          {"probes", probes.probes},
          {"authenticated", probes.authenticated},
          {"handshake_cpu_us", handshake.count()},
          {"lookup_cpu_us", lookup.count()},
          {"probe_cpu_us", each},
          {"lookups_per_probe", lookups},
          {"ratio", each / parts}};
}

// Probes finished while `jobs` were in flight: neither the start nor the wait for the last silent addresses count.
double full_rate(const RunFigures& run, std::size_t jobs) {
  return static_cast<double>(run.probes - std::min(jobs, run.probes)) / run.full_seconds;
}

ordered_json rate(const char* name, const std::vector<std::string>& targets, std::size_t jobs) {
  const auto run = run_probes(targets, jobs);
  return {{"bench", name},
          {"probes", run.probes},
          {"authenticated", run.authenticated},
          {"in_flight", jobs},
          {"seconds", run.seconds},
          {"probes_per_second", full_rate(run, jobs)},
          {"probe_cpu_us", static_cast<double>(run.cpu.count()) / static_cast<double>(run.probes)},
          {"peak_rss_kb", run.kb_peak}};
}

// Peak memory of a run in a process of its own, so that nothing of an earlier one is reused.
std::size_t peak_kb(std::size_t count, std::size_t jobs) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    const std::size_t peak = run_probes(bulk_domains(0, count), jobs).kb_peak;
    ::_exit(::write(ends[1], &peak, sizeof peak) == sizeof peak ? 0 : 1);
  }
  ::close(ends[1]);
  std::size_t peak = 0;
  const bool told = ::read(ends[0], &peak, sizeof peak) == sizeof peak;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  if (!told) throw std::runtime_error("the measured run failed");
  return peak;
}

// Two runs over the same domains leave the same in libunbound's caches; what differs is the probes in flight.
ordered_json memory(std::size_t count, std::size_t jobs) {
  const std::size_t few = jobs / 10;
  const std::size_t peak_few = peak_kb(count, few);
  const std::size_t peak_many = peak_kb(count, jobs);
  const double grown = static_cast<double>(peak_many) - static_cast<double>(peak_few);
  return {{"bench", "memory"},
          {"probes", count},
          {"in_flight", {few, jobs}},
          {"peak_rss_kb", {peak_few, peak_many}},
          {"kb_per_probe_in_flight", grown / static_cast<double>(jobs - few)}};
}

// Beside what an idle loop of this machine is late by.
ordered_json latency() {
  const auto figures = [](Chains chains) -> ordered_json {
    const auto run = loop_latency(chains);
    return {{"turns", run.turns},
            {"matches", run.matches},
            {"p50_ms", run.p50_ms},
            {"p99_ms", run.p99_ms},
            {"worst_ms", run.worst_ms}};
  };
  return {{"bench", "latency"},
          {"idle", figures(Chains::none)},
          {"dear", figures(Chains::dear)},
          {"too_costly", figures(Chains::too_costly)}};
}

std::size_t number(const char* text) {
  std::size_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const std::string what = argc > 2 ? argv[1] : "";
  const std::size_t count = argc > 2 ? number(argv[2]) : 0;
  const std::size_t jobs = argc > 3 ? number(argv[3]) : 0;
  if (what == "cost" && count >= 30) {
    std::cout << cost(count).dump() << "\n";
  } else if (what == "lookups" && count > 1) {
    const auto mx = bare_lookups(lab_targets(count), RrType::mx);
    std::cout << ordered_json{{"bench", "lookups"}, {"mx_lookup_cpu_us", mx.count()}}.dump() << "\n";
  } else if (what == "rate" && count > 0 && jobs > 0) {
    std::cout << rate("rate", bulk_domains(0, count), jobs).dump() << "\n";
  } else if (what == "mixed" && count > 0 && jobs > 0) {
    std::cout << rate("mixed", lab_targets(count), jobs).dump() << "\n";
  } else if (what == "memory" && count > 0 && jobs >= 10) {
    std::cout << memory(count, jobs).dump() << "\n";
  } else if (argc > 1 && std::strcmp(argv[1], "latency") == 0) {
    std::cout << latency().dump() << "\n";
  } else {
    std::cerr << "usage: danewatch-bench cost COUNT | lookups COUNT | rate COUNT IN_FLIGHT | mixed COUNT IN_FLIGHT | "
                 "memory COUNT "
                 "IN_FLIGHT | latency\n";
    return 64;
  }
  return 0;
}
