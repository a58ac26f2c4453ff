// One question over real sockets, with servers that answer anything.
#include "resolver/servers/transport.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/dns_message.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using Octets = std::vector<std::uint8_t>;

const Address loopback = parse_address("127.0.0.1").value();
const Question soa{"example.lab", RrType::soa};

asio::awaitable<void> answer_with(udp::socket& socket, std::vector<Octets> datagrams) {
  Octets question(512);
  udp::endpoint client;
  const auto got = co_await socket.async_receive_from(asio::buffer(question), client, asio::use_awaitable);
  question.resize(got);
  for (const Octets& datagram : datagrams) {
    const Octets sent = datagram.empty() ? test::reply_to(question, {}) : datagram;
    co_await socket.async_send_to(asio::buffer(sent), client, asio::use_awaitable);
  }
}

asio::awaitable<void> answer_stream(tcp::acceptor& acceptor, std::optional<Octets> sent) {
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  Octets question(2);
  co_await asio::async_read(socket, asio::buffer(question), asio::use_awaitable);
  question.resize(static_cast<std::size_t>(question[0] << 8 | question[1]));
  co_await asio::async_read(socket, asio::buffer(question), asio::use_awaitable);
  Octets reply = sent ? *sent : test::reply_to(question, {});
  if (!sent)
    reply.insert(reply.begin(),
                 {static_cast<std::uint8_t>(reply.size() >> 8), static_cast<std::uint8_t>(reply.size())});
  co_await asio::async_write(socket, asio::buffer(reply), asio::use_awaitable);
}

class TransportTest : public testing::Test {
 protected:
  Carried carry(Transport transport, std::uint16_t port,
                std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    Carried carried;
    NetworkTransport network(io.get_executor());
    const ServerPlace place{loopback, port, transport};
    Octets question = wire::write_question(7, soa, false).value();
    const auto deadline = std::chrono::steady_clock::now() + patience;
    asio::co_spawn(io, network.carry(place, std::move(question), deadline),
                   [&](const std::exception_ptr& error, Carried got) {
                     if (error) std::rethrow_exception(error);
                     carried = std::move(got);
                   });
    io.restart();
    io.run();
    return carried;
  }

  Carried by_udp(std::vector<Octets> datagrams, std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    udp::socket socket(io, udp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    asio::co_spawn(io, answer_with(socket, std::move(datagrams)), asio::detached);
    return carry(Transport::udp, socket.local_endpoint().port(), patience);
  }

  Carried by_tcp(std::optional<Octets> sent, std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    asio::co_spawn(io, answer_stream(acceptor, std::move(sent)), asio::detached);
    return carry(Transport::tcp, acceptor.local_endpoint().port(), patience);
  }

  asio::io_context io;
};

TEST_F(TransportTest, ADatagramThatIsNoReplyIsPassedOver) {
  const Octets other = test::reply_to(wire::write_question(8, soa, false).value(), {});
  const Octets another = test::reply_to(wire::write_question(7, {"evil.lab", RrType::soa}, false).value(), {});
  const Carried carried = by_udp({Octets(3), other, another, {}});
  EXPECT_EQ(carried.contact, Contact::answered);
  EXPECT_FALSE(carried.reply.empty());
}

TEST_F(TransportTest, OnlyStraysAreNoAnswer) {
  const Octets other = test::reply_to(wire::write_question(8, soa, false).value(), {});
  EXPECT_EQ(by_udp({other}, std::chrono::milliseconds(50)).contact, Contact::malformed);
  EXPECT_EQ(by_udp(std::vector<Octets>(70, other)).contact, Contact::malformed) << "nor are so many waited for";
}

TEST_F(TransportTest, NobodyThereIsRefused) {
  udp::socket socket(io, udp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
  const auto port = socket.local_endpoint().port();
  socket.close();
  EXPECT_EQ(carry(Transport::udp, port).contact, Contact::refused);
}

TEST_F(TransportTest, TheDeadlineEndsTheWait) {
  EXPECT_EQ(by_udp(std::vector<Octets>(), std::chrono::milliseconds(20)).contact, Contact::silent);
}

TEST_F(TransportTest, AStreamIsReadToItsEnd) {
  EXPECT_EQ(by_tcp(std::nullopt).contact, Contact::answered);
}

TEST_F(TransportTest, AStreamThatEndsEarlyIsRefused) {
  EXPECT_EQ(by_tcp(Octets{1, 0, 1, 2, 3}).contact, Contact::refused);
}

TEST_F(TransportTest, AStreamWithAnotherAnswerIsMalformed) {
  EXPECT_EQ(by_tcp(Octets{0, 3, 1, 2, 3}).contact, Contact::malformed);
  EXPECT_EQ(by_tcp(Octets{0, 0}).contact, Contact::malformed);
}

}  // namespace
}  // namespace danewatch
