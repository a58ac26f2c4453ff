#include "resolver/servers/transport.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace danewatch {
namespace asio = boost::asio;
namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::size_t largest_message = 65535;
constexpr int most_strays = 64;  // datagrams that answer another question

ip::address asio_address(const Address& address) {
  if (address.v6) return ip::address_v6(address.bytes);
  return ip::address_v4({address.bytes[0], address.bytes[1], address.bytes[2], address.bytes[3]});
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

asio::awaitable<Carried> carry_by_udp(asio::any_io_executor executor, ip::udp::endpoint server, const Octets& question,
                                      Deadline deadline) {
  ip::udp::socket socket(executor);
  error_code error;
  static_cast<void>(socket.open(server.protocol(), error));
  if (!error) static_cast<void>(socket.connect(server, error));  // from here on the kernel drops other senders
  if (!error) static_cast<void>(socket.non_blocking(true, error));
  if (!error) socket.send(asio::buffer(question), 0, error);
  Octets reply;
  int strays = 0;
  for (; !error && strays < most_strays; ++strays) {
    auto readable = socket.async_wait(ip::udp::socket::wait_read, asio::deferred);
    error = co_await in_time(std::move(readable), executor, deadline);
    reply.resize(largest_message);
    if (!error) reply.resize(socket.receive(asio::buffer(reply), 0, error));
    if (!error && wire::is_reply_to(reply, question)) co_return Carried{Contact::answered, std::move(reply)};
    if (error == asio::error::would_block) error.clear();
  }
  Carried failed;
  failed.contact = strays > 1 || !error ? Contact::malformed : contact_of(error);  // the last turn met the error
  co_return failed;
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

asio::awaitable<Carried> carry_by_tcp(asio::any_io_executor executor, ip::tcp::endpoint server, const Octets& question,
                                      Deadline deadline) {
  ip::tcp::socket socket(executor);
  error_code error = co_await connect(socket, server, deadline);
  const std::array<std::uint8_t, 2> size{static_cast<std::uint8_t>(question.size() >> 8),
                                         static_cast<std::uint8_t>(question.size())};  // RFC 1035 4.2.2
  const std::array<asio::const_buffer, 2> sent{asio::buffer(size), asio::buffer(question)};
  if (!error) socket.write_some(sent, error);  // a new connection takes so little at once
  Octets length(2);
  if (!error) error = co_await fill(socket, length, deadline);
  Octets reply(static_cast<std::size_t>(length[0] << 8 | length[1]));
  if (!error) error = co_await fill(socket, reply, deadline);
  Carried carried;
  carried.contact = contact_of(error);
  if (error) co_return carried;
  if (!wire::is_reply_to(reply, question)) carried.contact = Contact::malformed;
  if (carried.contact == Contact::answered) carried.reply = std::move(reply);
  co_return carried;
}

}  // namespace

asio::awaitable<Carried> NetworkTransport::carry(ServerPlace place, Octets question, Deadline deadline) {
  const ip::address address = asio_address(place.address);
  Carried carried;
  if (place.transport == Transport::udp) {
    const ip::udp::endpoint server(address, place.port);
    carried = co_await carry_by_udp(executor_, server, question, deadline);
  } else {
    const ip::tcp::endpoint server(address, place.port);
    carried = co_await carry_by_tcp(executor_, server, question, deadline);
  }
  co_return carried;
}

asio::awaitable<Contact> connect_in_time(ip::tcp::socket& socket, ServerPlace place, Deadline deadline) {
  const ip::tcp::endpoint server(asio_address(place.address), place.port);
  const error_code error = co_await connect(socket, server, deadline);
  co_return contact_of(error);
}

}  // namespace danewatch
