// Evidence: all that one run saw, before anybody says what it means.
//
// Holds no verdict, so that it can be kept, read back and judged again. A host's endpoints belong to the host, and
// nothing runs parallel to anything. Thread rule: values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/senders_saw.hpp"
#include "probe/evidence/tls_evidence.hpp"
#include "resolver/dns/parse_error.hpp"
#include "resolver/servers/server_answers.hpp"
#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

// Milliseconds; empty: the run did not come to it.
struct RunTimings {
  std::optional<double> dns;        // until it was known what to look at
  std::optional<double> verify;     // holding what was seen against the records
  std::optional<double> servers{};  // asking each name server, while the hosts are looked at

  bool operator==(const RunTimings&) const = default;
};

// A run that never was: a line that is no target, a policy that forbids it, a limit of ours.
struct NotLooked {
  enum class Why { not_run, bad_target, refused_by_policy, local_limit, deadline };
  Why why = Why::not_run;
  std::optional<ParseError> error;  // what is wrong with a line that is no target

  bool operator==(const NotLooked&) const = default;
};

// Where the evidence comes from. What was not seen just now is always told as such.
enum class Origin {
  seen,       // looked at, by this run
  predicted,  // made of files: what would be seen
  replayed,   // read back from where it was kept
};

constexpr std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::seen:
      return "seen";
    case Origin::predicted:
      return "predicted";
    case Origin::replayed:
      return "replayed";
  }
  return "seen";
}

struct RunFacts {
  Origin origin = Origin::seen;
  std::chrono::milliseconds duration{0};
  RunTimings timings;
  bool complete = true;      // false: the deadline or Ctrl-C ended the run early
  std::string trust_anchor;  // a path, or "built-in"
  std::optional<NotLooked> not_looked;

  bool operator==(const RunFacts&) const = default;
};

struct HostFacts {
  HostEvidence dns;
  std::vector<TlsEvidence> endpoints;

  bool operator==(const HostFacts&) const = default;
};

struct Evidence {
  Target target;
  SysTime at{};
  RunFacts run;
  DnsWalk walk;
  std::vector<HostFacts> hosts;       // by preference, then as received
  NameServers servers;                // what each name server says, asked by its address
  std::optional<SendersSaw> senders;  // what other mail servers reported; nothing: nobody reads that

  bool operator==(const Evidence&) const = default;
};

}  // namespace danewatch
