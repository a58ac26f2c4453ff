// Inner: a libunbound context that is configured, started and silent.
//
// Never prints: what libunbound says while it starts becomes the exception's text, later it speaks to nobody.
// Thread rule: make contexts on one thread at a time (libunbound's log and parser are global).
#pragma once

#include <unbound.h>

#include <cstdint>

#include "resolver/handle.hpp"
#include "resolver/unbound/resolver.hpp"
#include "resolver/unbound/trust_anchor.hpp"

namespace danewatch {

using UbContext = Handle<ub_ctx, ub_ctx_delete>;

// Throws std::runtime_error with one sentence that names the option to blame, if one is.
UbContext make_unbound_context(const ResolverOptions& options, const TrustAnchor& anchor);

// What its cache cuts TTLs to, in seconds.
std::uint32_t cache_max_ttl(ub_ctx* context);

}  // namespace danewatch
