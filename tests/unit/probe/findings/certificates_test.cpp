#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/finding_cases_dns.hpp"

namespace danewatch {
namespace {

using namespace test;

// RFC 8461 4.1: MTA-STS compares the name that the MX record gives, also where it is an alias.
TEST(Findings, ACertificateForTheMxNameOfAnAliasIsForTheRightName) {
  const auto found = codes(certificate_for_the_mx_name());
  EXPECT_EQ(std::ranges::find(found, "cert-name"), found.end());
}

}  // namespace
}  // namespace danewatch
