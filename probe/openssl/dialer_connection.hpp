// Inner: one connection to one address: connect, dialogue, handshake, goodbye.
//
// Two coroutines share it: talk() does the work, watch() keeps the time, whichever ends first ends the other.
// Thread rule: one executor's thread; must outlive both coroutines.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "probe/openssl/dialer.hpp"
#include "probe/openssl/dialer_bio.hpp"
#include "probe/openssl/dialer_context.hpp"
#include "probe/openssl/dialer_faults.hpp"
#include "probe/starttls/starttls.hpp"

namespace danewatch {

class Connection {
 public:
  // `options` and `context` must outlive the connection.
  Connection(const boost::asio::any_io_executor& executor, const DialerOptions& options, SSL_CTX* context,
             Endpoint endpoint, Families offer, Deadline deadline);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Before anything else; false: it ended here.
  bool open();

  boost::asio::awaitable<void> talk();
  boost::asio::awaitable<void> watch();

  // What was seen; call once, after both coroutines have ended.
  TlsEvidence take_evidence();

 private:
  using Clock = std::chrono::steady_clock;

  // Each returns false when the conversation is over.
  boost::asio::awaitable<bool> connect();
  boost::asio::awaitable<bool> agree_on_tls();
  boost::asio::awaitable<bool> shake_hands();
  boost::asio::awaitable<void> say_goodbye();

  boost::asio::awaitable<bool> write_all(std::string_view bytes);
  boost::asio::awaitable<std::size_t> read_some(char* out, std::size_t size);  // 0: over
  boost::asio::awaitable<bool> wait_until(boost::asio::ip::tcp::socket::wait_type ready);
  boost::asio::awaitable<void> drain();

  void allow(std::chrono::milliseconds limit);  // from now on, and never past the deadline
  bool end(Stage stage, TransportFault fault);  // always false
  bool plain_text_waits();
  bool start_tls();
  void note_dialogue();
  bool read_last_words();  // false: nothing more will come
  void note_end_of_session(int ssl_error);
  bool server_still_listens() const;
  bool have_route() const;
  std::string helo() const;

  const DialerOptions& options_;
  TimeLimits limits_;
  SSL_CTX* context_;
  Endpoint endpoint_;
  Families offer_;
  Deadline deadline_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<StartTls> dialogue_;
  SocketTransport transport_;
  SslPtr ssl_;
  TlsEvidence evidence_;
  HandshakeNotes notes_;
  std::string heard_;  // inside TLS, its beginning
  std::chrono::milliseconds limit_{};
  Clock::time_point allowed_;  // since when
  bool expired_ = false;
  bool ended_ = false;
};

}  // namespace danewatch
