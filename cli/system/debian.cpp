#include "cli/system/debian.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>

#include "probe/openssl/dialer.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {
namespace {

constexpr std::array<std::string_view, 3> packages{"libunbound8", "libssl3", "libssl3t64"};

std::string_view after(std::string_view line, std::string_view field) {
  return line.starts_with(field) ? line.substr(field.size()) : std::string_view();
}

// The number of the release where this is Debian, 0 elsewhere.
int release_of(const std::filesystem::path& root) {
  std::ifstream file(root / "etc/os-release");
  bool debian = false;
  int release = 0;
  for (std::string line; std::getline(file, line);) {
    debian |= line == "ID=debian" || line == "ID=\"debian\"";
    std::string_view version = after(line, "VERSION_ID=");
    if (version.starts_with('"')) version.remove_prefix(1);
    std::from_chars(version.data(), version.data() + version.size(), release);
  }
  return debian ? release : 0;
}

// Versions of those of our packages that are installed.
std::map<std::string, std::string> installed(const std::filesystem::path& root) {
  std::ifstream file(root / "var/lib/dpkg/status");
  std::map<std::string, std::string> versions;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (const auto package = after(line, "Package: "); !package.empty())
      name = std::ranges::find(packages, package) == packages.end() ? "" : std::string(package);
    if (const auto version = after(line, "Version: "); !version.empty() && !name.empty())
      versions[name] = std::string(version);
  }
  return versions;
}

LibraryInUse in_use(std::string name, std::string version, const std::vector<std::string>& of,
                    const std::map<std::string, std::string>& versions) {
  LibraryInUse library{std::move(name), std::move(version), {}, 0};
  for (const std::string& package : of) {
    const auto found = versions.find(package);
    if (found != versions.end() && found->second.starts_with(library.version + "-")) library.package = found->second;
  }
  return library;
}

}  // namespace

std::vector<LibraryInUse> libraries_in_use(const std::filesystem::path& root) {
  const auto versions = installed(root);
  std::vector<LibraryInUse> libraries{in_use("libunbound", unbound_version(), {"libunbound8"}, versions),
                                      in_use("OpenSSL", openssl_version(), {"libssl3", "libssl3t64"}, versions)};
  for (LibraryInUse& library : libraries) library.release = library.package ? release_of(root) : 0;
  return libraries;
}

}  // namespace danewatch
