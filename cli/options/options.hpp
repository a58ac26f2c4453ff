// The command line, parsed into values.
//
// Opens no file, asks no network, prints nothing. Thread rule: pure, but for reading the environment variables
// DANEWATCH_TRUST_ANCHOR and DANEWATCH_ROOT_HINTS, which are defaults of the options of the same name.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/options/target_file.hpp"
#include "cli/options/tlsrpt.hpp"
#include "exporters/http/external_url.hpp"
#include "exporters/remedy/remedy.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/report/policy.hpp"
#include "resolver/servers/server_answers.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

struct CheckOptions {
  std::vector<Target> targets;
  std::vector<BadLine> bad_targets;  // among the arguments
  std::optional<std::string> file;   // "-": standard input
  bool json = false;
  bool explain = false;
  bool quiet = false;
  bool no_color = false;
  std::optional<std::size_t> remedy;  // print this one and nothing else
  RemedyFormat remedy_format = RemedyFormat::zone;
  std::size_t jobs = 32;
  std::chrono::milliseconds timeout{30000};  // of one target's run
  std::optional<SysTime> at;
  std::vector<std::string> next;     // record text or PEM file, not read yet
  std::optional<std::string> state;  // where memory is
  bool changes = false;              // print only what changed since the last run
  Policy policy;
  NameServers::Asked servers = NameServers::Asked::yes;  // each name server by itself
  LocateOptions locate;
  TargetOptions target;
  DialerOptions dialer;
  ResolverOptions resolver;
};

struct VerifyOptions {
  std::string chain_file;
  std::vector<TlsaRecord> records;
  std::vector<std::string> names;  // A-labels
  const Service* service = &smtp_service();
  std::optional<std::string> ca_file;
  std::optional<SysTime> at;
  bool json = false;
  bool no_color = false;
};

enum class TlsaFormat { zone, nsupdate, json };

struct TlsaOptions {
  std::optional<std::string> certificate_file;
  std::optional<std::string> key_file;
  std::string name;  // A-labels
  std::vector<std::uint16_t> ports;
  int usage = 3;
  int selector = 1;
  int matching_type = 1;
  std::uint32_t ttl = 3600;
  TlsaFormat format = TlsaFormat::zone;
};

struct ServeOptions {
  std::optional<std::string> config_file;     // none: the built-in modules and no target
  bool check_config = false;                  // read it, say what is wrong, open no socket
  std::vector<std::string> listen_addresses;  // "127.0.0.1:19115", ":19115", "[::1]:19115", "unix:/path"
  std::optional<std::string> web_config_file;
  ExternalUrl external_url;
  ResolverOptions resolver;  // in place of the configuration's
};

struct DoctorOptions {
  std::vector<std::string> names;    // A-labels or addresses
  std::vector<std::string> reports;  // where TLS reports come to; none: not looked at
  bool json = false;
  bool no_color = false;
  std::optional<SysTime> at;
  ResolverOptions resolver;
};

struct HistoryOptions {
  std::vector<Target> targets;
  std::string state;
  bool json = false;
  bool no_color = false;
};

struct ChangesOptions {
  std::string state;
  std::chrono::seconds since{0};      // before now
  std::optional<SysTime> since_time;  // in place of it
  bool json = false;
  bool no_color = false;
};

struct Message {  // --help and --version
  std::string text;
};

using Command = std::variant<Message, CheckOptions, VerifyOptions, TlsaOptions, ServeOptions, DoctorOptions,
                             HistoryOptions, ChangesOptions, TlsrptOptions>;

// Throws UsageError with one sentence that names the option or target.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace danewatch
