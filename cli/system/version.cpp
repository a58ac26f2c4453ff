#include <fmt/core.h>
#include <gnu/libc-version.h>

#include <array>
#include <boost/version.hpp>
#include <string>
#include <utility>

#include "cli/system/debian.hpp"
#include "cli/system/version.hpp"
#include "exporters/http/gzip.hpp"
#include "exporters/http/passwords.hpp"
#include "exporters/json/json.hpp"
#include "probe/openssl/dialer.hpp"
#include "resolver/target/target.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace {

std::string boost_version() {
  return fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
}

std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

}  // namespace

std::map<std::string, std::string> libraries_that_look() {
  return {{"libunbound", unbound_version()},
          {"OpenSSL", openssl_version()},
          {"ldns", wire::ldns_version_in_use()},
          {"libidn2", idn_version()}};
}

std::string version_text(bool verbose) {
  std::string text = "danewatch " DANEWATCH_VERSION;
  if (!verbose) return text;
  // The first ones say themselves what is loaded, the others are those that danewatch was built with.
  const std::array<std::pair<const char*, std::string>, 14> libraries{{{"libunbound", unbound_version()},
                                                                       {"OpenSSL", openssl_version()},
                                                                       {"ldns", wire::ldns_version_in_use()},
                                                                       {"libidn2", idn_version()},
                                                                       {"zlib", zlib_in_use()},
                                                                       {"libxcrypt", crypt_version()},
                                                                       {"glibc", gnu_get_libc_version()},
                                                                       {"Boost", boost_version()},
                                                                       {"fmt", fmt_version()},
                                                                       {"nlohmann-json", json_library_version()},
                                                                       {"CLI11", CLI11_IN_USE},
                                                                       {"yaml-cpp", YAML_IN_USE},
                                                                       {"prometheus-cpp", PROMETHEUS_IN_USE},
                                                                       {"SQLite", SQLITE_IN_USE}}};
  for (const auto& [name, version] : libraries) {
    if (!version.empty()) text += fmt::format("\n  {:<15}{}", name, version);
  }
  for (const LibraryInUse& library : libraries_in_use()) {
    if (const auto faults = known_faults(library)) text += fmt::format("\n{} {}", faults->text, faults->fix);
  }
  return text;
}

}  // namespace danewatch
