// Words for records and lists, the same in a finding's text and in its remedies.
//
// Never looks at a certificate. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "resolver/dns/tlsa.hpp"

namespace danewatch {

// The beginning of a sentence; our own words, which begin with an ASCII letter.
std::string capital(std::string words);

// "192.0.2.1 and 2001:db8::1", at most three of them, then "and 4 more"; duplicates once, order kept.
std::string list(const std::vector<std::string>& items);

// "3 1 1 0123456789abcdef…": enough to find it.
std::string short_text(const TlsaRecord& record);
// The whole zone line, or its beginning where it would fill a page; without an owner the record alone.
std::string line_of(const TlsaRecord& record);
// The whole zone line, however long; without an owner the record alone.
std::string full_line_of(const TlsaRecord& record);

}  // namespace danewatch
