// One accepted connection of the lab's servers: the dialogue before TLS, the handshake, the session.
//
// Non-blocking; the loop tells it when the descriptor is ready. Thread rule: the loop's thread.
#pragma once

#include <openssl/ssl.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "tests/lab/dialogue.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// The TLS side of an identity: its certificates, every protocol version, no session reuse. Throws std::runtime_error.
ContextPtr make_context(const Identity& identity, const Manners& manners);

class Connection {
 public:
  enum class Wants { read, write, close };

  // Owns `fd`. `context` and `endpoint` must outlive it.
  // `refusal`: the greeting instead; empty: none.
  Connection(int fd, SSL_CTX* context, const Endpoint& endpoint, std::string refusal);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  Wants proceed();
  int fd() const { return fd_; }
  bool had_tls() const { return ssl_ != nullptr; }
  std::chrono::milliseconds delay() const;  // before what comes next

 private:
  enum class Stage { greeting, dialogue, hello, handshake, session, deaf };  // deaf: hears and says nothing

  void start_tls();
  Wants proceed_plain();
  Wants proceed_handshake();
  Wants proceed_session();
  Wants greet();
  Wants proceed_hello();
  Wants stay_deaf();
  Wants end();
  bool ends_at(Moment moment) const;
  void consume_requests();
  bool flush();
  Wants wants_after(int result) const;

  int fd_;
  SSL_CTX* context_;
  const Endpoint& endpoint_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
  std::optional<Dialogue> dialogue_;  // nothing: TLS at once
  std::string refusal_;
  Stage stage_ = Stage::greeting;
  bool upgrade_ = false;  // once the output is out
  bool closing_ = false;
  bool ending_ = false;  // as its manners are, now
  std::string in_, out_;
};

}  // namespace danewatch::lab
