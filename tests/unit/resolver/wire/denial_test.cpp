// What NSEC and NSEC3 records deny, and what they leave open.
#include "resolver/wire/denial.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace danewatch::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum RrType;

std::vector<Record> zone_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return read_zone(text, "example.").value();
}

std::string nsec(const std::vector<std::string>& lines, const Question& question) {
  std::vector<std::string> records;
  for (const std::string& line : lines) {
    const auto space = line.find(' ');
    records.push_back(line.substr(0, space) + " 60 IN NSEC" + line.substr(space));
  }
  return why_not_denied(question, zone_of(records));
}

TEST(DenialByNsec, ANameWithoutSuchRecords) {
  EXPECT_THAT(nsec({"mx n A RRSIG NSEC"}, {"mx.example", tlsa}), IsEmpty());
  EXPECT_THAT(nsec({"mx n A RRSIG NSEC"}, {"mx.example", a}), HasSubstr("there are such records"));
  EXPECT_THAT(nsec({"mx n TYPE52 RRSIG NSEC"}, {"mx.example", tlsa}), HasSubstr("there are such records"));
  EXPECT_THAT(nsec({"mx n CNAME RRSIG NSEC"}, {"mx.example", a}), HasSubstr("there is an alias"));
  EXPECT_THAT(nsec({"mx n CAA TYPE1234 RRSIG NSEC"}, {"mx.example", static_cast<RrType>(1234)}),
              HasSubstr("there are such records"));
}

TEST(DenialByNsec, ANameThatDoesNotExistAndNoWildcardThatWouldAnswer) {
  EXPECT_THAT(nsec({"mx z A RRSIG NSEC", "@ mx NS SOA"}, {"nobody.example", a}), IsEmpty());
  EXPECT_THAT(nsec({"mx z A RRSIG NSEC"}, {"nobody.example", a}), HasSubstr("a wildcard might answer"));
  EXPECT_THAT(nsec({"mx z A RRSIG NSEC", "* mx TXT RRSIG NSEC"}, {"nobody.example", a}), IsEmpty());
  EXPECT_THAT(nsec({"mx z A RRSIG NSEC", "* mx A RRSIG NSEC"}, {"nobody.example", a}),
              HasSubstr("there are such records"));
  EXPECT_THAT(nsec({"mx @ A RRSIG NSEC", "@ mx NS SOA"}, {"zz.example", a}), IsEmpty()) << "the last of the zone";
  EXPECT_THAT(nsec({"@ @ NS SOA"}, {"zz.example", a}), IsEmpty()) << "the only one of the zone";
}

TEST(DenialByNsec, AnotherNameSaysNothing) {
  EXPECT_THAT(nsec({"a b A RRSIG NSEC", "@ a NS SOA"}, {"nobody.example", a}), HasSubstr("nothing says"));
  EXPECT_THAT(nsec({"nobody z A RRSIG NSEC"}, {"nobody.example", a}), HasSubstr("such records"));
}

TEST(DenialByNsec, TheLastRecordOfAZoneSaysNothingOfTheZonesBehindIt) {
  const auto last = read_zone("mx.good.example. 60 IN NSEC good.example. A RRSIG NSEC", ".").value();
  EXPECT_THAT(why_not_denied({"z.good.example", a}, last), HasSubstr("a wildcard might answer"));
  EXPECT_THAT(why_not_denied({"zoo.example", a}, last), HasSubstr("nothing says"));
  EXPECT_THAT(why_not_denied({"example", a}, last), HasSubstr("nothing says"));
  EXPECT_THAT(why_not_expanded("a.zoo.example", 2, last), HasSubstr("does not exist"));
}

TEST(DenialByNsec, AnEmptyNonTerminalExists) {
  EXPECT_THAT(nsec({"mx _25._tcp.n A RRSIG NSEC"}, {"n.example", a}), IsEmpty());
  EXPECT_THAT(nsec({"mx _25._tcp.n A RRSIG NSEC"}, {"_tcp.n.example", a}), IsEmpty());
}

TEST(DenialByNsec, OfAnotherZoneSaysNothing) {
  EXPECT_THAT(nsec({"sub z NS RRSIG NSEC"}, {"sub.example", a}), HasSubstr("the zone above"));
  EXPECT_THAT(nsec({"sub z NS RRSIG NSEC"}, {"sub.example", ds}), IsEmpty());
  EXPECT_THAT(nsec({"sub z NS RRSIG NSEC", "@ sub NS SOA"}, {"mx.sub.example", a}), HasSubstr("the zone above"));
  EXPECT_THAT(nsec({"old z DNAME RRSIG NSEC", "@ old NS SOA"}, {"mx.old.example", a}), HasSubstr("the zone above"));
  EXPECT_THAT(nsec({"@ z NS SOA RRSIG NSEC"}, {"example", ds}), HasSubstr("the zone itself"));
}

