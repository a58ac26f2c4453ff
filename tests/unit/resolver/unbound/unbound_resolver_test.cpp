#include "resolver/unbound/resolver.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>

#include "tests/support/ask.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::SizeIs;

zones::ZoneSpec zone(std::string name, std::string text) {
  zones::ZoneSpec spec;
  spec.origin = std::move(name);
  spec.text = std::move(text);
  return spec;
}

std::string many_tlsa(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("_443._tcp.mx IN TLSA 3 1 1 {:064x}\n", i);
  return text;
}

std::string cname_chain(int length) {
  std::string text = fmt::format("c{} IN A 192.0.2.1\n", length);
  for (int i = 0; i < length; ++i) text += fmt::format("c{} IN CNAME c{}\n", i, i + 1);
  return text;
}

zones::ZoneSpec good_zone() {
  return zone("good.lab",
              "@ 600 IN MX 10 MX\n"
              "@ IN SRV 1 2 443 mx\n"
              "mx IN A 192.0.2.1\n"
              "mx IN AAAA 2001:db8::1\n"
              "_25._tcp.mx 300 IN TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000\n"
              "*._tcp.any IN TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000\n"
              "_25._tcp.short IN TYPE52 \\# 2 0301\n"
              "*.wild IN A 192.0.2.7\n"
              "alias 50 IN CNAME mx\n"
              "alias2 70 IN CNAME alias\n"
              "to-expired IN CNAME www.expired.lab.\n"
              "to-unsigned IN CNAME www.unsigned.lab.\n"
              "old 77 IN DNAME good.lab.\n"
              "loop1 IN CNAME loop2\n"
              "loop2 IN CNAME loop1\n" +
                  many_tlsa(61) + cname_chain(120));
}

void add_broken_zones(SignedWorld& world) {
  const std::string www = "www IN A 192.0.2.1\nalso IN A 192.0.2.2\n";
  auto expired = zone("expired.lab", www);
  expired.expiration = from_now(-1h);
  world.add(expired);
  auto just_expired = zone("just-expired.lab", www);
  just_expired.redate = {{{"www", "A"}, from_now(-100h), from_now(-11s)}};
  world.add(just_expired);
  auto future = zone("future.lab", www);
  future.inception = from_now(24h);
  world.add(future);
  auto wrong_ds = zone("wrong-ds.lab", www);
  wrong_ds.break_ds_digest = true;
  world.add(wrong_ds);
  auto no_key = zone("no-key.lab", www);
  no_key.unsigned_zone = true;
  world.add(no_key);
  auto broken = zone("broken.lab", www);
  broken.break_signature_of = {{"www", "A"}};
  world.add(broken);
  auto stripped = zone("stripped.lab", www);
  stripped.strip_nsec = true;
  world.add(stripped);
}

void add_odd_zones(SignedWorld& world) {
  const std::string www = "www 45 IN A 192.0.2.1\nwww 400 IN AAAA 2001:db8::1\n*.wild IN A 192.0.2.3\n";
  auto plain = zone("unsigned.lab", www + "to-signed IN CNAME mx.good.lab.\n");
  plain.unsigned_zone = true;
  world.add(plain, false);
  auto unknown_algorithm = zone("unknown-algorithm.lab", www);
  unknown_algorithm.ds_algorithm = 250;
  world.add(unknown_algorithm);
  auto unknown_digest = zone("unknown-digest.lab", www);
  unknown_digest.ds_digest_type = 99;
  world.add(unknown_digest);
  for (const auto iterations : {std::uint16_t{0}, std::uint16_t{500}}) {
    auto nsec3 = zone(fmt::format("nsec3-{}.lab", iterations), www);
    nsec3.nsec3_iterations = iterations;
    world.add(nsec3);
  }
  auto soon = zone("soon.lab", "www 3600 IN A 192.0.2.1\n");
  soon.redate = {{{"www", "A"}, from_now(-1h), from_now(298s)}};
  world.add(soon);
  for (const auto algorithm : {zones::Algorithm::rsa_sha256, zones::Algorithm::ed25519}) {
    auto other = zone(algorithm == zones::Algorithm::ed25519 ? "ed25519.lab" : "rsa.lab", www);
    other.key = zones::make_zone_key(algorithm);
    world.add(other);
  }
}

