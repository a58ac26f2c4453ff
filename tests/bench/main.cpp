// Run inside the lab's bulk world: `danewatch-lab --bulk N -- danewatch-bench cost N`.
#include <sys/resource.h>

#include <charconv>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/bench/bench.hpp"

namespace {

using namespace danewatch::bench;
using nlohmann::ordered_json;

// What a complete probe costs beyond the handshake and the lookups it is made of.
ordered_json cost(std::size_t count) {
  const std::size_t third = count / 3;
  run_probes(bulk_domains(0, 10), 1);  // warm up: libraries, page cache
  const auto probes = run_probes(bulk_domains(10, third), 1);
  const auto handshake = bare_handshakes(probes.addresses);
  const auto lookup = bare_lookups(bulk_tlsa_names(10 + third, third));
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

ordered_json rate(std::size_t count, std::size_t jobs) {
  const auto run = run_probes(bulk_domains(0, count), jobs);
  const double grown = run.kb_peak > run.kb_before ? static_cast<double>(run.kb_peak - run.kb_before) : 0;
  return {{"bench", "rate"},
          {"probes", run.probes},
          {"authenticated", run.authenticated},
          {"in_flight", jobs},
          {"seconds", run.seconds},
          {"probes_per_second", static_cast<double>(run.probes) / run.seconds},
          {"probe_cpu_us", static_cast<double>(run.cpu.count()) / static_cast<double>(run.probes)},
          {"peak_rss_kb", run.kb_peak},
          {"kb_per_probe_in_flight", grown / static_cast<double>(jobs)}};
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
  if (what == "cost" && number(argv[2]) >= 30) {
    std::cout << cost(number(argv[2])).dump() << "\n";
  } else if (what == "rate" && argc > 3 && number(argv[3]) > 0) {
    std::cout << rate(number(argv[2]), number(argv[3])).dump() << "\n";
  } else {
    std::cerr << "usage: danewatch-bench cost COUNT | rate COUNT IN_FLIGHT\n";
    return 64;
  }
  return 0;
}
