#include "probe/openssl/dialer_connection.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "probe/openssl/dialer_name.hpp"

namespace danewatch {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

bool try_again(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Descriptors come in order, so the last ones mean that hardly any are left: libunbound has to have some to ask with,
// or a question that it cannot send would look like name servers that do not answer.
bool belongs_to_libraries(int descriptor) {
  constexpr rlim_t few = 256;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  const rlim_t reserved = limit.rlim_cur < few ? limit.rlim_cur / 4 : limit.rlim_cur / 2;
  return static_cast<rlim_t>(descriptor) >= limit.rlim_cur - reserved;
}

std::chrono::milliseconds until(Deadline deadline) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
}

}  // namespace

Connection::Connection(const asio::any_io_executor& executor, const DialerOptions& options, SSL_CTX* context,
                       Endpoint endpoint, Families offer, Deadline deadline)
    : options_(options),
      limits_(limits_of(options, until(deadline))),
      context_(context),
      endpoint_(std::move(endpoint)),
      offer_(std::move(offer)),
      deadline_(deadline),
      socket_(executor),
      timer_(executor) {
  evidence_.address = endpoint_.address;
  evidence_.port = endpoint_.port;
  evidence_.attempts = 1;
  allow(limits_.connect);
}

asio::awaitable<void> Connection::talk() {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool connected = co_await connect();
  if (!connected) co_return;
  const bool agreed = co_await agree_on_tls();
  if (agreed) co_await shake_hands();
  if (server_still_listens()) co_await say_goodbye();
}

asio::awaitable<void> Connection::watch() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (Clock::now() < timer_.expiry()) {
    co_await timer_.async_wait(nothrow);  // also ends when the limit is moved
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return;
  }
  expired_ = true;
}

TlsEvidence Connection::take_evidence() {
  if (!ended_ && expired_) {
    const bool by_deadline = Clock::now() >= deadline_;
    end(evidence_.stage, {Fault::timeout, by_deadline ? "not finished when the time of the run was up"
                                                      : fmt::format("not finished within {} ms", limit_.count())});
    evidence_.waited = std::chrono::duration_cast<std::chrono::milliseconds>(timer_.expiry() - allowed_);
  }
  note_dialogue();
  if (ssl_ == nullptr) return std::move(evidence_);
  evidence_.chain = chain_of(ssl_.get());
  if (evidence_.stage == Stage::done || shows_chain(evidence_)) {
    evidence_.tls = parameters_of(ssl_.get());
    if (shows_chain(evidence_)) evidence_.tls->key = evidence_.chain.front().key;
  }
  return std::move(evidence_);
}

void Connection::allow(std::chrono::milliseconds limit) {
  limit_ = limit;
  allowed_ = Clock::now();
  timer_.expires_at(std::min(allowed_ + limit, deadline_));
}

bool Connection::end(Stage stage, TransportFault fault) {
  evidence_.stage = stage;
  evidence_.fault = fault.fault;
  evidence_.error = std::move(fault.error);
  evidence_.error.resize(std::min<std::size_t>(evidence_.error.size(), 512));
  ended_ = true;
  return false;
}

bool Connection::open() {
  boost::system::error_code error;
  static_cast<void>(socket_.open(endpoint_.address.v6 ? tcp::v6() : tcp::v4(), error));
  if (!error) static_cast<void>(socket_.native_non_blocking(true, error));
  if (error) return end(Stage::connect, connect_fault(error.value(), endpoint_.address.v6, have_route()));
  if (belongs_to_libraries(socket_.native_handle()))
    return end(Stage::connect, {Fault::no_descriptor, "the open files left are for the DNS"});
  return true;
}

asio::awaitable<bool> Connection::connect() {
  evidence_.stage = Stage::connect;
  const auto started = Clock::now();
  const tcp::endpoint peer = endpoint_of(endpoint_.address, endpoint_.port);
  auto [error] = co_await socket_.async_connect(peer, nothrow);
  if (error == asio::error::operation_aborted) co_return false;
  if (error) co_return end(Stage::connect, connect_fault(error.value(), endpoint_.address.v6, have_route()));
  // The dialogue is small packets; where this fails it is only slower.
  static_cast<void>(socket_.set_option(tcp::no_delay(true), error));
  evidence_.timings.connect = milliseconds_since(started);
  co_return true;
}

