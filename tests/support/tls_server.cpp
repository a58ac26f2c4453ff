#include "tests/support/tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <stdexcept>

namespace danewatch {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

void check(bool good) {
  if (!good) throw std::runtime_error("a test server cannot be set up");
}

int version_number(TlsVersion version) {
  constexpr std::array numbers{TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};
  return numbers.at(static_cast<std::size_t>(version));
}

Owned<X509, X509_free> decode(const std::vector<std::uint8_t>& der) {
  const unsigned char* at = der.data();
  Owned<X509, X509_free> x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  check(x509 != nullptr);
  return x509;
}

void use(SSL_CTX* context, const ShownChain& shown) {
  const std::string pem = pki::key_pem(*shown.leaf.key);
  const Owned<BIO, BIO_free_all> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Owned<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  check(SSL_CTX_use_certificate(context, decode(shown.leaf.der).get()) == 1);
  check(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
  for (const auto& der : shown.rest) check(SSL_CTX_add1_chain_cert(context, decode(der).get()) == 1);
}

int answer_name(SSL*, int* alert, void* argument) {
  const auto answer = *static_cast<const NameAnswer*>(argument);
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  if (answer == NameAnswer::fatal) return SSL_TLSEXT_ERR_ALERT_FATAL;
  return answer == NameAnswer::warning ? SSL_TLSEXT_ERR_ALERT_WARNING : SSL_TLSEXT_ERR_OK;
}

int verify_mode(ClientCertificate wish) {
  if (wish == ClientCertificate::not_asked) return SSL_VERIFY_NONE;
  return wish == ClientCertificate::optional ? SSL_VERIFY_PEER : SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
}

sockaddr_storage socket_address(const Address& address, std::uint16_t port) {
  sockaddr_storage out{};
  if (address.v6) {
    auto& in6 = reinterpret_cast<sockaddr_in6&>(out);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(port);
    std::copy_n(address.bytes.begin(), 16, in6.sin6_addr.s6_addr);
  } else {
    auto& in = reinterpret_cast<sockaddr_in&>(out);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::copy_n(address.bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&in.sin_addr));
  }
  return out;
}

int connected_to(const Address& address, std::uint16_t port) {
  const sockaddr_storage peer = socket_address(address, port);
  const int descriptor = ::socket(peer.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(::connect(descriptor, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0);
  return descriptor;
}

// A whole TLS record.
std::string read_record(ServerSide& from) {
  const std::string header = from.read_octets(5);
  if (header.size() < 5) return "";
  const auto size =
      static_cast<std::size_t>(static_cast<unsigned char>(header[3])) * 256 + static_cast<unsigned char>(header[4]);
  return header + from.read_octets(size);
}

// The client may close at any time; SIGPIPE is kept from this thread only, the code under test must cope by itself.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

struct ServerTls::Context {
  Owned<SSL_CTX, SSL_CTX_free> ssl;
  NameAnswer name_answer;
};

ServerTls::ServerTls(const TlsSetup& setup) : context_(std::make_shared<Context>()) {
  context_->ssl.reset(SSL_CTX_new(TLS_server_method()));
  context_->name_answer = setup.name_answer;
  SSL_CTX* context = context_->ssl.get();
  check(SSL_CTX_set_cipher_list(context, setup.cipher_list.c_str()) == 1);
  check(SSL_CTX_set_min_proto_version(context, version_number(setup.lowest)) == 1);
  check(SSL_CTX_set_max_proto_version(context, version_number(setup.highest)) == 1);
  for (const ShownChain& chain : setup.chains) use(context, chain);
  SSL_CTX_set_verify(context, verify_mode(setup.client_certificate), nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  if (!setup.tickets) SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_tlsext_servername_callback(context, answer_name);
  SSL_CTX_set_tlsext_servername_arg(context, &context_->name_answer);
}

struct ServerSide::Tls {
  ServerTls owner;  // keeps the context alive
  Owned<SSL, SSL_free> ssl;
};

ServerSide::ServerSide(int descriptor) : descriptor_(descriptor) {}

ServerSide::~ServerSide() {
  tls_.reset();
  ::close(descriptor_);
}

bool ServerSide::write_some(std::string_view bytes) {
  if (tls_ != nullptr) return SSL_write(tls_->ssl.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void ServerSide::send(std::string_view bytes) {
  if (!bytes.empty()) write_some(bytes);
}

void ServerSide::send_forever(std::string_view bytes) {
  while (write_some(bytes)) continue;
}

std::string ServerSide::read_octets(std::size_t count) {
  std::string text;
  while (text.size() < count) {
    char octet = 0;
    const auto got = tls_ != nullptr ? SSL_read(tls_->ssl.get(), &octet, 1) : ::recv(descriptor_, &octet, 1, 0);
    if (got <= 0) break;
    text += octet;
  }
  return text;
}

std::string ServerSide::read_line() {
  std::string line;
  for (std::string octet = read_octets(1); !octet.empty() && octet != "\n"; octet = read_octets(1)) line += octet;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void ServerSide::hold() {
  std::array<char, 4096> ignored;
  while (::recv(descriptor_, ignored.data(), ignored.size(), 0) > 0) continue;
}

void ServerSide::half_close() {
  ::shutdown(descriptor_, SHUT_WR);
}

void ServerSide::reset() {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  // The number stays ours until the destructor, so that wake() can never hit somebody else's descriptor.
  const sockaddr nobody{AF_UNSPEC, {}};
  static_cast<void>(::connect(descriptor_, &nobody, sizeof nobody));
}

void ServerSide::wake() {
  ::shutdown(descriptor_, SHUT_RDWR);
}

void ServerSide::forward_first_flight(const Address& address, std::uint16_t port) {
  constexpr char server_hello_done = 14;
  ServerSide other(connected_to(address, port));
  other.send(read_record(*this));
  std::string record = read_record(other);
  while (record.size() > 5 && record[5] != server_hello_done) {
    send(record);
    record = read_record(other);
  }
  send(record);
}

bool ServerSide::start_tls(const ServerTls& tls) {
  auto made = std::make_unique<Tls>(Tls{tls, nullptr});
  made->ssl.reset(SSL_new(tls.context().ssl.get()));
  SSL_set_fd(made->ssl.get(), descriptor_);
  const bool completed = SSL_accept(made->ssl.get()) == 1;
  ERR_clear_error();
  tls_ = std::move(made);
  return completed;
}

std::string ServerSide::server_name() const {
  const char* name = tls_ == nullptr ? nullptr : SSL_get_servername(tls_->ssl.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

TlsServer::TlsServer(Script script, std::string_view address) : script_(std::move(script)) {
  address_ = parse_address(address).value();
  sockaddr_storage bound = socket_address(address_, 0);
  socklen_t size = sizeof bound;
  listener_ = ::socket(bound.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(::bind(listener_, reinterpret_cast<sockaddr*>(&bound), size) == 0 && ::listen(listener_, 1024) == 0);
  check(::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  port_ = ntohs(address_.v6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                            : reinterpret_cast<sockaddr_in&>(bound).sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

void TlsServer::accept_all() {
  for (;;) {
    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const std::scoped_lock lock(mutex_);
    auto side = std::make_unique<ServerSide>(accepted);
    ServerSide* raw = side.get();
    std::thread thread([this, raw] {
      block_sigpipe();
      script_(*raw);
      raw->wake();
    });
    if (stopping_) raw->wake();
    sessions_.push_back({std::move(side), std::move(thread)});
  }
}

void TlsServer::stop_listening() {
  ::shutdown(listener_, SHUT_RDWR);
  if (acceptor_.joinable()) acceptor_.join();
}

std::vector<std::string> TlsServer::finish() {
  stop_listening();
  std::vector<std::string> notes;
  for (Session& session : sessions_) {
    if (session.thread.joinable()) session.thread.join();
    const auto& more = session.side->notes();
    notes.insert(notes.end(), more.begin(), more.end());
  }
  return notes;
}

TlsServer::~TlsServer() {
  stopping_ = true;
  stop_listening();
  for (Session& session : sessions_) session.side->wake();
  finish();
  ::close(listener_);
}

void play_smtp_until_go_ahead(ServerSide& side) {
  side.send("220 mx.example.org ESMTP\r\n");
  side.note(side.read_line());
  side.send("250-mx.example.org\r\n250-SIZE 10240000\r\n250 STARTTLS\r\n");
  side.note(side.read_line());
  side.send("220 2.0.0 go ahead\r\n");
}

namespace {

void play_inside_tls(ServerSide& side, const ServerTls& tls) {
  if (!side.start_tls(tls)) return;
  side.note("sni " + side.server_name());
  for (std::string line = side.read_line(); !line.empty(); line = side.read_line()) {
    side.note(line);
    if (line == "QUIT") return side.send("221 bye\r\n");
  }
}

}  // namespace

Script smtp_server(ServerTls tls) {
  return [tls](ServerSide& side) {
    play_smtp_until_go_ahead(side);
    play_inside_tls(side, tls);
  };
}

Script implicit_server(ServerTls tls) {
  return [tls](ServerSide& side) { play_inside_tls(side, tls); };
}

}  // namespace danewatch
