// An HTTP/1.1 server for a few clients that nobody trusts: bounded in time, connections and octets.
//
// Answers nothing itself but what is malformed; everything else goes to the handler. When there are too many
// connections, the oldest one that has not sent its request gives way, then the oldest one that is slow to take its
// reply; never one whose request is being answered. Thread rule: used from the executor's thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporters/http/message.hpp"

namespace danewatch {

using HttpHandler = std::function<boost::asio::awaitable<HttpReply>(HttpRequest)>;

struct HttpLimits {
  std::chrono::milliseconds request{10000};     // from its first octet (of a connection: its start) until it is there
  std::chrono::milliseconds keep_alive{75000};  // for a further request to begin
  std::chrono::milliseconds chunk{10000};       // for the client to take 64 kB of the reply
  std::chrono::milliseconds reply{120000};      // for the whole of it
  std::size_t header = 8192;                    // octets
  std::size_t connections = 1024;
  std::size_t per_client = 512;  // without those whose request is being answered
};

// "host:port", ":port", "[v6]:port" or "unix:/path", as given to --web.listen-address.
struct ListenAddress {
  std::string host;  // empty: every address
  std::uint16_t port = 0;
  std::string path;  // of a unix socket; then host and port mean nothing

  bool operator==(const ListenAddress&) const = default;
};
Parsed<ListenAddress> parse_listen_address(std::string_view text);

struct HttpHooks {
  HttpHandler handler;
  std::function<void(const std::string& route, int status)> count;
  // A request whose handler is to be cancelled when its client goes away.
  std::function<bool(const HttpRequest&)> cancellable;
};

class HttpSecurity;  // TLS and users (exporters/http/security.hpp)

class HttpServer {
 public:
  HttpServer(boost::asio::any_io_executor executor, HttpHooks hooks, HttpLimits limits,
             std::shared_ptr<HttpSecurity> security = nullptr);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  // Throw std::runtime_error "cannot listen on ADDRESS: why". A unix socket on which nobody listens is replaced.
  void listen(const ListenAddress& address);
  void adopt(int descriptor);  // a listening socket that somebody else opened (LISTEN_FDS)

  std::vector<std::string> addresses() const;  // "127.0.0.1:19115"; the port that was chosen for :0
  std::size_t connections() const;
  void limit_connections(std::size_t most);  // from the next one on; those that are there stay
  void stop();                               // no further connection; those without a request end

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace danewatch
