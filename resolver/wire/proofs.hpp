// Whether messages that were kept prove what is said of them: from the trust anchor down, with ldns in the place of
// the resolver that saw them.
//
// Asks nobody. Thread rule: values.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "resolver/wire/records.hpp"

namespace danewatch::wire {

class KeyChain {
 public:
  // `anchors`: DS and DNSKEY records in presentation form, one a line.
  explicit KeyChain(std::span<const std::string> anchors);

  // Takes up the keys that these answers to DS and DNSKEY questions prove, in whatever order they come.
  void learn(std::span<const Answer> answers);

  // Why the message of a secure answer does not prove it; empty: it does.
  std::string why_not(const Answer& answer) const;

 private:
  bool learn_one(const Answer& answer);
  struct Signed {
    std::string why;  // it is not; empty: it is
    std::size_t labels = 0;
  };
  Signed check(std::span<const Record> rrset, std::span<const Record> section, SysTime at) const;
  std::vector<Record> proven_denials(std::span<const Record> authority, SysTime at) const;
  std::string why_not_signed(std::span<const Record> rrset, const MessageRecords& records, SysTime at) const;
  bool is_anchored(const Record& key) const;

  std::vector<Record> anchors_;
  std::map<std::string, std::vector<Record>> ds_;    // by the zone that they name a key of
  std::map<std::string, std::vector<Record>> keys_;  // of zones that are proven
};

}  // namespace danewatch::wire