// The zone of RFC 5155 A, without its flag of opt-out.
std::vector<Record> hashed(const std::vector<std::string>& owners, int flags = 0) {
  static const std::vector<std::string> all{
      "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG",
      "2t7b4g4vsa5smi47k61mv5bv1a22bojr 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
      "35mthgpgcu1qg68fab165klnsnk3dpvl b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG",
      "b4um86eghhds6nea196smvmlo4ors995 gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG",
      "ji6neoaepv8b5o6k4ev33abha8ht9fgc k8udemvp1j2f7eg6jebps17vp3n8i58h",
      "k8udemvp1j2f7eg6jebps17vp3n8i58h kohar7mbb8dc2ce8a9qvl8hon4k53uhi",
      "q04jkcevqvmu85r014c7dkba38o0ji5r r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG",
      "r53bq7cc2uvmubfu5ocmm6pers9tk9en t644ebqk9bibcna874givr6joj62mlhv MX RRSIG"};
  std::vector<std::string> lines;
  for (const std::string& owner : owners) {
    for (const std::string& each : all) {
      if (!each.starts_with(owner)) continue;
      const auto space = each.find(' ');
      lines.push_back(
          fmt::format("{} 60 IN NSEC3 1 {} 12 aabbccdd{}", each.substr(0, space), flags, each.substr(space)));
    }
  }
  return zone_of(lines);
}

TEST(DenialByNsec3, ANameThatDoesNotExist) {  // RFC 5155 B.1
  const Question question{"a.c.x.w.example", a};
  EXPECT_THAT(why_not_denied(question, hashed({"0p9m", "b4um", "35mt"})), IsEmpty());
  EXPECT_THAT(why_not_denied(question, hashed({"b4um", "35mt"})), HasSubstr("does not exist"));
  EXPECT_THAT(why_not_denied(question, hashed({"0p9m", "b4um"})), HasSubstr("a wildcard might answer"));
  EXPECT_THAT(why_not_denied(question, hashed({"35mt"})), HasSubstr("nearest name"));
}

TEST(DenialByNsec3, ANameWithoutSuchRecords) {  // RFC 5155 B.2, B.2.1
  EXPECT_THAT(why_not_denied({"ns1.example", mx}, hashed({"2t7b"})), IsEmpty());
  EXPECT_THAT(why_not_denied({"ns1.example", a}, hashed({"2t7b"})), HasSubstr("there are such records"));
  EXPECT_THAT(why_not_denied({"y.w.example", a}, hashed({"ji6n"})), IsEmpty()) << "an empty non-terminal";
}

TEST(DenialByNsec3, AWildcardWithoutSuchRecords) {  // RFC 5155 B.5
  EXPECT_THAT(why_not_denied({"a.z.w.example", aaaa}, hashed({"k8ud", "q04j", "r53b"})), IsEmpty());
  EXPECT_THAT(why_not_denied({"a.z.w.example", mx}, hashed({"k8ud", "q04j", "r53b"})),
              HasSubstr("there are such records"));
}

TEST(DenialByNsec3, AnAnswerFromAWildcardNeedsThatTheNameItselfIsNotThere) {  // RFC 5155 B.4
  EXPECT_THAT(why_not_expanded("a.z.w.example", 2, hashed({"q04j"})), IsEmpty());
  EXPECT_THAT(why_not_expanded("a.z.w.example", 2, hashed({"2t7b"})), HasSubstr("does not exist"));
  EXPECT_THAT(why_not_expanded("a.z.w.example", 2, {}), HasSubstr("does not exist"));
}

TEST(DenialByNsec3, WithOptOutProvesNothing) {
  EXPECT_THAT(why_not_denied({"a.c.x.w.example", a}, hashed({"0p9m", "b4um", "35mt"}, 1)), HasSubstr("opt-out"));
}

TEST(DenialByNsec3, OfAnotherZoneSaysNothing) {
  EXPECT_THAT(why_not_denied({"a.example", a}, hashed({"35mt"})), HasSubstr("the zone above"));
  EXPECT_THAT(why_not_denied({"mx.a.example", a}, hashed({"35mt", "0p9m", "b4um"})), HasSubstr("the zone above"));
  EXPECT_THAT(why_not_denied({"a.test", a}, hashed({"35mt"})), HasSubstr("another zone"));
}

TEST(DenialByNsec3, HashesWithoutEndAreNotComputed) {
  const auto records =
      zone_of({"2t7b4g4vsa5smi47k61mv5bv1a22bojr 60 IN NSEC3 1 0 65535 aabbccdd "
               "2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG"});
  EXPECT_THAT(why_not_denied({"ns1.example", mx}, records), HasSubstr("beyond"));
}

TEST(AnswerFromAWildcard, NeedsThatNeitherTheNameNorANearerWildcardIsThere) {
  const auto covering = zone_of({"mx.wild 60 IN NSEC z.wild A RRSIG NSEC"});
  EXPECT_THAT(why_not_expanded("n.wild.example", 2, covering), IsEmpty());
  EXPECT_THAT(why_not_expanded("a.wild.example", 2, covering), HasSubstr("does not exist"));
  EXPECT_THAT(why_not_expanded("n.wild.example", 1, covering), HasSubstr("does not exist")) << "*.wild is nearer";
}

TEST(Denial, WithoutProofIsNone) {
  EXPECT_THAT(why_not_denied({"mx.example", a}, {}), HasSubstr("no proof"));
  EXPECT_THAT(why_not_denied({"mx.example", a}, zone_of({"mx 60 IN A 192.0.2.1"})), HasSubstr("no proof"));
}

}  // namespace
}  // namespace danewatch::wire
