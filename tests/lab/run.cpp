#include "tests/lab/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <sstream>

#include "tests/lab/bulk_mixed.hpp"
#include "tests/lab/check.hpp"
#include "tests/lab/copies.hpp"
#include "tests/lab/lab.hpp"
#include "tests/lab/listen.hpp"
#include "tests/lab/name_space.hpp"
#include "tests/lab/options.hpp"
#include "tests/lab/unbound.hpp"

namespace danewatch::lab {
namespace {

constexpr int status_forbidden = 3;
constexpr int status_usage = 64;
constexpr int status_broken = 70;

std::filesystem::path danewatch_of(const Options& options) {
  if (!options.danewatch.empty()) return std::filesystem::absolute(options.danewatch);
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "danewatch";
}

std::vector<std::string> command_of(const Options& options) {
  if (!options.command.empty()) return options.command;
  const char* shell = std::getenv("SHELL");
  return {shell != nullptr && *shell != '\0' ? shell : "/bin/sh"};
}

void list(const std::vector<Scene>& scenes) {
  for (const auto& scene : scenes) fmt::print("  {:24} {}\n", scene.domain(), scene.about);
}

void welcome(const std::vector<Scene>& scenes) {
  list(scenes);
  fmt::print("\nTry: danewatch check {}\n", scenes.front().domain());
  std::fflush(stdout);
}

int in_lab(const Lab& lab, const std::vector<Scene>& scenes, const Options& options, const OutsideSocket& outside) {
  const auto danewatch = danewatch_of(options);
  lab.set_environment(danewatch.parent_path());
  Children children;
  if (options.resolver) start_unbound(lab, children);
  if (options.mode == Options::Mode::check) {
    const auto jobs = static_cast<std::size_t>(options.jobs);
    const auto bad = options.at_once ? check_at_once(lab, danewatch) : check_all(lab, danewatch, jobs, options.quiet);
    return bad == 0 ? 0 : 1;
  }
  if (options.mode == Options::Mode::demo) {
    demonstrate(lab, scenes, danewatch);
    return 0;
  }
  if (options.command.empty() && !scenes.empty() && !options.quiet && isatty(STDIN_FILENO) != 0) welcome(scenes);
  if (outside.fd() >= 0) setenv("DANEWATCH_LAB_URL", outside.url().c_str(), 1);
  return run_program(command_of(options), outside.fd());
}

BulkOptions bulk_of(const Options& options) {
  BulkOptions bulk;
  bulk.domains = static_cast<std::size_t>(options.bulk);
  bulk.zones = static_cast<std::size_t>(options.bulk_zones);
  bulk.latency = std::chrono::milliseconds(options.latency_ms);
  bulk.dns_latency = std::chrono::milliseconds(options.dns_latency_ms);
  bulk.providers = static_cast<std::size_t>(options.providers);
  bulk.silent_percent = static_cast<std::size_t>(options.silent_percent);
  return bulk;
}

// "FILE" or "FILE:NAME,NAME"
std::vector<Scene> scenes_in(const std::string& file) {
  const auto colon = std::min(file.rfind(':'), file.size());
  std::vector<std::string> names;
  std::istringstream words(colon < file.size() ? file.substr(colon + 1) : "");
  for (std::string name; std::getline(words, name, ',');) names.push_back(name);
  return select_scenes(load_scenes(file.substr(0, colon)), names);
}

std::vector<Scene> scenes_of(const Options& options) {
  std::vector<Scene> scenes;
  for (const auto& file : options.scenes) std::ranges::move(scenes_in(file), std::back_inserter(scenes));
  if (options.scenes.empty()) scenes = load_scenes(DANEWATCH_LAB_SCENES);
  return select_scenes(std::move(scenes), options.names);
}

int run_with(const Options& options) {
  const OutsideSocket outside(options.listen);  // before the private network is entered
  if (options.bulk > 0) {
    const Lab lab(options.mixed ? mixed_world(bulk_of(options)) : bulk_world(bulk_of(options)));
    return in_lab(lab, {}, options, outside);
  }
  const auto scenes = copies_of(scenes_of(options), options.copies);
  if (options.mode == Options::Mode::list) {
    list(scenes);
    return 0;
  }
  const Lab lab(build_world(scenes), std::chrono::seconds(options.turn_seconds));
  return in_lab(lab, scenes, options, outside);
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  try {
    const auto options = parse_options(arguments);
    if (options.mode == Options::Mode::help) {
      fmt::print("{}", usage);
      return 0;
    }
    return run_with(options);
  } catch (const UsageError& error) {
    fmt::print(stderr, "danewatch-lab: {}\n{}", error.what(), usage);
    return status_usage;
  } catch (const SceneError& error) {
    fmt::print(stderr, "danewatch-lab: {}\n", error.what());
    return status_usage;
  } catch (const Forbidden& error) {
    fmt::print(stderr, "danewatch-lab: {}\n", error.what());
    return status_forbidden;
  } catch (const std::exception& error) {
    fmt::print(stderr, "danewatch-lab: {}\n", error.what());
    return status_broken;
  }
}

}  // namespace danewatch::lab
