// A Dialer that plays servers from a literal.
//
//   FakeDialer servers;
//   servers.plays(shows("11.0.0.1", {}, 'a').tls)
//          .plays(fails("11.0.0.2", Stage::connect, Fault::refused).tls)
//          .hangs("11.0.0.3");
//
// An offer is answered by what is played for the first of its families, no server name by what is played for that
// view. What is not played refuses connections, and turns an offer of families away with an alert. Evidence played
// twice for one address and view is shown in turn, the last one for good. Each look takes a few turns of the
// event loop, so that looks which may overlap do. Thread rule: one executor's thread.
#pragma once

#include <deque>
#include <map>
#include <string_view>
#include <vector>

#include "probe/observe/dialer.hpp"

namespace danewatch::test {

struct ManualClock;

class FakeDialer final : public Dialer {
 public:
  struct Look {
    Endpoint endpoint;
    Families offer;
    Deadline deadline;
  };

  FakeDialer& plays(TlsEvidence evidence);                                // for its address and view
  FakeDialer& hangs(std::string_view address);                            // until it is cancelled
  FakeDialer& breaks(std::string_view address);                           // throws std::runtime_error, as a bug would
  FakeDialer& takes_time(ManualClock& clock, std::chrono::seconds time);  // moves the clock at each look

  boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) override;

  const std::vector<Look>& looks() const { return looks_; }
  std::size_t most_at_once() const { return most_at_once_; }
  std::size_t most_on_one_address() const { return most_on_one_address_; }

 private:
  TlsEvidence next(const Endpoint& endpoint, const Families& offer);

  std::map<std::pair<Address, View>, std::deque<TlsEvidence>> plays_;
  std::vector<Address> hanging_, broken_;
  std::map<Address, std::size_t> open_;
  std::vector<Look> looks_;
  std::size_t open_now_ = 0;
  std::size_t most_at_once_ = 0;
  std::size_t most_on_one_address_ = 0;
  ManualClock* clock_ = nullptr;
  std::chrono::seconds time_{0};
};

}  // namespace danewatch::test
