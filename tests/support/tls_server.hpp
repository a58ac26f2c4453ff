// TCP servers inside the test process: ones that behave, and ones that lie.
//
// A Script plays one accepted connection with plain blocking calls on a thread of its own; it ends when the client
// goes away, so that limits of the client under test are what ends a test, never a sleep. Listens on 127.0.0.1 (or
// ::1) only. Thread rule: TlsServer is used from one thread; scripts run on threads of their own and must not touch
// the test's variables except through note().
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/server_tls.hpp"

namespace danewatch {

// One accepted connection.
class ServerSide {
 public:
  explicit ServerSide(int descriptor);
  ServerSide(const ServerSide&) = delete;
  ServerSide& operator=(const ServerSide&) = delete;
  ~ServerSide();

  void send(std::string_view bytes);          // failures are ignored: the client may be gone
  void send_forever(std::string_view bytes);  // until the client is gone
  std::string read_line();                    // without its end; empty when the client is gone
  std::string read_octets(std::size_t count);
  void hold();  // reads and forgets until the client is gone
  void half_close();
  void reset();  // closes with a TCP reset

  bool start_tls(const ServerTls& tls);  // whether the handshake completed; from then on send and read are inside TLS
  // Passes on the client's hello and what a TLS 1.2 server at that address answers, and nothing after it.
  void forward_first_flight(const Address& address, std::uint16_t port);
  std::string server_name() const;  // the SNI the client sent; empty: none

  void note(std::string text) { notes_.push_back(std::move(text)); }
  const std::vector<std::string>& notes() const { return notes_; }
  void wake();  // ends a blocking call of the script; may be called from another thread

 private:
  struct Tls;
  bool write_some(std::string_view bytes);
  int descriptor_;
  std::unique_ptr<Tls> tls_;
  std::vector<std::string> notes_;
};

using Script = std::function<void(ServerSide&)>;

class TlsServer {
 public:
  explicit TlsServer(Script script, std::string_view address = "127.0.0.1");
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer();

  const Address& address() const { return address_; }
  std::uint16_t port() const { return port_; }

  // Waits for every script to end; the client must be gone. Their notes, in order of acceptance.
  std::vector<std::string> finish();

 private:
  struct Session {
    std::unique_ptr<ServerSide> side;
    std::thread thread;
  };
  void accept_all();
  void stop_listening();

  Script script_;
  Address address_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<Session> sessions_;
  std::thread acceptor_;
};

// Greets, reads EHLO and STARTTLS and gives the go-ahead; notes what the client said.
void play_smtp_until_go_ahead(ServerSide& side);

// A well-behaved SMTP server, and one with TLS from the first octet; both note the SNI and every line inside TLS.
Script smtp_server(ServerTls tls);
Script implicit_server(ServerTls tls);

}  // namespace danewatch
