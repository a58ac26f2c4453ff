// Inner: what a record set must hold besides, so that the next key is as well described as the one in use.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// The records of the next key with the parameters of those in the set, whether they are there already or not. Otherwise
// why there can be none: a sentence.
tl::expected<std::vector<TlsaRecord>, std::string> next_set(const HostReport& host, const NextKey& next);

}  // namespace danewatch
