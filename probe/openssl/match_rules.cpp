#include "probe/openssl/match_rules.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace danewatch::dane {
namespace {

struct ReleaseDecoded {
  void operator()(X509_PUBKEY* key) const { X509_PUBKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

// Octets of a DER certificate or key at the front of the data; 0 where there is none.
std::size_t certificate_length(std::span<const std::uint8_t> bytes) {
  const unsigned char* in = bytes.data();
  const std::unique_ptr<X509, Release> read(d2i_X509(nullptr, &in, static_cast<long>(bytes.size())));
  ERR_clear_error();
  return read ? static_cast<std::size_t>(in - bytes.data()) : 0;
}

std::size_t public_key_length(std::span<const std::uint8_t> bytes) {
  const unsigned char* in = bytes.data();
  const std::unique_ptr<X509_PUBKEY, ReleaseDecoded> read(
      d2i_X509_PUBKEY(nullptr, &in, static_cast<long>(bytes.size())));
  ERR_clear_error();
  return read ? static_cast<std::size_t>(in - bytes.data()) : 0;
}

std::string why_not_full(const TlsaRecord& record) {
  const std::size_t size = record.data.size();
  const bool wants_key = record.selector == 1;
  const std::string_view wanted = wants_key ? "public key" : "certificate";
  if (size == 32 || size == 64) {
    return fmt::format("looks like a SHA2-{} digest, the matching type should be {}", size * 8, size / 32);
  }
  if (wants_key ? is_certificate(record.data) : is_public_key(record.data)) {
    return fmt::format("wrong selector: the data is a {}, selector {} means a {}",
                       wants_key ? "certificate" : "public key", record.selector, wanted);
  }
  const std::size_t length = wants_key ? public_key_length(record.data) : certificate_length(record.data);
  if (length == size) return fmt::format("the {} is well-formed, but its key cannot be used", wanted);
  if (length > 0) return fmt::format("{} bytes too many after the DER {}", size - length, wanted);
  return fmt::format("the data is not a DER {}", wanted);
}

// The kinds of name that stand in subjectAltName.
struct Presented {
  bool dns = false;
  bool application = false;  // SRV-ID or URI-ID
};

Presented presented_names(X509* leaf) {
  Presented presented;
  const std::unique_ptr<GENERAL_NAMES, ReleaseDecoded> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf, NID_subject_alt_name, nullptr, nullptr)));
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> srv(OBJ_txt2obj("1.3.6.1.5.5.7.8.7", 1),
                                                                      ASN1_OBJECT_free);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    presented.dns |= name->type == GEN_DNS;
    presented.application |= name->type == GEN_URI;
    presented.application |= name->type == GEN_OTHERNAME && OBJ_cmp(name->d.otherName->type_id, srv.get()) == 0;
  }
  ERR_clear_error();
  return presented;
}

Reason reason_of(const Evaluation& evaluation) {
  switch (evaluation.error) {
    case X509_V_ERR_DANE_NO_MATCH:
      return Reason::no_match;
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return Reason::name;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
      return Reason::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
      return Reason::not_yet_valid;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_NO_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return Reason::ca;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA:
      return Reason::pathlen;
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return Reason::name_constraint;
    case X509_V_ERR_INVALID_PURPOSE:
      return Reason::purpose;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return Reason::weak;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
      return Reason::pkix_untrusted;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      // A leaf alone: its issuer was not sent (rows.md B-63). Otherwise the chain ends at a CA nobody here trusts.
      return evaluation.issuer_missing ? Reason::chain : Reason::pkix_untrusted;
    default:
      return Reason::chain;
  }
}

// In the order in which OpenSSL checks: path, constraints of its certificates, strength, name, dates, name constraints.
int progress_of(Reason reason) {
  switch (reason) {
    case Reason::no_match:
      return 0;
    case Reason::chain:
      return 1;
    case Reason::pkix_untrusted:
      return 2;
    case Reason::ca:
      return 3;
    case Reason::pathlen:
      return 4;
    case Reason::purpose:
      return 5;
    case Reason::weak:
      return 6;
    case Reason::name:
      return 7;
    case Reason::not_yet_valid:
      return 8;
    case Reason::expired:
      return 9;
    default:
      return 10;
  }
}

}  // namespace

bool is_certificate(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && certificate_length(bytes) == bytes.size();
}

bool is_public_key(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && public_key_length(bytes) == bytes.size();
}

std::optional<std::string> why_unusable(const Engine& engine, const TlsaRecord& record, const Service& service) {
  if (auto reason = unusable_reason(record)) return reason;
  if (!service.pkix_usages_count && record.usage <= 1) {
    return fmt::format("SMTP senders ignore usage {} (RFC 7672 3.1.3)", record.usage);
  }
  if (record.matching_type != 0 || engine.accepts(record)) return std::nullopt;
  return why_not_full(record);
}

std::vector<std::string> safe_names(std::span<const std::string> names) {
  std::vector<std::string> safe;
  for (std::string name : names) {
    if (name.ends_with('.')) name.pop_back();  // OpenSSL compares it literally
    const bool pattern = name.starts_with('.') || name.find('\0') != std::string::npos;
    if (!name.empty() && !pattern) safe.push_back(std::move(name));
  }
  return safe;
}

unsigned int host_flags(const Service& service, x509_st* leaf) {
  unsigned int flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  if (!service.pkix_usages_count) return flags;  // SMTP: the CN counts where there is no DNS-ID (RFC 7672 3.2.3)
  const Presented presented = presented_names(leaf);
  if (presented.dns) return flags;
  if (presented.application) flags |= X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;  // RFC 6125 6.4.4
  // Only the CN is left, and LDAP takes no wildcard there (RFC 4513 3.1.3).
  if (service.start == StartTlsKind::ldap || service.name == "ldaps") flags |= X509_CHECK_FLAG_NO_WILDCARDS;
  return flags;
}

Failure failure_of(const Evaluation& evaluation) {
  if (evaluation.depth < 0) return {};
  const Reason reason = reason_of(evaluation);
  return {reason, progress_of(reason)};
}

}  // namespace danewatch::dane
