// Inner: what a TLSA record that matches nothing really holds: byte comparison with everything the server sent.
//
// Facts only; the verdict is not its business. Thread rule: pure functions.
#pragma once

#include <optional>
#include <vector>

#include "probe/openssl/ca_bundle.hpp"
#include "probe/openssl/match_engine.hpp"
#include "probe/report/match.hpp"

namespace danewatch::dane {

// The bytes a record can hold about one certificate sent.
struct SentBytes {
  int depth = 0;  // position in the chain as sent
  bool ca = false;
  std::vector<std::uint8_t> certificate;  // DER
  std::vector<std::uint8_t> key;          // SubjectPublicKeyInfo, DER
};

std::vector<SentBytes> sent_bytes(const SentChain& chain);

// Position of the topmost certificate of the path that starts at the leaf, if its issuer was not sent.
std::optional<int> top_without_issuer(const SentChain& chain);

// For a record that no client can use or that matched nothing.
class Explainer {
 public:
  // Chain, service and bundle must outlive it. The bundle is only asked about usage 2 records that nothing else
  // explains; nullptr: never.
  Explainer(const SentChain& chain, const Service& service, const CaBundle* bundle = nullptr);

  // `authenticated`: another record does, so that an issuer that was not sent is nobody's concern.
  std::optional<Explanation> explain(const TlsaRecord& record, std::size_t index, bool authenticated) const;

 private:
  struct Known {  // one digest or one full value
    int depth = 0;
    bool ca = false;
    int selector = 0;
    int matching_type = 0;
    std::vector<std::uint8_t> data;
  };
  const Known* find(const TlsaRecord& record) const;
  const Known* find_prefix(const std::vector<std::uint8_t>& data) const;
  std::optional<Explanation> by_shape(const TlsaRecord& record) const;
  std::optional<Explanation> by_bytes(const TlsaRecord& record) const;
  std::optional<Explanation> renewed(const TlsaRecord& record) const;
  std::optional<Explanation> by_authority(const TlsaRecord& record, bool authenticated) const;
  bool is_pem_digest(const std::vector<std::uint8_t>& data) const;
  void fill_pem_digests() const;

  const SentChain& chain_;
  const Service& service_;
  const CaBundle* bundle_;
  std::vector<SentBytes> sent_;
  std::vector<Known> known_;
  mutable std::vector<std::vector<std::uint8_t>> pem_digests_;  // made when the first record asks
  std::optional<int> top_without_issuer_;
};

}  // namespace danewatch::dane
