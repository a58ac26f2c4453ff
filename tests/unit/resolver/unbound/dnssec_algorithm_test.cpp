#include "resolver/dns/dnssec_algorithm.hpp"

#include <gtest/gtest.h>

#include "resolver/unbound/resolver.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {

Answer ds_of(const std::vector<std::string>& texts, Status status = Status::secure) {
  Answer answer;
  answer.question = {"example.org", RrType::ds};
  answer.status = status;
  for (const auto& text : texts) answer.data.push_back({{}, text, false});
  return answer;
}

TEST(DnssecAlgorithm, DsRecordsAreRead) {
  EXPECT_EQ(ds_kind("12345 16 2 abcd"), (DsKind{16, 2}));
  for (const char* text : {"", "12345", "12345 16", "12345 16 2", "x 16 2 ab", "\\# 4 00000000"}) {
    EXPECT_FALSE(ds_kind(text)) << text;
  }
}

// A zone that only our resolver takes for unsigned is told apart from one that everybody does.
TEST(DnssecAlgorithm, WhatOthersMayKnowIsNamed) {
  EXPECT_EQ(beyond_our_resolver(ds_of({"1 16 2 ab"})), "algorithm ED448 (16)");
  EXPECT_EQ(beyond_our_resolver(ds_of({"1 12 2 ab"})), "algorithm ECC-GOST (12)");
  EXPECT_EQ(beyond_our_resolver(ds_of({"1 13 3 ab"})), "DS digest type GOST R 34.11-94 (3)");
  EXPECT_EQ(beyond_our_resolver(ds_of({"1 250 2 ab", "1 16 2 ab"})), "algorithm ED448 (16)");
}

TEST(DnssecAlgorithm, WhatNobodyKnowsAndWhatWeKnowIsNot) {
  EXPECT_FALSE(beyond_our_resolver(ds_of({})));
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 250 2 ab"})));
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 3 2 ab"})));
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 13 99 ab"})));
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 16 99 ab"})));
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 16 2 ab", "1 13 2 ab"}))) << "we can use one";
  EXPECT_FALSE(beyond_our_resolver(ds_of({"1 16 2 ab"}, Status::insecure))) << "anybody could have written it";
}

// What the table says of our resolver is measured: where it learns more, the table has to follow.
TEST(DnssecAlgorithm, TheTableIsTrueOfTheLibunboundInUse) {
  struct Signed {
    const char* zone;
    zones::Algorithm algorithm;
    unsigned number;
  };
  constexpr Signed all[] = {{"rsa.lab", zones::Algorithm::rsa_sha256, 8},
                            {"p256.lab", zones::Algorithm::ecdsa_p256, 13},
                            {"ed25519.lab", zones::Algorithm::ed25519, 15},
                            {"ed448.lab", zones::Algorithm::ed448, 16}};
  SignedWorld world;
  for (const auto& row : all) {
    zones::ZoneSpec spec;
    spec.origin = row.zone;
    spec.text = "www IN A 192.0.2.1\n";
    spec.key = zones::make_zone_key(row.algorithm);
    world.add(spec);
  }
  boost::asio::io_context io;
  UnboundResolver resolver(io.get_executor(), world.build());
  for (const auto& row : all) {
    const bool ours = validators_of_algorithm(row.number) == Validators::ours;
    const Question question{std::string("www.") + row.zone, RrType::a};
    EXPECT_EQ(ask(io, resolver, question).status, ours ? Status::secure : Status::insecure) << row.zone;
  }
}

}  // namespace
}  // namespace danewatch
