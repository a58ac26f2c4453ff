// The status page: HTML for people, made from what the monitor knows.
//
// Pure: no clock, no socket, no file. Works without script and loads nothing; every octet that came from the network or
// from a configuration is escaped. Serve the text with `content_type` and `content_security_policy`: the policy allows
// exactly the one style and the one script that stand in the page, by their hash, and nothing else.
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/life/archive.hpp"
#include "probe/life/history.hpp"

namespace danewatch::page {

inline constexpr std::string_view content_type = "text/html; charset=utf-8";
extern const std::string_view content_security_policy;

// What the monitor knows about one target. Both must outlive the call; `history` is never null.
struct TargetState {
  std::string_view name;  // in the configuration; its page is target_path(name)
  const History* history = nullptr;
  std::chrono::seconds interval{0};  // between runs; a report older than three of them is called out of date
};

struct Moment {
  SysTime now{};
  std::chrono::seconds reload{0};  // the page asks again after this time; 0: never
  std::string problem = {};        // of danewatch itself, a sentence on top of the page; empty: none
  std::string root = {};           // the path below which people reach us: "/danewatch"; empty: none
};

// "/targets/NAME" with NAME percent-encoded (RFC 3986 2.1): names hold slashes and colons.
std::string target_path(std::string_view name);

// Where the evidence of the latest report is, or that of a change.
std::string evidence_path(std::string_view name, std::optional<SysTime> at = {});

// An event of the target of this name; an empty name: it is not watched any more.
struct Changed {
  std::string_view name;
  const KeptEvent* kept = nullptr;  // never null
};

// What a reader asked for: "/?q=mx&state=critical&page=2".
struct OverviewQuery {
  std::string text{};               // part of a name, of a host or of what was configured, without case; empty: any
  std::optional<Severity> state{};  // "ok" is info, too
  std::size_t page = 1;             // beyond the last one: the last one
};

// At most so many targets a page: it is to be read by people and sent over slow lines.
inline constexpr std::size_t targets_a_page = 100;

// Targets, broken ones first: what is broken, since when, what to do. With what changed lately, newest first; null:
// nothing is remembered.
std::string overview(const std::vector<TargetState>& targets, const Moment& moment, const OverviewQuery& query = {},
                     const std::vector<Changed>* changes = nullptr);

// Of all targets, newest first.
std::string changes(const std::vector<Changed>& changes, const Moment& moment);

// What is remembered of a target; its events oldest first.
struct Remembered {
  Life life;
  std::vector<KeptEvent> events;
  std::vector<SysTime> evidence = {};  // of changes: when it was kept
};

// One target: findings with fixes, the matrix of records and endpoints, the DNS path, chains, the time line, recent
// runs.
std::string target(const TargetState& state, const Moment& moment, const Remembered* remembered = nullptr);

// The page of a status such as 404, with one sentence.
std::string error(int status, std::string_view sentence, std::string_view root);

}  // namespace danewatch::page
