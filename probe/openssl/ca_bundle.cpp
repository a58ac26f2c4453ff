#include "probe/openssl/ca_bundle.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "probe/openssl/certificate.hpp"
#include "probe/openssl/handle.hpp"

namespace danewatch::dane {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_authorities = 2000;

std::string default_file() {
  const char* named = std::getenv(X509_get_default_cert_file_env());
  const std::string usual = named != nullptr ? named : X509_get_default_cert_file();
  std::error_code ignored;
  if (std::filesystem::exists(usual, ignored)) return usual;
  return std::string(X509_get_default_cert_dir()) + "/ca-certificates.crt";  // where Debian has it
}

Bytes encoded(X509* certificate, int selector) {
  unsigned char* der = nullptr;
  const int length =
      selector == 0 ? i2d_X509(certificate, &der) : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  Bytes bytes;
  if (length > 0) bytes.assign(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

struct CaBundle::Authority {
  X509Ptr certificate;
};

CaBundle::CaBundle(std::optional<std::string> file) : file_(std::move(file)) {}

CaBundle::~CaBundle() = default;

const std::vector<CaBundle::Authority>& CaBundle::authorities() const {
  std::call_once(read_, [this] {
    const BioPtr bio(BIO_new_file(file_.value_or(default_file()).c_str(), "r"));
    while (bio && authorities_.size() < most_authorities) {
      X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
      if (!certificate) break;
      authorities_.push_back({std::move(certificate)});
    }
    ERR_clear_error();
  });
  return authorities_;
}

x509_st* CaBundle::find(const TlsaRecord& record) const {
  if (unusable_reason(record)) return nullptr;
  const auto found = std::ranges::find_if(authorities(), [&](const Authority& authority) {
    const auto bytes = encoded(authority.certificate.get(), record.selector);
    return association_data(record.matching_type, bytes) == record.data;
  });
  return found == authorities_.end() ? nullptr : found->certificate.get();
}

std::string subject_of(x509_st* certificate) {
  return parse_certificate(encoded(certificate, 0)).subject;
}

}  // namespace danewatch::dane
