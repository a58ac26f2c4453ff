#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/nagios/foreign_options.hpp"
#include "cli/nagios/nagios.hpp"
#include "cli/options/parse_values.hpp"
#include "cli/options/values.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

struct RawNagiosOptions {
  std::string host, port, protocol, sni, ip;
  std::string timeout = "10:critical";
  std::string warning, critical, min_days, rrsig_warning, rrsig_critical;
  std::vector<std::string> sni_words;
  bool servers = false;
  bool host_meant = false;  // a port or protocol was asked for, though perhaps without a value
  RawCheckOptions check;
};

void add_target_options(CLI::App& app, RawNagiosOptions& raw) {
  app.add_option("-H,--hostname,--host", raw.host, "Mail domain; with --port or --protocol a host")->type_name("NAME");
  app.add_option("-p,--port", raw.port, "TCP port of the host")->type_name("PORT");
  app.add_option("-P,--protocol,--starttls", raw.protocol,
                 "What is spoken there, if the port does not say it: smtp, imap, https, xmpp-client, ... or tls")
      ->type_name("PROTO");
  app.add_option("-I,--ip,--ip-address,--IP-address,--resolve", raw.ip,
                 "Connect to this address instead of those in the DNS")
      ->type_name("ADDR");
  app.add_option("--sni,--servername,--name", raw.sni_words, "The name that an address given as --hostname stands for")
      ->type_name("NAME")
      ->expected(0, 1);
  app.add_flag("-4,--ipv4,--use-ipv4", raw.check.only_ipv4, "Only IPv4 addresses");
  app.add_flag("-6,--ipv6,--use-ipv6", raw.check.only_ipv6, "Only IPv6 addresses");
}

void add_threshold_options(CLI::App& app, RawNagiosOptions& raw) {
  constexpr auto group = "Thresholds";
  app.add_option("-w,--warning", raw.warning, "WARNING when so few days are left of a certificate that matters")
      ->type_name("RANGE")
      ->group(group);
  app.add_option("-c,--critical", raw.critical, "CRITICAL when so few days are left")->type_name("RANGE")->group(group);
  app.add_option("--min-days-valid,-C,-D,--certificate", raw.min_days, "Both: W, or W,C")
      ->type_name("W[,C]")
      ->group(group);
  app.add_option("--rrsig-warning", raw.rrsig_warning, "WARNING when so few days are left of a DNSSEC signature")
      ->type_name("RANGE")
      ->group(group);
  app.add_option("--rrsig-critical", raw.rrsig_critical, "CRITICAL when so few days are left")
      ->type_name("RANGE")
      ->group(group);
}

void add_judging_options(CLI::App& app, NagiosOptions& options, RawNagiosOptions& raw) {
  constexpr auto group = "Judging";
  app.add_option("--extra-records", raw.check.extra_records,
                 "How bad a record is that matches nothing: ok, warning, critical")
      ->type_name("STATE")
      ->default_str("warning")
      ->group(group);
  app.add_option("--next", options.check.next,
                 "A record published ahead of its key: \"3 1 1 HEX\", or the PEM file it is made of; may be repeated")
      ->type_name("RECORD")
      ->allow_extra_args(false)
      ->take_all()
      ->group(group);
  app.add_flag("--if-present", options.check.policy.if_present,
               "DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are OK")
      ->group(group);
  app.add_option("--views", raw.check.views, "Certificate types to look for: auto, default, all")
      ->type_name("VIEWS")
      ->default_str("auto")
      ->group(group);
  app.add_option("--at", raw.check.at, "Judge dates as of this time (RFC 3339)")->type_name("TIME")->group(group);
}

void add_running_options(CLI::App& app, NagiosOptions& options, RawNagiosOptions& raw) {
  constexpr auto group = "Running";
  app.add_option("--state", options.check.state, "Remembers since when a record is stale")
      ->type_name("FILE")
      ->group(group);
  app.add_option("-t,--timeout", raw.timeout, "Seconds for everything, and the state when they are over")
      ->type_name("SEC[:STATE]")
      ->default_str("10:critical")
      ->group(group);
  app.add_flag("--servers", raw.servers, "Ask each name server by itself, too")->group(group);
  app.add_flag("-v,--verbose", options.output.verbosity, "-v every finding, -vv the whole report, -vvv every proof")
      ->group(group);
  app.add_option("-F,--fqdn,--helo", options.check.dialer.helo, "Name to say in EHLO")->type_name("NAME")->group(group);
}

