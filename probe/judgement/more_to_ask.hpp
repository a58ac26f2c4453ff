// What else to ask once a report is there: lookups that may explain it and can change no verdict.
//
// Names questions, asks nothing. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

struct HostQuestion {
  std::size_t host = 0;  // index into the report's hosts
  Question question;

  bool operator==(const HostQuestion&) const = default;
};

// TLSA of other ports and of other names, for hosts that speak TLS and have no record for what they show: a right one
// may stand there by mistake. Never what was asked before; at most 40.
std::vector<HostQuestion> more_to_ask(const Report& report);

// The TLSA of the same hosts: where other name servers answer, other records may stand there.
std::vector<HostQuestion> worth_asking_elsewhere(const Report& report);
// Of the answers to those the ones that hold other records than the report's.
std::vector<Answer> different_ones(const Report& report, std::vector<Answer> answers);

// The facts of the report, with the answers at every host that asked for them. Others are left out.
Evidence with_answers(const Report& report, const std::vector<HostQuestion>& asked, const std::vector<Answer>& answers);

}  // namespace danewatch
