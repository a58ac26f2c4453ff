#include "tests/lab/server_connection.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "tests/lab/server_tricks.hpp"

namespace danewatch::lab {
namespace {

constexpr std::size_t longest_line = 2048;

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

BioPtr reader(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

// The leaf, its key and what is sent after it belong together, so two key types may have different chains.
void use(SSL_CTX* context, const CertifiedKey& certified) {
  auto chain = reader(certified.chain_pem);
  auto key_text = reader(certified.key_pem);
  const X509Ptr leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr), &X509_free);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  if (!leaf || !key || SSL_CTX_use_cert_and_key(context, leaf.get(), key.get(), nullptr, 1) != 1) {
    throw std::runtime_error("a certificate and its key do not fit together");
  }
  while (X509* more = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)) SSL_CTX_add0_chain_cert(context, more);
  ERR_clear_error();
}

// Ends the handshake of a client that names another server (RFC 6066 3).
int demand_server_name(SSL* ssl, int* alert, void*) {
  const auto* endpoint = static_cast<const Endpoint*>(SSL_get_app_data(ssl));
  if (endpoint->server_name.empty()) return SSL_TLSEXT_ERR_NOACK;
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  if (name != nullptr && endpoint->server_name == name) return SSL_TLSEXT_ERR_OK;
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

ContextPtr make_context(const Identity& identity, const Manners& manners) {
  ContextPtr context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
  SSL_CTX_set_tlsext_servername_callback(context.get(), &demand_server_name);
  apply(manners, context.get());
  for (const auto& certified : identity) use(context.get(), certified);
  return context;
}

Connection::Connection(int fd, SSL_CTX* context, const Endpoint& endpoint, std::string refusal)
    : fd_(fd),
      context_(context),
      endpoint_(endpoint),
      dialogue_(dialogue_of(endpoint.port, endpoint.starttls, endpoint.host)),
      refusal_(std::move(refusal)) {
  if (dialogue_) teach(*dialogue_, endpoint.manners);
  if (!dialogue_) start_tls();
  if (dialogue_ && dialogue_->greeting.empty()) stage_ = Stage::dialogue;
}

Connection::~Connection() {
  close(fd_);
}

void Connection::start_tls() {
  if (stage_ != Stage::hello && meddles_with_hello(endpoint_.manners)) {
    stage_ = Stage::hello;
    return;
  }
  ssl_.reset(SSL_new(context_));
  SSL_set_app_data(ssl_.get(), const_cast<Endpoint*>(&endpoint_));
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
  apply(endpoint_.manners, ssl_.get());
  in_.clear();  // nothing said in plain text counts after the upgrade (RFC 3207 4.2), and TLS is offered once
  const Offer again = endpoint_.manners.offers_again ? Offer::offered : Offer::absent;
  if (dialogue_) dialogue_ = dialogue_of(endpoint_.port, again, endpoint_.host);
  stage_ = Stage::handshake;
}

std::chrono::milliseconds Connection::delay() const {
  return endpoint_.delay + (stage_ == Stage::greeting ? endpoint_.manners.greets_after : std::chrono::milliseconds(0));
}

bool Connection::ends_at(Moment moment) const {
  return endpoint_.manners.ending != Ending::none && endpoint_.manners.moment == moment;
}

Connection::Wants Connection::end() {
  stage_ = Stage::deaf;
  return end_connection(fd_, endpoint_.manners.ending) ? Wants::read : Wants::close;
}

Connection::Wants Connection::stay_deaf() {
  std::array<char, 4096> ignored{};
  ssize_t got = 0;
  do {
    got = recv(fd_, ignored.data(), ignored.size(), 0);
  } while (got > 0);
  stage_ = Stage::deaf;
  return got < 0 && errno == EAGAIN ? Wants::read : Wants::close;
}

Connection::Wants Connection::proceed_hello() {
  std::array<char, 4096> hello{};
  const auto got = recv(fd_, hello.data(), hello.size(), 0);
  if (got < 0 && errno == EAGAIN) return Wants::read;
  if (ends_at(Moment::hello)) return end();
  const auto words = answer_to_hello(endpoint_.manners.trick);
  send(fd_, words.data(), words.size(), MSG_NOSIGNAL);
  return stay_deaf();
}

Connection::Wants Connection::proceed() {
  switch (stage_) {
    case Stage::greeting:
      return greet();
    case Stage::dialogue:
      return proceed_plain();
    case Stage::hello:
      return proceed_hello();
    case Stage::handshake:
      return proceed_handshake();
    case Stage::session:
      return proceed_session();
    case Stage::deaf:
      break;
  }
  return stay_deaf();
}

// A greeting of another kind than the protocol's own ends the connection.
Connection::Wants Connection::greet() {
  if (ends_at(Moment::greeting)) return end();
  if (endpoint_.manners.trick == Trick::mute) return stay_deaf();
  const auto& own = dialogue_->greeting;
  out_ = endpoint_.greeting.empty() ? greeting_of(endpoint_.manners.trick, own) : endpoint_.greeting + "\r\n";
  if (!refusal_.empty()) out_ = refusal_;
  closing_ = out_.front() != own.front();
  stage_ = Stage::dialogue;
  if (!flush()) return Wants::write;
  return closing_ ? Wants::close : Wants::read;
}

Connection::Wants Connection::proceed_plain() {
  std::array<char, 4096> buffer{};
  // Where requests are counted in octets, the ClientHello may follow at once (MySQL): it is not for us to read.
  const auto most = dialogue_->octets == 0 ? buffer.size() : dialogue_->octets - in_.size();
  const auto got = recv(fd_, buffer.data(), most, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return Wants::close;
  if (got > 0) in_.append(buffer.data(), static_cast<std::size_t>(got));
  consume_requests();
  if (ending_) return end();
  if (!flush()) return Wants::write;
  if (closing_ || in_.size() > longest_line) return Wants::close;
  if (upgrade_) start_tls();
  return Wants::read;
}

void Connection::consume_requests() {
  while (!upgrade_ && !closing_) {
    const auto request = take_request(*dialogue_, in_);
    if (!request) return;
    const auto answer = answer_to(*dialogue_, *request);
    ending_ = !ssl_ && ends_at(answer.upgrades ? Moment::starttls : Moment::ehlo);
    if (ending_) return;
    out_ += answer.reply;
    upgrade_ = answer.upgrades;
    closing_ = answer.closes;
  }
}

// True when all of the output is out.
bool Connection::flush() {
  const bool drips = !ssl_ && endpoint_.manners.trick == Trick::drip;
  while (!out_.empty()) {
    const auto sent = ssl_ ? SSL_write(ssl_.get(), out_.data(), static_cast<int>(out_.size()))
                           : send(fd_, out_.data(), drips ? 1 : out_.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      closing_ = closing_ || (!ssl_ && errno != EAGAIN);
      return closing_;
    }
    out_.erase(0, static_cast<std::size_t>(sent));
    if (endpoint_.manners.trick == Trick::endless && out_.empty()) out_ = greeting_of(Trick::endless, "");
    if (drips || endpoint_.manners.trick == Trick::endless) return out_.empty();
  }
  return true;
}

Connection::Wants Connection::wants_after(int result) const {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return Wants::read;
  return error == SSL_ERROR_WANT_WRITE ? Wants::write : Wants::close;
}

Connection::Wants Connection::proceed_handshake() {
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return wants_after(result);
  stage_ = Stage::session;
  if (ends_at(Moment::session)) return end();
  if (dialogue_) out_ = dialogue_->after_tls;
  return proceed_session();
}

// After STARTTLS the dialogue goes on (RFC 3207 4.2); a web server hears one request and closes.
Connection::Wants Connection::proceed_session() {
  std::array<char, 4096> buffer{};
  const int got = SSL_read(ssl_.get(), buffer.data(), buffer.size());
  if (got <= 0 && SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN) closing_ = true;
  if (got <= 0 && !closing_ && !out_.empty()) return flush() ? Wants::read : Wants::write;
  if (got <= 0 && !closing_) return wants_after(got);
  in_.append(buffer.data(), static_cast<std::size_t>(std::max(got, 0)));
  if (in_.size() > longest_line) return Wants::close;
  if (dialogue_) {
    upgrade_ = false;
    consume_requests();
  } else if (in_.find("\r\n\r\n") != std::string::npos) {
    out_ = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + endpoint_.host + "\r\n";
    closing_ = true;
  }
  if (!flush()) return Wants::write;
  if (closing_) SSL_shutdown(ssl_.get());
  return closing_ ? Wants::close : Wants::read;
}

}  // namespace danewatch::lab
