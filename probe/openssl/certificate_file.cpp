#include "probe/openssl/certificate_file.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

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

bool holds_certificates_alone(std::string_view content) {
  return content.find("PRIVATE KEY-----") == std::string_view::npos &&
         content.find("PUBLIC KEY-----") == std::string_view::npos &&
         content.find("REQUEST-----") == std::string_view::npos;
}

}  // namespace

Parsed<std::vector<Certificate>> read_certificates(std::string_view content) {
  std::vector<Certificate> chain = is_pem(content) ? std::vector<Certificate>{} : der_chain(content);
  if (!chain.empty()) return chain;
  if (!is_pem(content) && !der_key(content).empty()) {
    return tl::unexpected(ParseError{"holds a key or a certificate request but no certificate", 0});
  }
  return parse_pem_chain(content);
}

Parsed<ChainFile> read_chain(std::string_view content) {
  auto chain = read_certificates(content);
  if (!chain) return tl::unexpected(chain.error());
  return in_order(std::move(*chain));
}

Parsed<KeyFile> read_key(std::string_view content) {
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
  auto spki = spki_from_pem(content);
  if (!spki) return tl::unexpected(spki.error());
  return KeyFile{std::move(*spki), ""};
}

}  // namespace danewatch
