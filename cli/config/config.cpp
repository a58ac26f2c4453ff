#include "cli/config/config.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "cli/config/reader.hpp"
#include "cli/options/options.hpp"
#include "cli/options/parse_values.hpp"
#include "resolver/unbound/config.hpp"

namespace danewatch {
namespace {

constexpr auto top_keys =
    std::to_array<std::string_view>({"modules", "targets", "defaults", "resolver", "allow_targets", "limits", "history",
                                     "servers_interval", "tlsrpt", "reload_on_change"});
constexpr auto resolver_keys =
    std::to_array<std::string_view>({"trust_anchor", "root_hints", "unbound_conf", "forwarders", "stubs"});
constexpr auto limit_keys = std::to_array<std::string_view>({"in_flight", "per_provider", "probes", "connections"});

constexpr auto history_keys = std::to_array<std::string_view>({"file", "evidence", "keep"});
constexpr auto tlsrpt_keys = std::to_array<std::string_view>({"paths", "trusted_authserv_id", "interval"});

void read_modules(ConfigReader& reader, const Place& place, Config& config) {
  reader.any_map(place, [&](const std::string& name, const Place& value) {
    const bool clean = std::ranges::all_of(
        name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; });
    if (!clean || name.empty()) {
      reader.fail(value, "is not a module name: letters, digits, - and _");
      return;
    }
    ModuleConfig module;
    if (config.modules.contains(name)) module = config.modules[name];
    read_module(reader, value, module);
    config.modules[name] = module;
  });
}

template <class Wrong>
void read_servers(ConfigReader& reader, const Place& place, std::vector<std::string>& servers, const Wrong& wrong) {
  reader.list(place, [&](const Place& entry) {
    const auto text = reader.text(entry);
    if (!text) return;
    if (const auto problem = wrong(*text)) return reader.fail(entry, *problem);
    servers.push_back(*text);
  });
}

void read_forwarders(ConfigReader& reader, const Place& place, std::vector<std::string>& servers) {
  read_servers(reader, place, servers, wrong_forwarder);
  const auto over_tls = std::ranges::count_if(servers, [](const auto& one) { return one.find('#') != one.npos; });
  const bool mixed = over_tls != 0 && static_cast<std::size_t>(over_tls) != servers.size();
  if (mixed) reader.fail(place, "either all forwarders are asked over TLS (#NAME) or none");
}

void read_resolver(ConfigReader& reader, const Place& place, ResolverOptions& options, const FileCheck& check_file) {
  const auto read_file = [&](const Place& value, const char* option, std::optional<std::string>& path) {
    path = reader.text(value);
    const auto problem = path && check_file ? check_file(option, *path) : std::nullopt;
    if (problem) reader.fail(value, *problem);
  };
  reader.map(place, resolver_keys, [&](const std::string& key, const Place& value) {
    if (key == "forwarders") read_forwarders(reader, value, options.forwarders);
    if (key == "stubs") read_servers(reader, value, options.stubs, wrong_stub);
    if (key == "trust_anchor") read_file(value, "--trust-anchor", options.trust_anchor);
    if (key == "root_hints") read_file(value, "--root-hints", options.root_hints);
    if (key == "unbound_conf") read_file(value, "--unbound-conf", options.unbound_conf);
  });
}

void read_allowed(ConfigReader& reader, const Place& place, TargetPolicy& policy) {
  reader.list(place, [&](const Place& entry) {
    const auto text = reader.text(entry);
    if (!text) return;
    const bool is_block = text->find('/') != std::string::npos || parse_address(*text).has_value();
    if (is_block) {
      const auto block = parse_address_block(*text);
      if (block) {
        policy.blocks.push_back(*block);
      } else {
        reader.fail(entry, block.error().message);
      }
      return;
    }
    const bool wild = text->starts_with("*.");
    const auto name = to_ascii_name(wild ? text->substr(2) : *text);
    if (name) {
      policy.names.push_back((wild ? "*." : "") + *name);
    } else {
      reader.fail(entry, "is neither a name nor an address block: " + name.error().message);
    }
  });
  if (place.node.IsSequence() && place.node.size() == 0)
    reader.fail(place, "must not be empty: nothing could be asked");
}

// How often each name server is asked by itself.
void read_servers_interval(ConfigReader& reader, const Place& place,
                           std::optional<std::chrono::milliseconds>& interval) {
  using namespace std::chrono_literals;
  if (place.node.IsScalar() && place.node.Scalar() == "never") {
    interval.reset();
  } else if (const auto given = reader.duration(place, 60s, 168h)) {
    interval = given;
  }
}

void read_limits(ConfigReader& reader, const Place& place, LimitsConfig& limits) {
  reader.map(place, limit_keys, [&](const std::string& key, const Place& value) {
    std::size_t& limit = key == "in_flight"      ? limits.in_flight
                         : key == "per_provider" ? limits.per_provider
                         : key == "probes"       ? limits.probes
                                                 : limits.connections;
    reader.into(limit, reader.integer(value, 1, 100000));
  });
}

void read_history(ConfigReader& reader, const Place& place, Config& config) {
  HistoryConfig history;
  reader.map(place, history_keys, [&](const std::string& key, const Place& value) {
    const auto text = reader.text(value);
    if (!text) return;
    const bool is_whole = text->starts_with('/');
    if (key == "file" && !is_whole) reader.fail(value, "must be the whole path of a file");
    if (key == "evidence" && !is_whole) reader.fail(value, "must be the whole path of a folder");
    if (key == "file") history.file = *text;
    if (key == "evidence") history.evidence = *text;
    if (key != "keep") return;
    const auto keep = parse_span(*text);
    if (!keep) return reader.fail(value, keep.error().message);
    if (*keep < std::chrono::days(1)) return reader.fail(value, "must be a day at least");
    history.keep = *keep;
  });
  if (place.node.IsMap() && history.file.empty()) reader.fail(place, "needs a file");
  config.history = history;
}

// As a mail server writes it before the semicolon (RFC 8601 2.3).
bool is_authserv_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != ';' && c != '"'; });
}

