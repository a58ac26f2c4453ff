#include "exporters/http/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

#include "exporters/http/session.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;
using Phase = HttpConnection::Phase;
using ConnectionPtr = std::shared_ptr<HttpConnection>;

std::string shown(const ListenAddress& address) {
  if (!address.path.empty()) return "unix:" + address.path;
  const bool v6 = address.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", address.host, address.port) : fmt::format("{}:{}", address.host, address.port);
}

std::string shown(const Protocol::endpoint& endpoint) {
  const auto* address = endpoint.data();
  if (address->sa_family == AF_INET || address->sa_family == AF_INET6) {
    asio::ip::tcp::endpoint tcp;
    std::copy_n(reinterpret_cast<const char*>(address), std::min(endpoint.size(), tcp.capacity()),
                reinterpret_cast<char*>(tcp.data()));
    const auto host = tcp.address().to_string();
    return tcp.address().is_v6() ? fmt::format("[{}]:{}", host, tcp.port()) : fmt::format("{}:{}", host, tcp.port());
  }
  return "unix";
}

std::string client_of(const Protocol::endpoint& endpoint) {
  const std::string text = shown(endpoint);
  return text == "unix" ? "" : text.substr(0, text.rfind(':'));
}

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

// Anything but a refusal, a full queue for example, means that somebody may be there.
bool nobody_listens(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return false;
  const asio::local::stream_protocol::endpoint endpoint(path);
  const bool refused =
      ::connect(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 && errno == ECONNREFUSED;
  ::close(descriptor);
  return refused;
}

// A socket's file outlives the process that made it; any other file is not ours to remove.
void remove_stale_socket(const std::string& path) {
  if (is_socket(path) && nobody_listens(path)) ::unlink(path.c_str());
}

// What an operator may not think of.
std::string_view hint(const ListenAddress& address, const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  constexpr std::uint16_t first_free_port = 1024;
  const bool is_path = !address.path.empty();
  if (error == errc::permission_denied && !is_path && address.port < first_free_port) {
    return " (ports below 1024 need root or CAP_NET_BIND_SERVICE)";
  }
  if (error == errc::address_in_use) {
    return is_path && !is_socket(address.path) ? " (by a file that is not a socket)" : " (by another program)";
  }
  if (error == errc::address_not_available) return " (no interface has it)";
  return "";
}

constexpr int send_buffer = 131072;

bool is_any(const ConnectionPtr& /*connection*/) {
  return true;
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(asio::any_io_executor executor, HttpHooks hooks, HttpLimits limits, std::shared_ptr<HttpSecurity> security)
      : executor_(std::move(executor)), hooks_(std::move(hooks)), limits_(limits), security_(std::move(security)) {
    hold_reserve();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { release_reserve(); }

  void listen(const ListenAddress& address) {
    try {
      if (!address.path.empty()) {
        remove_stale_socket(address.path);
        open(asio::local::stream_protocol::endpoint(address.path), false, shown(address));
      } else if (address.host.empty()) {
        listen_everywhere(address);
      } else {
        const auto ip = asio::ip::make_address(address.host);
        open(asio::ip::tcp::endpoint(ip, address.port), ip.is_v6(), "");
      }
    } catch (const boost::system::system_error& error) {
      const auto why = error.code().message();
      throw std::runtime_error(
          fmt::format("cannot listen on {}: {}{}", shown(address), why, hint(address, error.code())));
    }
  }

  void adopt(int descriptor) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
      throw std::runtime_error(fmt::format("descriptor {} is not a socket", descriptor));
    }
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    Acceptor acceptor(executor_, Protocol(storage.ss_family, 0), descriptor);
    run(std::move(acceptor), "");
  }

  std::vector<std::string> addresses() const { return addresses_; }
  std::size_t connections() const { return connections_.size(); }
  void limit_connections(std::size_t most) { limits_.connections = most; }

  void stop() {
    stopping_ = true;
    for (Acceptor& acceptor : acceptors_) {
      boost::system::error_code ignored;
      static_cast<void>(acceptor.close(ignored));
    }
    for (const auto& connection : connections_) {
      if (connection->phase == Phase::waiting) close(*connection);
    }
  }

 private:
  void listen_everywhere(const ListenAddress& address) {
    try {  // one socket for both families, where there is IPv6
      open(asio::ip::tcp::endpoint(asio::ip::address_v6::any(), address.port), false, "");
    } catch (const boost::system::system_error& error) {
      if (error.code() != boost::system::errc::address_family_not_supported) throw;
      open(asio::ip::tcp::endpoint(asio::ip::address_v4::any(), address.port), false, "");
    }
  }

  void open(const Protocol::endpoint& endpoint, bool only_v6, const std::string& name) {
    Acceptor acceptor(executor_);
    acceptor.open(Protocol(endpoint.protocol().family(), 0));
    acceptor.set_option(asio::socket_base::reuse_address(true));
    if (endpoint.protocol().family() == AF_INET6) acceptor.set_option(asio::ip::v6_only(only_v6));
    acceptor.bind(endpoint);
    acceptor.listen();
    run(std::move(acceptor), name);
  }

  void run(Acceptor acceptor, const std::string& name) {
    addresses_.push_back(name.empty() ? shown(acceptor.local_endpoint()) : name);
    Acceptor& kept = acceptors_.emplace_back(std::move(acceptor));
    asio::co_spawn(executor_, accept_from(shared_from_this(), kept), asio::detached);
  }

  // `self` keeps the server's parts alive until the loop has ended.
  static asio::awaitable<void> accept_from(std::shared_ptr<Impl> self, Acceptor& acceptor) {
    // For the one that is closed to be gone, or for somebody to go by himself.
    constexpr std::chrono::milliseconds for_room{1}, for_somebody{100};
    while (!self->stopping_) {
      boost::system::error_code error;
      Protocol::endpoint peer;
      auto socket = co_await acceptor.async_accept(peer, asio::redirect_error(asio::use_awaitable, error));
      if (self->stopping_) co_return;
      if (error) {  // no descriptor left must not end the loop
        self->release_reserve();
        const bool has_room = self->is_making_room() || self->close_one(&is_any);
        asio::steady_timer timer(self->executor_, has_room ? for_room : for_somebody);
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      self->begin(std::move(socket), client_of(peer));
      self->hold_reserve();
    }
  }

  void begin(asio::basic_stream_socket<Protocol> socket, std::string client) {
    if (!make_room(client)) return;  // the socket closes
    // The kernel would take megabytes for a client that does not read, and somebody has to write them first.
    boost::system::error_code ignored;
    static_cast<void>(socket.set_option(asio::socket_base::send_buffer_size(send_buffer), ignored));
    auto connection = std::make_shared<HttpConnection>();
    connection->client = std::move(client);
    connections_.push_back(connection);
    const auto place = std::prev(connections_.end());
    HttpContext context{hooks_, limits_, security_, stopping_};
    const auto ended = [self = shared_from_this(), place](const std::exception_ptr&) {
      self->connections_.erase(place);
    };
    asio::co_spawn(executor_, run_session(HttpStream(std::move(socket)), std::move(context), connection), ended);
  }

  // False: everybody who is there waits for an answer. Those that are being closed do not count any more.
  bool make_room(const std::string& client) {
    const auto counts = [&](const ConnectionPtr& connection) {
      return connection->client == client && connection->phase != Phase::answering && !connection->closing;
    };
    const auto is_open = [](const ConnectionPtr& connection) { return !connection->closing; };
    const auto all = static_cast<std::size_t>(std::ranges::count_if(connections_, is_open));
    if (all >= limits_.connections) return close_one(&is_any);
    const auto mine = static_cast<std::size_t>(std::ranges::count_if(connections_, counts));
    return client.empty() || mine < limits_.per_client || close_one(counts);
  }

  // Who came first and has not said anything useful yet goes first, then who does not take its reply.
  template <class Fits>
  bool close_one(const Fits& fits) {
    return close_oldest(Phase::waiting, fits) || close_oldest(Phase::sending, fits);
  }

  template <class Fits>
  bool close_oldest(Phase phase, const Fits& fits) {
    for (const ConnectionPtr& connection : connections_) {
      const bool open = connection->stream != nullptr && !connection->closing;
      if (!open || connection->phase != phase || !fits(connection)) continue;
      connection->closing = true;
      close(*connection);
      return true;
    }
    return false;
  }

  // Nobody else has to go then.
  bool is_making_room() const {
    return std::ranges::any_of(connections_, [](const ConnectionPtr& connection) { return connection->closing; });
  }

  static void close(HttpConnection& connection) {
    if (connection.stream != nullptr) connection.stream->cancel();
  }

  // Descriptors that are given up when none is left, so that somebody can still be answered.
  void hold_reserve() {
    constexpr std::size_t reserved = 4;
    while (reserve_.size() < reserved) {
      const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (fd < 0) return;
      reserve_.push_back(fd);
    }
  }
  void release_reserve() {
    for (const int fd : reserve_) ::close(fd);
    reserve_.clear();
  }

  asio::any_io_executor executor_;
  HttpHooks hooks_;
  HttpLimits limits_;
  std::shared_ptr<HttpSecurity> security_;
  std::list<Acceptor> acceptors_;
  std::list<ConnectionPtr> connections_;
  std::vector<std::string> addresses_;
  std::vector<int> reserve_;
  bool stopping_ = false;
};

HttpServer::HttpServer(asio::any_io_executor executor, HttpHooks hooks, HttpLimits limits,
                       std::shared_ptr<HttpSecurity> security)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(hooks), limits, std::move(security))) {}

HttpServer::~HttpServer() {
  impl_->stop();
}

void HttpServer::listen(const ListenAddress& address) {
  impl_->listen(address);
}
void HttpServer::adopt(int descriptor) {
  impl_->adopt(descriptor);
}
std::vector<std::string> HttpServer::addresses() const {
  return impl_->addresses();
}
std::size_t HttpServer::connections() const {
  return impl_->connections();
}
void HttpServer::limit_connections(std::size_t most) {
  impl_->limit_connections(most);
}
void HttpServer::stop() {
  impl_->stop();
}

}  // namespace danewatch
