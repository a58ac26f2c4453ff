// From one key to the next without losing mail: publish, wait, deploy, look, remove; which step is due, and when.
//
// Decides from what was seen and remembered, and says of what it does not know that it does not. Never a look, a change
// or a clock of its own. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "probe/life/life.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

// What one name server hands out for the TLSA records of a host, and since when it was first seen to, without a break.
struct ServedSince {
  std::string name_server;  // "ns1.example.org (192.0.2.53)"
  bool answers = true;      // false: nothing is known of what it hands out
  std::vector<std::pair<TlsaRecord, SysTime>> records;
  std::string why_not = "does not answer";  // where it does not

  bool operator==(const ServedSince&) const = default;
};

// Since when it hands out this very association; nothing: it does not.
std::optional<SysTime> since(const ServedSince& server, const TlsaRecord& record);

// One server whose key is to be replaced, by its place in a mail domain or by itself.
struct Roll {
  const HostReport* host = nullptr;       // never null
  const Life* life = nullptr;             // never null
  std::vector<ServedSince> name_servers;  // all of the zone of its TLSA records; empty: they were not asked
  bool all_named = false;                 // no other port or host uses its records or its key
  std::vector<std::string> others{};      // other places, outside of the plan, whose records name the key in use
};

enum class StepKind { publish, wait, deploy, look, remove };
inline constexpr StepKind step_kinds[] = {StepKind::publish, StepKind::wait, StepKind::deploy, StepKind::look,
                                          StepKind::remove};

enum class StepState {
  done,
  open,        // it is safe now
  not_before,  // safe from `at` on
  refused,     // it would break mail, or cannot be told to be right: `why`
  unknown      // nobody could look: `why`
};

struct RolloverStep {
  StepKind kind = StepKind::publish;
  StepState state = StepState::unknown;
  std::string place;                // the server: "mx.example.org:25"
  std::vector<TlsaRecord> records;  // to add, to wait for, to remove: with their owner
  std::optional<SysTime> at{};
  std::string why{};
  bool may_move = false;  // not_before: the wait has not begun, so `at` is later each time that it is asked

  bool operator==(const RolloverStep&) const = default;
};

struct Plan {
  bool keeps_the_key = false;       // the next key is the one in use: nothing is to be done
  std::vector<RolloverStep> steps;  // of each server, one after the other, in the order in which they are safe

  bool operator==(const Plan&) const = default;
};

// RFC 7671 8.1 and 8.4, RFC 7672 4. `next`: every key that the servers show afterwards. Every record set keeps the
// parameters that it has: for each usage, selector and matching type in it each of those keys gets a record.
Plan plan_of(std::span<const Roll> rolls, std::span<const NextKey> next, SysTime now);

std::string_view to_string(StepKind kind);
std::string_view to_string(StepState state);

}  // namespace danewatch
