// Pure: a web configuration in the format of Prometheus' exporters, as values.
//
// Thread rule: values and a pure function.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace danewatch {

enum class ClientAuth { none, request, require_any, verify_if_given, require_and_verify };
enum class TlsVersion { tls10, tls11, tls12, tls13 };

struct TlsServerConfig {
  std::string cert_file;  // PEM, the chain
  std::string key_file;
  ClientAuth client_auth = ClientAuth::none;
  std::optional<std::string> client_ca_file;
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  std::vector<std::string> cipher_suites;  // IANA names; empty: OpenSSL's
  std::vector<std::string> curves;         // OpenSSL's names
  bool prefer_server_ciphers = true;

  bool operator==(const TlsServerConfig&) const = default;
};

struct WebConfig {
  std::optional<TlsServerConfig> tls;
  std::map<std::string, std::string> users;  // with bcrypt hashes
  std::vector<std::pair<std::string, std::string>> headers;

  bool operator==(const WebConfig&) const = default;
};

// Why `next` must not take the place of `now` in a running server: it would let in who is kept out now (no users, no
// TLS, no demand for a client's certificate). A file that is being written, or that a full disk left empty, says just
// that. Nothing: it may; other users, keys and CAs are the operator's business.
std::optional<std::string> why_not_while_running(const WebConfig& now, const WebConfig& next);

}  // namespace danewatch
