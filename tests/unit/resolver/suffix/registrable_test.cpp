// To whom a name belongs.
#include "resolver/suffix/registrable.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

TEST(RegistrableDomain, ByThePublicSuffixList) {
  EXPECT_EQ(registrable_domain("mx1.eu.example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable_domain("mx.example.org"), "example.org");
  EXPECT_EQ(registrable_domain("example.org"), "example.org");
  EXPECT_EQ(registrable_domain("mx.xn--mller-kva.de"), "xn--mller-kva.de");
}

TEST(RegistrableDomain, WhatIsAPublicSuffixBelongsToItself) {
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain("org"), "org");
  EXPECT_EQ(registrable_domain(""), "");
}

TEST(RegistrableDomain, UnderAnUnknownTopLevelDomainTheLastTwoLabels) {
  EXPECT_EQ(registrable_domain("h1.bulk.lab"), "bulk.lab");
}

}  // namespace
}  // namespace danewatch
