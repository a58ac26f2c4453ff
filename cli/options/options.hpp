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

#include "cli/options/check.hpp"
#include "cli/options/judge.hpp"
#include "cli/options/predict.hpp"
#include "cli/options/rollover.hpp"
#include "exporters/http/external_url.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {

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
  std::vector<std::string> names;  // A-labels or addresses
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

using Command = std::variant<Message, CheckOptions, JudgeOptions, PredictOptions, HistoryOptions, ChangesOptions,
                             RolloverOptions, VerifyOptions, TlsaOptions, ServeOptions, DoctorOptions>;

// Throws UsageError with one sentence that names the option or target.
Command parse_command_line(int argc, const char* const* argv);

}  // namespace danewatch
