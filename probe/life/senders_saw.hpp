// From the tally of many reports to what was reported about one target.
//
// Bounded, whatever strangers wrote: of a day the most important senders and troubles. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "probe/evidence/evidence.hpp"
#include "probe/evidence/senders_saw.hpp"
#include "probe/life/sender_tally.hpp"

namespace danewatch {

// The names that senders may report a target under: its own, and those of its mail servers (of a TLSA policy RFC 8460
// has the server's, some senders have the domain's). Empty: it takes no mail of other servers.
std::vector<std::string> names_in_reports(const Target& target, const DnsEvidence& dns);

struct SenderDays {
  static constexpr std::size_t most_senders = 100;
  static constexpr std::size_t most_troubles = 20;
  static constexpr std::chrono::days kept{14};
};

// All that is known of one day.
SendersDay whole_day(const SenderDayKey& key, const SenderDay& sum);

SendersSaw senders_saw(const SenderTally& tally, const std::vector<std::string>& names, bool vouched);

}  // namespace danewatch
