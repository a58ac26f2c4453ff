// The result of matching one chain against one TLSA RRset, and the interface that produces it.
//
// Thread rule: values; a Matcher may be shared by threads.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "probe/evidence/tls_evidence.hpp"
#include "probe/report/match_load.hpp"
#include "probe/report/verdict.hpp"
#include "resolver/dns/tlsa.hpp"
#include "resolver/target/services.hpp"

namespace danewatch {

struct MatchQuestion {
  std::span<const Certificate> chain;  // as sent, leaf first; empty: the peer sent no certificate
  std::span<const TlsaRecord> records;
  std::span<const std::string> names;  // reference identifiers, primary first, A-labels; never empty
  const Service* service = &smtp_service();
  SysTime at{};
  std::stop_token stop{};  // asked for: what is not done yet is left, and the answer is unknown/deadline
};

// The record that authenticated (or, for a mismatch, came furthest).
struct MatchedRecord {
  std::size_t record = 0;  // index into records
  int depth = 0;           // of the certificate it matched; 0 is the leaf
  std::string name;        // the reference identifier found in the certificate; empty where none is checked
  bool bare_key = false;   // a `2 1 0` key signed the topmost certificate (RFC 7671 5.2.3)

  bool operator==(const MatchedRecord&) const = default;
};

// What a record's data really is (finding tlsa-explained); a fact, not a verdict.
struct Explanation {
  enum class Kind {
    other_parameters,  // right for the certificate at `depth` under `usage selector matching_type`
    same_key_renewed,
    hash_of_nothing,
    hex_of_hex,
    truncated_digest,
    pem_text,
    not_an_issuer,
    other_digest_length,
    digest_as_full,
    wrong_selector,
    leaf_not_first,  // right for the certificate sent at `depth`, which should have been sent first
    ta_not_sent,     // usage 2: the topmost certificate sent (at `depth`) was issued by one that was not sent
    other_authority  // usage 2: names `authority`, which was neither sent nor issued anything that was
  };
  std::size_t record = 0;
  Kind kind = Kind::other_parameters;
  int depth = 0;
  int usage = 0, selector = 0, matching_type = 0;  // other_parameters: what would be right
  std::string authority{};                         // subject of the CA in this machine's bundle that the record names
  bool holds = true;                               // other_parameters: a record made right would authenticate

  bool operator==(const Explanation&) const = default;
};

// What became of one chain. Indices count the records, or the certificates of the chain.
struct ChainMatch {
  Conclusion conclusion;  // authenticated, mismatch/…, unusable; unknown/local-limit or /deadline: it was not judged
  std::optional<MatchLoad> too_costly;   // why it was not judged: more than we do for one chain
  std::optional<MatchedRecord> match;    // set when authenticated
  std::optional<MatchedRecord> nearest;  // mismatch: the record that came furthest, if any matched bytes
  std::vector<std::size_t> shadowed_by;  // records whose stronger digest shadows a matching one (RFC 7671 9)
  std::optional<bool> pkix_ok;           // informative public PKIX result; unknown where not asked
  std::string pkix_error;
  bool date_matters = false;                  // a usage 0-2 record is the one that authenticates
  std::optional<SysTime> earliest_not_after;  // of the built chain, where dates matter
  std::vector<std::size_t> incomplete;  // RFC 7671 8: of each (u,s,m) combination without a match the first record
  // Authenticated only on a path that OpenSSL does not try, because it takes these certificates for the issuers of that
  // name (RFC 6698 B.2, rows.md B-56).
  std::vector<std::size_t> namesakes;
  std::vector<Explanation> explanations;
  std::string error;                 // OpenSSL's words for a mismatch
  std::string weak;                  // authenticated: why clients of OpenSSL's level 2 refuse; empty: they do not
  bool accepted_at_level_0 = false;  // mismatch/weak: clients without a floor for keys and signatures accept

  bool operator==(const ChainMatch&) const = default;
};

// A Matcher's answer: what became of the chain, and what each record is to it and in itself.
struct MatchResult : ChainMatch {
  std::vector<Cell> cells;
  std::vector<std::optional<std::string>> unusable;  // why, or usable
  bool operator==(const MatchResult&) const = default;
};

// A cell for every record of the question, and no index beyond what it counts.
bool answers(const MatchResult& result, const MatchQuestion& question);

// The answer where nothing was compared: all that is known of a record is that no client may use it.
MatchResult not_judged(std::vector<std::optional<std::string>> unusable, Conclusion why);

class Matcher {
 public:
  Matcher() = default;
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;
  virtual ~Matcher() = default;

  virtual MatchResult match(const MatchQuestion& question) const = 0;

  // The same matcher for another thread, also after this one is gone; null: there is none.
  virtual std::shared_ptr<const Matcher> share() const { return nullptr; }

  // Per record why it is unusable for this service (RFC 7671 9 and DER of Full(0) data).
  virtual std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records,
                                                           const Service& service) const = 0;
};

}  // namespace danewatch
