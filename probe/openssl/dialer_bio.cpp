#include "probe/openssl/dialer_bio.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace danewatch {
namespace {

using MethodPtr = OpensslHandle<BIO_METHOD, BIO_meth_free>;

SocketTransport& transport_of(BIO* bio) {
  return *static_cast<SocketTransport*>(BIO_get_data(bio));
}

bool try_again(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// Record types change_cipher_spec, alert, handshake, application_data (RFC 8446 5.1).
bool begins_like_tls(char octet) {
  return octet >= 0x14 && octet <= 0x17;
}

int read_socket(BIO* bio, char* out, int size) {
  SocketTransport& transport = transport_of(bio);
  BIO_clear_retry_flags(bio);
  if (transport.budget == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(size, 0)), transport.budget);
  const ssize_t got = ::recv(transport.descriptor, out, wanted, 0);
  if (got < 0 && try_again(errno)) BIO_set_retry_read(bio);
  if (got < 0 && !try_again(errno)) transport.error = errno;
  if (got == 0) transport.eof = true;
  if (got <= 0) return static_cast<int>(got);
  transport.budget -= static_cast<std::size_t>(got);
  if (!transport.started && !begins_like_tls(out[0])) {
    transport.plain_text.assign(out, std::min<std::size_t>(static_cast<std::size_t>(got), 512));
    return -1;
  }
  transport.started = true;
  return static_cast<int>(got);
}

int write_socket(BIO* bio, const char* data, int size) {
  SocketTransport& transport = transport_of(bio);
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(transport.descriptor, data, static_cast<std::size_t>(std::max(size, 0)), MSG_NOSIGNAL);
  if (sent < 0 && try_again(errno)) BIO_set_retry_write(bio);
  if (sent < 0 && !try_again(errno)) transport.error = errno;
  return static_cast<int>(sent);
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return transport_of(bio).eof ? 1 : 0;
  return 0;
}

int create_socket(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

const BIO_METHOD* socket_method() {
  static const MethodPtr method = [] {
    MethodPtr made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "danewatch socket"));
    if (made == nullptr) return made;
    BIO_meth_set_read(made.get(), read_socket);
    BIO_meth_set_write(made.get(), write_socket);
    BIO_meth_set_ctrl(made.get(), control_socket);
    BIO_meth_set_create(made.get(), create_socket);
    return made;
  }();
  return method.get();
}

}  // namespace

BioPtr make_socket_bio(SocketTransport& transport) {
  BioPtr bio(BIO_new(socket_method()));
  if (bio == nullptr) throw std::runtime_error("OpenSSL has no memory for a connection");
  BIO_set_data(bio.get(), &transport);
  return bio;
}

}  // namespace danewatch
