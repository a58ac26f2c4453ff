// The configuration of `danewatch serve` as values.
//
// Immutable once read; a reload makes a new one. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/metrics/to_metrics.hpp"
#include "probe/life/archive.hpp"
#include "probe/observe/address_policy.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/report/policy.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

// How to look.
struct ModuleConfig {
  const Service* service = nullptr;  // of a target that names none; null: as `check` understands it
  std::chrono::milliseconds timeout{30000};
  Policy policy;
  LocateOptions locate;
  DialerOptions dialer;
  bool per_address = false;
  std::size_t max_hosts = 16;    // in metrics
  std::size_t max_records = 16;  // per host
};

// What to look at.
struct TargetConfig {
  std::string name;  // unique: the `target` label, and the address of its page
  Target target;
  std::string module;
  std::chrono::milliseconds interval{300000};
  Detail detail = Detail::summary;
  Labels labels;
  std::vector<NextKey> next;
};

struct LimitsConfig {
  std::size_t in_flight = 64;      // scheduled runs
  std::size_t per_provider = 8;    // of them, on servers of one provider
  std::size_t probes = 500;        // requests to /probe
  std::size_t connections = 1024;  // of HTTP clients
};

// What is remembered, and where.
struct HistoryConfig {
  std::string file;
  std::string evidence;                         // a folder for the evidence of each change; empty: none is kept
  std::chrono::seconds keep = kept_by_default;  // events and what has ended; what is there stays

  bool operator==(const HistoryConfig&) const = default;
};

struct Config {
  std::map<std::string, ModuleConfig> modules;  // with the built-in ones
  std::vector<TargetConfig> targets;
  ResolverOptions resolver;
  TargetPolicy allow_targets;
  LimitsConfig limits;
  std::optional<HistoryConfig> history;                                              // none: nothing survives a restart
  std::optional<std::chrono::milliseconds> servers_interval{std::chrono::hours(1)};  // none: they are not asked
  bool reload_on_change = false;
};

// `default`, and one named after each service.
std::map<std::string, ModuleConfig> built_in_modules();

// The target that a text means within a module: "www.example.org" is "https://www.example.org" for https.
Parsed<std::vector<Target>> module_targets(const ModuleConfig& module, std::string_view text);

// Everything that is wrong, in the order of the file: "FILE:LINE:COL: PATH: message (did you mean ...?)".
using ConfigErrors = std::vector<std::string>;

// Of a file that the resolver's options name ("--trust-anchor", PATH): "PATH: what is wrong", or nothing.
using FileCheck = std::function<std::optional<std::string>(const std::string& option, const std::string& path)>;

// The key of a file that `next:` names, by its path.
using ReadNext = std::function<Parsed<NextKey>(const std::string& path)>;

struct ConfigFiles {
  FileCheck check = nullptr;     // without it such files are not looked at
  ReadNext read_next = nullptr;  // without it such a key has no records
};

tl::expected<Config, ConfigErrors> parse_config(std::string_view text, const std::string& file,
                                                const ConfigFiles& files = {});

// What is in force, as YAML that would be read as the same. It holds no secrets: those are in the web configuration.
std::string show_config(const Config& config);
std::string show_module(const std::string& name, const ModuleConfig& module);

}  // namespace danewatch
