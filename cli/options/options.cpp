#include "cli/options/options.hpp"
#include "cli/options/parse_values.hpp"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "cli/options/values.hpp"
#include "cli/system/suggestion.hpp"
#include "cli/system/version.hpp"
#include "resolver/dns/tlsa_line.hpp"

namespace danewatch {
namespace {

struct RawVerifyOptions {
  std::vector<std::string> records;
  std::vector<std::string> names;
  std::string service = "smtp";
  std::string at;
};

struct RawTlsaOptions {
  std::string name;
  std::string ports;
  std::string format = "zone";
};

void add_verify_options(CLI::App& app, VerifyOptions& options, RawVerifyOptions& raw) {
  app.add_option("--chain", options.chain_file, "File with the certificates as the server sends them, its own first")
      ->type_name("FILE")
      ->required();
  app.add_option("--tlsa", raw.records,
                 "A TLSA record: \"3 1 1 HEX\", or a line of a zone file or dig; may be repeated")
      ->type_name("RECORD")
      ->allow_extra_args(false)
      ->take_all()
      ->required();
  app.add_option("--name", raw.names,
                 "A name the certificate may stand for, the TLSA base domain first; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->take_all()
      ->required();
  app.add_option("--service", raw.service, "Whose rules hold: smtp, https, imap, ... or tls")
      ->type_name("SERVICE")
      ->default_str("smtp");
  app.add_option("--ca-file", options.ca_file, "Trusted CAs for usages 0 and 1 (default: the system's)")
      ->type_name("FILE");
  app.add_option("--at", raw.at, "Judge dates as of this time (RFC 3339 or seconds since 1970)")->type_name("TIME");
  app.add_flag("--json", options.json, "One JSON object");
  app.add_flag("--no-color", options.no_color, "No colour, also on a terminal (so does NO_COLOR)");
}

// People paste the owner of the record where its host is wanted: "_25._tcp.mx.example.org".
std::string host_name(const std::string& text) {
  const auto name = need("--name", text, to_ascii_name(text));
  const auto dot = name.find('.');
  const std::string first = name.substr(0, dot);
  if (first == "_tcp" || first == "_udp" || first == "_sctp") {
    const std::string host =
        dot == std::string::npos ? "" : fmt::format(": --name {}", printable(name.substr(dot + 1)));
    throw UsageError(fmt::format("--name {}: is a part of the owner of the record; give the host it is for{}",
                                 printable(text), host));
  }
  const bool owner = name.starts_with('_') && dot != std::string::npos && name.substr(dot).starts_with("._");
  if (!owner) return name;
  const auto host = name.find('.', dot + 1);
  const std::string hint =
      host == std::string::npos ? "" : fmt::format(": --name {}", printable(name.substr(host + 1)));
  throw UsageError(
      fmt::format("--name {}: is the owner of the record; give the host it is for{}", printable(text), hint));
}

void finish_verify_options(const RawVerifyOptions& raw, VerifyOptions& options) {
  for (const auto& text : raw.records) options.records.push_back(need("--tlsa", text, parse_tlsa_line(text)));
  for (const auto& name : raw.names) options.names.push_back(host_name(name));
  options.service = find_service(raw.service);
  if (options.service == nullptr) {
    throw UsageError(fmt::format("--service {}: unknown service; try smtp, https or tls", printable(raw.service)));
  }
  if (!raw.at.empty()) options.at = need("--at", raw.at, parse_time(raw.at));
}

void add_tlsa_options(CLI::App& app, TlsaOptions& options, RawTlsaOptions& raw) {
  app.add_option("--cert", options.certificate_file,
                 "File with the server's certificate, or a request (CSR) with its key")
      ->type_name("FILE");
  app.add_option("--key", options.key_file, "File with a private or public key, or a request (CSR)")->type_name("FILE");
  app.add_option("--name", raw.name, "Host the record is for: the MX host, not the mail domain")
      ->type_name("NAME")
      ->required();
  app.add_option("--port", raw.ports, "Port, or several with commas")->type_name("P[,P...]")->required();
  app.add_option("--usage", options.usage, "0 to 3")->check(whole_number(0, 3))->capture_default_str();
  app.add_option("--selector", options.selector, "0 certificate, 1 public key")
      ->check(whole_number(0, 1))
      ->capture_default_str();
  app.add_option("--matching-type", options.matching_type, "0 the data itself, 1 SHA2-256, 2 SHA2-512")
      ->check(whole_number(0, 2))
      ->capture_default_str();
  app.add_option("--ttl", options.ttl, "TTL in seconds, for nsupdate")
      ->check(whole_number(0, 604800))
      ->capture_default_str();
  app.add_option("--format", raw.format, "zone, nsupdate or json")->default_str("zone");
}

std::uint16_t port_from(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) {
    throw UsageError(fmt::format("--port {}: must be 1 to 65535", printable(std::string(text))));
  }
  return static_cast<std::uint16_t>(value);
}

std::vector<std::uint16_t> ports_from(std::string_view list) {
  std::vector<std::uint16_t> ports;
  while (true) {
    const auto comma = list.find(',');
    const auto port = port_from(list.substr(0, comma));
    if (std::ranges::count(ports, port) > 0) throw UsageError(fmt::format("--port {}: is listed twice", port));
    ports.push_back(port);
    if (comma == std::string_view::npos) return ports;
    list.remove_prefix(comma + 1);
  }
}

// The owner of the record is "_65535._tcp." before the name at its longest (RFC 1035 2.3.4).
std::string tlsa_host(const std::string& text) {
  constexpr std::size_t longest = 253 - std::string_view("_65535._tcp.").size();
  auto name = host_name(text);
  if (name.size() > longest) throw UsageError("--name: is too long for the owner name of a TLSA record");
  return name;
}

void finish_tlsa_options(const RawTlsaOptions& raw, TlsaOptions& options) {
  static const std::map<std::string, TlsaFormat> formats{
      {"zone", TlsaFormat::zone}, {"nsupdate", TlsaFormat::nsupdate}, {"json", TlsaFormat::json}};
  const auto format = formats.find(raw.format);
  if (format == formats.end())
    throw UsageError(fmt::format("--format {}: must be zone, nsupdate or json", printable(raw.format)));
  options.format = format->second;
  options.name = tlsa_host(raw.name);
  options.ports = ports_from(raw.ports);
  if (options.certificate_file.has_value() == options.key_file.has_value())
    throw UsageError("tlsa needs either --cert or --key");
  if (options.key_file && (options.selector == 0 || options.usage == 2 || options.usage == 0)) {
    throw UsageError("--key alone gives records with selector 1 and usage 1 or 3; others need --cert");
  }
}

constexpr auto about =
    "danewatch tells whether the world can still reach your TLS services with DANE,\n"
    "and which TLSA record, certificate, address or signature is wrong.";

constexpr auto exit_statuses =
    "Exit status: 0 ok, 1 warning, 2 critical, 3 unknown (could not look), 64 usage.\n"
    "With several targets the worst one counts.";

constexpr auto check_examples =
    "Examples:\n"
    "  danewatch check example.org                 a mail domain: all MX hosts\n"
    "  danewatch check mail.example.org:25,443     two ports of one host\n"
    "  danewatch check --explain https://example.org\n"
    "  danewatch check --json --file domains.txt   one JSON object per line\n"
    "  danewatch check --remedy 1 example.org      what to change in the zone\n"
    "  danewatch check --next new-cert.pem example.org   during a rollover\n"
    "  danewatch check --save evidence.json example.org  kept, for danewatch judge\n"
    "  danewatch check --state FILE --changes example.org   for cron: silent unless\n"
    "                                              something changed\n";

constexpr auto verify_examples =
    "Would this certificate satisfy these records? Asks no DNS and no network.\n"
    "Example:\n"
    "  danewatch verify --chain c.pem --tlsa \"3 1 1 2BB8...\" --name mx.example.org\n";

constexpr auto tlsa_examples =
    "Prints the TLSA records to publish for a certificate or key. Asks no DNS: where\n"
    "the address of NAME comes from a wildcard, first give NAME address records of\n"
    "its own.\n"
    "Example:\n"
    "  danewatch tlsa --cert fullchain.pem --name mx.example.org --port 25\n";

constexpr auto commands = std::to_array<std::string_view>(
    {"check", "judge", "predict", "history", "changes", "rollover", "verify", "tlsa", "nagios", "serve", "doctor"});

// Somebody wrote what is to be checked and left out how.
bool may_be_target(const std::string& word) {
  return word.find_first_of(".:@") != std::string::npos && word.find('/') != 0;
}

// CLI11 would only say that a command is missing.
void check_command_word(const std::string& word) {
  if (word.empty() || word.front() == '-' || std::ranges::count(commands, word) > 0) return;
  const std::string unknown = fmt::format("unknown command {}", printable(word));
  if (may_be_target(word)) {
    throw UsageError(fmt::format("{}; to check a domain or host: danewatch check {}", unknown, printable(word)));
  }
  const std::string meant = suggestion(word, commands);
  const std::string all = meant.empty() ? fmt::format("; use {}", fmt::join(commands, ", ")) : meant;
  throw UsageError(fmt::format("{}{} (see danewatch --help)", unknown, all));
}

// "danewatch help check" as "danewatch check --help", and "danewatch version", as other programs have it.
std::vector<std::string> with_options(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) return words;
  if (words.front() == "version") words.front() = "--version";
  if (words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  return words;
}

// CLI11 says what is wrong in its own words; an operator sees one sentence and where to look further.
[[noreturn]] void rethrow_as_usage(const CLI::App& app, const CLI::ParseError& error) {
  std::string message = sentence_of(app, error);
  if (message.starts_with("A subcommand is required"))
    message = fmt::format("no command given; use {}", fmt::join(commands, ", "));
  const auto used = app.get_subcommands();
  const std::string command = used.empty() ? "" : " " + used.front()->get_name();
  throw UsageError(fmt::format("{} (see danewatch{} --help)", message, command));
}

// What the command line may hold: options by command, and the commands themselves.
struct Parts {
  CheckOptions check;
  JudgeOptions judge;
  PredictOptions predict;
  VerifyOptions verify;
  TlsaOptions tlsa;
  ServeOptions serve;
  DoctorOptions doctor;
  RawDoctorOptions raw_doctor;
  HistoryOptions history;
  RawHistoryOptions raw_history;
  ChangesOptions changes;
  RawChangesOptions raw_changes;
  RolloverOptions rollover;
  RawRolloverOptions raw_rollover;
  RawCheckOptions raw_check;
  RawJudgeOptions raw_judge;
  RawPredictOptions raw_predict;
  RawVerifyOptions raw_verify;
  RawTlsaOptions raw_tlsa;
  CLI::App* check_command = nullptr;
  CLI::App* judge_command = nullptr;
  CLI::App* predict_command = nullptr;
  CLI::App* verify_command = nullptr;
  CLI::App* serve_command = nullptr;
  CLI::App* doctor_command = nullptr;
  CLI::App* history_command = nullptr;
  CLI::App* changes_command = nullptr;
  CLI::App* rollover_command = nullptr;
};

void add_commands(CLI::App& app, Parts& parts) {
  parts.check_command = app.add_subcommand("check", "Check targets and report what is wrong");
  parts.judge_command = app.add_subcommand("judge", "Judge evidence again that check --save kept, offline");
  parts.predict_command = app.add_subcommand("predict", "Check zone files and certificates before they are live");
  parts.history_command = app.add_subcommand("history", "What is remembered of targets: records, states, events");
  add_history_options(*parts.history_command, parts.history, parts.raw_history);
  parts.changes_command = app.add_subcommand("changes", "What changed lately, as far as it is remembered");
  add_changes_options(*parts.changes_command, parts.changes, parts.raw_changes);
  parts.rollover_command = app.add_subcommand("rollover", "When is which step of a change of keys safe?");
  add_rollover_options(*parts.rollover_command, parts.rollover, parts.raw_rollover);
  parts.verify_command = app.add_subcommand("verify", "Compare certificates with TLSA records, offline");
  auto* tlsa_command = app.add_subcommand("tlsa", "Make the TLSA records of a certificate or key");
  app.add_subcommand("nagios", "A plugin of Nagios or Icinga, as check_dane is");  // main() knows it before us
  add_check_options(*parts.check_command, parts.check, parts.raw_check);
  add_judge_options(*parts.judge_command, parts.judge, parts.raw_judge);
  add_predict_options(*parts.predict_command, parts.predict, parts.raw_predict);
  add_verify_options(*parts.verify_command, parts.verify, parts.raw_verify);
  add_tlsa_options(*tlsa_command, parts.tlsa, parts.raw_tlsa);
  parts.serve_command = app.add_subcommand("serve", "Watch targets for Prometheus, with a status page");
  add_serve_options(*parts.serve_command, parts.serve);
  parts.doctor_command = app.add_subcommand("doctor", "Can this machine look at all, and if not, why?");
  add_doctor_options(*parts.doctor_command, parts.doctor, parts.raw_doctor);
  parts.check_command->footer(std::string(check_examples) + "\n" + exit_statuses);
  parts.verify_command->footer(verify_examples);
  tlsa_command->footer(tlsa_examples);
}

Command chosen(Parts& parts, bool verbose) {
  if (parts.check_command->parsed()) {
    finish_check_options(parts.raw_check, parts.check);
    return std::move(parts.check);
  }
  if (parts.judge_command->parsed()) {
    finish_judge_options(parts.raw_judge, parts.judge);
    return std::move(parts.judge);
  }
  if (parts.predict_command->parsed()) {
    finish_predict_options(parts.raw_predict, parts.predict);
    return std::move(parts.predict);
  }
  if (parts.verify_command->parsed()) {
    finish_verify_options(parts.raw_verify, parts.verify);
    return std::move(parts.verify);
  }
  if (verbose) throw UsageError("--verbose goes with --version (see danewatch --help)");
  if (parts.history_command->parsed()) {
    finish_history_options(parts.raw_history, parts.history);
    return std::move(parts.history);
  }
  if (parts.changes_command->parsed()) {
    finish_changes_options(parts.raw_changes, parts.changes);
    return std::move(parts.changes);
  }
  if (parts.rollover_command->parsed()) {
    finish_rollover_options(parts.raw_rollover, parts.rollover);
    return std::move(parts.rollover);
  }
  if (parts.doctor_command->parsed()) {
    finish_doctor_options(parts.raw_doctor, parts.doctor);
    return std::move(parts.doctor);
  }
  if (parts.serve_command->parsed()) {
    finish_serve_options(parts.serve);
    return std::move(parts.serve);
  }
  finish_tlsa_options(parts.raw_tlsa, parts.tlsa);
  return std::move(parts.tlsa);
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  Parts parts;
  CLI::App app{about, "danewatch"};
  app.footer(exit_statuses);
  set_help_style(app);
  app.require_subcommand(1);
  app.set_version_flag("-V,--version", version_text(false), "Print the version and exit");
  bool wanted = false;
  const auto* verbose = app.add_flag("--verbose", wanted, "With --version: the libraries in use too");
  add_commands(app, parts);
  std::vector<std::string> words = with_options(argc, argv);
  if (!words.empty()) check_command_word(words.front());
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // as CLI11 wants a vector
  } catch (const CLI::CallForHelp&) {
    const auto used = app.get_subcommands();
    return Message{used.empty() ? app.help() : used.front()->help(app.get_name())};
  } catch (const CLI::CallForVersion&) {
    return Message{version_text(verbose->count() > 0) + "\n"};
  } catch (const CLI::ParseError& error) {
    rethrow_as_usage(app, error);
  }
  return chosen(parts, verbose->count() > 0);
}

}  // namespace danewatch