Severity state_from(const std::string& text) {
  using enum Severity;
  const std::string word = lower(text);
  static constexpr std::pair<std::string_view, Severity> words[] = {
      {"ok", ok}, {"warning", warning}, {"critical", critical}, {"unknown", unknown},
      {"0", ok},  {"1", warning},       {"2", critical},        {"3", unknown}};
  for (const auto& [name, state] : words) {
    if (word == name) return state;
  }
  throw UsageError(fmt::format("--timeout {}: the state must be ok, warning, critical or unknown", printable(text)));
}

void take_timeout(const std::string& text, Policy& policy) {
  TimeLimit& limit = policy.time_limit.emplace();
  const auto colon = text.find(':');
  const std::string time = text.substr(0, colon);
  limit.whole = need("--timeout", time, parse_duration(time));
  if (limit.whole < std::chrono::milliseconds(100))
    throw UsageError(fmt::format("--timeout {}: is less than 100ms", printable(time)));
  if (colon != std::string::npos) limit.when_over = state_from(text.substr(colon + 1));
}

std::optional<Range> range_from(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;  // not given
  return need(option, text, parse_range(text, BareNumber::start));
}

void take_thresholds(const RawNagiosOptions& raw, Policy& policy) {
  policy.days.warning = range_from("--warning", raw.warning);
  policy.days.critical = range_from("--critical", raw.critical);
  policy.rrsig_days.warning = range_from("--rrsig-warning", raw.rrsig_warning);
  policy.rrsig_days.critical = range_from("--rrsig-critical", raw.rrsig_critical);
  if (raw.min_days.empty()) return;
  if (raw.min_days == ",") throw UsageError("--min-days-valid ,: names no number of days");
  if (policy.days.any()) throw UsageError("--min-days-valid and --warning or --critical exclude each other");
  const auto comma = raw.min_days.find(',');
  policy.days.warning = range_from("--min-days-valid", raw.min_days.substr(0, comma));
  if (comma != std::string::npos) policy.days.critical = range_from("--min-days-valid", raw.min_days.substr(comma + 1));
}

// What other plugins call a protocol.
std::string protocol_from(const std::string& given) {
  const std::string word = lower(given);
  static constexpr std::pair<std::string_view, std::string_view> others[] = {
      {"smtps", "submissions"}, {"http", "https"}, {"xmpp", "xmpp-client"}, {"postgresql", "postgres"},
      {"pop", "pop3"},          {"pops", "pop3s"}, {"managesieve", "sieve"}};
  for (const auto& [other, ours] : others) {
    if (word == other) return std::string(ours);
  }
  if (find_service(word) != nullptr) return word;
  throw UsageError(
      fmt::format("--protocol {}: unknown protocol; use tls for any service that starts with TLS", printable(word)));
}

std::string target_text(const RawNagiosOptions& raw) {
  if (raw.host.empty()) throw UsageError("--hostname NAME is required (see check_dane --help)");
  const bool alone = raw.port.empty() && raw.protocol.empty();
  if (alone && raw.host_meant)
    throw UsageError("--port and --protocol have no value; leave them out to look at a mail domain");
  if (alone) return raw.host;
  if (raw.host.find("://") != std::string::npos)
    throw UsageError("--hostname: a URL names its protocol and port itself; leave out --protocol and --port");
  const auto address = parse_address(raw.host);
  const auto last = raw.host.find_last_not_of("0123456789");
  const bool has_port = !address && last != std::string::npos && raw.host[last] == ':';
  if (has_port && !raw.port.empty())
    throw UsageError(fmt::format("--hostname {}: names its port itself; leave out --port", printable(raw.host)));
  std::string text = address ? to_bracketed(*address) : raw.host;
  if (!raw.protocol.empty()) text.insert(0, protocol_from(raw.protocol) + "://");
  if (!raw.port.empty()) text += ":" + raw.port;
  return text;
}

std::string without_brackets(const std::string& address) {
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  return bracketed ? address.substr(1, address.size() - 2) : address;
}

