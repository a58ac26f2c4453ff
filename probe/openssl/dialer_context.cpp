#include "probe/openssl/dialer_context.hpp"

#include <openssl/err.h>
#include <openssl/tls1.h>

#include <algorithm>
#include <stdexcept>

#include "probe/openssl/dialer.hpp"
#include "probe/openssl/x509.hpp"

namespace danewatch {
namespace {

constexpr long max_certificate_message = 1L << 20;  // OpenSSL's own limit is 100 kB (rows.md E-02)
constexpr int max_chain = 30;
constexpr unsigned max_hello_requests = 8;
constexpr unsigned max_records = 4096;  // the largest message in the smallest records there are is half of that

// What Postfix offers, which leaves the choice to the server: whatever suite has a certificate. With "DEFAULT" a server
// that knows Camellia alone looked broken.
constexpr const char* cipher_list = "ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0";

// Lists for SSL_set1_sigalgs_list. A server picks its certificate by them, in TLS 1.2 and 1.3 alike.
constexpr std::string_view rsa_list =
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA224:RSA+SHA1";
constexpr std::string_view rsa_pss_list = "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512";
constexpr std::string_view ecdsa_list = "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA224:ECDSA+SHA1";

std::string_view signature_list(View family) {
  switch (family) {
    case View::rsa:
      return rsa_list;
    case View::rsa_pss:
      return rsa_pss_list;
    case View::ecdsa:
      return ecdsa_list;
    case View::ed25519:
      return "ed25519";
    case View::ed448:
      return "ed448";
    case View::standard:
    case View::no_sni:
    case View::second:
      break;
  }
  return "";
}

int note_certificate_request(SSL* ssl, X509**, EVP_PKEY**) {
  static_cast<HandshakeNotes*>(SSL_get_app_data(ssl))->asked_for_certificate = true;
  return 0;  // we have none
}

void count_message(int sent, int, int type, const void* octets, std::size_t size, SSL*, void* notes) {
  auto& counts = *static_cast<HandshakeNotes*>(notes);
  if (sent != 0) return;
  if (type == SSL3_RT_HEADER) ++counts.records;
  const bool hello_request =
      type == SSL3_RT_HANDSHAKE && size > 0 && *static_cast<const unsigned char*>(octets) == SSL3_MT_HELLO_REQUEST;
  if (hello_request) ++counts.hello_requests;
}

[[noreturn]] void give_up(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  throw std::runtime_error(what + (reason == nullptr ? "" : std::string(": ") + reason));
}

std::string group_of(SSL* ssl) {
  const int group = static_cast<int>(SSL_get_negotiated_group(ssl));
  const char* name = group == NID_undef ? nullptr : SSL_group_to_name(ssl, group);
  return name == nullptr ? "" : name;
}

}  // namespace

std::string openssl_version() {
  return OpenSSL_version(OPENSSL_VERSION_STRING);
}

const char* flood_in(const HandshakeNotes& notes) {
  if (notes.hello_requests > max_hello_requests) return "HelloRequest after HelloRequest";
  if (notes.records > max_records) return "more than 4096 records in one handshake";
  return nullptr;
}

SslCtxPtr make_client_context() {
  // What we see must not depend on this machine's openssl.cnf, and reading it costs a millisecond.
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr || SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(context.get(), 0) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), cipher_list) != 1) {
    give_up("OpenSSL cannot be set up");
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // A resumed session shows no chain (rows.md E-06).
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // Some middleboxes hang at a ClientHello of 256 to 511 octets, hence the padding (RFC 7685 1).
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_TLSEXT_PADDING);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);  // half the system calls; TLS servers never speak first
  SSL_CTX_set_max_cert_list(context.get(), max_certificate_message);
  SSL_CTX_set_client_cert_cb(context.get(), note_certificate_request);
  return context;
}

SslPtr make_client(SSL_CTX* context, const Families& offer, const std::string& sni, HandshakeNotes& notes) {
  SslPtr ssl(SSL_new(context));
  if (ssl == nullptr) give_up("OpenSSL has no memory for a connection");
  SSL_set_app_data(ssl.get(), &notes);
  SSL_set_msg_callback(ssl.get(), count_message);
  SSL_set_msg_callback_arg(ssl.get(), &notes);
  SSL_set_connect_state(ssl.get());
  std::string list;
  for (const View family : offer) list.append(list.empty() ? "" : ":").append(signature_list(family));
  if (!list.empty() && SSL_set1_sigalgs_list(ssl.get(), list.c_str()) != 1) {
    give_up("OpenSSL refuses the signature list");
  }
  if (!sni.empty() && SSL_set_tlsext_host_name(ssl.get(), sni.c_str()) != 1) give_up("OpenSSL refuses the server name");
  return ssl;
}

TlsParameters parameters_of(SSL* ssl) {
  const SSL_CIPHER* current = SSL_get_current_cipher(ssl);
  const SSL_CIPHER* cipher = current != nullptr ? current : SSL_get_pending_cipher(ssl);
  TlsParameters parameters;
  parameters.version = SSL_get_version(ssl);
  parameters.cipher = cipher == nullptr ? "" : SSL_CIPHER_get_name(cipher);
  parameters.group = group_of(ssl);
  return parameters;
}

std::vector<Certificate> chain_of(const SSL* ssl) {
  const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(ssl);
  const int count = sent == nullptr ? 0 : std::min(sk_X509_num(sent), max_chain);
  std::vector<Certificate> chain;
  chain.reserve(static_cast<std::size_t>(std::max(count, 0)));
  for (int i = 0; i < count; ++i) chain.push_back(certificate_from(sk_X509_value(sent, i)));
  return chain;
}

}  // namespace danewatch
