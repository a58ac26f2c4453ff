// The TLSA record to publish for the certificate at hand, and where.
//
// Never says that it is the only right one. Thread rule: pure functions.
#pragma once

#include <string>

#include "probe/report/report.hpp"

namespace danewatch {

// Some client may use it.
bool is_usable(const RecordReport& record);

// "_25._tcp.mx.example.org"; empty where nobody was asked.
std::string tlsa_owner(const HostReport& host);

// Usage 3, the key of the leaf, and SHA2-256 (RFC 7671 5.1, 8.1), or SHA2-512 where a usable record of that digest
// stands beside it. Without data where the key's digest is not known.
TlsaRecord right_record(const HostReport& host, const Certificate& leaf);

}  // namespace danewatch
