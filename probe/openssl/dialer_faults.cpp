#include "probe/openssl/dialer_faults.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <cerrno>
#include <system_error>

namespace danewatch {
namespace {

std::string words_of(int error) {
  return std::generic_category().message(error);
}

Fault fault_of_reason(int reason, bool before_server_hello) {
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
      return Fault::no_common_version;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return before_server_hello ? Fault::plaintext : Fault::tls_error;
    default:
      return Fault::tls_error;
  }
}

// Of all messages only the certificates are as large as we allow them to be.
bool is_our_limit(const SSL* ssl, unsigned long error) {
  return ERR_GET_REASON(error) == SSL_R_EXCESSIVE_MESSAGE_SIZE && SSL_get_state(ssl) == TLS_ST_CR_CERT;
}

bool before_server_hello(const SSL* ssl) {
  const OSSL_HANDSHAKE_STATE state = SSL_get_state(ssl);
  return state == TLS_ST_BEFORE || state == TLS_ST_CW_CLNT_HELLO || state == TLS_ST_CR_SRVR_HELLO;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

// OpenSSL 3.0 has no words for the younger ones.
std::string alert_words(int alert) {
  switch (alert) {
    case 109:
      return "missing extension";
    case 116:
      return "certificate required";
    case 120:
      return "no application protocol";
    default:
      break;
  }
  const std::string words = SSL_alert_desc_string_long(alert);
  return words == "unknown" ? fmt::format("number {}", alert) : words;
}

Fault fault_of_alert(int alert) {
  switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
      return Fault::no_common_version;
    case SSL_AD_UNRECOGNIZED_NAME:
      return Fault::unrecognized_name;
    default:
      return Fault::alert;
  }
}

TransportFault alert_fault(unsigned long error) {
  const int alert = ERR_GET_REASON(error) - SSL_AD_REASON_OFFSET;
  const Fault fault = fault_of_alert(alert);
  return {fault, fmt::format("TLS alert: {}", alert_words(alert))};
}

bool is_alert(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) >= SSL_AD_REASON_OFFSET;
}

}  // namespace

TransportFault connect_fault(int error, bool v6, bool have_route) {
  switch (error) {
    case ECONNREFUSED:
      return {Fault::refused, words_of(error)};
    case ETIMEDOUT:
      return {Fault::timeout, words_of(error)};
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return {Fault::reset, words_of(error)};
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return {Fault::no_descriptor, words_of(error)};
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case EACCES:  // an administrative ban on the way (ICMPv6 1/1)
    case ENOPROTOOPT:
    case EPROTO:
      return {Fault::unreachable, words_of(error)};
    case ENETUNREACH:
      if (have_route) return {Fault::unreachable, words_of(error)};  // a router far away said so
      break;
    default:
      break;
  }
  return {v6 && !have_route ? Fault::no_ipv6 : Fault::local, words_of(error)};
}

TransportFault stream_fault(int error) {
  switch (error) {
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return {Fault::reset, words_of(error)};
    case ETIMEDOUT:
      return {Fault::timeout, words_of(error)};
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
      return {Fault::unreachable, words_of(error)};
    case ENOBUFS:
    case ENOMEM:
      return {Fault::local, words_of(error)};
    default:
      return {Fault::reset, words_of(error)};
  }
}

TransportFault received_alert() {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  return is_alert(error) ? alert_fault(error) : TransportFault{};
}

TransportFault handshake_fault(const SSL* ssl, const SocketTransport& transport) {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (is_alert(error)) return alert_fault(error);
  if (!transport.plain_text.empty()) return {Fault::plaintext, first_line(transport.plain_text)};
  if (transport.error != 0) return stream_fault(transport.error);
  if (transport.eof) return {Fault::eof, "the peer closed the connection"};
  if (is_our_limit(ssl, error)) return {Fault::too_large, "a certificate message of more than 1 MB"};
  const char* reason = ERR_reason_error_string(error);
  const Fault fault = fault_of_reason(ERR_GET_REASON(error), before_server_hello(ssl));
  return {fault, reason == nullptr ? "the TLS handshake failed" : reason};
}

}  // namespace danewatch
