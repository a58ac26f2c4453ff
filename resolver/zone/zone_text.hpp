// Pure: zone files as people have them, into zones.
//
// Reads no file itself: included ones are handed in. Thread rule: pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/zone/zone.hpp"

namespace danewatch {

// The text of an included file, by the name that the zone file has for it.
using IncludeReader = std::function<Parsed<std::string>(const std::string& name)>;

// The text with what its $INCLUDE lines name (RFC 1035 5.1). Without a reader such a line is an error. The position of
// an error is a line number of the file, from 1.
Parsed<std::string> with_includes(std::string_view text, const std::string& origin, const IncludeReader& read);

// `origin`: what relative names mean before a $ORIGIN says so; nothing: the file must say all by itself. An error's
// position is a line number, or 0 where it is about the zone as a whole.
Parsed<Zone> read_zone_text(std::string_view text, const std::optional<std::string>& origin, const IncludeReader& read);

}  // namespace danewatch