asio::awaitable<bool> Connection::agree_on_tls() {
  const bool implicit = endpoint_.service->start == StartTlsKind::implicit;
  dialogue_ = make_dialogue(*endpoint_.service, DialogueNames{helo(), endpoint_.domain});
  if (implicit) co_return true;
  allow(limits_.dialogue);
  const auto started = Clock::now();
  std::array<char, 1024> buffer;  // one per connection in flight, for replies that are short
  DialogueStep step = dialogue_->start();
  while (step.kind == DialogueStep::Kind::need_more || step.kind == DialogueStep::Kind::send) {
    evidence_.stage = dialogue_->stage();
    std::size_t got = 0;
    bool alive = true;
    if (step.kind == DialogueStep::Kind::send) {
      alive = co_await write_all(step.bytes);
    } else {
      got = co_await read_some(buffer.data(), buffer.size());
      alive = got > 0;
    }
    if (!alive) co_return false;
    step = dialogue_->feed(std::string_view(buffer.data(), got));
  }
  if (step.kind == DialogueStep::Kind::fail) {
    evidence_.refusal = step.refusal;
    co_return end(step.stage, TransportFault{step.fault, std::move(step.error)});
  }
  evidence_.timings.starttls = milliseconds_since(started);
  co_return !plain_text_waits();
}

void Connection::note_dialogue() {
  if (dialogue_ == nullptr) return;
  evidence_.helo = dialogue_->name_given();
  evidence_.slip = dialogue_->slip();
  const bool before_tls = evidence_.stage == Stage::greeting || evidence_.stage == Stage::starttls;
  if (before_tls) evidence_.heard = dialogue_->heard();
}

// TLS servers never speak first (rows.md E-13).
bool Connection::plain_text_waits() {
  std::array<char, 512> text{};
  const ssize_t got = ::recv(socket_.native_handle(), text.data(), text.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got <= 0) return false;  // an end or an error shows again in the handshake
  end(Stage::starttls, {Fault::injected, std::string(text.data(), static_cast<std::size_t>(got))});
  return true;
}

bool Connection::start_tls() {
  ssl_ = make_client(context_, offer_, endpoint_.sni, notes_);
  transport_.descriptor = socket_.native_handle();
  BIO* bio = make_socket_bio(transport_).release();
  SSL_set_bio(ssl_.get(), bio, bio);
  return true;
}

asio::awaitable<bool> Connection::shake_hands() {
  evidence_.stage = Stage::handshake;
  allow(limits_.handshake);
  const auto started = Clock::now();
  start_tls();
  for (;;) {
    transport_.budget = SocketTransport::budget_per_turn;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    evidence_.client_certificate_requested = notes_.asked_for_certificate;
    if (result == 1) break;
    if (const auto* flood = flood_in(notes_)) co_return end(Stage::handshake, TransportFault{Fault::malformed, flood});
    const int what = SSL_get_error(ssl_.get(), result);
    const bool wants_write = what == SSL_ERROR_WANT_WRITE;
    if (!wants_write && what != SSL_ERROR_WANT_READ) {
      co_return end(Stage::handshake, handshake_fault(ssl_.get(), transport_));
    }
    const bool ready = co_await wait_until(wants_write ? tcp::socket::wait_write : tcp::socket::wait_read);
    if (!ready) co_return false;
  }
  evidence_.timings.handshake = milliseconds_since(started);
  end(Stage::done, TransportFault{});
  co_return true;
}

bool Connection::server_still_listens() const {
  return evidence_.stage == Stage::done || evidence_.fault == Fault::reply || evidence_.fault == Fault::not_offered ||
         evidence_.fault == Fault::starttls_refused;
}

