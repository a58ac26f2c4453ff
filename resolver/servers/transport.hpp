// Carries one question to one address, by UDP or by TCP (interface), and does so over the network.
//
// Never throws for what the network does and never outlasts the deadline. A datagram that is no reply to the question
// is passed over: whoever guesses cannot end the wait. Thread rule: the executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <vector>

#include "resolver/servers/server_answers.hpp"

namespace danewatch {

// What came back; octets only of what was `answered`.
struct Carried {
  Contact contact = Contact::silent;
  std::vector<std::uint8_t> reply;
};

struct ServerPlace {
  Address address;
  std::uint16_t port = 53;
  Transport transport = Transport::udp;
};

class ServerTransport {
 public:
  ServerTransport() = default;
  ServerTransport(const ServerTransport&) = delete;
  ServerTransport& operator=(const ServerTransport&) = delete;
  virtual ~ServerTransport() = default;

  virtual boost::asio::awaitable<Carried> carry(ServerPlace place, std::vector<std::uint8_t> question,
                                                Deadline deadline) = 0;
};

class NetworkTransport final : public ServerTransport {
 public:
  explicit NetworkTransport(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  boost::asio::awaitable<Carried> carry(ServerPlace place, std::vector<std::uint8_t> question,
                                        Deadline deadline) override;

 private:
  boost::asio::any_io_executor executor_;
};

// Whether a connection can be made; `socket` has it then.
boost::asio::awaitable<Contact> connect_in_time(boost::asio::ip::tcp::socket& socket, ServerPlace place,
                                                Deadline deadline);

}  // namespace danewatch
