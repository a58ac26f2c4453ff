// Inner: reads the TLS reports that the configuration names, again and again, on a thread of its own.
//
// Nobody waits for its disks: what was read last is a snapshot. Thread rule: any thread; `configure` one of them.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/serve/latest.hpp"
#include "cli/serve/sender_mailbox.hpp"
#include "resolver/clock.hpp"

namespace danewatch {

class SenderWatch {
 public:
  SenderWatch(const Clock& clock, SenderMailbox::Say say);
  SenderWatch(const SenderWatch&) = delete;
  SenderWatch& operator=(const SenderWatch&) = delete;
  ~SenderWatch();

  // From now on these, at once and then at their interval; nothing: none are read, and what was is forgotten.
  void configure(const std::optional<TlsrptConfig>& config);

  // Null: nothing has been read, or is to be.
  std::shared_ptr<const SenderSnapshot> latest() const { return latest_.load(); }

  // What was reported about a target; nothing: reports are not read, or it takes no mail.
  std::optional<SendersSaw> saw(const Target& target, const DnsEvidence& dns) const;

 private:
  void run();
  std::optional<TlsrptConfig> next();  // what to read next, when it is time; nothing: it is over
  bool is_outdated() const;

  const Clock& clock_;
  SenderMailbox::Say say_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<TlsrptConfig> config_;
  std::uint64_t asked_ = 0, taken_ = 0;  // how often it was configured, and which of them is being read
  bool stopping_ = false;
  Latest<SenderSnapshot> latest_;
  std::unique_ptr<SenderMailbox> mailbox_;  // of the thread
  std::thread thread_;                      // from the first configuration that has something to read
};

}  // namespace danewatch
