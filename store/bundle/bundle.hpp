// What is kept of one run, so that it can be judged again: Evidence as JSON text and back.
//
// Keeps what was seen: DER, messages and RDATA in base64 as they came. What was parsed out of them is derived anew when
// it is read. docs/evidence.schema.json is the contract. A bundle is hostile: reading it is bounded. Knows no file.
// Thread rule: values and pure functions.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/evidence/evidence.hpp"
#include "probe/report/policy.hpp"
#include "probe/report/report.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch {

// Who looked, with what.
struct Provenance {
  std::string tool;                              // "danewatch 0.1.0"
  std::map<std::string, std::string> libraries;  // and their versions
  std::string trust_anchor_sha256;               // of its records, a line each; empty: there was none

  bool operator==(const Provenance&) const = default;
};

struct Bundle {
  Evidence evidence;
  Policy policy;  // as judged by then
  Provenance made;
  std::vector<Answer> proofs{};  // DS and DNSKEY of the zones that signed an answer, up to the root

  bool operator==(const Bundle&) const = default;
};

// What a report was made of.
Bundle bundle_of(const Report& report, Provenance made, std::vector<Answer> proofs = {});

// Whoever knows certificates.
using CertificateReader = std::function<Certificate(std::vector<std::uint8_t> der)>;

// One line without its end, pure ASCII.
std::string write_bundle(const Bundle& bundle);

// An error names the member that is wrong, or the octet.
Parsed<Bundle> read_bundle(std::string_view text, const CertificateReader& read_certificate);

// Of the trust anchor's records, in any order.
std::string trust_anchor_digest(std::vector<std::string> records);

inline constexpr std::size_t most_bundle_octets = std::size_t{16} << 20;  // of one bundle

// Cuts a stream into JSON objects, whatever their layout: a bundle a line, or one over many.
class Documents {
 public:
  // The objects that end within the next octets of the stream; none after what is wrong.
  std::vector<std::string> take(std::string_view octets);

  bool is_wrong() const { return wrong_.has_value(); }

  // Nothing: all was well to the end of the stream. Else what is wrong: no object, one that is too large or too deep,
  // or one that has not ended.
  std::optional<ParseError> end() const;

 private:
  std::string refuse(char c);

  std::optional<ParseError> wrong_;
  std::string begun_;  // the object that has not ended
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  std::size_t parts_ = 0;  // commas and brackets: what the object will cost
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace danewatch
