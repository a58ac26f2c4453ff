// The record by which a domain asks for TLS reports (RFC 8460 3), and what `danewatch doctor` says of it.
//
// Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/judgement/checkup.hpp"
#include "resolver/dns/answer.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch {

// Where reports are to be sent: "mailto:tls-reports@example.org", "https://…".
Parsed<std::vector<std::string>> parse_tlsrpt_record(std::string_view record);

// The octets of a TXT record, of its presentation form: its strings one after the other.
std::string txt_octets(std::string_view presentation);

CheckupItem tlsrpt_item(const ReportsAsked& asked, SysTime now);

}  // namespace danewatch
