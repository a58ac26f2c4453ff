#include "probe/openssl/explain.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "probe/openssl/certificate.hpp"
#include "probe/openssl/match_rules.hpp"
#include "probe/report/chain_paths.hpp"

namespace danewatch::dane {
namespace {

using Kind = Explanation::Kind;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t telling_prefix = 8;   // octets that no two digests share by chance
constexpr std::size_t max_explained = 100;  // certificates of one chain

Bytes encode(unsigned char* der, int length) {
  Bytes bytes;
  if (length > 0) bytes.assign(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

// The same bytes that OpenSSL's DANE code compares.
Bytes certificate_bytes(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(certificate, &der);
  return encode(der, length);
}

Bytes key_bytes(const X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  return encode(der, length);
}

std::string pem_of(const char* label, const Bytes& der) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!bio || PEM_write_bio(bio.get(), label, "", der.data(), static_cast<long>(der.size())) <= 0) return "";
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

// The hex digits that these octets spell, if that is what they are.
std::optional<Bytes> spelled_hex(const Bytes& data) {
  const auto digit = [](std::uint8_t c) { return std::isxdigit(c) != 0; };
  if ((data.size() != 64 && data.size() != 128) || !std::ranges::all_of(data, digit)) return std::nullopt;
  const auto bytes = from_hex({reinterpret_cast<const char*>(data.data()), data.size()});
  return bytes ? std::optional(*bytes) : std::nullopt;
}

bool begins_with(const Bytes& data, std::string_view text) {
  return data.size() >= text.size() && std::equal(text.begin(), text.end(), data.begin());
}

bool names_authority(int usage) {
  return usage == 0 || usage == 2;
}

// 3 for 2, 1 for 0, and the other way round.
int other_role(int usage) {
  return usage ^ 1;
}

Explanation about(const TlsaRecord& record, Kind kind) {
  Explanation explanation;
  explanation.kind = kind;
  explanation.usage = record.usage;
  explanation.selector = record.selector;
  explanation.matching_type = record.matching_type;
  return explanation;
}

}  // namespace

std::vector<SentBytes> sent_bytes(const SentChain& chain) {
  std::vector<SentBytes> sent;
  for (std::size_t i = 0; i < std::min(chain.size(), max_explained); ++i) {
    X509* certificate = chain.certificate(i);
    const bool ca = X509_check_ca(certificate) > 0;
    sent.push_back({chain.position(i), ca, certificate_bytes(certificate), key_bytes(certificate)});
  }
  ERR_clear_error();
  return sent;
}

std::optional<int> top_without_issuer(const SentChain& chain) {
  if (chain.empty()) return std::nullopt;
  const auto issuer_of = [&](std::size_t at) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < std::min(chain.size(), max_explained); ++i) {
      if (X509_check_issued(chain.certificate(i), chain.certificate(at)) == X509_V_OK) return i;
    }
    return std::nullopt;
  };
  std::size_t top = 0;
  for (std::size_t steps = 0; steps < chain.size(); ++steps) {
    if (X509_check_issued(chain.certificate(top), chain.certificate(top)) == X509_V_OK) return std::nullopt;
    const auto issuer = issuer_of(top);
    if (!issuer) return chain.position(top);
    top = *issuer;
  }
  return std::nullopt;  // they issue each other
}

Explainer::Explainer(const SentChain& chain, const Service& service, const CaBundle* bundle)
    : chain_(chain),
      service_(service),
      bundle_(bundle),
      sent_(sent_bytes(chain)),
      top_without_issuer_(top_without_issuer(chain)) {
  for (const auto& sent : sent_) {
    for (const int matching_type : {0, 1, 2}) {
      known_.push_back({sent.depth, sent.ca, 0, matching_type, association_data(matching_type, sent.certificate)});
      known_.push_back({sent.depth, sent.ca, 1, matching_type, association_data(matching_type, sent.key)});
    }
  }
}

// A key may be in several certificates: the one whose place in the chain fits the usage is the better answer.
const Explainer::Known* Explainer::find(const TlsaRecord& record) const {
  const Known* found = nullptr;
  for (const auto& known : known_) {
    if (known.data != record.data) continue;
    if ((known.depth > 0) == names_authority(record.usage)) return &known;
    if (found == nullptr) found = &known;
  }
  return found;
}

const Explainer::Known* Explainer::find_prefix(const Bytes& data) const {
  if (data.size() < telling_prefix) return nullptr;
  const auto found = std::ranges::find_if(known_, [&](const Known& known) {
    return known.matching_type != 0 && known.data.size() > data.size() &&
           std::equal(data.begin(), data.end(), known.data.begin());
  });
  return found == known_.end() ? nullptr : &*found;
}

// Digests of what `openssl` prints, with and without the last newline, which a shell's $(...) drops.
void Explainer::fill_pem_digests() const {
  const auto add = [&](std::string text) {
    for (int i = 0; i < 2; ++i) {
      for (const int matching_type : {1, 2}) {
        pem_digests_.push_back(association_data(matching_type, Bytes(text.begin(), text.end())));
      }
      if (!text.empty()) text.pop_back();
    }
  };
  for (const SentBytes& sent : sent_) {
    add(pem_of(PEM_STRING_X509, sent.certificate));
    add(pem_of(PEM_STRING_PUBLIC, sent.key));
  }
}

bool Explainer::is_pem_digest(const Bytes& data) const {
  if (data.size() != 32 && data.size() != 64) return false;
  if (pem_digests_.empty()) fill_pem_digests();
  return std::ranges::find(pem_digests_, data) != pem_digests_.end();
}