// Nothing that happens here can change the verdict any more, except that a TLS 1.3 server says only now that it will
// not talk to us without a client certificate (rows.md E-03).
asio::awaitable<void> Connection::say_goodbye() {
  // Whether it insists on a certificate is worth waiting for; its first words inside TLS say that it does not.
  allow(evidence_.client_certificate_requested ? limits_.handshake : options_.farewell_timeout);
  const std::string_view words = ssl_ == nullptr ? dialogue_->goodbye() : dialogue_->last_words();
  if (ssl_ == nullptr) {
    ::send(socket_.native_handle(), words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  } else {
    ERR_clear_error();
    if (!words.empty()) SSL_write(ssl_.get(), words.data(), static_cast<int>(words.size()));
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  co_await drain();
  evidence_.starttls_offered_again = dialogue_->offers_again(heard_);
}

// Waits for the peer to close: closing with octets unread would answer its last words with a reset.
asio::awaitable<void> Connection::drain() {
  constexpr int max_turns = 32;
  for (int turn = 0; turn < max_turns && read_last_words(); ++turn) {
    const bool ready = co_await wait_until(tcp::socket::wait_read);
    if (!ready) break;
  }
}

bool Connection::read_last_words() {
  std::array<char, 4096> ignored;
  if (ssl_ == nullptr) {
    const ssize_t got = ::recv(socket_.native_handle(), ignored.data(), ignored.size(), MSG_DONTWAIT);
    return got > 0 || (got < 0 && try_again(errno));
  }
  transport_.budget = ignored.size();
  ERR_clear_error();
  const int got = SSL_read(ssl_.get(), ignored.data(), static_cast<int>(ignored.size()));
  const int what = SSL_get_error(ssl_.get(), got);
  if (got > 0 && heard_.empty()) allow(options_.farewell_timeout);
  if (got > 0 && heard_.size() < ignored.size()) heard_.append(ignored.data(), static_cast<std::size_t>(got));
  if (got > 0 || what == SSL_ERROR_WANT_READ) return true;
  note_end_of_session(what);
  return false;
}

void Connection::note_end_of_session(int ssl_error) {
  TransportFault alert = received_alert();
  if (alert.fault != Fault::none) {
    if (evidence_.client_certificate_requested) end(Stage::handshake, std::move(alert));
    return;
  }
  // The chain was judged already: a fact by the way (rows.md E-12). Many a server, Postfix among them, answers our
  // goodbye and then closes without a close_notify: that tells nothing.
  const bool dropped = ssl_error != SSL_ERROR_ZERO_RETURN && (transport_.eof || transport_.error != 0);
  evidence_.closed_uncleanly = dropped && heard_.empty() && !dialogue_->last_words().empty();
}

asio::awaitable<bool> Connection::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && !try_again(errno)) co_return end(evidence_.stage, stream_fault(errno));
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    if (bytes.empty()) break;
    const bool ready = co_await wait_until(tcp::socket::wait_write);
    if (!ready) co_return false;
  }
  co_return true;
}

asio::awaitable<std::size_t> Connection::read_some(char* out, std::size_t size) {
  for (;;) {
    const bool ready = co_await wait_until(tcp::socket::wait_read);
    if (!ready) co_return 0;
    const ssize_t got = ::recv(socket_.native_handle(), out, size, MSG_DONTWAIT);
    if (got > 0) co_return static_cast<std::size_t>(got);
    if (got == 0) end(evidence_.stage, TransportFault{Fault::eof, "the peer closed the connection"});
    if (got < 0 && !try_again(errno)) end(evidence_.stage, stream_fault(errno));
    if (ended_) co_return 0;
  }
}

asio::awaitable<bool> Connection::wait_until(tcp::socket::wait_type ready) {
  auto [error] = co_await socket_.async_wait(ready, nothrow);
  co_return !error;
}

bool Connection::have_route() const {
  return route_exists(endpoint_of(endpoint_.address, endpoint_.port));
}

std::string Connection::helo() const {
  if (!options_.helo.empty()) return options_.helo;
  boost::system::error_code error;
  const tcp::endpoint here = socket_.local_endpoint(error);
  return address_literal(here.address());
}

}  // namespace danewatch
