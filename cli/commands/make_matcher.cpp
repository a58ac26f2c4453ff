#include "cli/commands/make_matcher.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {

OpensslMatcher make_matcher(const std::optional<std::string>& ca_file) {
  if (ca_file) static_cast<void>(read_file("--ca-file", *ca_file));
  MatcherOptions options;
  options.ca_file = ca_file;
  try {
    return OpensslMatcher(options);
  } catch (const std::runtime_error&) {
    if (!ca_file) throw;
    throw UsageError(fmt::format("--ca-file {}: no certificate can be read from it", escape_for_terminal(*ca_file)));
  }
}

}  // namespace danewatch
