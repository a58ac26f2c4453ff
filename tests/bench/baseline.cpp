// The baselines: what the two libraries cost when nothing is done with their results.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unbound.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.hpp"

namespace danewatch::bench {
namespace {

class Socket {
 public:
  explicit Socket(const Address& address) : fd_(::socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)) {
    sockaddr_storage storage{};
    socklen_t length = 0;
    if (address.v6) {
      auto& in6 = reinterpret_cast<sockaddr_in6&>(storage);
      in6.sin6_family = AF_INET6;
      in6.sin6_port = htons(25);
      std::memcpy(&in6.sin6_addr, address.bytes.data(), 16);
      length = sizeof in6;
    } else {
      auto& in4 = reinterpret_cast<sockaddr_in&>(storage);
      in4.sin_family = AF_INET;
      in4.sin_port = htons(25);
      std::memcpy(&in4.sin_addr, address.bytes.data(), 4);
      length = sizeof in4;
    }
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&storage), length) != 0) throw std::runtime_error("connect failed");
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(fd_); }

  int fd() const { return fd_; }

  void say(std::string_view text) const {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
      throw std::runtime_error("send failed");
    }
  }
  // Until a line "NNN text" ends the reply.
  void hear() const {
    std::string reply;
    char buffer[4096];
    for (;;) {
      const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
      if (got <= 0) throw std::runtime_error("no reply");
      reply.append(buffer, static_cast<std::size_t>(got));
      const auto last = reply.rfind('\n', reply.size() - 2);
      const auto start = last == std::string::npos ? 0 : last + 1;
      if (reply.back() == '\n' && reply.size() > start + 3 && reply[start + 3] == ' ') return;
    }
  }

 private:
  int fd_;
};

void handshake(SSL_CTX* context, const Address& address) {
  const Socket socket(address);
  socket.hear();
  socket.say("EHLO bench.lab\r\n");
  socket.hear();
  socket.say("STARTTLS\r\n");
  socket.hear();
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context), SSL_free);
  SSL_set_fd(ssl.get(), socket.fd());
  if (SSL_connect(ssl.get()) != 1) throw std::runtime_error("handshake failed");
}

void must(int error, const char* what) {
  if (error != 0) throw std::runtime_error(std::string(what) + ": " + ub_strerror(error));
}

}  // namespace

std::chrono::microseconds bare_handshakes(const std::vector<Address>& addresses) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  handshake(context.get(), addresses.front());  // first use initializes the library
  const auto before = cpu_time();
  for (const auto& address : addresses) handshake(context.get(), address);
  return (cpu_time() - before) / static_cast<long>(addresses.size());
}

std::chrono::microseconds bare_lookups(const std::vector<std::string>& names, RrType type) {
  const std::unique_ptr<ub_ctx, decltype(&ub_ctx_delete)> context(ub_ctx_create(), ub_ctx_delete);
  must(ub_ctx_set_option(context.get(), "do-not-query-localhost:", "no"), "option");
  must(ub_ctx_set_option(context.get(), "qname-minimisation:", "no"), "option");
  must(ub_ctx_add_ta_file(context.get(), std::getenv("DANEWATCH_TRUST_ANCHOR")), "trust anchor");
  must(ub_ctx_set_option(context.get(), "root-hints:", std::getenv("DANEWATCH_ROOT_HINTS")), "root hints");
  std::chrono::microseconds before{};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == 1) before = cpu_time();  // the first one fetched the keys
    ub_result* raw = nullptr;
    must(ub_resolve(context.get(), names[i].c_str(), static_cast<int>(type), 1, &raw), "lookup");
    const std::unique_ptr<ub_result, decltype(&ub_resolve_free)> result(raw, ub_resolve_free);
    if (result->secure != 1 || result->havedata != 1) throw std::runtime_error("no secure record at " + names[i]);
  }
  return (cpu_time() - before) / static_cast<long>(names.size() - 1);
}

}  // namespace danewatch::bench
