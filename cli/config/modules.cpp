// Modules: how targets are looked at.

#include <array>
#include <map>

#include "cli/config/reader.hpp"

namespace danewatch {
namespace {

using namespace std::chrono_literals;

constexpr auto module_keys =
    std::to_array<std::string_view>({"service", "timeout", "views", "if_present", "extra_records", "attempts",
                                     "families", "helo", "diagnostics", "per_address", "max_hosts", "max_records"});
constexpr auto view_words = std::to_array<std::string_view>({"auto", "default", "all"});
constexpr auto severity_words = std::to_array<std::string_view>({"ok", "warning", "critical"});
constexpr auto family_words = std::to_array<std::string_view>({"both", "ipv4", "ipv6"});

std::vector<std::string_view> service_words() {
  std::vector<std::string_view> words{"auto"};
  for (const Service& service : services()) words.push_back(service.name);
  return words;
}

void read_judging(ConfigReader& reader, const std::string& key, const Place& place, Policy& policy) {
  if (key == "views") {
    static const std::map<std::string, Views> views{
        {"auto", Views::automatic}, {"default", Views::standard}, {"all", Views::all}};
    if (const auto word = reader.word(place, view_words)) policy.views = views.at(*word);
  } else if (key == "if_present") {
    reader.into(policy.if_present, reader.boolean(place));
  } else if (key == "extra_records") {
    const auto word = reader.word(place, severity_words);
    if (const auto severity = word ? severity_from(*word) : std::nullopt) policy.extra_records = *severity;
  } else if (key == "attempts") {
    if (const auto count = reader.integer(place, 1, 10)) policy.attempts = static_cast<int>(*count);
  }
}

// EHLO names go out on the wire as they are: a stray space or line end would be a second command.
void read_helo(ConfigReader& reader, const Place& place, std::string& helo) {
  const auto name = reader.text(place);
  if (!name) return;
  const auto ascii = to_ascii_name(*name);
  if (ascii) {
    helo = *ascii;
  } else {
    reader.fail(place, "is not a host name: " + ascii.error().message);
  }
}

void read_families(ConfigReader& reader, const Place& place, LocateOptions& locate) {
  const auto word = reader.word(place, family_words);
  if (!word) return;
  locate.ipv4 = *word != "ipv6";
  locate.ipv6 = *word != "ipv4";
}

}  // namespace

void read_module(ConfigReader& reader, const Place& place, ModuleConfig& module) {
  reader.map(place, module_keys, [&](const std::string& key, const Place& value) {
    if (key == "service") {
      if (const auto word = reader.word(value, service_words())) module.service = find_service(*word);
    } else if (key == "timeout") {
      reader.into(module.timeout, reader.duration(value, 100ms, 10min));
    } else if (key == "families") {
      read_families(reader, value, module.locate);
    } else if (key == "helo") {
      read_helo(reader, value, module.dialer.helo);
    } else if (key == "diagnostics") {
      reader.into(module.locate.diagnostics, reader.boolean(value));
    } else if (key == "per_address") {
      reader.into(module.per_address, reader.boolean(value));
    } else if (key == "max_hosts") {
      reader.into(module.max_hosts, reader.integer(value, 1, 100));
    } else if (key == "max_records") {
      reader.into(module.max_records, reader.integer(value, 1, 100));
    } else {
      read_judging(reader, key, value, module.policy);
    }
  });
}

std::map<std::string, ModuleConfig> built_in_modules() {
  std::map<std::string, ModuleConfig> modules;
  modules["default"];
  for (const Service& service : services()) modules[std::string(service.name)].service = &service;
  return modules;
}

Parsed<std::vector<Target>> module_targets(const ModuleConfig& module, std::string_view text) {
  const bool own_service = text.find("://") != std::string_view::npos || text.starts_with('_');
  // A mail domain is what a bare name means to smtp anyway; smtp:// would be one host.
  const bool bare = module.service == nullptr || module.service == &smtp_service() || own_service;
  if (bare) return parse_targets(text);
  const bool needs_port = module.service->port == 0;
  if (needs_port) return parse_targets(text);
  return parse_targets(std::string(module.service->name) + "://" + std::string(text));
}

}  // namespace danewatch
