// The server's TLS settings from a web configuration.

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstring>

#include "exporters/http/security.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

// The first error is the cause, those that follow say who noticed.
[[noreturn]] void fail(const std::string& what) {
  const unsigned long code = ERR_peek_error();
  const bool of_system = ERR_SYSTEM_ERROR(code);
  const char* reason = of_system ? std::strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
  const std::string why = code == 0 || reason == nullptr ? "" : fmt::format(": {}", reason);
  ERR_clear_error();
  throw std::runtime_error(fmt::format("tls_server_config: {}{}", what, why));
}

int version_number(TlsVersion version) {
  switch (version) {
    case TlsVersion::tls10:
      return TLS1_VERSION;
    case TlsVersion::tls11:
      return TLS1_1_VERSION;
    case TlsVersion::tls12:
      return TLS1_2_VERSION;
    case TlsVersion::tls13:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

int accept_any(int /*ok*/, X509_STORE_CTX* /*context*/) {
  return 1;
}

void set_client_auth(SSL_CTX* context, const TlsServerConfig& config) {
  if (config.client_ca_file && SSL_CTX_load_verify_file(context, config.client_ca_file->c_str()) != 1) {
    fail(fmt::format("client_ca_file {}", *config.client_ca_file));
  }
  constexpr int demand = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  switch (config.client_auth) {
    case ClientAuth::none:
      return SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    case ClientAuth::request:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &accept_any);
    case ClientAuth::require_any:
      return SSL_CTX_set_verify(context, demand, &accept_any);
    case ClientAuth::verify_if_given:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    case ClientAuth::require_and_verify:
      return SSL_CTX_set_verify(context, demand, nullptr);
  }
}

// The configuration has IANA's names, OpenSSL's lists its own.
std::string openssl_name(SSL_CTX* context, const std::string& standard_name) {
  STACK_OF(SSL_CIPHER)* ciphers = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(ciphers, i);
    if (standard_name == SSL_CIPHER_standard_name(cipher)) return SSL_CIPHER_get_name(cipher);
  }
  fail(fmt::format("cipher_suites: {}: is not a cipher suite of this OpenSSL", standard_name));
}

void set_ciphers(SSL_CTX* context, const TlsServerConfig& config) {
  std::string list;
  for (const auto& name : config.cipher_suites) {
    if (name.starts_with("TLS_AES_") || name.starts_with("TLS_CHACHA20_")) continue;  // TLS 1.3 has its own, all good
    list += (list.empty() ? "" : ":") + openssl_name(context, name);
  }
  if (!list.empty() && SSL_CTX_set_cipher_list(context, list.c_str()) != 1) fail("cipher_suites");
  std::string curves;
  for (const auto& curve : config.curves) curves += (curves.empty() ? "" : ":") + curve;
  if (!curves.empty() && SSL_CTX_set1_groups_list(context, curves.c_str()) != 1) fail("curve_preferences");
  if (config.prefer_server_ciphers) SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

}  // namespace

std::shared_ptr<asio::ssl::context> make_tls_context(const TlsServerConfig& config) {
  ERR_clear_error();
  auto result = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* context = result->native_handle();
  SSL_CTX_set_min_proto_version(context, version_number(config.min_version));
  SSL_CTX_set_max_proto_version(context, version_number(config.max_version));
  // A resumed session would skip the client's certificate, and scrapers hardly gain from one.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  set_ciphers(context, config);
  if (SSL_CTX_use_certificate_chain_file(context, config.cert_file.c_str()) != 1) {
    fail(fmt::format("cert_file {}", config.cert_file));
  }
  if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail(fmt::format("key_file {}", config.key_file));
  }
  set_client_auth(context, config);
  return result;
}

}  // namespace danewatch
