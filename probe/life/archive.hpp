// Where lives are kept: the interface between what is remembered and how.
//
// Every call either does the whole of its work or throws ArchiveError, after which what was kept before is as it was.
// Knows no SQL, no file and no clock. Thread rule: one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "probe/life/life.hpp"

namespace danewatch {

// One sentence for an operator: which file, what is wrong, what to do.
class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct KeptEvent {
  std::string target;  // life_key()
  Event event;

  bool operator==(const KeptEvent&) const = default;
};

struct EventQuery {
  std::optional<SysTime> since{};  // at or after it
  std::optional<std::string> target{};
  std::size_t most = 10000;  // the latest
};

// How long events and ended intervals are kept unless somebody says otherwise: a year, and a month to compare with.
inline constexpr std::chrono::days kept_by_default{400};

class Archive {
 public:
  Archive() = default;
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  virtual ~Archive() = default;

  using Changes = std::vector<std::pair<std::string, Change>>;  // by target, in the order in which they happened

  virtual void keep(const Changes& changes) = 0;

  virtual std::optional<Life> load(const std::string& target) = 0;
  virtual std::vector<std::string> targets() = 0;
  virtual std::vector<KeptEvent> events(const EventQuery& query) = 0;  // oldest first

  // Forgets events and ended intervals that are older; what is there stays for ever.
  virtual void forget(SysTime before) = 0;
};

}  // namespace danewatch
