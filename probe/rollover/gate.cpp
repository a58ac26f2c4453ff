#include "probe/rollover/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

int rank(StepState state) {
  switch (state) {
    case StepState::done:
      return 0;
    case StepState::open:
      return 1;
    case StepState::not_before:
      return 2;
    case StepState::unknown:
      return 3;
    case StepState::refused:
      return 4;
  }
  return 4;
}

}  // namespace

RolloverStep gate(const Plan& plan, StepKind kind) {
  RolloverStep worst{kind, StepState::done, "", {}, std::nullopt, ""};
  if (plan.steps.empty()) return {kind, StepState::unknown, "", {}, std::nullopt, "nothing was looked at"};
  for (const RolloverStep& each : plan.steps) {
    if (each.kind != kind) continue;
    if (each.at && (!worst.at || *each.at > *worst.at)) worst.at = each.at;
    worst.may_move = worst.may_move || each.may_move;
    if (rank(each.state) > rank(worst.state)) {
      worst.state = each.state;
      worst.why.clear();
    }
    if (rank(each.state) == rank(worst.state) && !each.why.empty()) {
      worst.why += fmt::format("{}{}: {}", worst.why.empty() ? "" : "; ", each.place, each.why);
    }
  }
  for (const RolloverStep& each : plan.steps) {
    for (const TlsaRecord& record : each.records) {
      const bool is_new = std::ranges::find(worst.records, record) == worst.records.end();
      if (each.kind == kind && each.state == worst.state && is_new) worst.records.push_back(record);
    }
  }
  return worst;
}

}  // namespace danewatch
