// Inner: records that name an authority, and the authority that a host's certificate comes from.
//
// Never says that such a record is to go: whoever pins authorities publishes those that may issue next, too. Thread
// rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "probe/report/remedy.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

// Usage 0 or 2 (RFC 6698 2.1.1).
bool names_authority(const TlsaRecord& record);
// Every usable record does, so its keeper pins authorities and not keys.
bool pins_authorities(const HostReport& host);
// It names an authority that signed nothing of what was seen, as far as anybody can tell: a CA in reserve, and no
// mistake in the record.
bool is_reserve(const HostReport& host, const RecordReport& record);
// What to do with one.
Remedies reserve_remedies(const HostReport& host, const RecordReport& record);

// Whether the certificate is for one of the names. Good enough for a remark and for advice; the names that decide are
// compared by the matcher.
bool is_for(const Certificate& leaf, const std::vector<std::string>& names);
// What to publish for the authority that signed the certificate of this endpoint: usage 2, its key. Nothing where it
// was not sent, or where dates or names, which usage 2 needs, are against it.
std::optional<TlsaRecord> authority_record(const Report& report, const HostReport& host,
                                           const EndpointReport& endpoint);

}  // namespace danewatch
