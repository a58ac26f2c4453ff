// Zone files answer as the name servers and a validating resolver would.
#include "resolver/zone/zone_resolver.hpp"

#include <gtest/gtest.h>

#include "resolver/zone/zone_text.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch {
namespace {

constexpr SysTime now{std::chrono::seconds{1769860800}};  // 2026-01-31 12:00:00 UTC
const std::string soa = "@ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\n";

Zone zone(const std::string& origin, const std::string& text) {
  auto read = read_zone_text(soa + text, origin, {});
  EXPECT_TRUE(read) << read.error().message << " at " << read.error().position;
  return read.value_or(Zone());
}

ZoneResolver resolver(const std::string& text) {
  return ZoneResolver({zone("example.org", text)}, now);
}

std::vector<std::string> texts(const Answer& answer) {
  std::vector<std::string> all;
  for (const Rdata& data : answer.data) all.push_back(data.text);
  return all;
}

using Texts = std::vector<std::string>;

TEST(ZoneResolver, DataIsAnsweredAsSecureWithItsTtl) {
  auto zones = resolver("@ 900 MX 10 mx\nmx A 192.0.2.1\n");
  const Answer mx = zones.answer({"example.org", RrType::mx});
  EXPECT_EQ(texts(mx), Texts{"10 mx.example.org."});
  EXPECT_EQ(mx.status, Status::secure);
  EXPECT_EQ(mx.ttl, 900U);
  EXPECT_EQ(mx.signer, "example.org");
  EXPECT_FALSE(mx.rrsig_expires);
  EXPECT_EQ(std::get<Address>(zones.answer({"mx.example.org", RrType::a}).data.at(0).value),
            *parse_address("192.0.2.1"));
}

// Whoever asks for a name that lies elsewhere gets an answer, too, and at once.
TEST(ZoneFile, OfANameOutsideTheZoneThereIsNothing) {
  const Zone some = zone("a.example.org", "mx A 192.0.2.1\n");
  for (const char* name : {"example.org", "org", ".", "b.example.org", "mx.xa.example.org"}) {
    EXPECT_EQ(some.find(name, RrType::a).kind, Zone::Found::Kind::nxdomain) << name;
  }
  EXPECT_EQ(some.find("mx.a.example.org", RrType::a).kind, Zone::Found::Kind::data);
}

TEST(ZoneResolver, AbsenceIsToldApart) {
  auto zones = resolver("_25._tcp.mx TLSA 3 1 1 " + std::string(64, 'a') + "\nmx A 192.0.2.1\n");
  EXPECT_EQ(zones.answer({"mx.example.org", RrType::aaaa}).denial, Denial::nodata);
  EXPECT_EQ(zones.answer({"_tcp.mx.example.org", RrType::a}).denial, Denial::nodata);  // an empty non-terminal
  const Answer absent = zones.answer({"nobody.example.org", RrType::a});
  EXPECT_EQ(absent.denial, Denial::nxdomain);
  EXPECT_EQ(absent.rcode, 3);
  EXPECT_EQ(absent.ttl, 300U);
}

TEST(ZoneResolver, AliasesLeadToWhereTheyLeadAlsoInAnotherZone) {
  ZoneResolver zones({zone("example.org", "www CNAME host.example.net.\n"), zone("example.net", "host A 192.0.2.7\n")},
                     now);
  const Answer www = zones.answer({"www.example.org", RrType::a});
  EXPECT_EQ(texts(www), Texts{"192.0.2.7"});
  EXPECT_EQ(www.canonical_name, "host.example.net");
  ASSERT_EQ(www.aliases.size(), 1U);
  EXPECT_EQ(www.aliases[0], (Alias{"www.example.org", "host.example.net", RrType::cname}));
  EXPECT_EQ(texts(zones.answer({"www.example.org", RrType::cname})), Texts{"host.example.net."});
}

TEST(ZoneResolver, AliasesThatNeverEndAreAFailureOfTheZones) {
  auto zones = resolver("a CNAME b\nb CNAME a\n");
  EXPECT_EQ(zones.answer({"a.example.org", RrType::a}).failure, Failure::servfail);
}

TEST(ZoneResolver, ADnameMakesAliases) {
  ZoneResolver zones({zone("example.org", "old DNAME example.net.\n"), zone("example.net", "mx A 192.0.2.7\n")}, now);
  const Answer mx = zones.answer({"mx.old.example.org", RrType::a});
  EXPECT_EQ(texts(mx), Texts{"192.0.2.7"});
  EXPECT_EQ(mx.aliases.at(0).type, RrType::dname);
  EXPECT_EQ(mx.canonical_name, "mx.example.net");
}

TEST(ZoneResolver, WildcardsStandForWhatIsNotThere) {
  auto zones = resolver("*.w A 192.0.2.9\nthere.w TXT x\n_25._tcp.mx.w TXT x\n");
  const Answer made = zones.answer({"a.b.w.example.org", RrType::a});
  EXPECT_EQ(texts(made), Texts{"192.0.2.9"});
  EXPECT_EQ(made.wildcard, "*.w.example.org");
  EXPECT_EQ(zones.answer({"there.w.example.org", RrType::a}).denial, Denial::nodata);
  EXPECT_EQ(zones.answer({"mx.w.example.org", RrType::a}).denial, Denial::nodata);  // names below end it (RFC 4592)
}

TEST(ZoneResolver, WhatIsInNoZoneIsOurIgnorance) {
  auto zones = resolver("@ MX 10 mx.example.net.\nsub NS ns.sub\nns.sub A 192.0.2.1\n");
  EXPECT_EQ(zones.answer({"mx.example.net", RrType::a}).failure, Failure::local);
  EXPECT_EQ(zones.answer({"host.sub.example.org", RrType::a}).failure, Failure::local);
  EXPECT_EQ(zones.answer({"ns.sub.example.org", RrType::a}).failure, Failure::local);  // glue is no answer
  EXPECT_EQ(zones.strangers(), (std::set<std::string>{"host.sub.example.org", "mx.example.net", "ns.sub.example.org"}));
}

TEST(ZoneResolver, ADelegationWithoutDsIsInsecure) {
  ZoneResolver zones({zone("example.org", "sub NS ns.sub\n"), zone("sub.example.org", "@ A 192.0.2.1\n")}, now);
  EXPECT_EQ(zones.answer({"sub.example.org", RrType::a}).status, Status::insecure);
  EXPECT_EQ(zones.answer({"sub.example.org", RrType::ds}).denial, Denial::nodata);
}

zones::ZoneSpec spec() {
  zones::ZoneSpec spec;
  spec.origin = "example.org";
  spec.text = soa + "@ MX 10 mx\nmx A 192.0.2.1\n*.w A 192.0.2.9\n";
  return spec;
}

ZoneResolver of(const zones::ZoneSpec& spec) {
  auto read = read_zone_text(zones::sign_zone(spec).text, std::nullopt, {});
  EXPECT_TRUE(read) << read.error().message;
  return ZoneResolver({read.value_or(Zone())}, now);
}

TEST(ZoneResolver, SignaturesAreChecked) {
  auto zones = of(spec());
  const Answer mx = zones.answer({"example.org", RrType::mx});
  EXPECT_EQ(mx.status, Status::secure) << mx.why_bogus;
  EXPECT_EQ(mx.rrsig_expires, spec().expiration);
  EXPECT_EQ(mx.rrsig_inception, spec().inception);
  EXPECT_EQ(zones.answer({"a.w.example.org", RrType::a}).status, Status::secure);
  EXPECT_EQ(zones.answer({"nobody.example.org", RrType::a}).status, Status::secure);
}

TEST(ZoneResolver, ABrokenSignatureIsBogus) {
  auto broken = spec();
  broken.break_signature_of = {{"mx", "A"}};
  auto zones = of(broken);
  const Answer address = zones.answer({"mx.example.org", RrType::a});
  EXPECT_EQ(address.status, Status::bogus);
  EXPECT_TRUE(address.why_bogus.starts_with("mx.example.org A: ")) << address.why_bogus;
  EXPECT_EQ(zones.answer({"example.org", RrType::mx}).status, Status::secure);
}

TEST(ZoneResolver, AnEndedSignatureIsBogus) {
  auto ended = spec();
  ended.redate = {{{"mx", "A"}, now - std::chrono::days(30), now - std::chrono::days(1)}};
  const Answer address = of(ended).answer({"mx.example.org", RrType::a});
  EXPECT_EQ(address.status, Status::bogus);
  EXPECT_EQ(address.rrsig_expires, now - std::chrono::days(1));
}

TEST(ZoneResolver, ARecordThatWasAddedAfterSigningIsBogus) {
  auto read =
      read_zone_text(zones::sign_zone(spec()).text + "mx.example.org. 3600 IN A 192.0.2.66\n", std::nullopt, {});
  ASSERT_TRUE(read);
  EXPECT_EQ(ZoneResolver({*read}, now).answer({"mx.example.org", RrType::a}).status, Status::bogus);
}

TEST(ZoneResolver, DsRecordsOfTheParentDecide) {
  const auto child = zones::sign_zone(spec());
  auto other = spec();
  const auto stranger = zones::sign_zone(other);
  for (const auto& [ds, status] :
       {std::pair{child.ds_records.at(0), Status::secure}, std::pair{stranger.ds_records.at(0), Status::bogus}}) {
    ZoneResolver zones(
        {zone("org", "example NS ns.example\n" + ds + "\n"), *read_zone_text(child.text, std::nullopt, {})}, now);
    EXPECT_EQ(zones.answer({"example.org", RrType::mx}).status, status);
  }
}

TEST(ZoneText, RelativeNamesNeedAnOrigin) {
  const auto read = read_zone_text(soa, std::nullopt, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "its names are relative, and no $ORIGIN says to what: give --zone NAME=FILE");
  EXPECT_TRUE(read_zone_text("$ORIGIN example.org.\n" + soa, std::nullopt, {}));
  const auto data =
      read_zone_text("$ORIGIN example.org.\n" + soa + "$ORIGIN .\nexample.org MX 10 mx\n", std::nullopt, {});
  EXPECT_TRUE(data) << data.error().message;
}

TEST(ZoneText, WhatIsWrongIsNamed) {
  const auto error = [](const std::string& text) {
    const auto read = read_zone_text(text, "example.org", {});
    return read ? std::string() : read.error().message + " " + std::to_string(read.error().position);
  };
  EXPECT_EQ(error(soa + "mx A 192.0.2.1.5\n"), "not a DNS record 3");
  EXPECT_EQ(error("mx A 192.0.2.1\n"), "it has no SOA record 0");
  EXPECT_EQ(error(soa + "other.example.net. A 192.0.2.1\n"), "other.example.net A is not in the zone example.org 0");
  EXPECT_EQ(error(soa + "sub SOA ns1 h 1 2 3 4 5\n"), "it has SOA records of example.org and sub.example.org 0");
  EXPECT_EQ(error(soa + "$INCLUDE more\n"),
            "$INCLUDE is not followed: --include-dir DIR says where included files may lie 3");
  EXPECT_EQ(error(""), "it holds no record 0");
}

TEST(ZoneText, IncludedFilesHaveAnOriginOfTheirOwn) {
  const IncludeReader read = [](const std::string& name) -> Parsed<std::string> {
    if (name == "hosts") return std::string("a A 192.0.2.1\n$ORIGIN deep.example.org.\nb A 192.0.2.2\n");
    return error_at(0, "there is no such file");
  };
  auto zone = read_zone_text(soa + "$INCLUDE \"hosts\" sub ; of the branch\nc A 192.0.2.3\n", "example.org", read);
  ASSERT_TRUE(zone) << zone.error().message;
  ZoneResolver zones({*zone}, now);
  for (const char* name : {"a.sub.example.org", "b.deep.example.org", "c.example.org"}) {
    EXPECT_EQ(zones.answer({name, RrType::a}).data.size(), 1U) << name;
  }
  const auto missing = read_zone_text(soa + "$INCLUDE none\n", "example.org", read);
  EXPECT_EQ(missing.error(), (ParseError{"there is no such file", 3}));
}

TEST(ZoneText, AnIncludeWithinARecordIsNone) {
  const auto text = with_includes("a TXT ( \"x\"\n$INCLUDE y\n )\n", "example.org.", {});
  EXPECT_TRUE(text);
}

TEST(ZoneText, FilesThatIncludeEachOtherEnd) {
  const IncludeReader read = [](const std::string&) -> Parsed<std::string> { return std::string("$INCLUDE again\n"); };
  const auto zone = read_zone_text("$INCLUDE again\n", "example.org", read);
  ASSERT_FALSE(zone);
  EXPECT_NE(zone.error().message.find("files that include each other"), std::string::npos);
}

}  // namespace
}  // namespace danewatch
