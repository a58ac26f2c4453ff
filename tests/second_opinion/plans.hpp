// What can be special about a host: its chain of certificates, its records, its manners. (inner part of the cases)
//
// Thread rule: values and pure functions.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lab/manners.hpp"
#include "tests/support/pki.hpp"

namespace danewatch::second_opinion {

// An ordinary host with a chain of three, before a plan changes it.
struct Sketch {
  pki::CertificateSpec root, middle, leaf;
  bool self_signed = false;                               // the leaf, by its own key
  bool root_again = false;                                // the root's key and name in a certificate of somebody else's
  SysTime cross_until{std::chrono::seconds{2524608000}};  // of that one: 2050-01-01
  bool weak_key = false;                                  // of the leaf: RSA with 1024 bits
  std::vector<std::string> sent{"leaf", "middle", "root"};
  int reserves = 0;               // records of authorities that issued nothing here, beside the others
  bool wildcard_records = false;  // they stand at *._tcp, for every port
  lab::Manners manners{};
};

struct Plan {
  std::string_view name;
  void (*change)(Sketch&, const std::string& domain);
};

std::span<const Plan> plans();

}  // namespace danewatch::second_opinion
