// rows.md D-29: what an upstream claims about validation proves nothing.
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "resolver/unbound/resolver.hpp"
#include "tests/support/ask.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;
using asio::ip::udp;

using Message = std::vector<std::uint8_t>;

// The question back with one A record, no signature, and the AD bit set.
Message liar_reply(const Message& query) {
  constexpr std::size_t header = 12;
  std::size_t end = header;
  while (end < query.size() && query[end] != 0) end += 1U + query[end];
  Message reply(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end + 5));
  reply[2] = 0x81;  // a reply, recursion desired
  reply[3] = 0xa0;  // recursion available, authentic data
  std::fill(reply.begin() + 6, reply.begin() + header, std::uint8_t{0});
  reply[7] = 1;
  const Message record{0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 11, 0, 0, 66};
  reply.insert(reply.end(), record.begin(), record.end());
  return reply;
}

asio::awaitable<void> lie(udp::socket& socket) {
  Message buffer(1500);
  while (true) {
    udp::endpoint client;
    const auto space = asio::buffer(buffer);
    auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, got] = co_await socket.async_receive_from(space, client, token);
    if (error) co_return;
    const Message query(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    const Message reply = liar_reply(query);
    const auto octets = asio::buffer(reply);
    co_await socket.async_send_to(octets, client, asio::use_awaitable);
  }
}

asio::awaitable<void> ask_once(UnboundResolver& resolver, udp::socket& liar, Answer& answer) {
  Question question{"example.org", RrType::a};
  const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  answer = co_await resolver.lookup(std::move(question), deadline);
  liar.close();
}

TEST(Conformance, D29_TheUpstreamsWordIsNoProof) {
  asio::io_context io;
  udp::socket liar(io, udp::endpoint(asio::ip::address_v4::loopback(), 0));
  ResolverOptions options;
  options.forwarders = {"127.0.0.1@" + std::to_string(liar.local_endpoint().port())};
  UnboundResolver resolver(io.get_executor(), options);
  Answer answer;
  asio::co_spawn(io, lie(liar), asio::detached);
  asio::co_spawn(io, ask_once(resolver, liar, answer), asio::detached);
  io.run();
  EXPECT_NE(answer.status, Status::secure);
  EXPECT_EQ(answer.status, Status::bogus);  // the root key says that everything is signed
}

}  // namespace
}  // namespace danewatch
