#include "cli/serve/config.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "cli/clock/system_clock.hpp"
#include "cli/config/web.hpp"
#include "cli/options/next.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "exporters/http/security.hpp"
#include "exporters/words/escape.hpp"
#include "resolver/unbound/config.hpp"

namespace danewatch {
namespace {

void override_resolver(const ResolverOptions& given, ResolverOptions& options) {
  if (given.trust_anchor) options.trust_anchor = given.trust_anchor;
  if (given.root_hints) options.root_hints = given.root_hints;
  if (given.unbound_conf) options.unbound_conf = given.unbound_conf;
  if (!given.forwarders.empty()) options.forwarders = given.forwarders;
  if (!given.stubs.empty()) options.stubs = given.stubs;
}

// Opening a pipe would wait for whoever writes into it.
std::optional<std::string> not_regular(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) return std::nullopt;
  return escape_for_terminal(path) + ": is not a regular file";
}

void demand_regular(const std::string& path) {
  if (const auto why = not_regular(path)) throw std::runtime_error(*why);
}

std::vector<std::string> files_of(const WebConfig& config) {
  if (!config.tls) return {};
  std::vector<std::string> files{config.tls->cert_file, config.tls->key_file};
  if (config.tls->client_ca_file) files.push_back(*config.tls->client_ca_file);
  return files;
}

WebConfig load_web_config(const std::string& file) {
  auto config = parse_web_config(read_file("--web.config.file", file), file);
  if (config) return *config;
  throw std::runtime_error(fmt::format("{}", fmt::join(config.error(), "\n")));
}

// Paths in the configuration are relative to its directory.
ConfigFiles files_beside(const std::string& file) {
  const auto directory = std::filesystem::path(file).parent_path();
  const auto read_next = [directory](const std::string& path) -> Parsed<NextKey> {
    const std::string name = (directory / path).string();  // an absolute one stays as it is
    if (const auto why = not_regular(name)) return tl::unexpected(ParseError{*why, 0});
    auto next = next_from_path(name);
    if (!next) return tl::unexpected(next.error());
    if (!next->remark.empty()) write_log(name + ": " + next->remark);
    next->key.file = path;
    return std::move(next->key);
  };
  return {wrong_file, read_next};
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
    auto parsed = parse_config(text, *options.config_file, files_beside(*options.config_file));
    if (!parsed) return tl::unexpected(fmt::format("{}", fmt::join(parsed.error(), "\n")));
    config = std::move(*parsed);
  }
  override_resolver(options.resolver, config.resolver);
  return std::make_shared<const Config>(std::move(config));
}

tl::expected<std::shared_ptr<const Config>, std::string> load_next_config(const ServeOptions& options,
                                                                          const Config& now, ReloadBy by) {
  if (!options.config_file) return load_config(options);
  const std::string name = escape_for_terminal(*options.config_file);
  const FileLook before = look_at_file(*options.config_file);
  auto next = load_config(options);
  if (look_at_file(*options.config_file).stamp != before.stamp) {
    return tl::unexpected(name + ": changed while it was read");
  }
  if (!next) return next;
  if (const auto why = why_not_reload(now, **next, by)) return tl::unexpected(name + ": " + *why);
  return next;
}

std::shared_ptr<HttpSecurity> web_security(const std::string& file) {
  WebConfigSource source;
  source.load = [file, started = false]() mutable {
    if (started) demand_regular(file);
    WebConfig config = load_web_config(file);
    if (started) std::ranges::for_each(files_of(config), demand_regular);
    started = true;
    return config;
  };
  source.look = [file](const WebConfig& config) {
    FileLook all = look_at_file(file);
    for (const auto& name : files_of(config)) all = all + look_at_file(name);
    return all;
  };
  source.complain = [](const std::string& error) {
    write_log("the changed web configuration is not taken, the old one stays in force: " + error);
  };
  source.taken = [] { write_log("the changed web configuration is in force"); };
  source.now = [] { return SystemClock().steady(); };
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

FileLook look_at_file(const std::string& path) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return {};
  // The time of its latest change of any kind cannot be set, as that of its content can (cp -p, touch).
  const auto changed = seconds(file.st_ctim.tv_sec) + nanoseconds(file.st_ctim.tv_nsec);
  return {fmt::format("{}.{} {}.{} {} {} {} {:o}", file.st_mtim.tv_sec, file.st_mtim.tv_nsec, file.st_ctim.tv_sec,
                      file.st_ctim.tv_nsec, file.st_size, file.st_ino, file.st_dev, file.st_mode),
          SystemClock::since_epoch() - changed};
}

}  // namespace danewatch
