#include "cli/serve_config.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "cli/config_web.hpp"
#include "cli/errors.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "exporters/http_security.hpp"
#include "resolver/unbound_config.hpp"

namespace danewatch {
namespace {

void override_resolver(const ResolverOptions& given, ResolverOptions& options) {
  if (given.trust_anchor) options.trust_anchor = given.trust_anchor;
  if (given.root_hints) options.root_hints = given.root_hints;
  if (given.unbound_conf) options.unbound_conf = given.unbound_conf;
  if (!given.forwarders.empty()) options.forwarders = given.forwarders;
  if (!given.stubs.empty()) options.stubs = given.stubs;
}

}  // namespace

tl::expected<std::shared_ptr<const Config>, std::string> load_config(const ServeOptions& options) {
  Config config;
  config.modules = built_in_modules();
  if (options.config_file) {
    std::string text;
    try {
      text = read_file("--config.file", *options.config_file);
    } catch (const UsageError& error) {
      return tl::unexpected(std::string(error.what()));
    }
    auto parsed = parse_config(text, *options.config_file, wrong_file);
    if (!parsed) return tl::unexpected(fmt::format("{}", fmt::join(parsed.error(), "\n")));
    config = std::move(*parsed);
  }
  override_resolver(options.resolver, config.resolver);
  return std::make_shared<const Config>(std::move(config));
}

std::shared_ptr<HttpSecurity> web_security(const std::string& file) {
  WebConfigSource source;
  source.load = [file] {
    auto config = parse_web_config(read_file("--web.config.file", file), file);
    if (config) return *config;
    throw std::runtime_error(fmt::format("{}", fmt::join(config.error(), "\n")));
  };
  source.stamp = [file](const WebConfig& config) {
    std::string stamp = file_stamp(file).value_or("");
    if (!config.tls) return stamp;
    for (const auto& name : {config.tls->cert_file, config.tls->key_file, config.tls->client_ca_file.value_or("")}) {
      stamp += "|" + file_stamp(name).value_or("");
    }
    return stamp;
  };
  source.complain = [](const std::string& error) {
    write_log("the web configuration is wrong, the old one stays in force: " + error);
  };
  return make_security(std::move(source));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<BoardEntry> board_entries(const Config& config) {
  std::vector<BoardEntry> entries;
  for (const TargetConfig& target : config.targets) {
    const ModuleConfig& module = config.modules.at(target.module);
    BoardEntry& entry = entries.emplace_back();
    entry.name = target.name;
    entry.target = target.target;
    entry.module = target.module;
    entry.labels = target.labels;
    entry.interval = target.interval;
    entry.metrics.detail = target.detail;
    entry.metrics.per_address = module.per_address && target.detail == Detail::full;
    entry.metrics.max_hosts = module.max_hosts;
    entry.metrics.max_records = module.max_records;
    entry.metrics.timeout = module.timeout;
  }
  return entries;
}

std::optional<std::string> file_stamp(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return fmt::format("{}.{} {} {}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino);
}

}  // namespace danewatch
