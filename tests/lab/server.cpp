#include "tests/lab/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <queue>
#include <stdexcept>
#include <unordered_map>

#include "tests/lab/server_connection.hpp"

namespace danewatch::lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int backlog = 4096;
constexpr auto longest_life = std::chrono::seconds(180);  // of a connection

struct Listener {
  int fd = -1;
  Endpoint endpoint;
  std::vector<ContextPtr> contexts;  // parallel to its identities
  int connections = 0;               // so far
};

sockaddr_storage socket_address(const Endpoint& endpoint, socklen_t& length) {
  sockaddr_storage storage{};
  if (!endpoint.address || endpoint.address->v6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    if (endpoint.address) std::memcpy(&v6->sin6_addr, endpoint.address->bytes.data(), 16);
    length = sizeof(sockaddr_in6);
    return storage;
  }
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  v4->sin_family = AF_INET;
  v4->sin_port = htons(endpoint.port);
  std::memcpy(&v4->sin_addr, endpoint.address->bytes.data(), 4);
  length = sizeof(sockaddr_in);
  return storage;
}

// The address the client called; IPv4 comes mapped on a wildcard socket.
Address called(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  Address address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length) != 0 || storage.ss_family != AF_INET6) {
    return address;
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
  address.v6 = !IN6_IS_ADDR_V4MAPPED(&v6);
  std::memcpy(address.bytes.data(), v6.s6_addr + (address.v6 ? 0 : 12), address.v6 ? 16 : 4);
  return address;
}

int listen_on(const Endpoint& endpoint) {
  socklen_t length = 0;
  const auto address = socket_address(endpoint, length);
  const int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1, off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (!endpoint.address) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), length) != 0 || listen(fd, backlog) != 0) {
    const auto where = endpoint.address ? to_bracketed(*endpoint.address) : "*";
    throw std::runtime_error(fmt::format("cannot listen on {}:{}: {}", where, endpoint.port, std::strerror(errno)));
  }
  return fd;
}

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

class Server::Loop {
 public:
  Loop(const std::vector<Endpoint>& endpoints, const Stage& stage)
      : stage_(stage), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    raise_descriptor_limit();
    for (const auto& endpoint : endpoints) add_listener(endpoint);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    for (const auto& [fd, listener] : listeners_) close(fd);
    close(epoll_);
  }

  [[noreturn]] void run() {
    std::signal(SIGPIPE, SIG_IGN);
    std::array<epoll_event, 256> events{};
    while (true) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms());
      for (int i = 0; i < count; ++i) ready(events[static_cast<std::size_t>(i)].data.fd);
      run_due();
    }
  }

 private:
  struct Held {  // something to do later: proceed, or end a connection that lives too long
    Clock::time_point at;
    int fd = -1;
    std::uint64_t serial = 0;
    bool ends = false;
    bool operator<(const Held& other) const { return at > other.at; }
  };
  struct Client {
    std::unique_ptr<Connection> connection;
    std::uint64_t serial = 0;
    Listener* listener = nullptr;
  };

  void add_listener(const Endpoint& endpoint) {
    Listener listener{listen_on(endpoint), endpoint, {}, 0};
    for (const auto& identity : endpoint.identities)
      listener.contexts.push_back(make_context(identity, endpoint.manners));
    const int fd = listener.fd;
    listeners_.emplace(fd, std::move(listener));
    epoll_event event{EPOLLIN, {.fd = fd}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void ready(int fd) {
    if (auto listener = listeners_.find(fd); listener != listeners_.end()) return accept_all(listener->second);
    const auto found = clients_.find(fd);
    if (found != clients_.end()) proceed_or_hold(found->second);
  }

  std::size_t identity_for(int fd, const Listener& listener) const {
    if (listener.endpoint.staged) return stage_.act_of(*listener.endpoint.staged);
    const auto count = listener.contexts.size();
    if (listener.endpoint.takes_turns) return static_cast<std::size_t>(listener.connections) % count;
    return count == 1 ? 0 : identity_at(called(fd), count);
  }

  // What the next connection is greeted with instead; empty: nothing.
  static std::string refusal_of(const Listener& listener) {
    const Endpoint& endpoint = listener.endpoint;
    if (listener.connections < endpoint.busy_first) return "451 4.7.1 Greylisted, come again\r\n";
    const bool too_many = endpoint.busy_after && listener.connections >= *endpoint.busy_after;
    return too_many ? "421 4.7.0 Too many connections\r\n" : "";
  }

  void accept_all(Listener& listener) {
    while (true) {
      const int fd = accept4(listener.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto number = identity_for(fd, listener);
      auto& client = clients_[fd];
      client.connection =
          std::make_unique<Connection>(fd, listener.contexts[number].get(), listener.endpoint, refusal_of(listener));
      ++listener.connections;
      client.serial = ++serial_;
      client.listener = &listener;
      held_.push({Clock::now() + longest_life, fd, client.serial, true});
      epoll_event event{EPOLLONESHOT, {.fd = fd}};
      epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
      proceed_or_hold(client);
    }
  }

  // One-shot events: while a reply is held, nothing new is heard.
  void proceed_or_hold(Client& client) {
    const auto delay = client.connection->delay();
    if (delay.count() == 0) return proceed(client);
    held_.push({Clock::now() + delay, client.connection->fd(), client.serial, false});
  }

  void proceed(Client& client) {
    const int fd = client.connection->fd();
    const auto wants = client.connection->proceed();
    if (wants == Connection::Wants::close) {
      // Before whoever left hears that the connection is closed.
      if (client.listener->endpoint.takes_turns && !client.connection->had_tls()) client.listener->connections = 0;
      clients_.erase(fd);
      return;
    }
    const std::uint32_t interest = wants == Connection::Wants::read ? EPOLLIN : EPOLLOUT;
    epoll_event event{interest | EPOLLONESHOT, {.fd = fd}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event);
  }

  int wait_ms() const {
    if (held_.empty()) return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(held_.top().at - Clock::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
  }

  void run_due() {
    const auto now = Clock::now();
    while (!held_.empty() && held_.top().at <= now) {
      const auto held = held_.top();
      held_.pop();
      const auto found = clients_.find(held.fd);
      if (found == clients_.end() || found->second.serial != held.serial) continue;
      if (held.ends) {
        clients_.erase(found);
      } else {
        proceed(found->second);
      }
    }
  }

  const Stage& stage_;
  int epoll_;
  std::unordered_map<int, Listener> listeners_;  // addresses stay: connections point to their endpoint
  std::unordered_map<int, Client> clients_;
  std::priority_queue<Held> held_;
  std::uint64_t serial_ = 0;
};

Server::Server(const std::vector<Endpoint>& endpoints, const Stage& stage)
    : loop_(std::make_unique<Loop>(endpoints, stage)) {}
Server::~Server() = default;
void Server::run() {
  loop_->run();
}

bool accepts_connections(const Endpoint& endpoint) {
  socklen_t length = 0;
  const auto storage = socket_address(endpoint, length);
  const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool accepted = fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&storage), length) == 0;
  if (fd >= 0) close(fd);
  return accepted;
}

}  // namespace danewatch::lab
