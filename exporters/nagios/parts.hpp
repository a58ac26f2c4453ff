// Inner: the pieces of a plugin's output.
//
// Thread rule: values and pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "exporters/nagios/nagios.hpp"

namespace danewatch::nagios {

// What perfdata counts; nothing stands for unknown ("U").
struct Figures {
  std::optional<double> days;
  std::optional<double> rrsig_days;
  std::optional<std::size_t> tlsa_usable;
  std::optional<std::size_t> tlsa_matched;  // records that match somewhere
  std::optional<std::size_t> tlsa_extra;    // records that match nothing, beside one that does
  std::optional<std::size_t> endpoints_failed;
};

Figures figures(const Report& report);

// "time=0.412s;;;0;10 days=57.3;14:;3: …"
std::string perfdata(const Report& report);

// One line without anything that a core, a shell, a macro or printf(1) acts on: control characters become blanks,
// `|` and `\` become `/`, quotes of every kind `'`, `$` `?`, `<` and `>` brackets; invalid UTF-8 is shown in hex.
std::string harmless(std::string_view text);

}  // namespace danewatch::nagios
