#include "tests/support/pki.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace danewatch::pki {

struct Key {
  explicit Key(EVP_PKEY* owned) : pkey(owned) {}
  ~Key() { EVP_PKEY_free(pkey); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  EVP_PKEY* pkey;
};

namespace {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

int check(int result) {
  if (result <= 0) throw std::logic_error("a test certificate or key cannot be made");
  return result;
}

template <class T>
T* check(T* result) {
  check(result != nullptr ? 1 : 0);
  return result;
}

std::vector<std::uint8_t> encode(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = check(i2d_X509(certificate, &der));
  std::vector<std::uint8_t> result(der, der + length);
  OPENSSL_free(der);
  return result;
}

X509Ptr decode(const std::vector<std::uint8_t>& der) {
  const unsigned char* in = der.data();
  return X509Ptr(check(d2i_X509(nullptr, &in, static_cast<long>(der.size()))));
}

void set_name(X509_NAME* name, const std::string& common_name) {
  if (common_name.empty()) return;
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  check(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text, static_cast<int>(common_name.size()), -1,
                                   0));
}

void set_serial(X509* certificate) {
  std::array<unsigned char, 8> octets{};
  check(RAND_bytes(octets.data(), static_cast<int>(octets.size())));
  octets[0] = static_cast<unsigned char>((octets[0] & 0x3f) | 0x40);  // positive, never shortened
  BIGNUM* number = check(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
}

void set_time(ASN1_TIME* time, SysTime at) {
  check(ASN1_TIME_adj(time, static_cast<time_t>(at.time_since_epoch().count()), 0, 0));
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(check(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())));
  check(X509_add_ext(certificate, extension.get(), -1));
}

void push_string(GENERAL_NAMES* names, int type, const std::string& text) {
  ASN1_IA5STRING* value = check(ASN1_IA5STRING_new());
  ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
  GENERAL_NAME* name = check(GENERAL_NAME_new());
  GENERAL_NAME_set0_value(name, type, value);
  sk_GENERAL_NAME_push(names, name);
}

void push_address(GENERAL_NAMES* names, const std::string& text) {
  ASN1_OCTET_STRING* value = check(a2i_IPADDRESS(text.c_str()));
  GENERAL_NAME* name = check(GENERAL_NAME_new());
  GENERAL_NAME_set0_value(name, GEN_IPADD, value);
  sk_GENERAL_NAME_push(names, name);
}

void push_srv_name(GENERAL_NAMES* names, const std::string& text) {  // RFC 4985
  ASN1_IA5STRING* srv = check(ASN1_IA5STRING_new());
  ASN1_STRING_set(srv, text.data(), static_cast<int>(text.size()));
  ASN1_TYPE* value = check(ASN1_TYPE_new());
  ASN1_TYPE_set(value, V_ASN1_IA5STRING, srv);
  GENERAL_NAME* name = check(GENERAL_NAME_new());
  check(GENERAL_NAME_set0_othername(name, OBJ_txt2obj("1.3.6.1.5.5.7.8.7", 1), value));
  sk_GENERAL_NAME_push(names, name);
}

void add_subject_alt_names(X509* certificate, const CertificateSpec& spec) {
  const NamesPtr names(check(GENERAL_NAMES_new()));
  for (const auto& dns : spec.dns_names) push_string(names.get(), GEN_DNS, dns);
  for (const auto& email : spec.emails) push_string(names.get(), GEN_EMAIL, email);
  for (const auto& ip : spec.ips) push_address(names.get(), ip);
  for (const auto& srv : spec.srv_names) push_srv_name(names.get(), srv);
  if (sk_GENERAL_NAME_num(names.get()) > 0) {
    check(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_APPEND));
  }
}

void add_constraints(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  if (spec.basic_constraints) {
    std::string value = spec.ca ? "critical,CA:TRUE" : "critical,CA:FALSE";
    if (spec.path_length) value += ",pathlen:" + std::to_string(*spec.path_length);
    add_extension(certificate, issuer, NID_basic_constraints, value);
  }
  std::string names;
  if (spec.permitted_dns) names += ",permitted;DNS:" + *spec.permitted_dns;
  if (spec.excluded_dns) names += ",excluded;DNS:" + *spec.excluded_dns;
  if (!names.empty()) add_extension(certificate, issuer, NID_name_constraints, "critical" + names);
}

void add_usage(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  if (spec.ca) {
    const char* usage = spec.key_cert_sign ? "critical,keyCertSign,cRLSign" : "critical,cRLSign";
    add_extension(certificate, issuer, NID_key_usage, usage);
  }
  if (!spec.extended_key_usage.empty()) {
    add_extension(certificate, issuer, NID_ext_key_usage, spec.extended_key_usage);
  }
}

void add_key_ids(X509* certificate, X509* issuer, const CertificateSpec& spec) {
  if (!spec.key_ids) return;
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (issuer != certificate && X509_get_ext_by_NID(issuer, NID_subject_key_identifier, -1) >= 0) {
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  }
}

