#include "probe/report/chain_paths.hpp"

#include <algorithm>

namespace danewatch {
namespace {

constexpr std::size_t most_paths = 16;
constexpr std::size_t most_steps = 10;

void extend(std::span<const Certificate> chain, const ChainPath& path, std::vector<ChainPath>& paths) {
  if (paths.size() >= most_paths) return;
  const Certificate& top = chain[path.back()];
  bool longer = false;
  for (std::size_t i = 1; i < chain.size() && top.issuer != top.subject && path.size() < most_steps; ++i) {
    const bool used = std::ranges::find(path, i) != path.end();
    if (used || !chain[i].error.empty() || chain[i].subject != top.issuer) continue;
    ChainPath next = path;
    next.push_back(i);
    extend(chain, next, paths);
    longer = true;
  }
  if (!longer) paths.push_back(path);
}

}  // namespace

std::vector<ChainPath> paths_of(std::span<const Certificate> chain) {
  std::vector<ChainPath> paths;
  if (!chain.empty() && chain.front().error.empty()) extend(chain, {0}, paths);
  return paths;
}

}  // namespace danewatch
