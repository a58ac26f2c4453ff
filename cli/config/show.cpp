// The configuration in force, as YAML.

#include <yaml-cpp/yaml.h>

#include "cli/config/config.hpp"

namespace danewatch {
namespace {

std::string shown(std::chrono::milliseconds time) {
  const auto count = time.count();
  if (count % 1000 != 0) return std::to_string(count) + "ms";
  return std::to_string(count / 1000) + "s";
}

std::string shown(Views views) {
  switch (views) {
    case Views::automatic:
      return "auto";
    case Views::standard:
      return "default";
    case Views::all:
      return "all";
  }
  return "auto";
}

std::string families(const LocateOptions& locate) {
  if (locate.ipv4 && locate.ipv6) return "both";
  return locate.ipv4 ? "ipv4" : "ipv6";
}

template <class Value>
void put(YAML::Emitter& out, const char* key, const Value& value) {
  out << YAML::Key << key << YAML::Value << value;
}

void put_module(YAML::Emitter& out, const ModuleConfig& module) {
  out << YAML::BeginMap;
  put(out, "service", module.service == nullptr ? "auto" : std::string(module.service->name));
  put(out, "timeout", shown(module.timeout));
  put(out, "views", shown(module.policy.views));
  put(out, "if_present", module.policy.if_present);
  put(out, "extra_records", std::string(to_string(module.policy.extra_records)));
  put(out, "attempts", module.policy.attempts);
  put(out, "families", families(module.locate));
  if (!module.dialer.helo.empty()) put(out, "helo", module.dialer.helo);
  put(out, "diagnostics", module.locate.diagnostics);
  put(out, "per_address", module.per_address);
  put(out, "max_hosts", module.max_hosts);
  put(out, "max_records", module.max_records);
  out << YAML::EndMap;
}

void put_target(YAML::Emitter& out, const TargetConfig& target) {
  out << YAML::BeginMap;
  put(out, "target", target.target.text);
  put(out, "name", target.name);
  put(out, "module", target.module);
  put(out, "interval", shown(target.interval));
  put(out, "detail", target.detail == Detail::full ? "full" : "summary");
  if (!target.labels.empty()) {
    out << YAML::Key << "labels" << YAML::Value << YAML::BeginMap;
    for (const Label& label : target.labels) put(out, label.name.c_str(), label.value);
    out << YAML::EndMap;
  }
  if (!target.next.empty()) {
    out << YAML::Key << "next" << YAML::Value << YAML::BeginSeq;
    for (const NextKey& key : target.next) out << (key.file.empty() ? to_text(key.records.front()) : key.file);
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

void put_resolver(YAML::Emitter& out, const ResolverOptions& options) {
  out << YAML::Key << "resolver" << YAML::Value << YAML::BeginMap;
  if (options.trust_anchor) put(out, "trust_anchor", *options.trust_anchor);
  if (options.root_hints) put(out, "root_hints", *options.root_hints);
  if (options.unbound_conf) put(out, "unbound_conf", *options.unbound_conf);
  put(out, "forwarders", options.forwarders);
  put(out, "stubs", options.stubs);
  out << YAML::EndMap;
}

void put_limits(YAML::Emitter& out, const LimitsConfig& limits) {
  out << YAML::Key << "limits" << YAML::Value << YAML::BeginMap;
  put(out, "in_flight", limits.in_flight);
  put(out, "per_provider", limits.per_provider);
  put(out, "probes", limits.probes);
  put(out, "connections", limits.connections);
  out << YAML::EndMap;
}

void put_history(YAML::Emitter& out, const HistoryConfig& history) {
  out << YAML::Key << "history" << YAML::Value << YAML::BeginMap;
  put(out, "file", history.file);
  if (!history.evidence.empty()) put(out, "evidence", history.evidence);
  put(out, "keep", std::to_string(history.keep.count()) + "s");
  out << YAML::EndMap;
}

std::vector<std::string> allowed(const TargetPolicy& policy) {
  std::vector<std::string> result = policy.names;
  for (const AddressBlock& block : policy.blocks) result.push_back(to_string(block));
  return result;
}

}  // namespace

std::string show_config(const Config& config) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "modules" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, module] : config.modules) {
    out << YAML::Key << name << YAML::Value;
    put_module(out, module);
  }
  out << YAML::EndMap << YAML::Key << "targets" << YAML::Value << YAML::BeginSeq;
  for (const TargetConfig& target : config.targets) put_target(out, target);
  out << YAML::EndSeq;
  put_resolver(out, config.resolver);
  const auto allow = allowed(config.allow_targets);
  if (!allow.empty()) put(out, "allow_targets", allow);
  put_limits(out, config.limits);
  put(out, "servers_interval", config.servers_interval ? shown(*config.servers_interval) : "never");
  if (config.history) put_history(out, *config.history);
  put(out, "reload_on_change", config.reload_on_change);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

std::string show_module(const std::string& name, const ModuleConfig& module) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << name << YAML::Value;
  put_module(out, module);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace danewatch
