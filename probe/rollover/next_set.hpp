// Inner: what a record set must hold besides, so that the next key is as well described as the one in use.
//
// Thread rule: pure functions.
#pragma once

#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// The records of the next key with the parameters of those in the set, whether they are there already or not. Otherwise
// why there can be none: a sentence.
tl::expected<std::vector<TlsaRecord>, std::string> next_set(const HostReport& host, const NextKey& next);

// Of several keys, such as one of each certificate type.
tl::expected<std::vector<TlsaRecord>, std::string> next_set_of_all(const HostReport& host,
                                                                   std::span<const NextKey> next);

}  // namespace danewatch
