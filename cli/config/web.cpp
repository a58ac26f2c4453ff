#include "cli/config/web.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cli/config/reader.hpp"
#include "exporters/http/passwords.hpp"

namespace danewatch {
namespace {

using std::string_view;

constexpr auto top_keys = std::to_array<string_view>({"tls_server_config", "http_server_config", "basic_auth_users"});
constexpr auto tls_keys =
    std::to_array<string_view>({"cert_file", "key_file", "client_auth_type", "client_ca_file", "min_version",
                                "max_version", "cipher_suites", "prefer_server_cipher_suites", "curve_preferences"});
constexpr auto http_keys = std::to_array<string_view>({"http2", "headers"});
constexpr auto auth_words = std::to_array<string_view>({"NoClientCert", "RequestClientCert", "RequireAnyClientCert",
                                                        "VerifyClientCertIfGiven", "RequireAndVerifyClientCert"});
constexpr auto version_words = std::to_array<string_view>({"TLS10", "TLS11", "TLS12", "TLS13"});
constexpr auto curve_words = std::to_array<string_view>({"CurveP256", "CurveP384", "CurveP521", "X25519"});
constexpr auto curve_names = std::to_array<string_view>({"P-256", "P-384", "P-521", "X25519"});
constexpr auto header_words =
    std::to_array<string_view>({"Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options",
                                "X-Frame-Options", "X-XSS-Protection"});

constexpr auto frame_words = std::to_array<string_view>({"deny", "sameorigin"});
constexpr auto sniff_words = std::to_array<string_view>({"nosniff"});

// The suites that Go's crypto/tls calls secure, with its names.
constexpr auto cipher_words =
    std::to_array<string_view>({"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA",
                                "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"});

template <class Words>
std::size_t index_of(const Words& words, string_view word) {
  return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

class WebReader {
 public:
  WebReader(ConfigReader& reader, const std::string& file)
      : reader_(reader), directory_(std::filesystem::path(file).parent_path()) {}

  void read(const YAML::Node& root, WebConfig& config) {
    reader_.map(Place{root, ""}, top_keys, [&](const std::string& key, const Place& place) {
      if (key == "tls_server_config") read_tls(place, config.tls.emplace());
      if (key == "basic_auth_users") read_users(place, config);
      if (key == "http_server_config") read_http(place, config);
    });
  }

 private:
  std::optional<std::string> file_name(const Place& place) {
    auto name = reader_.text(place);
    if (name) name = (directory_ / *name).string();  // an absolute one stays as it is
    return name;
  }

  void read_tls(const Place& place, TlsServerConfig& tls) {
    reader_.map(place, tls_keys, [&](const std::string& key, const Place& value) {
      if (key == "cert_file") reader_.into(tls.cert_file, file_name(value));
      if (key == "key_file") reader_.into(tls.key_file, file_name(value));
      if (key == "client_ca_file") tls.client_ca_file = file_name(value);
      if (key == "client_auth_type") read_auth(value, tls);
      if (key == "min_version") read_version(value, tls.min_version);
      if (key == "max_version") read_version(value, tls.max_version);
      if (key == "prefer_server_cipher_suites") reader_.into(tls.prefer_server_ciphers, reader_.boolean(value));
      if (key == "cipher_suites") read_ciphers(value, tls);
      if (key == "curve_preferences") read_curves(value, tls);
    });
    if (!place.node.IsMap()) return;
    if (tls.cert_file.empty()) reader_.fail(place, "has no cert_file");
    if (tls.key_file.empty()) reader_.fail(place, "has no key_file");
    const bool verifies =
        tls.client_auth == ClientAuth::verify_if_given || tls.client_auth == ClientAuth::require_and_verify;
    if (verifies && !tls.client_ca_file) reader_.fail(place, "verifies clients, but has no client_ca_file");
    if (tls.client_ca_file && tls.client_auth == ClientAuth::none) {
      reader_.fail(place, "has a client_ca_file, but client_auth_type asks for no certificate");
    }
    if (tls.min_version > tls.max_version) reader_.fail(place, "min_version is above max_version");
  }

  void read_auth(const Place& place, TlsServerConfig& tls) {
    const auto word = reader_.word(place, auth_words);
    if (word) tls.client_auth = static_cast<ClientAuth>(index_of(auth_words, *word));
  }

  void read_version(const Place& place, TlsVersion& version) {
    const auto word = reader_.word(place, version_words);
    if (word) version = static_cast<TlsVersion>(index_of(version_words, *word));
  }

  void read_ciphers(const Place& place, TlsServerConfig& tls) {
    reader_.list(place, [&](const Place& entry) {
      if (const auto name = reader_.word(entry, cipher_words)) tls.cipher_suites.push_back(*name);
    });
  }

  void read_curves(const Place& place, TlsServerConfig& tls) {
    reader_.list(place, [&](const Place& entry) {
      const auto word = reader_.word(entry, curve_words);
      if (word) tls.curves.emplace_back(curve_names[index_of(curve_words, *word)]);
    });
  }

  void read_users(const Place& place, WebConfig& config) {
    reader_.any_map(place, [&](const std::string& user, const Place& value) {
      const auto hash = reader_.text(value);
      if (hash && !is_bcrypt_hash(*hash)) {  // never repeated: it may be a password
        reader_.fail(value, "is not a bcrypt hash ($2y$..., cost 4 to 16)");
      } else if (hash) {
        config.users[user] = *hash;
      }
    });
  }

  void read_http(const Place& place, WebConfig& config) {
    reader_.map(place, http_keys, [&](const std::string& key, const Place& value) {
      if (key == "http2") {
        reader_.boolean(value);  // HTTP/2 is not spoken here, with or without
        return;
      }
      reader_.map(value, header_words, [&](const std::string& name, const Place& text) {
        const auto header = name == "X-Frame-Options"          ? reader_.word(text, frame_words)
                            : name == "X-Content-Type-Options" ? reader_.word(text, sniff_words)
                                                               : reader_.text(text);
        if (!header) return;
        const bool clean = std::ranges::none_of(*header, [](char c) { return c >= 0 && c < ' '; });
        if (!clean) return reader_.fail(text, "holds a control character");
        config.headers.emplace_back(name, *header);
      });
    });
  }

  ConfigReader& reader_;
  std::filesystem::path directory_;
};

}  // namespace

tl::expected<WebConfig, ConfigErrors> parse_web_config(std::string_view text, const std::string& file) {
  ConfigReader reader(file);
  WebConfig config;
  ConfigErrors errors = reader.document(text, [&](const YAML::Node& root) {
    if (!root.IsNull()) WebReader(reader, file).read(root, config);  // an empty one asks for nothing
  });
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return config;
}

}  // namespace danewatch
