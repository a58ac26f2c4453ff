#include "probe/openssl/certificate.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "probe/openssl/x509.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {
namespace {

// Certificates are written by whoever runs the server: every text and list has a limit.
constexpr std::size_t max_text = 1024;
constexpr std::size_t max_name = 255;  // octets of a DNS name
constexpr int max_names = 100;
constexpr int max_serial = 64;  // octets; RFC 5280 4.1.2.2 allows 20

// Encodes with one of OpenSSL's i2d functions; empty if that fails.
template <auto I2d, class T>
std::vector<std::uint8_t> encoded(T* object) {
  const int size = object == nullptr ? 0 : I2d(object, nullptr);
  std::vector<std::uint8_t> bytes(size > 0 ? static_cast<std::size_t>(size) : 0);
  if (bytes.empty()) return bytes;
  unsigned char* out = bytes.data();
  I2d(object, &out);
  return bytes;
}

// Not longer than `limit`, and not cut within a UTF-8 sequence.
std::string bounded(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  return std::string(text.substr(0, limit));
}

std::string distinguished_name(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  // RFC 2253, but letters outside ASCII stay readable instead of becoming "\C3\96".
  const unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (bio == nullptr || X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) return "";
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? bounded({data, static_cast<std::size_t>(size)}, max_text) : "";
}

// The last, which is the most specific one.
std::string common_name(const X509_NAME* name) {
  int last = -1;
  for (int i = -1; (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;) last = i;
  if (last < 0) return "";
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
  if (size < 0) return "";
  std::string text = bounded({reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)}, max_text);
  OPENSSL_free(utf8);
  return text;
}

std::string serial_of(const X509* x509) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(x509);
  const int size = std::min(ASN1_STRING_length(serial), max_serial);
  const std::string hex = to_hex({ASN1_STRING_get0_data(serial), static_cast<std::size_t>(std::max(size, 0))});
  return (ASN1_STRING_type(serial) & V_ASN1_NEG) != 0 ? "-" + hex : hex;
}

SysTime time_of(const ASN1_TIME* time) {
  std::tm tm{};
  if (ASN1_TIME_to_tm(time, &tm) != 1) return {};
  const std::chrono::year_month_day day{std::chrono::year{tm.tm_year + 1900},
                                        std::chrono::month{static_cast<unsigned>(tm.tm_mon + 1)},
                                        std::chrono::day{static_cast<unsigned>(tm.tm_mday)}};
  return std::chrono::sys_days{day} + std::chrono::hours{tm.tm_hour} + std::chrono::minutes{tm.tm_min} +
         std::chrono::seconds{tm.tm_sec};
}

GeneralNamesPtr alternative_names(const X509* x509) {
  return GeneralNamesPtr(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
}

std::vector<std::string> dns_names(const GENERAL_NAMES* all) {
  std::vector<std::string> names;
  const int count = all == nullptr ? 0 : sk_GENERAL_NAME_num(all);
  for (int i = 0; i < count && names.size() < max_names; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all, i);
    if (name->type != GEN_DNS) continue;
    const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    const int size = ASN1_STRING_length(name->d.dNSName);
    names.push_back(bounded({text, static_cast<std::size_t>(size)}, max_name));
  }
  return names;
}

std::string sha256_hex(const std::vector<std::uint8_t>& bytes) {
  return to_hex(association_data(1, bytes));
}

std::string curve_word(EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return "ecdsa";
  const std::string_view curve(name.data(), size);
  if (curve == "prime256v1") return "ecdsa-p256";
  if (curve == "secp384r1") return "ecdsa-p384";
  if (curve == "secp521r1") return "ecdsa-p521";
  return fmt::format("ecdsa-{}", curve);
}

CheckLoad::Key kind_of(EVP_PKEY* key) {
  switch (key == nullptr ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_NONE:
      return CheckLoad::Key::unknown;
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return CheckLoad::Key::rsa;
    case EVP_PKEY_DSA:
      return CheckLoad::Key::dsa;
    default:
      return CheckLoad::Key::curve;
  }
}

int bits_of(EVP_PKEY* key, const char* number) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, number, &value) != 1) return 0;
  const int bits = BN_num_bits(value);
  BN_free(value);
  return bits;
}

std::size_t constraints_of(const X509* x509) {
  const NameConstraintsPtr found(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(x509, NID_name_constraints, nullptr, nullptr)));
  if (found == nullptr) return 0;
  const int permitted = std::max(sk_GENERAL_SUBTREE_num(found->permittedSubtrees), 0);
  const int excluded = std::max(sk_GENERAL_SUBTREE_num(found->excludedSubtrees), 0);
  return static_cast<std::size_t>(permitted) + static_cast<std::size_t>(excluded);
}

