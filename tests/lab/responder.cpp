#include "tests/lab/responder.hpp"

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>

#include "tests/lab/odd_dns.hpp"

namespace danewatch::lab {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::ip::tcp;
using asio::ip::udp;
using ErrorCode = boost::system::error_code;

constexpr std::uint16_t dns_port = 53;
constexpr std::uint8_t rcode_noerror = 0, rcode_servfail = 2, rcode_nxdomain = 3, rcode_notimp = 4, rcode_refused = 5;
constexpr std::size_t largest_message = 65535;
constexpr std::size_t largest_datagram = 1232;

// A client that went away ends its own coroutine and nothing else.
void forget(const std::exception_ptr&) {}

asio::ip::address address_of(const Address& address) {
  return asio::ip::make_address(to_string(address));
}

// What stands at one address.
struct Post {
  Address address;
  Address behind;  // the NSD it passes questions on to
  Address level;   // the one that all others have
  std::vector<OddAnswer> answers;
  std::vector<std::string> replaced;
};

bool hears(const Post& post, OddAnswer::Kind deaf) {
  return std::ranges::find(post.answers, deaf, &OddAnswer::kind) == post.answers.end();
}

// NSD's own answer. Over TCP, because that is never cut short.
awaitable<Message> true_answer(Address behind, Message query) {
  tcp::socket socket(co_await asio::this_coro::executor);
  const tcp::endpoint server(address_of(behind), dns_port);
  co_await socket.async_connect(server, asio::use_awaitable);
  std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(query.size() >> 8),
                                     static_cast<std::uint8_t>(query.size())};
  query.insert(query.begin(), length.begin(), length.end());
  co_await asio::async_write(socket, asio::buffer(query), asio::use_awaitable);
  co_await asio::async_read(socket, asio::buffer(length), asio::use_awaitable);
  Message reply(static_cast<std::size_t>(length[0] << 8 | length[1]));
  co_await asio::async_read(socket, asio::buffer(reply), asio::use_awaitable);
  co_return reply;
}

awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(time);
  co_await timer.async_wait(asio::use_awaitable);
}

// Empty: no reply at all.
awaitable<Message> odd_answer(const Post& post, const OddAnswer& rule, Message query, bool by_tcp) {
  using Kind = OddAnswer::Kind;
  switch (rule.kind) {
    case Kind::servfail:
      co_return error_reply(query, rcode_servfail);
    case Kind::refused:
      co_return error_reply(query, rcode_refused);
    case Kind::notimp:
      co_return error_reply(query, rcode_notimp);
    case Kind::empty:
      co_return error_reply(query, rcode_noerror);
    case Kind::silence:
      co_return Message();
    case Kind::rdata:
      co_return reply_with(query, post.replaced);
    case Kind::delay:
      co_await wait(rule.delay);
      break;
    default:
      break;
  }
  const Address behind = rule.kind == Kind::others_by_tcp && by_tcp ? post.level : post.behind;
  Message reply = co_await true_answer(behind, std::move(query));
  if (rule.kind == Kind::no_authority) reply = without_authority(std::move(reply));
  if (rule.kind == Kind::count_down) reply = counted_down(reply);
  const bool denied = rule.kind == Kind::nxdomain || rule.kind == Kind::proven_nxdomain;
  if (denied) reply = with_rcode(std::move(reply), rcode_nxdomain);
  if (rule.kind == Kind::no_denial || rule.kind == Kind::nxdomain) reply = without_denial(reply);
  co_return reply;
}

awaitable<Message> answer(const Post& post, Message query, bool by_tcp) {
  const auto asked = asked_for(query);
  if (!asked) co_return Message();
  const auto* rule = rule_for(post.answers, *asked);
  Message reply;
  if (rule == nullptr) {
    reply = co_await true_answer(post.behind, std::move(query));
  } else {
    reply = co_await odd_answer(post, *rule, std::move(query), by_tcp);
  }
  co_return reply;
}

