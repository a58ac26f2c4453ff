// Who may ask, and whether TLS is spoken: the server's view of a web configuration.
//
// Thread rule: used from the server's thread; checking a password waits elsewhere.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace danewatch {

class HttpSecurity {
 public:
  HttpSecurity() = default;
  HttpSecurity(const HttpSecurity&) = delete;
  HttpSecurity& operator=(const HttpSecurity&) = delete;
  virtual ~HttpSecurity() = default;

  // For the next connection; null: plain HTTP. Reads changed files again.
  virtual std::shared_ptr<boost::asio::ssl::context> tls() = 0;

  enum class Access { granted, denied, busy };
  // Of an Authorization header; may take a while.
  virtual boost::asio::awaitable<Access> check(std::string authorization) = 0;
};

}  // namespace danewatch
