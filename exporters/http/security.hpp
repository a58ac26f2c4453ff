// Who may ask, and whether TLS is spoken: what the server knows of a web configuration.
//
// Thread rule: used from the server's thread; checking a password waits elsewhere.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exporters/http/stillness.hpp"
#include "exporters/http/web_config.hpp"

namespace danewatch {

class HttpSecurity {
 public:
  HttpSecurity() = default;
  HttpSecurity(const HttpSecurity&) = delete;
  HttpSecurity& operator=(const HttpSecurity&) = delete;
  virtual ~HttpSecurity() = default;

  // For the next connection; null: plain HTTP. Reads changed files again once they stand still.
  virtual std::shared_ptr<boost::asio::ssl::context> tls() = 0;

  enum class Access { granted, denied, busy };
  // Of an Authorization header; may take a while. Busy: too many passwords wait to be checked, of this client (its
  // address; empty for unix sockets, which are one) or of all.
  virtual boost::asio::awaitable<Access> check(std::string authorization, std::string client) = 0;

  // For every reply.
  virtual std::vector<std::pair<std::string, std::string>> headers() const = 0;

  // Told at once, and whenever a changed configuration came into force (true) or was not taken (false).
  virtual void watch_reloads(std::function<void(bool)> watcher) = 0;
};

// Throws std::runtime_error naming the file that is wrong.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const TlsServerConfig& config);

struct WebConfigSource {
  std::function<WebConfig()> load;                   // throws std::runtime_error
  std::function<FileLook(const WebConfig&)> look;    // at its file, and at those it names
  std::function<void(const std::string&)> complain;  // why a changed file was not taken; the old one stays in force
  std::function<void()> taken;                       // a changed file is in force
  std::function<Stillness::Time()> now;
  std::chrono::milliseconds settle = file_settles;
};

// From files that may change: what stood still and may come into force while running does. Throws std::runtime_error if
// they are wrong at the start.
std::shared_ptr<HttpSecurity> make_security(WebConfigSource source);

}  // namespace danewatch
