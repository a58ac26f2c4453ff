// Inner: one connection of the HTTP server.
//
// Thread rule: the server's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <memory>
#include <string>

#include "exporters/http/server.hpp"

namespace danewatch {

using HttpStream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

struct HttpConnection {
  std::string client;                                                       // its address; empty for unix sockets
  HttpStream* stream = nullptr;                                             // while the session lives
  enum class Phase { waiting, answering, sending } phase = Phase::waiting;  // what it is at: its request, its reply
  bool closing = false;                                                     // chosen to make room
};

struct HttpContext {
  const HttpHooks& hooks;
  const HttpLimits& limits;
  std::shared_ptr<HttpSecurity> security;
  const bool& stopping;
};

// Until the connection ends. Never throws but when cancelled.
boost::asio::awaitable<void> run_session(HttpStream stream, HttpContext context,
                                         std::shared_ptr<HttpConnection> connection);

}  // namespace danewatch