// One world and one resolver for all of them. Names are those of the rule book's rows.
class Conformance : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    all = new All;
    all->world.add(good_zone());
    add_broken_zones(all->world);
    add_odd_zones(all->world);
    all->resolver = std::make_unique<UnboundResolver>(all->io.get_executor(), all->world.build());
  }
  static void TearDownTestSuite() {
    delete all;
    all = nullptr;
  }

  static Answer look_up(std::string name, RrType type) { return ask(all->io, *all->resolver, {std::move(name), type}); }
  static Answer look_up_unvalidated(std::string name, RrType type) {
    std::optional<Answer> answer;
    Question question{std::move(name), type};
    const Deadline deadline = std::chrono::steady_clock::now() + 20s;
    asio::co_spawn(all->io, all->resolver->lookup_unvalidated(std::move(question), deadline),
                   [&answer](const std::exception_ptr&, Answer got) { answer = std::move(got); });
    all->io.restart();
    all->io.run();
    return answer.value();
  }
  static SignedWorld& world() { return all->world; }

 private:
  struct All {
    asio::io_context io;
    SignedWorld world;
    std::unique_ptr<UnboundResolver> resolver;
  };
  static inline All* all = nullptr;
};

TEST_F(Conformance, D01_ASignedZoneGivesSecureData) {
  const auto mx = look_up("good.lab", RrType::mx);
  EXPECT_EQ(mx.status, Status::secure);
  EXPECT_THAT(mx.data, ElementsAre(Rdata{Mx{10, "mx.good.lab"}, "10 mx.good.lab.", false}));
  EXPECT_EQ(mx.rcode, 0);
  EXPECT_EQ(mx.ttl, 600U);
  EXPECT_EQ(mx.signer, "good.lab");
  EXPECT_EQ(mx.failure, Failure::none);
  EXPECT_EQ(mx.why_bogus, "");
  EXPECT_EQ(look_up("mx.good.lab", RrType::a).data.at(0).value, (decltype(Rdata::value){*parse_address("192.0.2.1")}));
  EXPECT_EQ(look_up("mx.good.lab", RrType::aaaa).data.at(0).text, "2001:db8::1");
  EXPECT_EQ(look_up("good.lab", RrType::srv).data.at(0).text, "1 2 443 mx.good.lab.");
  const auto tlsa = look_up("_25._tcp.mx.good.lab", RrType::tlsa);
  EXPECT_EQ(tlsa.status, Status::secure);
  EXPECT_EQ(std::get<TlsaRecord>(tlsa.data.at(0).value).owner, "_25._tcp.mx.good.lab");
}

TEST_F(Conformance, D01_EveryCommonAlgorithmAndTheKeysThemselves) {
  EXPECT_EQ(look_up("www.rsa.lab", RrType::a).status, Status::secure);
  EXPECT_EQ(look_up("www.ed25519.lab", RrType::a).status, Status::secure);
  EXPECT_EQ(look_up("good.lab", RrType::dnskey).status, Status::secure);
  EXPECT_EQ(look_up("good.lab", RrType::ds).signer, "lab");
  EXPECT_EQ(look_up(".", RrType::dnskey).signer, ".");
}

TEST_F(Conformance, D02_SecureDenials) {
  const struct {
    const char* name;
    Denial denial;
  } rows[] = {{"mx.good.lab", Denial::nodata},        // exists, no MX
              {"nobody.good.lab", Denial::nxdomain},  //
              {"_tcp.mx.good.lab", Denial::nodata},   // an empty non-terminal
              {"www.nsec3-0.lab", Denial::nodata},   {"nobody.nsec3-0.lab", Denial::nxdomain},
              {"alias.good.lab", Denial::nodata}};
  for (const auto& row : rows) {
    const auto answer = look_up(row.name, RrType::mx);
    EXPECT_EQ(answer.status, Status::secure) << row.name;
    EXPECT_EQ(answer.denial, row.denial) << row.name;
    EXPECT_EQ(answer.rcode, row.denial == Denial::nxdomain ? 3 : 0) << row.name;
    EXPECT_TRUE(answer.data.empty()) << row.name;
    EXPECT_THAT(answer.ttl.value_or(9999), Le(300U)) << "the SOA's minimum";
  }
}

