#include "probe/predict/chains.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

bool names_one(const ChainInFile& file, const std::vector<std::string>& names) {
  const Certificate& leaf = file.chain.front();
  std::vector<std::string> patterns = leaf.names;
  if (patterns.empty()) patterns.push_back(leaf.subject_cn);
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return std::ranges::any_of(names, [&](const std::string& name) { return is_name_of(pattern, name); });
  });
}

// "cert.pem" and "fullchain.pem" of one certificate are one: the longer chain is what a server sends.
void keep_longest(std::vector<ChainInFile>& found, const ChainInFile& file) {
  const auto same = std::ranges::find_if(
      found, [&](const ChainInFile& one) { return one.chain.front().der == file.chain.front().der; });
  if (same == found.end()) return found.push_back(file);
  if (same->chain.size() < file.chain.size()) *same = file;
}

std::string files_of(const std::vector<ChainInFile>& files) {
  std::vector<std::string> names;
  for (const ChainInFile& file : files) names.push_back(file.file);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool is_name_of(std::string_view pattern, std::string_view host) {
  if (equal_ignoring_case(pattern, host)) return true;
  if (!pattern.starts_with("*.")) return false;
  const auto dot = host.find('.');
  return dot != std::string_view::npos && equal_ignoring_case(pattern.substr(1), host.substr(dot));
}

tl::expected<std::vector<ChainInFile>, std::string> ChainBook::of(const std::vector<std::string>& names,
                                                                  std::uint16_t port) const {
  std::vector<ChainInFile> found;
  for (const std::uint16_t wanted : {port, std::uint16_t{0}}) {
    for (const Mapped& each : mapped_) {
      if (each.place.port == wanted && std::ranges::count(names, each.place.host) > 0) keep_longest(found, each.file);
    }
    if (!found.empty()) return found;
  }
  for (const ChainInFile& file : files_) {
    if (names_one(file, names)) keep_longest(found, file);
  }
  if (found.size() == 1) return found;
  const std::string how = fmt::format("--map {}:{}=FILE", names.front(), port);
  if (found.empty()) return tl::unexpected(fmt::format("no certificate has the name {}: {}", names.front(), how));
  return tl::unexpected(fmt::format("{} is named by the certificates in {}: {} says which it shows", names.front(),
                                    files_of(found), how));
}

}  // namespace danewatch
