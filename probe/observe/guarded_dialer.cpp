#include "probe/observe/guarded_dialer.hpp"

namespace danewatch {

boost::asio::awaitable<TlsEvidence> GuardedDialer::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  if (is_allowed(policy_, endpoint.address)) {
    TlsEvidence seen = co_await inner_.observe(std::move(endpoint), std::move(offer), deadline);
    co_return seen;
  }
  TlsEvidence refused;
  refused.address = endpoint.address;
  refused.port = endpoint.port;
  refused.fault = Fault::local;
  refused.error = "the configuration forbids this address (allow_targets)";
  co_return refused;
}

}  // namespace danewatch