TEST_F(Conformance, D03_AnUnsignedDelegationIsInsecure) {
  const auto answer = look_up("www.unsigned.lab", RrType::a);
  EXPECT_EQ(answer.status, Status::insecure);
  EXPECT_THAT(answer.data, SizeIs(1));
  EXPECT_EQ(answer.ttl, 45U);
  EXPECT_EQ(answer.signer, std::nullopt);
  EXPECT_EQ(answer.rrsig_expires, std::nullopt);
  EXPECT_EQ(look_up("nobody.unsigned.lab", RrType::a).denial, Denial::nxdomain);
  EXPECT_EQ(look_up("www.unsigned.lab", RrType::aaaa).ttl, std::nullopt) << "more than our cache admits is unknown";
  const auto proof = look_up("unsigned.lab", RrType::ds);
  EXPECT_EQ(proof.status, Status::secure);
  EXPECT_EQ(proof.denial, Denial::nodata);
}

TEST_F(Conformance, D04_BogusWhateverTheRcodeAndTheData) {
  const struct {
    const char* name;
    const char* why;
  } rows[] = {{"www.expired.lab", "signature expired"},
              {"www.future.lab", "before inception date"},
              {"www.wrong-ds.lab", "DS hash mismatches"},
              {"www.no-key.lab", "No DNSKEY record"},
              {"www.broken.lab", "signature verification failed"}};
  for (const auto& row : rows) {
    const auto answer = look_up(row.name, RrType::a);
    EXPECT_EQ(answer.status, Status::bogus) << row.name;
    EXPECT_THAT(answer.why_bogus, HasSubstr(row.why)) << row.name;
    EXPECT_THAT(answer.data, SizeIs(1)) << "the forged data explains, it is never used";
    EXPECT_EQ(answer.rcode, 0) << row.name;
    EXPECT_EQ(answer.ttl, std::nullopt) << row.name;
    EXPECT_EQ(answer.failure, Failure::none) << row.name;
  }
  EXPECT_LT(look_up("www.expired.lab", RrType::a).rrsig_expires, from_now(0s));
  EXPECT_EQ(look_up("also.broken.lab", RrType::a).status, Status::secure);
}

TEST_F(Conformance, D05_ElevenSecondsAfterTheExpiryIsBogus) {
  EXPECT_EQ(look_up("www.just-expired.lab", RrType::a).status, Status::bogus);
  EXPECT_EQ(look_up("also.just-expired.lab", RrType::a).status, Status::secure);
}

TEST_F(Conformance, D06_ADenialWithoutNsecIsBogus) {
  const auto answer = look_up("nobody.stripped.lab", RrType::a);
  EXPECT_EQ(answer.status, Status::bogus);
  EXPECT_EQ(answer.denial, Denial::nxdomain);
  EXPECT_NE(answer.why_bogus, "");
}

TEST_F(Conformance, D07_APositiveAnswerThereIsSecure) {
  EXPECT_EQ(look_up("www.stripped.lab", RrType::a).status, Status::secure);
}

TEST_F(Conformance, D08_UnknownAlgorithmsAreAsUnsigned) {
  EXPECT_EQ(look_up("www.unknown-algorithm.lab", RrType::a).status, Status::insecure);
  EXPECT_EQ(look_up("www.unknown-digest.lab", RrType::a).status, Status::insecure);
}

TEST_F(Conformance, D09_TooManyNsec3IterationsMakeDenialsAndWildcardsInsecure) {
  EXPECT_EQ(look_up("www.nsec3-500.lab", RrType::a).status, Status::secure);
  EXPECT_EQ(look_up("nobody.nsec3-500.lab", RrType::a).status, Status::insecure);
  EXPECT_EQ(look_up("x.wild.nsec3-500.lab", RrType::a).status, Status::insecure);
  EXPECT_EQ(look_up("x.wild.nsec3-0.lab", RrType::a).status, Status::secure);
}

