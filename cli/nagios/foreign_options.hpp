// Inner: words around the plugin's options: its help, and what it says about options of other plugins.
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch {

namespace nagios_help {
extern const char* const about;
std::string examples();  // states, ranges, object definitions
}  // namespace nagios_help

// Options that users of check_ssl_cert, check_http, check_smtp and other check_dane plugins know and that have no
// meaning here.
struct ForeignOption {
  std::string_view words;  // all spellings, separated by blanks
  std::string_view why;    // after "OPTION: "
};
std::span<const ForeignOption> foreign_options();

// Throws UsageError with the reason at the first of them.
void refuse_foreign_options(const std::vector<std::string>& words);

}  // namespace danewatch
