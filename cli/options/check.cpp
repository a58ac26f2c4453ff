#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "cli/options/parse_values.hpp"
#include "cli/options/target_file.hpp"
#include "cli/options/values.hpp"
#include "cli/system/errors.hpp"

namespace danewatch {
namespace {

// An option that takes one value each time it is given.
CLI::Option* add_repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                            const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->take_all();
}

void add_memory_options(CLI::App& app, CheckOptions& options) {
  app.add_option("--state", options.state, "File that remembers what was seen, so that changes can be told")
      ->type_name("FILE")
      ->group("Memory");
  app.add_flag("--changes", options.changes,
               "With --state: print nothing unless something changed since the last run; then a mail")
      ->group("Memory");
}

void finish_memory_options(const CheckOptions& options) {
  if (options.changes && !options.state)
    throw UsageError("--changes needs --state FILE, which holds what was seen before");
  if (options.changes && options.json) {
    throw UsageError("--changes writes for people; danewatch changes --state FILE --json has the same for programs");
  }
  if (options.state && options.at)
    throw UsageError("--at and --state exclude each other: memory keeps what was seen when");
  if (options.state && options.state->empty()) throw UsageError("--state: needs the name of a file");
}

void add_judging_options(CLI::App& app, CheckOptions& options, RawCheckOptions& raw) {
  app.add_flag("--if-present", options.policy.if_present,
               "DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok")
      ->group("Judging");
  add_repeatable(app, "--next", options.next,
                 "A record published ahead of its key: \"3 1 1 HEX\", or the PEM file it is made of")
      ->type_name("RECORD|FILE")
      ->group("Judging");
  app.add_option("--extra-records", raw.extra_records,
                 "How bad a record is that matches nothing: ok, warning, critical")
      ->type_name("SEVERITY")
      ->default_str("warning")
      ->group("Judging");
  app.add_option("--views", raw.views, "Certificate types to look for: auto, default, all")
      ->type_name("VIEWS")
      ->default_str("auto")
      ->group("Judging");
  app.add_option("--at", raw.at, "Judge certificates and signatures as of this time (RFC 3339 or seconds since 1970)")
      ->type_name("TIME")
      ->group("Judging");
}

void add_running_options(CLI::App& app, CheckOptions& options, RawCheckOptions& raw) {
  app.add_option("--jobs", options.jobs, "Targets checked at the same time")
      ->type_name("N")
      ->check(whole_number(1, 10000))
      ->capture_default_str()
      ->group("Running");
  app.add_option("--timeout", raw.timeout, "The whole run of one target")
      ->type_name("TIME")
      ->default_str("30s")
      ->group("Running");
  app.add_option("--attempts", options.policy.attempts, "Try endpoints that failed temporarily up to N times")
      ->type_name("N")
      ->check(whole_number(1, 10))
      ->capture_default_str()
      ->group("Running");
  app.add_option("--servers", raw.servers,
                 "Ask each name server by itself, too: yes, no; without a --forwarder it is yes")
      ->type_name("WORD")
      ->default_str("yes")
      ->group("Running");
  app.add_flag("-4", raw.only_ipv4, "Only IPv4 addresses of the hosts")->group("Running");
  app.add_flag("-6", raw.only_ipv6, "Only IPv6 addresses of the hosts")->group("Running");
  app.add_option("--name", raw.name, "The name that an address given as TARGET stands for")
      ->type_name("NAME")
      ->group("Running");
  app.add_option("--ip", raw.ip, "Connect to this address instead of those in the DNS")
      ->type_name("ADDR")
      ->group("Running");
  app.add_option("--helo", options.dialer.helo, "Name to say in EHLO")->type_name("NAME")->group("Running");
}

Severity extra_severity(const std::string& word) {
  const auto severity = severity_from(word);
  if (!severity || (*severity != Severity::ok && *severity != Severity::warning && *severity != Severity::critical)) {
    throw UsageError(fmt::format("--extra-records {}: must be ok, warning or critical", printable(word)));
  }
  return *severity;
}

Views views_from(const std::string& word) {
  static const std::map<std::string, Views> words{
      {"auto", Views::automatic}, {"default", Views::standard}, {"all", Views::all}};
  const auto found = words.find(word);
  if (found == words.end()) throw UsageError(fmt::format("--views {}: must be auto, default or all", printable(word)));
  return found->second;
}

NameServers::Asked servers_from(const std::string& word, const ResolverOptions& resolver) {
  using enum NameServers::Asked;
  if (word == "yes") return yes;
  if (word == "no") return no;
  if (word != "auto") throw UsageError(fmt::format("--servers {}: must be yes or no", printable(word)));
  return resolver.forwarders.empty() ? yes : forwarder;
}

// One remedy of one report: what else is printed would be carried out with it.
void check_remedy(const RawCheckOptions& raw, CheckOptions& options) {
  finish_output_options(raw.format, options);
  if (!options.remedy) return;
  if (options.state) throw UsageError("--remedy prints the remedy alone: leave out --state and --changes");
  if (options.targets.size() != 1 || options.file) throw UsageError("--remedy is of one report: give one TARGET");
}

void take_addresses(const RawCheckOptions& raw, CheckOptions& options) {
  if (raw.only_ipv4 && raw.only_ipv6) throw UsageError("-4 and -6 exclude each other");
  options.locate.ipv4 = !raw.only_ipv6;
  options.locate.ipv6 = !raw.only_ipv4;
  if (!raw.name.empty()) options.target.name = need("--name", raw.name, to_ascii_name(raw.name));
  if (!raw.ip.empty()) options.target.address = need("--ip", raw.ip, parse_address(raw.ip));
  if (!raw.ip.empty() && !raw.name.empty())
    throw UsageError("--ip and --name exclude each other: both say which address a name has");
  const bool unwanted = options.target.address && (options.target.address->v6 ? raw.only_ipv4 : raw.only_ipv6);
  if (unwanted)
    throw UsageError(
        fmt::format("--ip {}: is not of the family that {} asks for", printable(raw.ip), raw.only_ipv4 ? "-4" : "-6"));
}

}  // namespace

