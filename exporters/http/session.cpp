#include "exporters/http/session.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

#include "exporters/http/gzip.hpp"
#include "exporters/http/security.hpp"

namespace danewatch {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

using Request = http::request<http::empty_body>;
using Parser = http::request_parser<http::empty_body>;
using Task = asio::awaitable<void>;
using Phase = HttpConnection::Phase;

std::string text_of(beast::string_view view) {
  return {view.data(), view.size()};
}

HttpReply failed(int status, std::string why) {
  return text_reply(status, std::move(why), "malformed");
}

// What is wrong with a request that could not be read; nothing where nobody is there to be told.
std::optional<HttpReply> refusal(const error_code& error) {
  const bool too_long = error == http::error::header_limit || error == http::error::buffer_overflow;
  if (too_long) return failed(431, "the request's header is too long\n");
  if (error == http::error::body_limit) return failed(413, "a request has no body here\n");
  if (error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
  return failed(400, "malformed request\n");
}

std::optional<HttpRequest> understood(const Request& request) {
  auto target = parse_request_target(text_of(request.target()));
  if (!target) return std::nullopt;
  HttpRequest result;
  result.method = request.method() == http::verb::head ? "GET" : text_of(request.method_string());
  result.path = std::move(target->path);
  result.query = std::move(target->query);
  result.scrape_timeout = text_of(request["X-Prometheus-Scrape-Timeout-Seconds"]);
  result.host = text_of(request[http::field::host]);
  result.origin = text_of(request[http::field::origin]);
  return result;
}

// RFC 9112 3.2: one Host, which only HTTP/1.0 may leave out.
bool has_right_host(const Request& request) {
  const std::size_t hosts = request.count(http::field::host);
  return hosts == 1 || (hosts == 0 && request.version() < 11);
}

Framing framing_of(const Request& request) {
  Framing framing;
  framing.version = static_cast<int>(request.version());
  const auto [begin, end] = request.equal_range(http::field::transfer_encoding);
  for (auto field = begin; field != end; ++field) framing.encodings.push_back(text_of(field->value()));
  framing.authorizations = request.count(http::field::authorization);
  return framing;
}

// The peer closed its side or is gone, which look the same: whoever closes a connection for good sends a FIN and no
// more. Octets that wait to be read hide that from recv(), not from poll().
bool is_gone(int descriptor) {
  pollfd entry{descriptor, POLLRDHUP, 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

Task wait_until_gone(HttpStream& stream) {
  constexpr std::chrono::milliseconds pause{200};
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  while (!is_gone(stream.socket().native_handle())) {
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

Task handle_into(HttpReply& reply, const HttpHandler& handler, HttpRequest request) {
  reply = co_await handler(std::move(request));
}

// False: the client went away first, and the handler was cancelled.
asio::awaitable<bool> handle_unless_gone(HttpReply& reply, const HttpHandler& handler, HttpRequest request,
                                         HttpStream& stream) {
  const auto executor = co_await asio::this_coro::executor;
  using Spawned = decltype(asio::co_spawn(executor, wait_until_gone(stream), asio::deferred));
  std::vector<Spawned> both;
  both.push_back(asio::co_spawn(executor, handle_into(reply, handler, std::move(request)), asio::deferred));
  both.push_back(asio::co_spawn(executor, wait_until_gone(stream), asio::deferred));
  auto group = asio::experimental::make_parallel_group(std::move(both));
  auto first = asio::experimental::wait_for_one();
  auto [order, errors] = co_await group.async_wait(first, asio::use_awaitable);
  if (order[0] == 0 && errors[0]) std::rethrow_exception(errors[0]);
  co_return order[0] == 0;
}

template <class Stream>
class Session {
 public:
  Session(Stream& stream, HttpContext& context, HttpConnection& connection)
      : stream_(stream), bottom_(beast::get_lowest_layer(stream)), context_(context), connection_(connection) {}

  Task run() {
    buffer_.max_size(context_.limits.header + 1024);
    for (bool first = true; !context_.stopping && !connection_.closing; first = false) {
      Parser parser;
      parser.header_limit(static_cast<std::uint32_t>(context_.limits.header));
      parser.body_limit(0);
      connection_.phase = Phase::waiting;
      const bool begun = first || buffer_.size() > 0;
      const error_code error = co_await read(parser, begun);
      connection_.phase = Phase::answering;
      if (error) {
        auto reply = refusal(error);
        if (reply) co_await refuse(std::move(*reply));
        co_return;
      }
      auto refused = framing_refusal(framing_of(parser.get()));
      if (refused) {
        co_await refuse(std::move(*refused));
        co_return;
      }
      const bool going_on = co_await answer(parser.get());
      if (!going_on) co_return;
    }
  }

 private:
  // Reads piece by piece and parses what is there: Beast's own operations, made for every kind of stream and buffer,
  // take minutes to compile. One deadline is for the whole request, however slowly it comes; it runs from now on if the
  // request has begun, otherwise from its first octet.
  asio::awaitable<error_code> read(Parser& parser, bool begun) {
    constexpr std::size_t piece = 4096;
    error_code error;
    parser.eager(true);
    bottom_.expires_after(begun ? context_.limits.request : context_.limits.keep_alive);
    while (!parser.is_done()) {
      if (buffer_.size() > 0) {
        const std::size_t used = parser.put(buffer_.data(), error);
        buffer_.consume(used);
        if (error && error != http::error::need_more) co_return error;
        if (parser.is_done()) break;
      }
      if (buffer_.size() >= buffer_.max_size()) co_return http::error::buffer_overflow;
      const auto into = buffer_.prepare(std::min(piece, buffer_.max_size() - buffer_.size()));
      const std::size_t got = co_await stream_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return error;
      buffer_.commit(got);
      if (!begun) bottom_.expires_after(context_.limits.request);
      begun = true;
    }
    co_return error_code{};
  }

  // What the client still sends is read and thrown away: a reset would take our reply with it.
  Task refuse(HttpReply reply) {
    constexpr std::size_t most = 65536;
    constexpr std::chrono::seconds patience{1};
    const Request request;
    context_.hooks.count(reply.route, reply.status);
    co_await write(request, std::move(reply), false);
    error_code error;
    static_cast<void>(bottom_.socket().shutdown(asio::socket_base::shutdown_send, error));
    bottom_.expires_after(patience);
    std::array<char, 4096> rest{};
    for (std::size_t total = 0; total < most && !error;) {
      const auto into = asio::buffer(rest);
      total += co_await bottom_.async_read_some(into, asio::redirect_error(asio::use_awaitable, error));
    }
  }

  // False: the connection ends here.
  asio::awaitable<bool> answer(const Request& request) {
    bottom_.expires_never();  // whoever answers has a deadline of its own
    HttpReply reply;
    const bool present = co_await make_reply(request, reply);
    if (!present) co_return false;
    context_.hooks.count(reply.route, reply.status);
    const bool keep = request.keep_alive() && !context_.stopping && !(reply.more && request.version() < 11);
    co_await write(request, std::move(reply), keep);
    co_return keep;
  }

  asio::awaitable<bool> make_reply(const Request& request, HttpReply& reply) {
    if (!has_right_host(request)) {
      reply = failed(400, "a request needs one Host\n");
      co_return true;
    }
    auto understood_request = understood(request);
    if (!understood_request) {
      reply = failed(400, "malformed request target\n");
      co_return true;
    }
    const bool allowed = co_await is_allowed(request, reply);
    if (!allowed) co_return true;
    std::exception_ptr error;
    try {
      if (context_.hooks.cancellable(*understood_request)) {
        const bool present =
            co_await handle_unless_gone(reply, context_.hooks.handler, std::move(*understood_request), bottom_);
        co_return present;
      }
      reply = co_await context_.hooks.handler(std::move(*understood_request));
    } catch (const std::exception&) {
      error = std::current_exception();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (error && state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(error);
    if (error) reply = text_reply(500, "danewatch could not answer this\n", "error");
    co_return true;
  }

  asio::awaitable<bool> is_allowed(const Request& request, HttpReply& reply) {
    if (!context_.security) co_return true;
    std::string authorization = text_of(request[http::field::authorization]);
    std::string client = connection_.client;
    const auto access = co_await context_.security->check(std::move(authorization), std::move(client));
    if (access == HttpSecurity::Access::granted) co_return true;
    if (access == HttpSecurity::Access::busy) {
      reply = text_reply(503, "too many passwords to check\n", "unauthorized");
    } else {
      reply = text_reply(401, "unauthorized\n", "unauthorized");
      reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"danewatch\", charset=\"UTF-8\"");
    }
    co_return false;
  }

  // The status line and the fields, as they go out. Without a length the body comes in chunks or ends with the
  // connection.
  std::string header_text(const Request& request, const HttpReply& reply, bool keep, bool zipped,
                          std::optional<std::size_t> length) {
    http::response<http::empty_body> response;
    response.version(request.version());
    response.result(static_cast<unsigned>(reply.status));
    response.set(http::field::server, "danewatch");
    response.set(http::field::content_type, reply.content_type);
    response.set("X-Content-Type-Options", "nosniff");
    response.set(http::field::cache_control, "no-store");
    response.set(http::field::vary, "Accept-Encoding");
    if (context_.security) {
      for (const auto& [name, value] : context_.security->headers()) response.set(name, value);
    }
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    if (zipped) response.set(http::field::content_encoding, "gzip");
    if (length) {
      response.content_length(*length);
    } else if (request.version() >= 11) {
      response.chunked(true);
    }
    response.keep_alive(keep);
    const auto reason = text_of(http::obsolete_reason(response.result()));
    std::string text = fmt::format("HTTP/1.{} {} {}\r\n", request.version() % 10, reply.status, reason);
    for (const auto& field : response) {
      text += text_of(field.name_string()) + ": " + text_of(field.value()) + "\r\n";
    }
    return text + "\r\n";
  }

  // What the kernel takes at once is neither cancelled nor late in Asio's eyes: both are looked at here.
  Task send(const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (connection_.closing || now >= reply_end_) throw boost::system::system_error(asio::error::timed_out);
    bottom_.expires_at(std::min(now + context_.limits.chunk, reply_end_));
    const asio::const_buffer buffer = asio::buffer(text);
    co_await asio::async_write(stream_, buffer, asio::use_awaitable);
  }

  Task write(const Request& request, HttpReply reply, bool keep) {
    constexpr std::size_t worth_zipping = 1024;
    connection_.phase = Phase::sending;
    reply_end_ = std::chrono::steady_clock::now() + context_.limits.reply;
    const bool long_enough = reply.more || reply.body.size() >= worth_zipping;
    const bool zipped = long_enough && accepts_gzip(text_of(request[http::field::accept_encoding]));
    if (reply.more) {
      co_await write_stream(request, reply, keep, zipped);
      co_return;
    }
    if (zipped) {
      Gzip gzip;
      const std::string begin = gzip.add(reply.body);
      reply.body = begin + gzip.finish();
    }
    std::string text = header_text(request, reply, keep, zipped, reply.body.size());
    if (request.method() != http::verb::head) text += reply.body;
    co_await send(text);
  }

  // A long body goes out piece by piece, so that it is never in memory as a whole.
  Task write_stream(const Request& request, HttpReply& reply, bool keep, bool zipped) {
    const bool chunked = request.version() >= 11;
    const std::string header = header_text(request, reply, keep, zipped, std::nullopt);
    co_await send(header);
    if (request.method() == http::verb::head) co_return;
    Gzip gzip;
    for (bool more = true; more;) {
      const std::string piece = reply.more();
      more = !piece.empty();
      std::string out = !zipped ? piece : more ? gzip.add(piece) : gzip.finish();
      if (chunked && !out.empty()) out = fmt::format("{:x}\r\n{}\r\n", out.size(), out);
      if (chunked && !more) out += "0\r\n\r\n";  // RFC 9112 7.1
      if (!out.empty()) co_await send(out);
    }
  }

  Stream& stream_;
  HttpStream& bottom_;
  HttpContext& context_;
  HttpConnection& connection_;
  beast::flat_buffer buffer_;
  std::chrono::steady_clock::time_point reply_end_{};
};

Task run_plain(HttpStream& stream, HttpContext& context, HttpConnection& connection) {
  Session<HttpStream> session(stream, context, connection);
  co_await session.run();
  error_code ignored;
  static_cast<void>(stream.socket().shutdown(asio::socket_base::shutdown_both, ignored));
}

Task run_tls(HttpStream& bottom, HttpContext& context, HttpConnection& connection, asio::ssl::context& tls) {
  constexpr std::chrono::seconds farewell{2};
  beast::ssl_stream<HttpStream&> stream(bottom, tls);
  bottom.expires_after(context.limits.request);
  co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
  Session<beast::ssl_stream<HttpStream&>> session(stream, context, connection);
  co_await session.run();
  bottom.expires_after(farewell);
  co_await stream.async_shutdown(asio::use_awaitable);
}

}  // namespace

asio::awaitable<void> run_session(HttpStream stream, HttpContext context, std::shared_ptr<HttpConnection> connection) {
  connection->stream = &stream;
  std::shared_ptr<asio::ssl::context> tls;
  try {
    if (context.security) tls = context.security->tls();
    if (tls) {
      co_await run_tls(stream, context, *connection, *tls);
    } else {
      co_await run_plain(stream, context, *connection);
    }
  } catch (const std::exception&) {
    // A peer that breaks off, or runs out of time: its connection ends, nothing else does.
  }
  connection->stream = nullptr;
}

}  // namespace danewatch
