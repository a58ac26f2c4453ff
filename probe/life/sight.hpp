// What one report adds to memory: which things it saw, and which places it saw whole.
//
// A thing is a record, a key, an address, a state: something that is at a place or not. Only where a place was seen
// whole is a thing that was not seen there gone; what could not be looked at is no place of a sight. Never a verdict of
// its own. Thread rule: values and a pure function.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

enum class Kind {
  verdict,      // of the target: "authenticated ok"
  dnssec,       // "secure", "insecure" or "bogus"; of "MX", "addresses of HOST", "TLSA of HOST:PORT"
  mx,           // hosts that the MX or SRV RRset names
  address,      // of "HOST A" and "HOST AAAA"
  ds,           // of a zone
  record,       // TLSA, of a secure RRset; of "HOST:PORT"
  match,        // a record matches something that is shown; of "HOST:PORT RECORD"
  key,          // by SHA2-256; of "HOST:PORT ADDRESS"
  certificate,  // likewise; note: its key
  starttls,     // "offered" or "missing"; of "HOST:PORT"
  ttl           // of the TLSA RRset, seconds; of "HOST:PORT"
};

std::string_view to_string(Kind kind);

struct LifePlace {
  Kind kind = Kind::verdict;
  std::string name;

  auto operator<=>(const LifePlace&) const = default;
};

struct Thing {
  LifePlace place;
  std::string name;

  auto operator<=>(const Thing&) const = default;
};

// A chain that an address showed, and which records matched it.
struct Shown {
  std::string server;  // "mx.example.org:25"
  std::string address;
  std::string key;
  std::string certificate;
  std::vector<std::string> records;

  bool operator==(const Shown&) const = default;
};

struct Sight {
  SysTime at{};
  bool looked = false;                // false: this run says nothing of the world
  std::map<Thing, std::string> seen;  // with a note: what is known of it besides, of this look
  std::set<LifePlace> whole;
  std::vector<Shown> shown;  // as far as it was held against every record

  bool sees(const Thing& thing) const;
  bool sees_any(const LifePlace& place) const;
};

Sight sight_of(const Report& report);

// A record without its owner; the data of full certificates and keys by their digest, because they are as long as their
// owner likes.
std::string record_name(const TlsaRecord& record);

std::string server_name(const HostEvidence& host);  // "mx.example.org:25"

// The name of a verdict as a thing, "mismatch/no-match critical", and what it says; nothing: it is none.
struct SeenVerdict {
  Conclusion conclusion;
  Severity severity = Severity::unknown;
};
std::string verdict_name(const SeenVerdict& verdict);
std::optional<SeenVerdict> verdict_seen(std::string_view name);

// The last word of a place that names two things: the address of "mx.example.org:25 192.0.2.1".
std::string server_of(const LifePlace& place);
std::string address_of(const LifePlace& place);

}  // namespace danewatch