TEST_F(Conformance, D10_ASecureAliasIntoAnExpiredZone) {
  const auto address = look_up("to-expired.good.lab", RrType::a);
  EXPECT_EQ(address.status, Status::bogus);
  EXPECT_EQ(address.canonical_name, "www.expired.lab");
  const auto alias = look_up("to-expired.good.lab", RrType::cname);
  EXPECT_EQ(alias.status, Status::secure);
  EXPECT_EQ(alias.data.at(0).text, "www.expired.lab.");
  EXPECT_TRUE(alias.aliases.empty());
}

TEST_F(Conformance, D14_WithoutAnAnchorForTheTreeAllIsInsecure) {
  auto options = world().build();
  zones::ZoneSpec elsewhere = zone("elsewhere", "");
  world().write("other.key", zones::sign_zone(elsewhere).dnskey_records.at(0) + "\n");
  options.trust_anchor = world().path("other.key");
  asio::io_context io;
  UnboundResolver resolver(io.get_executor(), options);
  EXPECT_EQ(ask(io, resolver, {"mx.good.lab", RrType::a}).status, Status::insecure);
  EXPECT_EQ(ask(io, resolver, {".", RrType::dnskey}).status, Status::insecure);
  EXPECT_EQ(resolver.trust_anchor(), world().path("other.key"));
}

TEST_F(Conformance, D15_TheTtlInForceEndsWithTheSignature) {
  const auto answer = look_up("www.soon.lab", RrType::a);
  EXPECT_EQ(answer.status, Status::secure);
  EXPECT_THAT(answer.ttl.value_or(0), AllOf(Ge(200U), Le(298U)));
  EXPECT_EQ(answer.original_ttl, 3600U);
}

TEST_F(Conformance, D15_AliasesAndDnamesCountWithTheirTtl) {
  const auto answer = look_up("alias2.good.lab", RrType::a);
  EXPECT_EQ(answer.status, Status::secure);
  EXPECT_EQ(answer.ttl, 50U);
  EXPECT_THAT(answer.aliases, ElementsAre(Alias{"alias2.good.lab", "alias.good.lab", RrType::cname},
                                          Alias{"alias.good.lab", "mx.good.lab", RrType::cname}));
  const auto dname = look_up("mx.old.good.lab", RrType::a);
  EXPECT_EQ(dname.status, Status::secure);
  EXPECT_EQ(dname.ttl, 77U);
  EXPECT_THAT(dname.aliases, ElementsAre(Alias{"mx.old.good.lab", "mx.good.lab", RrType::dname}));
}

TEST_F(Conformance, D16_LongChainsAndLoopsAreFailuresNotBogus) {
  for (const auto* name : {"c0.good.lab", "loop1.good.lab"}) {
    const auto answer = look_up(name, RrType::a);
    EXPECT_EQ(answer.status, Status::failed) << name;
    EXPECT_EQ(answer.failure, Failure::servfail) << name;
    EXPECT_TRUE(answer.data.empty()) << name;
  }
}

class UnboundResolverTest : public Conformance {};

TEST_F(UnboundResolverTest, SignaturesAreJudgedAsOfTheTimeAskedFor) {
  asio::io_context io;
  auto options = world().build();
  options.at = from_now(100h);
  UnboundResolver later(io.get_executor(), options);
  const auto answer = ask(io, later, {"www.soon.lab", RrType::a});
  EXPECT_EQ(answer.status, Status::bogus);
  EXPECT_THAT(answer.why_bogus, HasSubstr("expired"));
  EXPECT_EQ(look_up("www.soon.lab", RrType::a).status, Status::secure);
}