// SNI is the TLSA base domain (RFC 7671 3), so a name of its own has a meaning beside an address alone.
void take_name(RawNagiosOptions& raw) {
  const std::string given = raw.sni_words.empty() ? "" : raw.sni_words.front();
  const auto targets = parse_targets(raw.check.targets.front());
  if (given.empty() || !targets) return;  // what is wrong with the target is said when it is taken
  const std::string name = need("--sni", given, to_ascii_name(given));
  const Target& target = targets->front();
  if (target.kind == TargetKind::address_literal) {
    raw.check.name = name;
  } else if (target.name != name) {
    throw UsageError(
        fmt::format("--sni {}: the server name is always the host's (RFC 7671 section 3); a name of its own needs an "
                    "address as --hostname",
                    printable(given)));
  }
}

void finish(RawNagiosOptions& raw, NagiosOptions& options) {
  raw.host.erase(raw.host.find_last_not_of(' ') + 1);
  take_timeout(raw.timeout, options.check.policy);
  take_thresholds(raw, options.check.policy);
  options.output.verbosity = std::clamp(options.output.verbosity, 0, 3);
  raw.check.targets = {target_text(raw)};
  take_name(raw);
  raw.check.ip = without_brackets(raw.ip);
  raw.check.extra_records = lower(raw.check.extra_records);
  raw.check.views = lower(raw.check.views);
  raw.check.servers = raw.servers ? "yes" : "no";
  finish_check_options(raw.check, options.check);
  if (!options.check.bad_targets.empty()) throw UsageError(bad_target_sentence(options.check.bad_targets.front()));
  if (options.check.targets.size() != 1) throw UsageError("--hostname: one call looks at one host and port");
}

bool asks_for_a_host(const CLI::Option& option) {
  return option.check_name("--port") || option.check_name("--protocol");
}

// Macros that are not set leave empty words behind: an option with an empty value was not given.
std::vector<std::string> take_empty_values(const CLI::App& app, const std::vector<std::string>& words,
                                           RawNagiosOptions& raw) {
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool joined = words[i].starts_with("--") && words[i].ends_with('=');
    const auto* option = app.get_option_no_throw(joined ? words[i].substr(0, words[i].size() - 1) : words[i]);
    const bool apart = i + 1 < words.size() && words[i + 1].empty();
    const bool empty = option != nullptr && option->get_items_expected_max() > 0 && (joined || apart);
    if (empty) {
      raw.host_meant |= asks_for_a_host(*option);
      i += joined ? 0 : 1;
    } else {
      rest.push_back(words[i]);
    }
  }
  return rest;
}

// "$address6$" as it stands in the definition: the object has no such attribute.
void refuse_macros(const std::vector<std::string>& words) {
  for (const auto& word : words) {
    const std::string_view value = std::string_view(word).substr(word.starts_with("--") ? word.find('=') + 1 : 0);
    const bool macro = value.size() > 2 && value.starts_with('$') && value.ends_with('$');
    if (macro) {
      const std::string name = printable(std::string(value.substr(1, value.size() - 2)));
      throw UsageError(fmt::format("the core did not replace the macro {}: does the object have it?", name));
    }
  }
}

std::vector<std::string> reversed(const std::vector<std::string>& words) {
  return {words.rbegin(), words.rend()};  // as CLI11 wants a vector
}

}  // namespace

std::variant<Message, NagiosOptions> parse_nagios_options(const std::vector<std::string>& words) {
  NagiosOptions options;
  RawNagiosOptions raw;
  CLI::App app{nagios_help::about, "check_dane"};
  app.footer(nagios_help::examples());
  set_help_style(app);
  app.set_help_flag("-h,--help", "This text");
  app.set_version_flag("-V,--version", "check_dane (danewatch) " DANEWATCH_VERSION, "The version");
  add_target_options(app, raw);
  add_threshold_options(app, raw);
  add_judging_options(app, options, raw);
  add_running_options(app, options, raw);
  add_resolver_options(app, options.check.resolver);
  refuse_foreign_options(words);
  refuse_macros(words);
  try {
    app.parse(reversed(take_empty_values(app, words, raw)));
  } catch (const CLI::CallForHelp&) {
    return Message{app.help()};
  } catch (const CLI::CallForVersion& version) {
    return Message{std::string(version.what()) + "\n"};
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} (see check_dane --help)", sentence_of(app, error)));
  }
  finish(raw, options);
  return options;
}

}  // namespace danewatch
