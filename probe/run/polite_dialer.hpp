// A Dialer that knows its manners: it waits for its turn, connects to nobody who does not want it, and tells as a
// server's silence none that may be of our making.
//
// Stands directly before the socket, so that whatever the DNS says, no address that opted out or is not public is
// connected to. Decides nothing itself (probe/survey/courtesy.hpp does). Thread rule: as Dialer.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "probe/observe/dialer.hpp"
#include "probe/run/self_watch.hpp"
#include "probe/survey/courtesy.hpp"
#include "probe/survey/opt_out.hpp"
#include "probe/survey/result.hpp"

namespace danewatch {

class Clock;

class PoliteDialer final : public Dialer {
 public:
  PoliteDialer(boost::asio::any_io_executor executor, Dialer& inner, const Clock& clock, Courtesy& courtesy,
               const OptOut& opt_out, SelfWatch& watch, ProviderOf provider_of);

  boost::asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline) override;

  std::size_t waiting() const { return waiting_; }

 private:
  struct Waiter;
  struct Turn;

  boost::asio::awaitable<void> wait_for_turn(const std::vector<std::string>& parties);
  boost::asio::awaitable<TlsEvidence> look(Endpoint endpoint, Families offer, Deadline deadline);
  void end(const std::vector<std::string>& parties);
  void wake_one(const std::string& party);

  boost::asio::any_io_executor executor_;
  Dialer& inner_;
  const Clock& clock_;
  Courtesy& courtesy_;
  const OptOut& opt_out_;
  SelfWatch& watch_;
  ProviderOf provider_of_;
  std::map<std::string, std::deque<Waiter*>> parked_;  // by the party they wait for
  std::size_t waiting_ = 0;
};

}  // namespace danewatch