// EHLO names go out on the wire as they are: a stray space or line end would be a second command.
void check_helo(const std::string& helo) {
  constexpr std::size_t longest_domain = 255;  // RFC 5321 4.5.3.1.2
  const bool clean = std::ranges::all_of(helo, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!clean || helo.size() > longest_domain)
    throw UsageError(fmt::format("--helo {}: is not a host name", printable(helo)));
}

std::string bad_target_sentence(const BadLine& bad) {
  return fmt::format("target {}: {}", printable(bad.text), bad.error.message);
}

void add_resolver_options(CLI::App& app, ResolverOptions& options) {
  app.add_option("--trust-anchor", options.trust_anchor, "File with the DNSSEC root key")
      ->type_name("FILE")
      ->envname("DANEWATCH_TRUST_ANCHOR")
      ->group("DNS");
  app.add_option("--root-hints", options.root_hints, "File with the root name servers")
      ->type_name("FILE")
      ->envname("DANEWATCH_ROOT_HINTS")
      ->group("DNS");
  add_repeatable(app, "--forwarder", options.forwarders,
                 "Ask this resolver, still validating here; TLSNAME: DNS over TLS")
      ->type_name("ADDR[@PORT][#TLSNAME]")
      ->group("DNS");
  add_repeatable(app, "--stub", options.stubs, "Ask this server about this zone")
      ->type_name("ZONE=ADDR[@PORT]")
      ->group("DNS");
  app.add_option("--unbound-conf", options.unbound_conf, "Further settings in unbound's own language")
      ->type_name("FILE")
      ->group("DNS");
}

void add_check_options(CLI::App& app, CheckOptions& options, RawCheckOptions& raw) {
  app.add_option("TARGET", raw.targets,
                 "Mail domain, HOST:PORT[,PORT], URL (smtp://, https://, imaps://, ...) or _SERVICE._tcp.DOMAIN");
  app.add_option("--file", options.file,
                 "Read targets from a file, one a line, # starts a comment; - is standard input")
      ->type_name("FILE");
  add_output_options(app, options, raw.format);
  app.add_option("--save", options.save, "Keep the evidence in this file, for danewatch judge")
      ->type_name("FILE")
      ->group("Output");
  add_memory_options(app, options);
  add_judging_options(app, options, raw);
  add_running_options(app, options, raw);
  add_resolver_options(app, options.resolver);
}

void finish_check_options(const RawCheckOptions& raw, CheckOptions& options) {
  options.policy.extra_records = extra_severity(raw.extra_records);
  options.policy.views = views_from(raw.views);
  options.servers = servers_from(raw.servers, options.resolver);
  options.timeout = need("--timeout", raw.timeout, parse_duration(raw.timeout));
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
  options.resolver.at = options.at;
  finish_memory_options(options);
  take_addresses(raw, options);
  check_helo(options.dialer.helo);
  if (raw.targets.empty() && !options.file) {
    throw UsageError("check needs a TARGET, such as example.org, or --file FILE");
  }
  TargetFile given;
  for (const auto& text : raw.targets) take_target(text, 0, options.target, given);
  options.targets = std::move(given.targets);
  options.bad_targets = std::move(given.bad_lines);
  check_remedy(raw, options);
  options.resolver.keep_messages = options.save.has_value();
  if (options.save == "-") throw UsageError("--save -: needs the name of a file");
}

}  // namespace danewatch
