// A Dialer made of files: every server shows the chains that it was given, and has nothing else to show.
//
// Connects to nothing. Thread rule: as Dialer.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "probe/observe/dialer.hpp"

namespace danewatch {

class PredictDialer final : public Dialer {
 public:
  // By what a client connects to and asks for; the first is shown to whoever takes any.
  void show(const Address& address, std::uint16_t port, const std::string& sni,
            std::vector<std::vector<Certificate>> chains);

  boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) override;

 private:
  std::map<std::tuple<Address, std::uint16_t, std::string>, std::vector<std::vector<Certificate>>> shown_;
};

}  // namespace danewatch
