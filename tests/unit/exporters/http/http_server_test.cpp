#include "exporters/http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

namespace danewatch {
namespace {

namespace asio = boost::asio;

// A blocking client: an answer that never comes ends the test, not the machine's patience.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{60, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }

  void ask(const std::string& path) { send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"); }
  void send(const std::string& text) {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }

  // Up to `most` octets, or until the connection ends.
  std::string read(std::size_t most) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < most) {
      const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EAGAIN) ADD_FAILURE() << "nothing came";
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int fd_;
};

// A server with a path that answers at once, one whose reply never ends, and one that waits to be let go.
class HttpServerTest : public testing::Test {
 protected:
  void start(HttpLimits limits) {
    HttpHooks hooks;
    hooks.handler = [this](HttpRequest request) { return answer(std::move(request)); };
    hooks.count = [](const std::string&, int) {};
    hooks.cancellable = [](const HttpRequest&) { return false; };
    server = std::make_unique<HttpServer>(io.get_executor(), std::move(hooks), limits);
    server->listen(*parse_listen_address("127.0.0.1:0"));
    const std::string address = server->addresses().front();
    port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
    thread = std::jthread([this] { io.run(); });
  }

  void TearDown() override {
    io.stop();
    thread.join();
    server.reset();
  }

  asio::awaitable<HttpReply> answer(HttpRequest request) {
    if (request.path == "/endless") {
      HttpReply reply;
      reply.more = [] { return std::string(65536, 'x'); };
      co_return reply;
    }
    if (request.path == "/later") {
      ++waiting;
      boost::system::error_code opened;
      co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, opened));
    }
    co_return text_reply(200, "here\n");
  }

  std::size_t connections() {
    std::promise<std::size_t> count;
    asio::post(io, [&] { count.set_value(server->connections()); });
    return count.get_future().get();
  }

  std::string ask(const std::string& path) {
    Client client(port);
    client.ask(path);
    return client.read(100000);
  }

  asio::io_context io{1};
  asio::steady_timer gate{io, asio::steady_timer::time_point::max()};
  std::atomic<int> waiting{0};
  std::unique_ptr<HttpServer> server;
  std::uint16_t port = 0;
  std::jthread thread;
};

TEST_F(HttpServerTest, ClientsThatDoNotTakeTheirReplyMakeRoom) {
  HttpLimits limits;
  limits.connections = 10;
  start(limits);
  std::vector<Client> slow;
  for (int i = 0; i < 30; ++i) {
    slow.emplace_back(port).ask("/endless");
    EXPECT_EQ(slow.back().read(1).empty(), false);  // its reply has begun
  }
  EXPECT_TRUE(ask("/").ends_with("here\n"));
  EXPECT_LE(connections(), 11U);
}

TEST_F(HttpServerTest, WhoWaitsForAnAnswerIsNeverClosed) {
  HttpLimits limits;
  limits.per_client = 4;
  limits.connections = 20;
  start(limits);
  std::vector<Client> patient;
  for (int i = 0; i < 20; ++i) {
    patient.emplace_back(port).ask("/later");
    while (waiting <= i) std::this_thread::yield();
  }
  EXPECT_EQ(ask("/"), "") << "one too many, and nobody to make room";
  asio::post(io, [this] { gate.cancel(); });
  for (Client& client : patient) EXPECT_TRUE(client.read(100000).ends_with("here\n"));
  EXPECT_TRUE(ask("/").ends_with("here\n"));
}

TEST_F(HttpServerTest, OneClientHasABoundedNumberOfConnectionsWithoutRequest) {
  HttpLimits limits;
  limits.per_client = 4;
  start(limits);
  std::vector<Client> silent;
  for (int i = 0; i < 20; ++i) silent.emplace_back(port);
  EXPECT_TRUE(ask("/").ends_with("here\n"));
  EXPECT_EQ(silent.front().read(1), "") << "the first one was sent away";
  EXPECT_LE(connections(), 5U);
}

TEST_F(HttpServerTest, AFurtherRequestHasADeadlineFromItsFirstOctet) {
  HttpLimits limits;
  limits.request = std::chrono::milliseconds(200);
  limits.keep_alive = std::chrono::hours(1);
  start(limits);
  Client client(port);
  client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  std::string text;
  while (!text.ends_with("here\n")) text += client.read(1);
  client.send("G");
  EXPECT_EQ(client.read(1), "") << "closed, and not after the hour";
}

TEST_F(HttpServerTest, ARequestNamesOneHost) {
  start({});
  const auto status = [this](const std::string& text) {
    Client client(port);
    client.send("GET / " + text + "\r\n");
    return client.read(12).substr(0, 12);
  };
  EXPECT_TRUE(status("HTTP/1.1\r\nConnection: close\r\n").ends_with(" 400"));
  EXPECT_TRUE(status("HTTP/1.1\r\nHost: a\r\nHost: b\r\n").ends_with(" 400"));
  EXPECT_TRUE(status("HTTP/1.0\r\nHost: a\r\nHost: b\r\n").ends_with(" 400"));
  EXPECT_TRUE(status("HTTP/1.1\r\nHost:\r\n").ends_with(" 200")) << "RFC 9112 3.2: empty where there is no authority";
  EXPECT_TRUE(status("HTTP/1.0\r\n").ends_with(" 200"));
}

TEST_F(HttpServerTest, AReplyHasADeadlineHoweverFastItIsTaken) {
  HttpLimits limits;
  limits.reply = std::chrono::milliseconds(200);
  start(limits);
  Client reader(port);
  reader.ask("/endless");
  constexpr std::size_t far_too_much = std::size_t{1} << 37U;
  std::size_t taken = 0;
  for (std::size_t got = 1; got > 0 && taken < far_too_much; taken += got) got = reader.read(65536).size();
  EXPECT_LT(taken, far_too_much);
}

}  // namespace
}  // namespace danewatch
