// The process as /proc shows it.

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <sstream>

#include "exporters/self/self_metrics.hpp"

namespace danewatch {
namespace {

void add(std::vector<Family>& all, std::string_view name, MetricType type, std::string_view help,
         const std::optional<double>& value) {
  if (value) all.push_back({{name, type, help}, {{{}, *value}}});
}

// Fields of /proc/self/stat behind the name, which may hold anything; the first is field 3.
std::vector<std::string> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const auto end = text.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest(text.substr(end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Not from /proc/stat, which a service with ProcSubset=pid does not see. Reckoned once: when the world's clock is set,
// a start that moved would look like another start.
double boot_time() {
  static const double time = seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME);
  return time;
}

std::optional<double> open_descriptors() {
  DIR* directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) return std::nullopt;
  double count = 0;
  while (::readdir(directory) != nullptr) count += 1;
  ::closedir(directory);
  return count - 3;  // ".", ".." and the directory's own
}

std::optional<double> max_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::vector<Family> process_metrics() {
  constexpr auto gauge = MetricType::gauge;
  std::vector<Family> all;
  const auto fields = stat_fields();
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  if (fields.size() > 21) {
    const double cpu = (std::stod(fields[11]) + std::stod(fields[12])) / ticks;
    add(all, "process_cpu_seconds_total", MetricType::counter, "CPU time spent, in seconds.", cpu);
    add(all, "process_start_time_seconds", gauge, "When the process started, in seconds since 1970.",
        boot_time() + std::stod(fields[19]) / ticks);
    add(all, "process_virtual_memory_bytes", gauge, "Virtual memory size in bytes.", std::stod(fields[20]));
    add(all, "process_resident_memory_bytes", gauge, "Resident memory size in bytes.",
        std::stod(fields[21]) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  }
  add(all, "process_open_fds", gauge, "Open file descriptors.", open_descriptors());
  add(all, "process_max_fds", gauge, "Limit of open file descriptors.", max_descriptors());
  return all;
}

}  // namespace danewatch