TEST_F(UnboundResolverTest, AWildcardIsSecureWithItsProof) {
  const auto answer = look_up("x.wild.good.lab", RrType::a);
  EXPECT_EQ(answer.status, Status::secure);
  EXPECT_EQ(answer.canonical_name, "x.wild.good.lab");
  EXPECT_EQ(answer.wildcard, "*.wild.good.lab");
  EXPECT_EQ(answer.ttl, 300U) << "of the NSEC";
}

// So that people are told the line that stands in their zone.
TEST_F(UnboundResolverTest, ARecordOfAWildcardHasTheWildcardAsItsOwner) {
  const auto answer = look_up("_25._tcp.any.good.lab", RrType::tlsa);
  ASSERT_EQ(answer.data.size(), 1U);
  EXPECT_EQ(std::get<TlsaRecord>(answer.data[0].value).owner, "*._tcp.any.good.lab");
}

TEST_F(UnboundResolverTest, MixedChainsAreInsecureAsAWhole) {
  EXPECT_EQ(look_up("to-unsigned.good.lab", RrType::a).status, Status::insecure);
  EXPECT_EQ(look_up("to-unsigned.good.lab", RrType::cname).status, Status::secure);
  EXPECT_EQ(look_up("to-signed.unsigned.lab", RrType::a).status, Status::insecure);
  EXPECT_EQ(look_up("to-signed.unsigned.lab", RrType::cname).status, Status::insecure);
}

// libunbound 1.17.1 calls it bogus: it looks for a signature of the CNAME itself.
TEST_F(UnboundResolverTest, ACnameMadeFromASignedDnameIsSecure) {
  const auto answer = look_up("mx.old.good.lab", RrType::cname);
  EXPECT_EQ(answer.status, Status::secure);
  EXPECT_EQ(answer.data.at(0).text, "mx.good.lab.");
  EXPECT_EQ(answer.ttl, 77U);
  EXPECT_EQ(answer.signer, "good.lab");
  EXPECT_EQ(answer.why_bogus, "");
}

TEST_F(UnboundResolverTest, WithoutValidationNothingIsProvenAndNothingRefused) {
  EXPECT_EQ(look_up_unvalidated("mx.good.lab", RrType::a).status, Status::insecure);
  const auto expired = look_up_unvalidated("www.expired.lab", RrType::a);
  EXPECT_EQ(expired.status, Status::insecure);
  EXPECT_THAT(expired.data, SizeIs(1));
  EXPECT_EQ(look_up_unvalidated("nothing.good.lab", RrType::a).denial, Denial::nxdomain);
  EXPECT_EQ(look_up("mx.good.lab", RrType::a).status, Status::secure);
}

TEST_F(UnboundResolverTest, LargeRrsetsArriveWhole) {
  const auto answer = look_up("_443._tcp.mx.good.lab", RrType::tlsa);
  EXPECT_EQ(answer.status, Status::secure);
  EXPECT_THAT(answer.data, SizeIs(61));
}

TEST_F(UnboundResolverTest, ShortTlsaDataIsARecordToo) {
  const auto answer = look_up("_25._tcp.short.good.lab", RrType::tlsa);
  EXPECT_EQ(answer.status, Status::secure);
  ASSERT_THAT(answer.data, SizeIs(1));
  EXPECT_TRUE(std::get<TlsaRecord>(answer.data[0].value).truncated);
  EXPECT_EQ(answer.data[0].text, "\\# 2 0301");
}

TEST_F(UnboundResolverTest, NamesThatCannotBeAskedForAreMalformed) {
  for (const auto& name : {std::string("a..lab"), std::string(64, 'a') + ".lab", std::string()}) {
    const auto answer = look_up(name, RrType::a);
    EXPECT_EQ(answer.status, Status::failed) << name;
    EXPECT_EQ(answer.failure, Failure::malformed) << name;
  }
}

TEST_F(UnboundResolverTest, TheQuestionComesBackAsAsked) {
  const auto answer = look_up("MX.Good.lab", RrType::a);
  EXPECT_EQ(answer.question, (Question{"MX.Good.lab", RrType::a}));
  EXPECT_EQ(answer.canonical_name, "mx.good.lab");
}

}  // namespace
}  // namespace danewatch
