// Inner: by what a survey notices that this machine is late, or that its network is away.
//
// Thread rule: the executor's thread.
#pragma once

#include "probe/run/self_watch.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {

// All of them outlive what is made of them.
SelfSenses senses_of(boost::asio::any_io_executor executor, const ResolverOptions& options, const Clock& clock,
                     UnboundResolver& resolver);

}  // namespace danewatch
