// Measuring: CPU time, memory, and the figures printed as JSON.
//
// Figures are compared with a baseline measured in the same run (a ratio), because machines differ and are noisy.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::bench {

// User and system time of all threads of this process so far.
std::chrono::microseconds cpu_time();

std::size_t resident_kb();       // now
std::size_t peak_resident_kb();  // since start, or since reset_peak()
void reset_peak();

// Domains of the lab's bulk world; `first` counts from 0. Fresh ones for every phase, so that nothing is cached.
std::vector<std::string> bulk_domains(std::size_t first, std::size_t count);
// All targets of the lab ($DANEWATCH_LAB_TARGETS), at most `count`.
std::vector<std::string> lab_targets(std::size_t count);
std::vector<std::string> bulk_tlsa_names(std::size_t first, std::size_t count);

struct RunFigures {
  std::size_t probes = 0;
  std::size_t authenticated = 0;
  std::size_t lookups = 0;  // DNS questions asked, all probes
  double seconds = 0;       // of the whole run
  double full_seconds = 0;  // until the last probe was started: so long `jobs` were in flight
  std::chrono::microseconds cpu{0};
  std::size_t kb_before = 0;
  std::size_t kb_peak = 0;
  std::vector<Address> addresses;  // that showed a certificate
};

// Complete probes, view `default`, at most `jobs` in flight.
RunFigures run_probes(const std::vector<std::string>& domains, std::size_t jobs);

// CPU of one bare blocking client: connect, STARTTLS, handshake, close. Nothing is kept or judged.
std::chrono::microseconds bare_handshakes(const std::vector<Address>& addresses);

// CPU of one bare blocking ub_resolve() of a fresh name, keys of the zone cached.
std::chrono::microseconds bare_lookups(const std::vector<std::string>& names, RrType type);

struct LatencyFigures {
  std::size_t turns = 0;    // of the loop that were timed
  std::size_t matches = 0;  // chains compared meanwhile
  double p50_ms = 0, p99_ms = 0, worst_ms = 0;
};

enum class Chains { none, dear, too_costly };

// How late a loop is while eight different chains of that kind are looked at on it, over and over for two seconds.
LatencyFigures loop_latency(Chains chains);

}  // namespace danewatch::bench
