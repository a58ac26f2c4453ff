#include <fmt/format.h>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/commands.hpp"
#include "cli/system/mail_files.hpp"
#include "cli/system/output.hpp"
#include "exporters/json/senders.hpp"
#include "exporters/text/senders.hpp"
#include "exporters/words/escape.hpp"
#include "probe/life/sender_tally.hpp"
#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_rejected = 1000;  // kept for --json; all are told on standard error

// Everything one invocation owns.
class Tlsrpt {
 public:
  explicit Tlsrpt(const TlsrptOptions& options) : options_(options), now_(SystemClock(options.at).now()) {
    summary_.trust_all = options.authserv_id.empty();
  }

  SenderSummary read() {
    MailFiles files;
    files.document = [this](const std::string& name, std::string_view octets, bool named) {
      document(name, octets, named);
    };
    files.trouble = [this](const std::string& name, const Rejected& why) { reject(name, why); };
    for (const auto& path : options_.paths) read_mail_files(path, files);
    return std::move(summary_);
  }

 private:
  void document(const std::string& name, std::string_view octets, bool named) {
    const Reading reading = read_sender_reports(octets, name, options_.authserv_id);
    const bool nothing = reading.reports.empty() && reading.rejected.empty();
    bool other = nothing && !named;
    if (nothing && named) reject(name, {RejectReason::not_a_report, "is mail without a TLS report"});
    for (const auto& why : reading.rejected) {
      const bool passed_over = !named && why.reason == RejectReason::not_a_report;
      other = other || passed_over;
      if (!passed_over) reject(name, why);
    }
    if (other) ++summary_.others;
    for (const auto& report : reading.reports) take(name, report);
  }

  void take(const std::string& name, const SenderReport& report) {
    if (is_from_the_future(report, now_))
      return reject(name, {RejectReason::from_the_future, "is from the future: check both clocks"});
    if (options_.since && report.end < *options_.since) {
      ++summary_.older;
    } else if (!summary_.tally.add(report, !report.signed_by.empty())) {
      ++summary_.repeated;
    }
  }

  void reject(const std::string& name, const Rejected& why) {
    write_error(fmt::format("{}: {}", escape_for_terminal(name), why.why));
    if (summary_.rejected.size() < most_rejected) summary_.rejected.push_back({name, why});
  }

  const TlsrptOptions& options_;
  SysTime now_;
  SenderSummary summary_;
};

int status_of(SendersSay said) {
  switch (said) {
    case SendersSay::no_failures:
      return 0;
    case SendersSay::failures:
      return 1;
    case SendersSay::mostly_failures:
      return 2;
    case SendersSay::nothing:
      return 3;
  }
  return 3;
}

}  // namespace

int run_tlsrpt(const TlsrptOptions& options) {
  const SenderSummary summary = Tlsrpt(options).read();
  write_output(options.json ? to_json(summary) + "\n" : to_text(summary, output_style(options.no_color)));
  return status_of(what_senders_say(summary.tally, summary.trust_all));
}

}  // namespace danewatch
