// The status page: HTML for people, made from what the monitor knows.
//
// Pure: no clock, no socket, no file. Works without script and loads nothing; every octet that came from the network or
// from a configuration is escaped. Serve the text with `content_type` and `content_security_policy`: the policy allows
// exactly the one style and the one script that stand in the page, by their hash, and nothing else.
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

// All targets, broken ones first: what is broken, since when, what to do.
std::string overview(const std::vector<TargetState>& targets, const Moment& moment);

// The same in pieces of some 64 kB, because the page of thousands of targets takes a second to write: whoever serves it
// has others to serve in between. An empty piece is the end.
std::function<std::string()> overview_pieces(std::vector<TargetState> targets, const Moment& moment);

// One target: findings with fixes, the matrix of records and endpoints, the DNS path, chains, recent runs.
std::string target(const TargetState& state, const Moment& moment);

// The page of a status such as 404, with one sentence.
std::string error(int status, std::string_view sentence, std::string_view root);

}  // namespace danewatch::page
