// A report as one compact JSON object; docs/report.schema.json is its contract.
//
// Pure. No newline inside or at the end. Unknown is null, never 0 or "".
#pragma once

#include <span>
#include <string>

#include "probe/predict/verify.hpp"
#include "probe/report/report.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {

std::string to_json(const Report& report);        // danewatch.report/1
std::string to_json(const VerifyReport& report);  // danewatch.verify/1

// An array of {"owner","usage","selector","matching_type","data"} (`danewatch tlsa --format json`).
std::string to_json(std::span<const TlsaRecord> records);

std::string json_library_version();

}  // namespace danewatch