CheckLoad check_load(X509* x509, std::size_t alternative_names) {
  CheckLoad load;
  EVP_PKEY* key = X509_get0_pubkey(x509);
  load.key = kind_of(key);
  load.bits = key == nullptr ? 0 : EVP_PKEY_get_bits(key);
  if (load.key == CheckLoad::Key::rsa) load.exponent_bits = bits_of(key, OSSL_PKEY_PARAM_RSA_E);
  if (load.key == CheckLoad::Key::dsa) load.exponent_bits = bits_of(key, OSSL_PKEY_PARAM_FFC_Q);
  load.names = static_cast<std::size_t>(X509_NAME_entry_count(X509_get_subject_name(x509))) + alternative_names;
  load.constraints = constraints_of(x509);
  return load;
}

}  // namespace

std::string key_word(EVP_PKEY* key) {
  if (key == nullptr) return "";
  const int bits = EVP_PKEY_get_bits(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return fmt::format("rsa-{}", bits);
    case EVP_PKEY_RSA_PSS:
      return fmt::format("rsa-pss-{}", bits);
    case EVP_PKEY_DSA:
      return fmt::format("dsa-{}", bits);
    case EVP_PKEY_EC:
      return curve_word(key);
    case EVP_PKEY_ED25519:
      return "ed25519";
    case EVP_PKEY_ED448:
      return "ed448";
    default:
      return "";
  }
}

std::vector<std::uint8_t> der_of(X509* x509) {
  return encoded<i2d_X509>(x509);
}

std::vector<std::uint8_t> spki_of(X509* x509) {
  return encoded<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(x509));
}

Certificate certificate_from(X509* x509) {
  Certificate out;
  out.der = der_of(x509);
  out.sha256 = sha256_hex(out.der);
  const auto spki = spki_of(x509);
  out.spki_sha256 = sha256_hex(spki);
  out.spki_sha512 = to_hex(association_data(2, spki));
  out.subject = distinguished_name(X509_get_subject_name(x509));
  out.issuer = distinguished_name(X509_get_issuer_name(x509));
  out.subject_cn = common_name(X509_get_subject_name(x509));
  out.issuer_cn = common_name(X509_get_issuer_name(x509));
  out.serial = serial_of(x509);
  out.not_before = time_of(X509_get0_notBefore(x509));
  out.not_after = time_of(X509_get0_notAfter(x509));
  const GeneralNamesPtr names = alternative_names(x509);
  out.names = dns_names(names.get());
  out.key = key_word(X509_get0_pubkey(x509));
  out.load = check_load(x509, names == nullptr ? 0 : static_cast<std::size_t>(sk_GENERAL_NAME_num(names.get())));
  ERR_clear_error();  // an odd key or extension leaves an error that the next TLS call must not see
  return out;
}

Certificate parse_certificate(std::vector<std::uint8_t> der) {
  const unsigned char* at = der.data();
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const bool whole = x509 != nullptr && at == der.data() + der.size();
  ERR_clear_error();
  if (whole) return certificate_from(x509.get());
  Certificate out;
  out.error = x509 == nullptr ? "not a DER certificate" : "bytes follow the end of the certificate";
  out.sha256 = sha256_hex(der);
  out.der = std::move(der);
  return out;
}

Parsed<std::vector<std::uint8_t>> spki_from_certificate(const Certificate& certificate) {
  const unsigned char* at = certificate.der.data();
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
  ERR_clear_error();
  if (x509 == nullptr) return tl::unexpected(ParseError{"not a DER certificate", 0});
  return spki_of(x509.get());
}

bool is_ca(const Certificate& certificate) {
  const unsigned char* at = certificate.der.data();
  const X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
  const bool ca = x509 != nullptr && X509_check_ca(x509.get()) > 0;
  ERR_clear_error();
  return ca;
}

std::vector<std::uint8_t> association_data(int matching_type, const std::vector<std::uint8_t>& bytes) {
  std::vector<std::uint8_t> out;
  if (matching_type == 0) return bytes;
  if (matching_type == 1) {
    out.resize(SHA256_DIGEST_LENGTH);
    SHA256(bytes.data(), bytes.size(), out.data());
  } else if (matching_type == 2) {
    out.resize(SHA512_DIGEST_LENGTH);
    SHA512(bytes.data(), bytes.size(), out.data());
  }
  return out;
}

}  // namespace danewatch
