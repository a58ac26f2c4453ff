#include "probe/predict/dialer.hpp"

#include <algorithm>

#include "probe/evidence/predicates.hpp"

namespace danewatch {
namespace {

using Chain = std::vector<Certificate>;

const Chain* chain_for(const std::vector<Chain>& chains, const Families& offer) {
  const auto found = std::ranges::find_if(chains, [&](const Chain& chain) {
    const auto family = key_family(chain.front());
    return offer.empty() || (family && std::ranges::find(offer, *family) != offer.end());
  });
  return found == chains.end() ? nullptr : &*found;
}

}  // namespace

void PredictDialer::show(const Address& address, std::uint16_t port, const std::string& sni,
                         std::vector<std::vector<Certificate>> chains) {
  shown_[{address, port, sni}] = std::move(chains);
}

boost::asio::awaitable<TlsEvidence> PredictDialer::observe(Endpoint endpoint, Families offer, Deadline) {
  TlsEvidence evidence;
  evidence.address = endpoint.address;
  evidence.port = endpoint.port;
  const auto shown = shown_.find({endpoint.address, endpoint.port, endpoint.sni});
  if (shown == shown_.end()) {
    evidence.fault = Fault::local;
    evidence.error = "no certificate was given for it";
    co_return evidence;
  }
  const Chain* chain = chain_for(shown->second, offer);
  evidence.stage = chain != nullptr ? Stage::done : Stage::handshake;
  evidence.fault = chain != nullptr ? Fault::none : Fault::alert;
  if (chain != nullptr) evidence.chain = *chain;
  co_return evidence;
}

}  // namespace danewatch
