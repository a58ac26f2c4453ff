#include "resolver/servers/ask_server.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <vector>

#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace asio = boost::asio;
namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t largest_message = 65535;

ip::address asio_address(const Address& address) {
  if (address.v6) return ip::address_v6(address.bytes);
  return ip::address_v4({address.bytes[0], address.bytes[1], address.bytes[2], address.bytes[3]});
}

// ". DNSKEY IN" with recursion desired, and an OPT record that takes 1232 bytes and wants signatures (RFC 6891 6.1).
Octets root_keys_question() {
  std::random_device random;
  const auto id = random();
  return {static_cast<std::uint8_t>(id >> 8),
          static_cast<std::uint8_t>(id),
          1,
          0,
          0,
          1,
          0,
          0,
          0,
          0,
          0,
          1,
          0,
          0,
          48,
          0,
          1,
          0,
          0,
          41,
          0x04,
          0xd0,
          0,
          0,
          0x80,
          0,
          0,
          0};
}

Contact contact_of(const error_code& error) {
  if (!error) return Contact::answered;
  if (error == asio::error::connection_refused || error == asio::error::connection_reset || error == asio::error::eof)
    return Contact::refused;
  if (error == asio::error::network_unreachable || error == asio::error::host_unreachable ||
      error == asio::error::address_family_not_supported || error == asio::error::network_down ||
      error == error_code(EADDRNOTAVAIL, boost::system::system_category()) || error == asio::error::access_denied ||
      error == asio::error::no_permission)
    return Contact::unreachable;
  return Contact::silent;
}

Exchange read_reply(const Octets& question, const Octets& reply, SysTime now) {
  Exchange exchange;
  exchange.contact = Contact::malformed;
  exchange.octets = reply.size();
  const bool ours = reply.size() >= 12 && reply[0] == question[0] && reply[1] == question[1] && (reply[2] & 0x80) != 0;
  if (!ours) return exchange;
  const auto facts = wire::read_packet(reply, {".", RrType::dnskey}, {Status::secure, now});
  if (!facts) return exchange;
  exchange.contact = Contact::answered;
  exchange.rcode = facts->rcode;
  exchange.truncated = facts->truncated;
  exchange.inception = facts->rrsig_inception;
  exchange.expires = facts->rrsig_expires;
  return exchange;
}

// What an operation that ends with an error code says, or that time ran out.
template <class Operation>
asio::awaitable<error_code> in_time(Operation operation, asio::any_io_executor executor, Deadline deadline) {
  asio::steady_timer timer(executor, deadline);
  auto alarm = timer.async_wait(asio::deferred);
  auto race = asio::experimental::make_parallel_group(std::move(operation), std::move(alarm));
  auto token = asio::use_awaitable;
  const auto result = co_await std::move(race).async_wait(asio::experimental::wait_for_one(), token);
  co_return std::get<0>(result)[0] == 0 ? std::get<1>(result) : asio::error::timed_out;
}

asio::awaitable<Exchange> ask_by_udp(asio::any_io_executor executor, ip::udp::endpoint server, SysTime now,
                                     Deadline deadline) {
  Exchange failed;
  const Octets question = root_keys_question();
  ip::udp::socket socket(executor);
  error_code error;
  static_cast<void>(socket.open(server.protocol(), error));
  if (!error) static_cast<void>(socket.connect(server, error));
  if (!error) static_cast<void>(socket.non_blocking(true, error));
  if (!error) socket.send(asio::buffer(question), 0, error);
  if (!error) {
    auto readable = socket.async_wait(ip::udp::socket::wait_read, asio::deferred);
    error = co_await in_time(std::move(readable), executor, deadline);
  }
  Octets reply(largest_message);
  if (!error) reply.resize(socket.receive(asio::buffer(reply), 0, error));
  failed.contact = contact_of(error);
  co_return error ? failed : read_reply(question, reply, now);
}

// Reads until `reply` is full.
asio::awaitable<error_code> fill(ip::tcp::socket& socket, Octets& reply, Deadline deadline) {
  error_code error;
  std::size_t have = 0;
  while (!error && have < reply.size()) {
    auto readable = socket.async_wait(ip::tcp::socket::wait_read, asio::deferred);
    error = co_await in_time(std::move(readable), socket.get_executor(), deadline);
    if (!error) have += socket.read_some(asio::buffer(reply) + have, error);
    if (error == asio::error::would_block) error.clear();
  }
  co_return error;
}

asio::awaitable<error_code> connect(ip::tcp::socket& socket, ip::tcp::endpoint server, Deadline deadline) {
  error_code error;
  static_cast<void>(socket.open(server.protocol(), error));
  if (error) co_return error;
  auto connected = socket.async_connect(server, asio::deferred);
  error = co_await in_time(std::move(connected), socket.get_executor(), deadline);
  if (!error) static_cast<void>(socket.non_blocking(true, error));
  co_return error;
}

asio::awaitable<Exchange> ask_by_tcp(asio::any_io_executor executor, ip::tcp::endpoint server, SysTime now,
                                     Deadline deadline) {
  Exchange failed;
  const Octets question = root_keys_question();
  ip::tcp::socket socket(executor);
  error_code error = co_await connect(socket, server, deadline);
  const std::array<std::uint8_t, 2> size{0, static_cast<std::uint8_t>(question.size())};  // RFC 1035 4.2.2
  const std::array<asio::const_buffer, 2> sent{asio::buffer(size), asio::buffer(question)};
  if (!error) socket.write_some(sent, error);  // a new connection takes so little at once
  Octets length(2);
  if (!error) error = co_await fill(socket, length, deadline);
  Octets reply(static_cast<std::size_t>(length[0] << 8 | length[1]));
  if (!error) error = co_await fill(socket, reply, deadline);
  failed.contact = contact_of(error);
  co_return error ? failed : read_reply(question, reply, now);
}

}  // namespace

asio::awaitable<void> walk_path(asio::any_io_executor executor, const Clock& clock, ServerPath& path,
                                Deadline deadline) {
  const SysTime now = clock.now();
  const auto half = deadline - (deadline - clock.steady()) / 2;
  const ip::address address = asio_address(path.address);
  const ip::udp::endpoint by_udp(address, path.port);
  path.udp = co_await ask_by_udp(executor, by_udp, now, half);
  const ip::tcp::endpoint by_tcp(address, path.port);
  path.tcp = co_await ask_by_tcp(executor, by_tcp, now, deadline);
}

bool has_ipv6_route() {
  asio::io_context io;
  ip::udp::socket socket(io);
  error_code error;
  static_cast<void>(socket.open(ip::udp::v6(), error));
  // k.root-servers.net. Without a route connect() fails; with one it only notes the address.
  const ip::udp::endpoint far(ip::make_address("2001:7fd::1"), 53);
  if (!error) static_cast<void>(socket.connect(far, error));
  return !error;
}

asio::awaitable<Contact> try_connect(asio::any_io_executor executor, Address address, std::uint16_t port,
                                     Deadline deadline) {
  ip::tcp::socket socket(executor);
  const ip::tcp::endpoint server(asio_address(address), port);
  const error_code error = co_await connect(socket, server, deadline);
  co_return contact_of(error);
}

}  // namespace danewatch
