#include "cli/serve/sender_watch.hpp"

#include <utility>

namespace danewatch {

SenderWatch::SenderWatch(const Clock& clock, SenderMailbox::Say say) : clock_(clock), say_(std::move(say)) {}

SenderWatch::~SenderWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SenderWatch::configure(const std::optional<TlsrptConfig>& config) {
  {
    const std::lock_guard lock(mutex_);
    if (config == config_) return;
    config_ = config;
    ++asked_;
    if (!config) latest_.store(nullptr);
    if (config && !thread_.joinable()) thread_ = std::thread([this] { run(); });
  }
  changed_.notify_all();
}

std::optional<SendersSaw> SenderWatch::saw(const Target& target, const DnsEvidence& dns) const {
  const auto snapshot = latest();
  const auto names = names_in_reports(target, dns);
  if (!snapshot || names.empty()) return std::nullopt;
  return senders_saw(snapshot->tally, names, snapshot->vouched);
}

bool SenderWatch::is_outdated() const {
  const std::lock_guard lock(mutex_);
  return stopping_ || asked_ != taken_;
}

std::optional<TlsrptConfig> SenderWatch::next() {
  std::unique_lock lock(mutex_);
  const auto is_new = [this] { return stopping_ || asked_ != taken_; };
  if (config_ && !is_new()) changed_.wait_for(lock, config_->interval, is_new);
  changed_.wait(lock, [this] { return stopping_ || config_; });
  if (stopping_) return std::nullopt;
  if (std::exchange(taken_, asked_) != asked_) mailbox_.reset();
  return config_;
}

void SenderWatch::run() {
  while (const auto config = next()) {
    if (!mailbox_) mailbox_ = std::make_unique<SenderMailbox>(*config, say_);
    if (!mailbox_->read(clock_.now(), [this] { return is_outdated(); })) continue;
    auto snapshot = std::make_shared<const SenderSnapshot>(mailbox_->seen());
    const std::lock_guard lock(mutex_);
    if (asked_ == taken_) latest_.store(std::move(snapshot));
  }
}

}  // namespace danewatch
