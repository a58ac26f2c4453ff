// Domain names as operators write them, and their A-label form.
//
// Never asks the DNS. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

// Domain name (U- or A-labels, optional trailing dot) to its A-label form (IDNA 2008 by libidn2).
// Underscore labels are allowed.
Parsed<std::string> to_ascii_name(std::string_view name);

// U-label form for people; the name itself where it does not decode.
std::string to_unicode_name(std::string_view ascii);

// Names and the words of protocols are compared without case, ASCII letters only (RFC 4343).
std::string lower(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);

// Of names as resolver/dns/answer.hpp describes them: whether `name` is that of the zone, or lies below it.
bool is_at_or_below(std::string_view name, std::string_view zone);
bool is_below(std::string_view name, std::string_view zone);
std::string parent_of(std::string_view name);  // one label up; "." of the last, and of "."

std::string idn_version();  // of the libidn2 in use

}  // namespace danewatch
