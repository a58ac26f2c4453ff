#include "probe/openssl/certificate_file.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "probe/openssl/handle.hpp"
#include "probe/openssl/x509.hpp"

namespace danewatch {
namespace {

constexpr std::size_t max_certificates = 100;

bool is_pem(std::string_view content) {
  return content.find("-----BEGIN ") != std::string_view::npos;
}

// Certificates in DER, one after the other; none where anything else is among them.
std::vector<Certificate> der_chain(std::string_view content) {
  std::vector<Certificate> chain;
  const auto* at = reinterpret_cast<const unsigned char*>(content.data());
  const auto* const end = at + content.size();
  while (at < end) {
    const X509Ptr x509(d2i_X509(nullptr, &at, end - at));
    ERR_clear_error();
    if (x509 == nullptr || chain.size() == max_certificates) return {};
    chain.push_back(certificate_from(x509.get()));
  }
  return chain;
}

template <auto D2i>
auto decoded(std::string_view content) {
  const auto* at = reinterpret_cast<const unsigned char*>(content.data());
  auto* object = D2i(nullptr, &at, static_cast<long>(content.size()));
  ERR_clear_error();
  return object;
}

EVP_PKEY* request_key(std::string_view content) {
  X509_REQ* request = decoded<d2i_X509_REQ>(content);
  EVP_PKEY* key = request == nullptr ? nullptr : X509_REQ_get_pubkey(request);
  X509_REQ_free(request);
  return key;
}

std::vector<std::uint8_t> spki_of_key(EVP_PKEY* key) {
  const int size = key == nullptr ? 0 : i2d_PUBKEY(key, nullptr);
  std::vector<std::uint8_t> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
  unsigned char* out = bytes.data();
  if (!bytes.empty()) i2d_PUBKEY(key, &out);
  return bytes;
}

// A key or a request in DER; empty: neither.
std::vector<std::uint8_t> der_key(std::string_view content) {
  PkeyPtr key(decoded<d2i_PUBKEY>(content));
  if (key == nullptr) key.reset(request_key(content));
  if (key == nullptr) key.reset(decoded<d2i_AutoPrivateKey>(content));
  return spki_of_key(key.get());
}

// PEM as it stands within YAML: every line is moved to the right.
std::string without_indent(std::string_view content) {
  std::string plain(content);
  if (plain.find(" -----BEGIN ") == std::string::npos && plain.find("\t-----BEGIN ") == std::string::npos) return plain;
  bool at_start = true;
  std::erase_if(plain, [&](char c) {
    const bool moved = at_start && (c == ' ' || c == '\t');
    at_start = moved || c == '\n';
    return moved;
  });
  return plain;
}

// Of a private key that stands beside certificates: no server can use the two together.
std::optional<ParseError> key_of_another(std::string_view content, const std::vector<Certificate>& chain) {
  const auto keys = private_keys_in(content);
  const auto has_a_certificate = [&](const std::vector<std::uint8_t>& key) {
    return std::ranges::any_of(chain, [&](const Certificate& each) {
      const auto spki = spki_from_certificate(each);
      return spki && *spki == key;
    });
  };
  if (keys.empty() || std::ranges::any_of(keys, has_a_certificate)) return std::nullopt;
  return ParseError{"its private key does not belong to its certificate: give one of the two alone", 0};
}

bool holds_certificates_alone(std::string_view content) {
  return content.find("PRIVATE KEY-----") == std::string_view::npos &&
         content.find("PUBLIC KEY-----") == std::string_view::npos &&
         content.find("REQUEST-----") == std::string_view::npos;
}

}  // namespace

Parsed<std::vector<Certificate>> read_certificates(std::string_view given) {
  const std::string content = without_indent(given);
  std::vector<Certificate> chain = is_pem(content) ? std::vector<Certificate>{} : der_chain(content);
  if (!chain.empty()) return chain;
  if (!is_pem(content) && !der_key(content).empty()) {
    return tl::unexpected(ParseError{"holds a key or a certificate request but no certificate", 0});
  }
  return parse_pem_chain(content);
}

Parsed<ChainFile> read_chain(std::string_view given) {
  const std::string content = without_indent(given);
  auto chain = read_certificates(content);
  if (!chain) return tl::unexpected(chain.error());
  if (auto error = key_of_another(content, *chain)) return tl::unexpected(std::move(*error));
  return in_order(std::move(*chain));
}

Parsed<KeyFile> read_key(std::string_view given) {
  const std::string content = without_indent(given);
  if (!is_pem(content)) {
    if (auto key = der_key(content); !key.empty()) return KeyFile{std::move(key), ""};
  }
  if (holds_certificates_alone(content)) {
    const auto file = read_chain(content);
    if (!file) return tl::unexpected(file.error());
    auto spki = spki_from_certificate(file->chain.front());
    if (!spki) return tl::unexpected(spki.error());
    return KeyFile{std::move(*spki), file->remark};
  }
  const auto beside = read_certificates(content);
  auto error = beside ? key_of_another(content, *beside) : std::nullopt;
  if (error) return tl::unexpected(std::move(*error));
  auto spki = spki_from_pem(content);
  if (!spki) return tl::unexpected(spki.error());
  return KeyFile{std::move(*spki), ""};
}

}  // namespace danewatch
