// The latest of values that one thread replaces and others read: a snapshot each, never half of two.
//
// Not std::atomic<std::shared_ptr>: GCC 12's unlocks after a load with relaxed order, a race to ThreadSanitizer. Thread
// rule: any thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace danewatch {

template <class T>
class Latest {
 public:
  std::shared_ptr<const T> load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  void store(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // what it was is freed after the lock, with the argument
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace danewatch
