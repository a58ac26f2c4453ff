// Lets one connection at a time through to an address.
//
// Servers count connections, and a second one while the first is open is what a scanner does. Waiters are served in the
// order they came; one that is cancelled or runs out of time leaves the queue. Knows no socket. Thread rule: used from
// one executor's thread; many runs may share one gate.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "resolver/dns/answer.hpp"

namespace danewatch {

class AddressGate {
 public:
  class Permit;

  AddressGate();
  AddressGate(const AddressGate&) = delete;
  AddressGate& operator=(const AddressGate&) = delete;
  ~AddressGate();

  // Nothing if the deadline came first. The permit lets the next one in when it is destroyed.
  boost::asio::awaitable<std::optional<Permit>> enter(Address address, Deadline deadline);

  std::size_t addresses_in_use() const;

 private:
  struct Waiter;
  // Behind a shared handle because a permit in an abandoned coroutine may outlive the gate.
  struct Queues {
    std::map<Address, std::deque<Waiter*>> waiting;  // a key: somebody is inside
    void leave(const Address& address);
  };
  std::shared_ptr<Queues> queues_;
};

class AddressGate::Permit {
 public:
  Permit(std::weak_ptr<Queues> queues, Address address);
  Permit(Permit&& other) noexcept;
  Permit& operator=(Permit&&) = delete;
  ~Permit();

 private:
  std::weak_ptr<Queues> queues_;
  Address address_;
};

}  // namespace danewatch
