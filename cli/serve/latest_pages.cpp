#include "cli/serve/latest_pages.hpp"

#include <algorithm>

namespace danewatch {

std::shared_ptr<const std::string> LatestPages::get(const Key& key, const Clock& clock,
                                                    const std::function<std::string()>& write) {
  constexpr std::chrono::seconds lifetime{1};
  constexpr std::size_t most = 8;
  const Deadline now = clock.steady();
  while (!pages_.empty() && (pages_.size() > most || now - pages_.front().at >= lifetime)) pages_.pop_front();
  const auto known = std::ranges::find(pages_, key, &Page::key);
  if (known != pages_.end()) return known->text;
  auto text = std::make_shared<const std::string>(write());
  pages_.push_back({key, clock.steady(), std::move(text)});  // that it took long makes it no older
  return pages_.back().text;
}

}  // namespace danewatch
