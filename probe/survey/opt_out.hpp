// Who does not want to be looked at: domains, hosts and networks.
//
// A name stands for itself and all below it. Thread rule: values and pure functions.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "probe/observe/address_policy.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch {

class OptOut {
 public:
  bool covers(std::string_view name) const;  // A-labels
  bool covers(const Address& address) const;
  bool empty() const { return names_.empty() && blocks_.empty(); }

  // One a line: "example.org", "192.0.2.0/24", "2001:db8::1"; # starts a comment. What cannot be read is an error with
  // its line as the position: who asked to be left alone must not be overlooked.
  static Parsed<OptOut> parse(std::string_view content);

 private:
  std::set<std::string, std::less<>> names_;
  std::vector<AddressBlock> blocks_;
};

}  // namespace danewatch