// What the data says about itself, whatever the server sent.
std::optional<Explanation> Explainer::by_shape(const TlsaRecord& record) const {
  const std::size_t size = record.data.size();
  static const Bytes nothing_256 = association_data(1, {});
  static const Bytes nothing_512 = association_data(2, {});
  if (record.data == nothing_256 || record.data == nothing_512) return about(record, Kind::hash_of_nothing);
  if (const auto bytes = spelled_hex(record.data)) {
    Explanation explanation = about(record, Kind::hex_of_hex);
    explanation.matching_type = bytes->size() == 32 ? 1 : 2;
    return explanation;
  }
  if (begins_with(record.data, "-----BEGIN ")) return about(record, Kind::pem_text);

  const bool digest_sized = size == 32 || size == 64;
  Explanation explanation = about(record, Kind::other_digest_length);
  explanation.matching_type = size == 32 ? 1 : 2;
  if (record.matching_type == 0 && digest_sized) explanation.kind = Kind::digest_as_full;
  if (digest_sized && record.matching_type <= 2 && record.matching_type != explanation.matching_type) {
    if (const Known* known = find(record)) {
      explanation.depth = known->depth;
      explanation.selector = known->selector;
    }
    return explanation;
  }
  if (record.matching_type != 0 || record.selector > 1) return std::nullopt;
  if (record.selector == 1 ? is_certificate(record.data) : is_public_key(record.data)) {
    explanation = about(record, Kind::wrong_selector);
    explanation.selector = 1 - record.selector;
    return explanation;
  }
  return std::nullopt;
}

std::optional<Explanation> Explainer::by_bytes(const TlsaRecord& record) const {
  const Known* known = find(record);
  if (known == nullptr) return std::nullopt;
  Explanation explanation = about(record, Kind::other_parameters);
  explanation.depth = known->depth;
  explanation.selector = known->selector;
  explanation.matching_type = known->matching_type;
  if (record.usage > 3) explanation.usage = usage_at(static_cast<std::size_t>(known->depth));
  if (record.usage < 2 && !service_.pkix_usages_count) explanation.usage = record.usage + 2;
  const bool authority = names_authority(explanation.usage);
  if (known->depth > 0 && !authority && !known->ca) {
    explanation.kind = Kind::leaf_not_first;
  } else if ((known->depth > 0) != authority) {
    explanation.usage = other_role(explanation.usage);
  }
  const bool same_numbers = explanation.usage == record.usage && explanation.selector == record.selector &&
                            explanation.matching_type == record.matching_type;
  if (explanation.kind == Kind::other_parameters && same_numbers) {
    if (!authority) return std::nullopt;
    explanation.kind = Kind::not_an_issuer;
  }
  return explanation;
}

// RFC 7671 5.1: a certificate in the record, another one with the same key on the server.
std::optional<Explanation> Explainer::renewed(const TlsaRecord& record) const {
  if (record.selector != 0 || record.matching_type != 0) return std::nullopt;
  Certificate published;
  published.der = record.data;
  const SentChain held(std::span(&published, 1));
  if (held.empty()) return std::nullopt;
  const Bytes key = key_bytes(held.leaf());
  const auto found = std::ranges::find(sent_, key, &SentBytes::key);
  if (found == sent_.end()) return std::nullopt;
  Explanation explanation = about(record, Kind::same_key_renewed);
  explanation.depth = found->depth;
  return explanation;
}

// A digest of a CA that was not sent (RFC 7671 5.2.2). Which CA that is, this machine's bundle may know.
std::optional<Explanation> Explainer::by_authority(const TlsaRecord& record, bool authenticated) const {
  if (record.usage != 2 || record.matching_type == 0 || unusable_reason(record)) return std::nullopt;
  X509* authority = bundle_ != nullptr ? bundle_->find(record) : nullptr;
  const auto issued = [&](std::size_t i) { return X509_check_issued(authority, chain_.certificate(i)) == X509_V_OK; };
  std::size_t below = 0;
  const std::size_t size = std::min(chain_.size(), max_explained);
  while (authority != nullptr && below < size && !issued(below)) ++below;
  ERR_clear_error();
  Explanation explanation = about(record, Kind::ta_not_sent);
  if (authority != nullptr) explanation.authority = subject_of(authority);
  if (authority != nullptr && below == size) {
    explanation.kind = Kind::other_authority;
    return explanation;
  }
  const bool certain = authority != nullptr;
  if (authenticated || (!certain && !top_without_issuer_)) return std::nullopt;
  explanation.depth = certain ? chain_.position(below) : *top_without_issuer_;
  return explanation;
}

std::optional<Explanation> Explainer::explain(const TlsaRecord& record, std::size_t index, bool authenticated) const {
  if (record.truncated) return std::nullopt;
  std::optional<Explanation> explanation = by_shape(record);
  if (!explanation) explanation = by_bytes(record);
  if (!explanation) explanation = renewed(record);
  if (!explanation && record.matching_type <= 2) {
    const Known* known = find_prefix(record.data);
    if (known != nullptr && record.matching_type != 0) {
      explanation = about(record, Kind::truncated_digest);
      explanation->depth = known->depth;
      explanation->selector = known->selector;
      explanation->matching_type = known->matching_type;
    } else if (is_pem_digest(record.data)) {
      explanation = about(record, Kind::pem_text);
    }
  }
  if (!explanation) explanation = by_authority(record, authenticated);
  if (explanation) explanation->record = index;
  return explanation;
}

}  // namespace danewatch::dane
