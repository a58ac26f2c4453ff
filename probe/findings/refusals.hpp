// Inner: findings about servers that refuse us, or send us elsewhere, before TLS could begin.
//
// It is our address, our name or our question that they refuse: what they do for others is not known, and the words say
// so. Thread rule: pure functions.
#pragma once

#include <vector>

#include "probe/findings/inner.hpp"

namespace danewatch {

// These endpoints of the host ended with Fault::reply, and alike.
Finding refusal_finding(const Report& report, const HostReport& host, const Endpoints& endpoints);

}  // namespace danewatch
