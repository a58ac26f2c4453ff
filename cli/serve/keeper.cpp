#include "cli/serve/keeper.hpp"

#include <algorithm>

namespace danewatch {
namespace {

constexpr std::chrono::seconds pause_after_failure{2};
constexpr std::chrono::hours between_forgetting{1};
constexpr std::chrono::hours until_trusted{24};
constexpr std::size_t most_waiting_events = 1000;  // of a target, while the disk takes nothing

}  // namespace

Change joined(Change earlier, Change later) {
  if (later.whole) {
    earlier.intervals.clear();
    earlier.places.clear();
    earlier.dropped.clear();
    earlier.dropped_places.clear();
    earlier.whole = true;
  }
  std::erase_if(earlier.dropped_places, [&](const LifePlace& dropped) {
    const auto is_back = [&](const Interval& each) { return each.thing.place == dropped; };
    return std::ranges::any_of(later.places, [&](const auto& each) { return each.first == dropped; }) ||
           std::ranges::any_of(later.intervals, is_back);
  });
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  std::erase_if(earlier.intervals, [&](const Interval& old) {
    return std::ranges::any_of(later.intervals, [&](const Interval& each) { return each.id == old.id; });
  });
  std::erase_if(earlier.places, [&](const auto& old) {
    return std::ranges::any_of(later.places, [&](const auto& each) { return each.first == old.first; });
  });
  append(earlier.places, later.places);
  append(earlier.intervals, later.intervals);
  append(earlier.dropped, later.dropped);
  append(earlier.dropped_places, later.dropped_places);
  append(earlier.events, later.events);
  if (earlier.events.size() > most_waiting_events) {
    earlier.events.erase(earlier.events.begin(), earlier.events.end() - most_waiting_events);
  }
  earlier.head = later.head;
  earlier.could_look = later.could_look;
  return earlier;
}

Keeper::Keeper(Hooks hooks, std::chrono::seconds keep_for, const Clock& clock)
    : hooks_(std::move(hooks)), keep_for_(keep_for), clock_(clock), thread_([this] { run(); }) {}

Keeper::~Keeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Keeper::want(std::vector<std::string> targets) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::move(targets);
    asked_ = true;
  }
  changed_.notify_all();
}

void Keeper::keep(const std::string& target, Change change) {
  {
    const std::lock_guard lock(mutex_);
    const auto waiting = waiting_.find(target);
    if (waiting == waiting_.end()) {
      waiting_.emplace(target, std::move(change));
    } else {
      waiting->second = joined(std::move(waiting->second), std::move(change));
    }
  }
  changed_.notify_all();
}

bool Keeper::wait_until_found(std::chrono::seconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return found_ || !last_failure_.empty(); });
  return found_;
}

bool Keeper::has_work() const {
  return stopping_ || asked_ || !waiting_.empty();
}

void Keeper::run() {
  for (bool last = false; !last;) {
    {
      std::unique_lock lock(mutex_);
      if (archive_) {
        changed_.wait_for(lock, between_forgetting, [this] { return has_work(); });
      } else if (!last_failure_.empty()) {
        changed_.wait_for(lock, pause_after_failure, [this] { return stopping_; });
      }
      last = stopping_;
    }
    try {
      open();
      write();
      if (!last) forget_old();
      succeeded();
    } catch (const ArchiveError& error) {
      failed(error.what());
    }
  }
}

// Whoever wants lives hears of them each time a file is opened, because it may be another one.
void Keeper::open() {
  const bool is_new = !archive_;
  if (is_new) {
    archive_ = hooks_.open();
    hooks_.opened(archive_->events({.most = hooks_.most_events}));
  }
  std::vector<std::string> targets;
  {
    const std::lock_guard lock(mutex_);
    const bool asked = std::exchange(asked_, false);
    if (asked || is_new) targets = wanted_;
  }
  if (!targets.empty()) tell_found(targets);
  if (!is_new) return;
  const bool is_near = newest_look_ == SysTime{} || is_near_to(newest_look_, clock_.now());
  distrust_for(is_near ? between_forgetting : until_trusted);
}

void Keeper::distrust_for(std::chrono::seconds time) {
  passed_ = {clock_.now(), clock_.steady()};
  may_forget_at_ = passed_.second + time;
}

void Keeper::succeeded() {
  up_ = true;
  if (last_failure_.empty()) return;
  hooks_.say("the history is kept again");
  const std::lock_guard lock(mutex_);
  last_failure_.clear();
}

void Keeper::tell_found(const std::vector<std::string>& targets) {
  Found found;
  for (const std::string& each : targets) {
    auto life = archive_->load(each);
    if (life) newest_look_ = std::max(newest_look_, life->head.last_looked);
    found.emplace(each, std::move(life));
  }
  hooks_.found(std::move(found));
  {
    const std::lock_guard lock(mutex_);
    found_ = true;
  }
  changed_.notify_all();
}

void Keeper::write() {
  std::map<std::string, Change> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
  }
  if (taken.empty()) return;
  Archive::Changes changes;
  for (const auto& [target, change] : taken) changes.emplace_back(target, change);
  try {
    archive_->keep(changes);
  } catch (const ArchiveError&) {
    const std::lock_guard lock(mutex_);
    for (auto& [target, change] : taken) {
      const auto newer = waiting_.find(target);
      if (newer != waiting_.end()) change = joined(std::move(change), std::move(newer->second));
      waiting_[target] = std::move(change);
    }
    throw;
  }
  for (const auto& [target, change] : taken) {
    if (!change.events.empty()) hooks_.kept(target, change.events);
  }
}

// A clock that jumped ahead would have all of it forgotten. So it is believed only after it has gone on for a day.
void Keeper::forget_old() {
  const auto steady = clock_.steady();
  const SysTime now = clock_.now();
  const auto expected = passed_.first + std::chrono::duration_cast<std::chrono::seconds>(steady - passed_.second);
  if (!is_near_to(expected, now)) return distrust_for(until_trusted);
  passed_ = {now, steady};
  if (steady < may_forget_at_) return;
  may_forget_at_ = steady + between_forgetting;
  archive_->forget(now - keep_for_);
}

// Said when it begins and when it is another, not at every attempt.
void Keeper::failed(const std::string& why) {
  ++errors_;
  up_ = false;
  archive_.reset();
  if (why != last_failure_) hooks_.say("the history is not kept, all else goes on: " + why);
  {
    const std::lock_guard lock(mutex_);
    last_failure_ = why;
  }
  changed_.notify_all();
}

}  // namespace danewatch
