// What can be special about a chain of certificates. (inner part of the cases)
//
// Thread rule: values and pure functions.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/pki.hpp"

namespace danewatch::second_opinion {

// An ordinary chain of three, before a plan changes it.
struct Sketch {
  pki::CertificateSpec root, middle, leaf;
  bool self_signed = false;  // the leaf, by its own key
  bool root_again = false;   // the root's key and name in a certificate of somebody else's
  bool weak_key = false;     // of the leaf: RSA with 1024 bits
  std::vector<std::string> sent{"leaf", "middle", "root"};
};

struct Plan {
  std::string_view name;
  void (*change)(Sketch&, const std::string& domain);
};

std::span<const Plan> plans();

}  // namespace danewatch::second_opinion
