// Inner: the sections of a target's page.
//
// Nothing is decided here: every word comes from the report. Thread rule: pure functions.
#pragma once

#include <cstddef>
#include <functional>

#include "exporters/page/html.hpp"
#include "exporters/page/page.hpp"

namespace danewatch::page {

// Above info first, each with its fix and lines to copy; the info ones behind a summary.
void findings(Html& html, const Report& report);

// Records x endpoints of one host: a stale record is an empty row, a bad server an empty column.
// With when each record last matched.
void matrix(Html& html, const TargetState& state, const HostReport& host, SysTime now);

// Every record of a host as a line to copy, and since when it is there.
void records(Html& html, const TargetState& state, const HostReport& host, SysTime now);

// Name servers x records of one host: a server that lags is a row that differs. Nothing where none was asked.
void name_servers(Html& html, const Report& report, const HostReport& host);

// Every lookup in the order asked, with its proof.
void dns_path(Html& html, const Report& report);

// What the servers of one host showed; a chain shown by several endpoints is written once.
void chains(Html& html, const Report& report, const HostReport& host);

// When what was there, a lane for each record, key and state, and what happened.
void time_line(Html& html, std::string_view name, const Remembered& remembered, SysTime now);

// A few of the newest, and the way to the others.
void latest_changes(Html& html, const std::vector<Changed>& newest_first, SysTime now);

// Sentence and meaning of events; `name` of Changed is shown where it is set.
// `evidence_of`: where the evidence of a change is; empty: none was kept.
void event_list(Html& html, const std::vector<Changed>& changes, SysTime now,
                const std::function<std::string(SysTime)>& evidence_of = {});

void history(Html& html, const TargetState& state, SysTime now);

}  // namespace danewatch::page
