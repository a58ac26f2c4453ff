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

// Findings about dates, whose place the operator's own limits take.
constexpr std::string_view certificate_code = "cert-expiring";
constexpr std::string_view signature_code = "dnssec-signature-expiring";

struct DaysLeft {
  double days = 0;
  std::string of;  // "the certificate of mx.example.org", "the signature of example.org MX"
  Finding about;   // where it is, when it ends, what to do
};

// What perfdata counts; nothing stands for unknown ("U").
struct Figures {
  std::optional<DaysLeft> days;
  std::optional<DaysLeft> rrsig_days;
  std::optional<std::size_t> tlsa_usable;
  std::optional<std::size_t> tlsa_matched;  // records that match somewhere
  std::optional<std::size_t> tlsa_extra;    // records that match nothing, beside one that does
  std::optional<std::size_t> endpoints_failed;
};

Figures figures(const Report& report);

// "time=0.412s;;;0;10 days=57.3;14:;3: …"
std::string perfdata(const Report& report, const Figures& figures, const Options& options);

// "57.25": at most two decimals, rounded down so that a threshold is judged by what is shown.
std::string decimal(double value);
double shown(double value);

// One line without anything that a core, a shell, a macro or printf(1) acts on: control characters become blanks,
// `|` and `\` become `/`, quotes of every kind `'`, `$` `?`, `<` and `>` brackets; invalid UTF-8 is shown in hex.
std::string harmless(std::string_view text);

}  // namespace danewatch::nagios