void read_tlsrpt(ConfigReader& reader, const Place& place, Config& config) {
  using namespace std::chrono_literals;
  TlsrptConfig tlsrpt;
  reader.map(place, tlsrpt_keys, [&](const std::string& key, const Place& value) {
    if (key == "interval") reader.into(tlsrpt.interval, reader.duration(value, 1s, 24h));
    if (key == "paths") {
      reader.list(value, [&](const Place& entry) {
        const auto path = reader.text(entry);
        if (path && !path->starts_with('/')) reader.fail(entry, "must be the whole path of a file or directory");
        if (path) tlsrpt.paths.push_back(*path);
      });
    }
    if (key != "trusted_authserv_id") return;
    const auto id = reader.text(value);
    if (id && !is_authserv_id(*id)) reader.fail(value, "is not a name as Authentication-Results has it");
    reader.into(tlsrpt.trusted_authserv_id, id);
  });
  if (place.node.IsMap() && tlsrpt.paths.empty()) reader.fail(place, "needs paths");
  config.tlsrpt = tlsrpt;
}

// Modules before targets, wherever they stand in the file.
void read_document(ConfigReader& reader, const YAML::Node& root, Config& config, const ConfigFiles& files) {
  Place targets{YAML::Node(YAML::NodeType::Undefined), "targets"};
  Place defaults{YAML::Node(YAML::NodeType::Undefined), "defaults"};
  reader.map(Place{root, ""}, top_keys, [&](const std::string& key, const Place& value) {
    if (key == "modules") read_modules(reader, value, config);
    if (key == "targets") targets.node.reset(value.node);
    if (key == "defaults") defaults.node.reset(value.node);
    if (key == "resolver") read_resolver(reader, value, config.resolver, files.check);
    if (key == "allow_targets") read_allowed(reader, value, config.allow_targets);
    if (key == "limits") read_limits(reader, value, config.limits);
    if (key == "history") read_history(reader, value, config);
    if (key == "tlsrpt") read_tlsrpt(reader, value, config);
    if (key == "servers_interval") read_servers_interval(reader, value, config.servers_interval);
    if (key == "reload_on_change") reader.into(config.reload_on_change, reader.boolean(value));
  });
  read_targets(reader, {targets, defaults, files.read_next}, config);
}

// Where the content of a document begins.
class Begin final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { note(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {
    note(mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    note(mark);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    note(mark);
  }
  void OnMapEnd() override {}

  std::optional<YAML::Mark> at;

 private:
  void note(const YAML::Mark& seen) {
    if (!at) at = seen;
  }
};

// YAML::LoadAll never ends for a file that begins with a comma.
std::optional<YAML::Mark> second_document(const std::string& text) {
  std::istringstream input(text);
  YAML::Parser parser(input);
  Begin first;
  Begin second;
  if (parser.HandleNextDocument(first)) parser.HandleNextDocument(second);
  return second.at;
}

}  // namespace

tl::expected<Config, ConfigErrors> parse_config(std::string_view text, const std::string& file,
                                                const ConfigFiles& files) {
  ConfigReader reader(file);
  Config config;
  config.modules = built_in_modules();
  ConfigErrors errors = reader.document(text, [&](const YAML::Node& root) {
    const auto second = second_document(std::string(text));
    if (!root.IsDefined() || root.IsNull()) {
      reader.fail(ConfigReader::begin(), "", "the file is empty");
    } else if (second) {
      reader.fail(*second, "", "a second document in one file");
    } else {
      read_document(reader, root, config, files);
    }
  });
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return config;
}

}  // namespace danewatch
