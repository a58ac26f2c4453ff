// Inner: the matcher of commands that look at files, with the operator's CAs.
//
// Thread rule: as OpensslMatcher.
#pragma once

#include <optional>
#include <string>

#include "probe/openssl/matcher.hpp"

namespace danewatch {

// A CA file that cannot be read is the operator's slip: UsageError, before anything is judged.
OpensslMatcher make_matcher(const std::optional<std::string>& ca_file);

}  // namespace danewatch
