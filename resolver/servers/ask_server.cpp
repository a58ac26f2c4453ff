#include "resolver/servers/ask_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <random>

#include "resolver/servers/transport.hpp"

namespace danewatch {
namespace asio = boost::asio;
namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

Exchange read_reply(const Carried& carried, SysTime now) {
  Exchange exchange;
  exchange.contact = carried.contact;
  if (carried.contact != Contact::answered) return exchange;
  exchange.octets = carried.reply.size();
  const auto facts = wire::read_packet(carried.reply, {".", RrType::dnskey}, {Status::secure, now});
  if (!facts) {
    exchange.contact = Contact::malformed;
    return exchange;
  }
  exchange.rcode = facts->rcode;
  exchange.truncated = facts->truncated;
  exchange.inception = facts->rrsig_inception;
  exchange.expires = facts->rrsig_expires;
  return exchange;
}

asio::awaitable<Exchange> ask_for_root_keys(NetworkTransport& transport, ServerPlace place, SysTime now,
                                            Deadline deadline) {
  std::random_device random;
  const Question root_keys{".", RrType::dnskey};
  auto question = wire::write_question(static_cast<std::uint16_t>(random()), root_keys, true);
  const Carried carried = co_await transport.carry(place, std::move(*question), deadline);
  co_return read_reply(carried, now);
}

}  // namespace

asio::awaitable<void> walk_path(asio::any_io_executor executor, const Clock& clock, ServerPath& path,
                                Deadline deadline) {
  const SysTime now = clock.now();
  const auto half = deadline - (deadline - clock.steady()) / 2;
  NetworkTransport transport(executor);
  const ServerPlace by_udp{path.address, path.port, Transport::udp};
  path.udp = co_await ask_for_root_keys(transport, by_udp, now, half);
  const ServerPlace by_tcp{path.address, path.port, Transport::tcp};
  path.tcp = co_await ask_for_root_keys(transport, by_tcp, now, deadline);
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
  const ServerPlace place{address, port, Transport::tcp};
  const Contact contact = co_await connect_in_time(socket, place, deadline);
  co_return contact;
}

}  // namespace danewatch
