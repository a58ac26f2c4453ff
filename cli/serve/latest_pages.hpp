// Inner: pages that were written a moment ago, for whoever asks for the same one.
//
// To sort thousands of targets takes longer than to serve others: who asks again and again, or in hundreds, gets one
// page of each second. Thread rule: one thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "probe/report/verdict.hpp"
#include "resolver/clock.hpp"

namespace danewatch {

struct Config;

class LatestPages {
 public:
  struct Key {
    std::string path{};
    std::string text{};  // what is looked for
    std::optional<Severity> state{};
    std::size_t page = 1;
    std::string problem{};                   // on top of the page
    std::shared_ptr<const Config> config{};  // whose targets it shows

    bool operator==(const Key&) const = default;
  };

  // The page of this key if it was written less than a second ago, else a new one.
  std::shared_ptr<const std::string> get(const Key& key, const Clock& clock, const std::function<std::string()>& write);

 private:
  struct Page {
    Key key;
    Deadline at;
    std::shared_ptr<const std::string> text;
  };
  std::deque<Page> pages_;  // the oldest first
};

}  // namespace danewatch
