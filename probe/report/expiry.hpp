// What expires first: the date that ends, or has ended, what a report says if nobody does anything. Its one home.
//
// Which dates count:
//   - the signatures of secure answers, whatever they were asked for: one signer keeps a whole zone alive;
//   - the signature of a bogus answer that has ended, because that is why it is bogus;
//   - the chain that a record of usage 0 to 2 needs; usage 3 ignores dates (RFC 7671 5.1);
//   - what has ended in the chain of an endpoint that fails because of it.
// A bogus answer whose signature has not ended tells no date, and those of the other answers would look healthy beside
// it: then nothing is known, unless something has ended already. What was only asked to explain takes nothing away, but
// for DS and DNSKEY, on which every proof rests. Nothing else says what of a report expires first; findings look at the
// dates of one certificate or one zone.
// Never says how bad a date is. Thread rule: values and pure functions.
#pragma once

#include <optional>
#include <string>

#include "probe/report/report.hpp"

namespace danewatch {

struct Expiry {
  enum class Kind { certificate, signature };
  Kind kind = Kind::signature;
  SysTime at{};
  std::string of;                       // "mx.example.org"; "example.org MX"
  RrType type = RrType::tlsa;           // of a signature: what is signed
  std::string zone{};                   // of a signature: who must sign again
  std::optional<std::size_t> host;      // index into the report's hosts; of a signature: the host was asked for
  std::optional<std::size_t> endpoint;  // of a certificate: index into the host's endpoints
  std::optional<Address> address;       // of a certificate
  View view = View::standard;           // of a certificate

  bool operator==(const Expiry&) const = default;
};

std::string to_string(const Expiry& expiry);  // "certificate of mx.example.org", "signature of example.org MX"

// When the signature of this answer ends or has ended, if that date counts.
std::optional<SysTime> signature_end(const Answer& answer, SysTime now);

// When dates alone end or have ended the authentication of this endpoint.
std::optional<SysTime> certificate_end(const EndpointReport& endpoint, SysTime now);

// The first end among the answers taken.
class FirstSignature {
 public:
  explicit FirstSignature(SysTime now) : now_(now) {}

  // `host`: the index of the host that was asked for; none: the target itself.
  void take(const Answer& answer, std::optional<std::size_t> host = std::nullopt);
  bool is_hidden() const;  // a bogus answer hides when it ends
  std::optional<Expiry> first() const;

 private:
  SysTime now_;
  std::optional<Expiry> first_;
  bool undated_ = false;
};

std::optional<Expiry> first_signature_expiry(const Report& report);
std::optional<Expiry> first_certificate_expiry(const HostReport& host, SysTime now);  // names no host
std::optional<Expiry> first_certificate_expiry(const Report& report);

// Of both; while a bogus answer hides its end, only what has ended.
std::optional<Expiry> next_expiry(const Report& report);

}  // namespace danewatch