const EVP_MD* digest_for(const Key& key, bool sha1) {
  const int kind = EVP_PKEY_get_base_id(key.pkey);
  if (kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448) return nullptr;
  return sha1 ? EVP_sha1() : EVP_sha256();
}

std::vector<std::uint8_t> digest(const EVP_MD* md, const std::vector<std::uint8_t>& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  check(EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, md, nullptr));
  return {out.begin(), out.begin() + length};
}

std::vector<std::uint8_t> association(int matching_type, const std::vector<std::uint8_t>& bytes) {
  if (matching_type == 1) return digest(EVP_sha256(), bytes);
  if (matching_type == 2) return digest(EVP_sha512(), bytes);
  return bytes;
}

TlsaRecord record(int usage, int selector, int matching_type, std::vector<std::uint8_t> data) {
  TlsaRecord result;
  result.usage = static_cast<std::uint8_t>(usage);
  result.selector = static_cast<std::uint8_t>(selector);
  result.matching_type = static_cast<std::uint8_t>(matching_type);
  result.data = std::move(data);
  return result;
}

std::string drain(BIO* bio) {
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(length)};
}

// A key that may sign with PSS alone (RFC 4055 1.2).
EVP_PKEY* make_rsa_pss() {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      check(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA_PSS, nullptr)), &EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  check(EVP_PKEY_keygen_init(context.get()));
  check(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), 2048));
  check(EVP_PKEY_generate(context.get(), &key));
  return key;
}

}  // namespace

KeyPtr make_key(KeyType type) {
  switch (type) {
    case KeyType::ecdsa_p256:
      return std::make_shared<const Key>(check(EVP_EC_gen("P-256")));
    case KeyType::ecdsa_p384:
      return std::make_shared<const Key>(check(EVP_EC_gen("P-384")));
    case KeyType::rsa_512:
      return std::make_shared<const Key>(check(EVP_RSA_gen(512)));
    case KeyType::rsa_1024:
      return std::make_shared<const Key>(check(EVP_RSA_gen(1024)));
    case KeyType::rsa_2048:
      return std::make_shared<const Key>(check(EVP_RSA_gen(2048)));
    case KeyType::ed25519:
      return std::make_shared<const Key>(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
    case KeyType::ed448:
      return std::make_shared<const Key>(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")));
    case KeyType::rsa_pss:
      return std::make_shared<const Key>(make_rsa_pss());
  }
  throw std::logic_error("unknown key type");
}

Identity issue(const CertificateSpec& spec, const Identity* issuer, KeyPtr key) {
  if (!key) key = make_key();
  const X509Ptr certificate(check(X509_new()));
  const X509Ptr signer = issuer != nullptr ? decode(issuer->der) : nullptr;
  X509* const parent = signer ? signer.get() : certificate.get();

  X509_set_version(certificate.get(), spec.version1 ? X509_VERSION_1 : X509_VERSION_3);
  set_serial(certificate.get());
  set_name(X509_get_subject_name(certificate.get()), spec.common_name);
  check(X509_set_issuer_name(certificate.get(), X509_get_subject_name(parent)));
  set_time(X509_getm_notBefore(certificate.get()), spec.not_before);
  set_time(X509_getm_notAfter(certificate.get()), spec.not_after);
  check(X509_set_pubkey(certificate.get(), key->pkey));
  if (!spec.version1) {
    add_constraints(certificate.get(), parent, spec);
    add_usage(certificate.get(), parent, spec);
    add_key_ids(certificate.get(), parent, spec);
    add_subject_alt_names(certificate.get(), spec);
  }
  const Key& signing = issuer != nullptr ? *issuer->key : *key;
  check(X509_sign(certificate.get(), signing.pkey, digest_for(signing, spec.sha1)));
  return {std::move(key), encode(certificate.get()), spec};
}

std::string certificate_pem(const std::vector<std::uint8_t>& der) {
  const BioPtr bio(check(BIO_new(BIO_s_mem())));
  check(PEM_write_bio(bio.get(), PEM_STRING_X509, "", der.data(), static_cast<long>(der.size())));
  return drain(bio.get());
}

std::string key_pem(const Key& key) {
  const BioPtr bio(check(BIO_new(BIO_s_mem())));
  check(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.pkey, nullptr, nullptr, 0, nullptr, nullptr));
  return drain(bio.get());
}

std::vector<std::uint8_t> spki_der(const Identity& identity) {
  return spki_der(*identity.key);
}

std::vector<std::uint8_t> spki_der(const Key& key) {
  unsigned char* der = nullptr;
  const int length = check(i2d_PUBKEY(key.pkey, &der));
  std::vector<std::uint8_t> result(der, der + length);
  OPENSSL_free(der);
  return result;
}

TlsaRecord tlsa_for(const Identity& identity, int usage, int selector, int matching_type) {
  const auto bytes = selector == 0 ? identity.der : spki_der(identity);
  return record(usage, selector, matching_type, association(matching_type, bytes));
}

TlsaRecord unrelated_tlsa(int usage, int selector, int matching_type, int salt) {
  const std::string text = "nothing in particular " + std::to_string(salt);
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  return record(usage, selector, matching_type, association(matching_type, bytes));
}

}  // namespace danewatch::pki
