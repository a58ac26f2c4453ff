// Pure: one zone as its file has it, and what its own servers would answer from it (RFC 1034 4.3.2, RFC 4592, RFC
// 6672).
//
// Knows no other zone and asks nobody. Thread rule: a value.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "resolver/wire/records.hpp"

namespace danewatch {

class Zone {
 public:
  struct Found {
    enum class Kind { data, alias, nodata, nxdomain, delegated };
    Kind kind = Kind::nxdomain;
    RrType type = RrType::a;               // of the records below: the asked type, CNAME, DNAME, NS
    std::vector<wire::Record> records;     // data; the alias, or the DNAME it is made from; the delegation's NS
    std::vector<wire::Record> signatures;  // RRSIG records of their owner
    std::string alias;                     // where it leads
    bool wildcard = false;                 // they stand at a wildcard
  };

  // An error says which record cannot be of one zone; `records` as read_zone() gives them.
  static Parsed<Zone> of(std::vector<wire::Record> records);

  const std::string& origin() const { return origin_; }
  bool is_signed() const { return !of_type(origin_, RrType::dnskey).empty(); }
  std::uint32_t negative_ttl() const;  // RFC 2308 5

  Found find(const std::string& name, RrType type) const;  // of a name outside the zone there is nothing
  std::vector<wire::Record> of_type(const std::string& name, RrType type) const;

 private:
  Found found_at(const std::string& owner, const std::string& name, RrType type) const;
  const std::string* delegation_of(const std::string& name, RrType type) const;

  std::string origin_;
  std::map<std::string, std::map<RrType, std::vector<wire::Record>>> names_;  // with those that only lead to others
};

}  // namespace danewatch
