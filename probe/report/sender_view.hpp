// What senders see, held against what danewatch sees.
//
// Reports are of yesterday: what counts is the latest day of each sender, and none older than three days. What MTA-STS
// is about is none of DANE's business. Thread rule: values and pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

inline constexpr std::chrono::days senders_count_for{3};

// What senders fail with, of their latest reports.
struct SeenTrouble {
  std::string result_type;
  std::string mx_host;               // empty: not said
  std::vector<std::string> records;  // TLSA records they went by, as they wrote them
  std::uint64_t sessions = 0;
  std::vector<std::string> senders;
  std::chrono::sys_days day{};  // the latest

  bool operator==(const SeenTrouble&) const = default;
};

// Of what is believed, most sessions first; nothing: nobody reported lately, so it is not known.
std::optional<std::vector<SeenTrouble>> what_senders_see(const SendersSaw& saw, SysTime at);

// The host of the report that it is about: by the name of the host, else by a record; null: none that is known.
const HostReport* host_of(const Report& report, const SeenTrouble& trouble);

// The host's record that a sender wrote down; null: it has none such now.
const RecordReport* record_of(const HostReport& host, const std::string& written);

// Does danewatch see at this host what they see?
enum class SameView {
  same,       // yes
  other,      // it sees another fault
  no_fault,   // it sees that all is well
  not_known,  // it could not look, or not at that
};
SameView same_view(const Conclusion& own, const std::string& result_type);

}  // namespace danewatch
