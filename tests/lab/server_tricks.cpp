#include "tests/lab/server_tricks.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <random>

namespace danewatch::lab {
namespace {

constexpr std::size_t long_line = 5U << 20U;

std::string noise() {
  std::minstd_rand random(7);
  std::string octets = "\x01\x02";
  for (int i = 0; i < 4000; ++i) octets += static_cast<char>(random());
  return octets + "\n";
}

int protocol_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::tls1_0:
      return TLS1_VERSION;
    case TlsVersion::tls1_1:
      return TLS1_1_VERSION;
    case TlsVersion::tls1_2:
      return TLS1_2_VERSION;
    case TlsVersion::tls1_3:
      return TLS1_3_VERSION;
  }
  return TLS1_3_VERSION;
}

int accept_anyone(int, X509_STORE_CTX*) {
  return 1;
}

int warn_about_name(SSL*, int* alert, void*) {
  *alert = SSL_AD_UNRECOGNIZED_NAME;
  return SSL_TLSEXT_ERR_ALERT_WARNING;
}

// Records of handshake messages in the clear: the first octet of the first certificate in a Certificate message is the
// tag of its SEQUENCE, and becomes something else.
void break_certificate(char* octets, std::size_t size) {
  constexpr std::size_t record_header = 5, der_in_message = 10;
  for (std::size_t at = 0; at + record_header + der_in_message < size;) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[at + i]); };
    const bool certificate = octet(0) == 22 && octet(record_header) == 11;
    if (certificate) octets[at + record_header + der_in_message] = '\x04';
    at += record_header + octet(3) * 256U + octet(4);
  }
}

long before_write(BIO*, int operation, const char* octets, std::size_t size, int, long, int result, std::size_t*) {
  if (operation == BIO_CB_WRITE) break_certificate(const_cast<char*>(octets), size);
  return result;
}

}  // namespace

std::string greeting_of(Trick trick, const std::string& own) {
  if (trick == Trick::endless) {
    std::string lines;
    for (int i = 0; i < 500; ++i) lines += "220-still here\r\n";
    return lines;
  }
  if (trick == Trick::long_line) return "220 " + std::string(long_line, 'x') + "\r\n";
  return trick == Trick::noise ? noise() : own;
}

std::string answer_to_hello(Trick trick) {
  if (trick == Trick::hello_requests) {
    std::string flood;
    for (int i = 0; i < 1000; ++i) flood.append("\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9);
    return flood;
  }
  if (trick == Trick::plain_handshake) return "454 4.7.0 TLS not available\r\n";
  return trick == Trick::alert ? std::string("\x15\x03\x03\x00\x02\x02\x28", 7) : "";  // fatal, handshake_failure
}

bool meddles_with_hello(const Manners& manners) {
  return manners.trick == Trick::mute || manners.trick == Trick::mute_handshake ||
         manners.trick == Trick::plain_handshake || manners.trick == Trick::alert ||
         manners.trick == Trick::hello_requests || (manners.ending != Ending::none && manners.moment == Moment::hello);
}

void teach(Dialogue& dialogue, const Manners& manners) {
  for (const auto& [request, text] : manners.says) {
    const std::string reply = text.ends_with('\n') ? text : text + "\r\n";
    const auto known = std::ranges::find(dialogue.answers, request, &Answer::request);
    if (known == dialogue.answers.end()) {
      dialogue.answers.insert(dialogue.answers.begin(), {request, reply, false, false});
    } else {
      known->upgrades = known->upgrades && reply.substr(0, 1) == known->reply.substr(0, 1);
      known->reply = reply;
    }
  }
}

void apply(const Manners& manners, SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, protocol_of(manners.highest));
  const int demand = manners.client_certificate == ClientCertificate::required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  if (manners.client_certificate != ClientCertificate::not_asked) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | demand, accept_anyone);
  }
  if (!manners.ciphers.empty()) SSL_CTX_set_cipher_list(context, manners.ciphers.c_str());
  if (manners.trick == Trick::name_warning) SSL_CTX_set_tlsext_servername_callback(context, &warn_about_name);
}

void apply(const Manners& manners, SSL* ssl) {
  if (manners.trick == Trick::broken_certificate) BIO_set_callback_ex(SSL_get_wbio(ssl), &before_write);
}

bool end_connection(int fd, Ending ending) {
  if (ending == Ending::half_close) return shutdown(fd, SHUT_WR) == 0;
  const linger now{1, 0};
  if (ending == Ending::reset) setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  return false;
}

}  // namespace danewatch::lab
