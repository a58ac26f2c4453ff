// Inner: what the TLS reports in files and mailboxes add up to, each read once.
//
// Reads only. A file that did not change is not read again; what cannot be read is told when that begins, and nothing
// is lost by it. Bounded, whatever strangers send. It waits for disks. Thread rule: one owner; snapshots are values.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cli/config/config.hpp"
#include "cli/system/mail_files.hpp"
#include "probe/life/sender_totals.hpp"
#include "probe/life/senders_saw.hpp"

namespace danewatch {

struct SenderSnapshot {
  SenderTally tally;
  SenderTotals totals;
  std::map<RejectReason, std::uint64_t> rejected;
  std::uint64_t unauthenticated = 0;  // reports that nobody vouches for
  bool vouched = false;               // somebody is named who vouches
  bool up = false;                    // the last time all paths could be read
};

class SenderMailbox {
 public:
  using Say = std::function<void(const std::string& line)>;  // a line for the log, unescaped

  SenderMailbox(TlsrptConfig config, Say say);
  SenderMailbox(const SenderMailbox&) = delete;
  SenderMailbox& operator=(const SenderMailbox&) = delete;
  ~SenderMailbox() = default;

  // Reads what came or changed. False: `stop` said so before the end.
  bool read(SysTime now, const std::function<bool()>& stop);
  const SenderSnapshot& seen() const { return seen_; }

 private:
  using File = std::array<std::int64_t, 5>;  // device, inode, size, time of the last change

  void forget_before(std::chrono::sys_days first);
  bool is_known(const struct stat& file);
  void document(const std::string& name, std::string_view octets, SysTime now);
  void take(const std::string& name, const SenderReport& report, SysTime now);
  void reject(const std::string& name, const Rejected& why);
  void tell(const std::string& name, const std::string& why);

  TlsrptConfig config_;
  Say say_;
  SenderSnapshot seen_;
  std::set<File> known_, there_;  // when it was read before; this time
  std::optional<File> open_;      // what is being read
  std::set<std::string> in_trouble_, in_trouble_before_;
  std::set<std::string> early_;    // reports from the future, by their keys
  std::chrono::sys_days first_{};  // what began before it does not count
  std::size_t told_ = 0;           // lines for the log, this time
};

}  // namespace danewatch
