#include "cli/serve/sender_mailbox.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_told = 20;  // lines for the log each time
constexpr std::size_t most_early = 10'000;

}  // namespace

SenderMailbox::SenderMailbox(TlsrptConfig config, Say say) : config_(std::move(config)), say_(std::move(say)) {
  seen_.vouched = !config_.trusted_authserv_id.empty();
}

bool SenderMailbox::read(SysTime now, const std::function<bool()>& stop) {
  MailFiles files;
  files.document = [&](const std::string& name, std::string_view octets, bool) { document(name, octets, now); };
  files.trouble = [&](const std::string& name, const Rejected& why) { reject(name, why); };
  files.known = [&](const struct stat& file) { return is_known(file); };
  files.stop = stop;
  files.only_files = true;
  told_ = 0;
  there_.clear();
  in_trouble_before_ = std::exchange(in_trouble_, {});
  forget_before(std::chrono::floor<std::chrono::days>(now) - SenderDays::kept);
  for (const std::string& path : config_.paths) {
    open_.reset();
    read_mail_files(path, files);
    if (stop()) return false;
  }
  known_ = std::exchange(there_, {});
  seen_.up = in_trouble_.empty();
  if (told_ > most_told) say_(fmt::format("TLS reports: {} more files like these", told_ - most_told));
  return true;
}

// A clock that was ahead and came back has had us forget what it should not: all is read anew.
void SenderMailbox::forget_before(std::chrono::sys_days first) {
  if (first < first_) {
    const bool vouched = seen_.vouched;
    seen_ = {};
    seen_.vouched = vouched;
    known_.clear();
    early_.clear();
  }
  first_ = first;
  seen_.tally.forget_before(first);
}

bool SenderMailbox::is_known(const struct stat& file) {
  const File stamp{static_cast<std::int64_t>(file.st_dev), static_cast<std::int64_t>(file.st_ino), file.st_size,
                   file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
  there_.insert(stamp);
  const bool known = known_.contains(stamp);
  open_ = known ? std::nullopt : std::optional(stamp);
  return known;
}

// Mail that holds no report is nobody's fault, wherever it lies.
void SenderMailbox::document(const std::string& name, std::string_view octets, SysTime now) {
  const Reading reading = read_sender_reports(octets, name, config_.trusted_authserv_id);
  for (const Rejected& why : reading.rejected) {
    if (why.reason != RejectReason::not_a_report) reject(name, why);
  }
  for (const SenderReport& report : reading.reports) take(name, report, now);
}

void SenderMailbox::take(const std::string& name, const SenderReport& report, SysTime now) {
  if (is_from_the_future(report, now)) {
    if (open_) there_.erase(*open_);  // perhaps it is our clock: look again
    if (early_.size() == most_early || !early_.insert(report.key).second) return;
    return reject(name, {RejectReason::from_the_future, "is from the future: check both clocks"});
  }
  if (report.begin < first_) return;
  const bool believed = !report.signed_by.empty();
  if (!seen_.tally.add(report, believed)) return;
  if (believed) {
    seen_.totals.add(report);
  } else {
    ++seen_.unauthenticated;
  }
}

// What cannot be read is looked at each time, and told when that begins.
void SenderMailbox::reject(const std::string& name, const Rejected& why) {
  if (why.reason == RejectReason::unreadable) {
    if (open_) there_.erase(*open_);
    in_trouble_.insert(name);
    if (in_trouble_before_.contains(name)) return;
  }
  ++seen_.rejected[why.reason];
  tell(name, why.why);
}

void SenderMailbox::tell(const std::string& name, const std::string& why) {
  if (++told_ <= most_told) say_(fmt::format("TLS reports: {}: {}", name, why));
}

}  // namespace danewatch
