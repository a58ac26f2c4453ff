// The JSON of a report (RFC 8460 4.4) into values, as senders really write it.
//
// What deviates is noted and taken; what cannot be understood is an error. Thread rule: a pure function.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "probe/evidence/sender_report.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch::tlsrpt {

// Has it what only such a report has? Other JSON in the mailbox is none of ours.
bool looks_like_report(const nlohmann::json& json);

// `fallback_domain`: what the mail or its file name says the report is about, where the report does not.
Parsed<SenderReport> parse_report(std::string_view text, const std::string& fallback_domain);

}  // namespace danewatch::tlsrpt