// Too long for a datagram: only the question, and the bit that says so.
Message cut(Message reply) {
  if (reply.size() <= largest_datagram) return reply;
  auto empty = error_reply(reply, 0);
  empty[2] |= 0x02;
  return empty;
}

awaitable<void> answer_datagram(const Post& post, udp::socket& socket, udp::endpoint client, Message query) {
  Message reply = co_await answer(post, std::move(query), false);
  if (reply.empty()) co_return;
  reply = cut(std::move(reply));
  co_await socket.async_send_to(asio::buffer(reply), client, asio::use_awaitable);
}

awaitable<void> answer_stream(const Post& post, tcp::socket socket) {
  std::array<std::uint8_t, 2> length{};
  while (true) {
    co_await asio::async_read(socket, asio::buffer(length), asio::use_awaitable);
    Message query(static_cast<std::size_t>(length[0] << 8 | length[1]));
    co_await asio::async_read(socket, asio::buffer(query), asio::use_awaitable);
    Message reply = co_await answer(post, std::move(query), true);
    if (reply.empty()) co_return;
    reply.insert(reply.begin(),
                 {static_cast<std::uint8_t>(reply.size() >> 8), static_cast<std::uint8_t>(reply.size())});
    co_await asio::async_write(socket, asio::buffer(reply), asio::use_awaitable);
  }
}

std::vector<Post> posts_of(const Zone& zone) {
  std::vector<Post> posts;
  const Address level = level_address(zone.level);
  if (zone.servers.empty() && !zone.answers.empty())
    posts.push_back({*zone.own_server, level, level, zone.answers, zone.replaced});
  for (const auto& server : zone.servers) {
    for (const auto& address : server.addresses)
      posts.push_back({address, version_address(zone.level, server.version), level, server.answers, zone.replaced});
  }
  return posts;
}

}  // namespace

class Responder::Impl {
 public:
  explicit Impl(const std::vector<Zone>& zones) {
    for (const auto& zone : zones) {
      for (const Post& post : posts_of(zone)) stations_.push_back(std::make_unique<Station>(post, io_));
    }
  }

  [[noreturn]] void run() {
    io_.notify_fork(asio::execution_context::fork_child);  // bound in the parent, which has closed its copies
    for (auto& station : stations_) {
      if (station->socket) asio::co_spawn(io_, hear_datagrams(*station), forget);
      if (station->acceptor) asio::co_spawn(io_, hear_streams(*station), forget);
    }
    io_.run();
    std::abort();  // the loops above never end
  }

 private:
  struct Station {
    Station(const Post& served, asio::io_context& io) : post(served) {
      const auto address = address_of(post.address);
      if (hears(post, OddAnswer::Kind::no_udp)) socket.emplace(io, udp::endpoint(address, dns_port));
      if (hears(post, OddAnswer::Kind::no_tcp)) acceptor.emplace(io, tcp::endpoint(address, dns_port));
    }
    Post post;
    std::optional<udp::socket> socket;
    std::optional<tcp::acceptor> acceptor;
  };

  awaitable<void> hear_datagrams(Station& station) {
    Message buffer(largest_message);
    while (true) {
      udp::endpoint client;
      ErrorCode error;
      const auto got = co_await station.socket->async_receive_from(asio::buffer(buffer), client,
                                                                   asio::redirect_error(asio::use_awaitable, error));
      if (error) continue;
      Message query(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
      asio::co_spawn(io_, answer_datagram(station.post, *station.socket, client, std::move(query)), forget);
    }
  }

  awaitable<void> hear_streams(Station& station) {
    while (true) {
      ErrorCode error;
      auto socket = co_await station.acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (!error) asio::co_spawn(io_, answer_stream(station.post, std::move(socket)), forget);
    }
  }

  asio::io_context io_;
  std::vector<std::unique_ptr<Station>> stations_;
};

Responder::Responder(const std::vector<Zone>& zones) : impl_(std::make_unique<Impl>(zones)) {}
Responder::~Responder() = default;
void Responder::run() {
  impl_->run();
}

}  // namespace danewatch::lab
