#include <fmt/format.h>
#include <sys/resource.h>

#include <fstream>

#include "tests/bench/bench.hpp"

namespace danewatch::bench {
namespace {

std::size_t status_kb(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stoul(line.substr(field.size() + 1));
  }
  return 0;
}

std::chrono::microseconds to_microseconds(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

}  // namespace

std::chrono::microseconds cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return to_microseconds(usage.ru_utime) + to_microseconds(usage.ru_stime);
}

std::size_t resident_kb() {
  return status_kb("VmRSS");
}
std::size_t peak_resident_kb() {
  return status_kb("VmHWM");
}

void reset_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace danewatch::bench
