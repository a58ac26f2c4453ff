// Inner: keeps what `serve` remembers, in a thread of its own, so that no probe ever waits for a disk.
//
// What cannot be kept waits, joined by target, and is written when it can be; a file that was deleted or replaced is
// opened anew, and whoever asked for lives is told again what is in it. Thread rule: used from any thread; the hooks
// are called in the keeper's.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "probe/life/archive.hpp"
#include "resolver/clock.hpp"

namespace danewatch {

class Keeper {
 public:
  using Found = std::map<std::string, std::optional<Life>>;  // nothing: no such target is kept

  struct Hooks {
    std::function<std::unique_ptr<Archive>()> open;  // throws ArchiveError
    std::function<void(Found)> found;
    std::function<void(const std::string&)> say;                // a line for the log
    std::function<void(const std::vector<KeptEvent>&)> opened;  // the latest events that were kept before
    std::function<void(const std::string& target, const std::vector<Event>&)> kept;  // they are on the disk
    std::size_t most_events = 0;                                                     // of `opened`
  };

  Keeper(Hooks hooks, std::chrono::seconds keep_for, const Clock& clock);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper();  // after one more attempt to keep what waits

  void want(std::vector<std::string> targets);  // in place of those wanted before; `found` tells of all
  void keep(const std::string& target, Change change);
  bool wait_until_found(std::chrono::seconds patience);  // the first time

  bool is_up() const { return up_; }
  std::uint64_t errors() const { return errors_; }

 private:
  void run();
  void open();
  void succeeded();
  void distrust_for(std::chrono::seconds time);
  void tell_found(const std::vector<std::string>& targets);
  void write();
  void forget_old();
  void failed(const std::string& why);
  bool has_work() const;  // under the lock

  Hooks hooks_;
  std::chrono::seconds keep_for_;
  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Change> waiting_;
  std::vector<std::string> wanted_;
  bool asked_ = false;  // `found` is owed
  bool found_ = false;
  bool stopping_ = false;
  std::atomic<bool> up_{false};
  std::atomic<std::uint64_t> errors_{0};
  std::unique_ptr<Archive> archive_;  // of the thread, as all below
  std::string last_failure_;
  SysTime newest_look_{};
  std::pair<SysTime, Deadline> passed_;  // what both clocks said when they were asked last
  Deadline may_forget_at_{};
  std::thread thread_;
};

// `later` on top of `earlier`: as if both had been kept one after the other.
Change joined(Change earlier, Change later);

}  // namespace danewatch
