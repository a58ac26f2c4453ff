// Inner: words, times and small facts that the pages share.
//
// Text returned may hold octets from the network as they are: only Html escapes. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/page/html.hpp"
#include "exporters/page/page.hpp"

namespace danewatch::page {

// "good", "info", "warn", "bad", "unknown": a CSS class; the word is always shown beside the colour.
std::string_view tone(Severity severity);
std::string_view tone(Status status);
std::string_view tone(Cell cell);
std::string_view tone(RecordState state);

std::string conclusion(const Conclusion& conclusion);  // "mismatch/no-match"
std::string moment(SysTime time);                      // "2026-01-31 12:00 UTC"
std::string span(std::chrono::seconds length);         // "3 days", "1 hour", "20 s": one unit, rounded down
std::string ago(SysTime time, SysTime now);            // "3 days ago", "in 2 hours"
std::string name(std::string_view ascii, std::string_view unicode);
std::string short_record(const TlsaRecord& record);
std::string endpoint(const TlsEvidence& seen);  // "192.0.2.1:25", with ", rsa view" if it is another one

std::string percent_encoded(std::string_view text);  // RFC 3986 2.1: all but unreserved characters

// <time datetime="…">2026-01-31 12:00 UTC</time> (3 days ago)
void time(Html& html, SysTime at, SysTime now);

void badge(Html& html, std::string_view word, std::string_view tone);

void verdict_badge(Html& html, const Report& report);

// What senders do now; empty where there is no impact.
std::string impact_sentence(const Report& report);

// Prose with the code between backticks as <code>; long code gets a line of its own with a button to copy it.
// Not for text that quotes a peer, who would then choose what an operator copies.
void fix(Html& html, const Remedies& remedies);
void copyable(Html& html, std::string_view code);

// A column for each run, oldest first; its title tells what the picture shows.
void sparkline(Html& html, const std::vector<HistoryEntry>& runs, std::size_t most);

// A sentence where the last run is older than it should be.
void out_of_date(Html& html, const TargetState& state, SysTime now);

// Opens html, head and body; end() writes what comes last, Html::done() closes them.
void begin(Html& html, std::string_view title, const Moment& moment);
void end(Html& html);

}  // namespace danewatch::page
