#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/lab/bulk.hpp"
#include "tests/lab/check.hpp"
#include "tests/lab/odd_dns.hpp"
#include "tests/lab/world.hpp"
#include "tests/lab/world_json.hpp"

namespace danewatch::lab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

World world_of(const std::string& yaml) {
  return build_world(parse_scenes(yaml, "file.yaml"));
}

const Zone& zone_named(const World& world, const std::string& origin) {
  for (const auto& zone : world.zones) {
    if (zone.origin == origin) return zone;
  }
  throw std::logic_error("no zone " + origin);
}

TEST(LabWorld, ZonesAreDelegatedFromTheRootDown) {
  const auto world = world_of(R"(
one:
  about: A sentence.
  zones: {sub: {}, dark: {zone: unsigned}}
  expect: []
)");
  EXPECT_EQ(zone_named(world, ".").level, 0U);
  EXPECT_EQ(zone_named(world, "one.lab").level, 2U);
  EXPECT_EQ(zone_named(world, "sub.one.lab").level, 3U);
  EXPECT_THAT(zone_named(world, ".").text, HasSubstr("lab.\t3600\tIN\tDS"));
  EXPECT_THAT(zone_named(world, "lab").text, HasSubstr("one.lab.\t3600\tIN\tDS"));
  EXPECT_THAT(zone_named(world, "one.lab").text, HasSubstr("sub.one.lab.\t3600\tIN\tDS"));
  EXPECT_THAT(zone_named(world, "one.lab").text, HasSubstr("dark.one.lab.\t300\tIN\tNS"));
  EXPECT_THAT(zone_named(world, "one.lab").text, Not(HasSubstr("dark.one.lab.\t3600\tIN\tDS")));
  EXPECT_THAT(world.trust_anchor, HasSubstr("DNSKEY"));
  EXPECT_THAT(world.root_hints, HasSubstr(to_string(level_address(0))));
}

TEST(LabWorld, NameServersHaveAddressesOfTheirOwnAndCopiesWhereTheyDiffer) {
  const auto world = world_of(R"(
one:
  about: A sentence.
  hosts: {mx: }
  records: ["_25._tcp.mx TLSA {tlsa mx 3 1 1}"]
  servers:
    ns1:
    ns2: {serial: 4294967295, records: ["x TXT old"], addresses: [v4, v6], in: child}
    ns3: {in: parent, glue: wrong}
  expect: []
)");
  const Zone& zone = zone_named(world, "one.lab");
  ASSERT_EQ(zone.servers.size(), 3U);
  EXPECT_EQ(zone.servers[1].version, 1U);
  EXPECT_EQ(zone.servers[1].addresses.size(), 2U);
  EXPECT_THAT(zone.text, HasSubstr("one.lab.\t300\tIN\tNS\tns1.one.lab."));
  EXPECT_THAT(zone.text, HasSubstr("one.lab.\t300\tIN\tNS\tns2.one.lab."));
  EXPECT_THAT(zone.text, Not(HasSubstr("one.lab.\t300\tIN\tNS\tns3.one.lab.")));
  ASSERT_EQ(zone.versions.size(), 1U);
  EXPECT_THAT(zone.versions[0], HasSubstr(" 4294967295 "));
  EXPECT_THAT(zone.versions[0], HasSubstr("x.one.lab."));
  EXPECT_THAT(zone.versions[0], HasSubstr("mx.one.lab.\t300\tIN\tA"));
  EXPECT_THAT(zone.versions[0], Not(HasSubstr("TLSA")));
  const Zone& above = zone_named(world, "lab");
  EXPECT_THAT(above.text, HasSubstr("one.lab.\t300\tIN\tNS\tns1.one.lab."));
  EXPECT_THAT(above.text, Not(HasSubstr("one.lab.\t300\tIN\tNS\tns2.one.lab.")));
  EXPECT_THAT(above.text, HasSubstr("ns1.one.lab.\t300\tIN\tA\t" + to_string(zone.servers[0].addresses[0])));
  EXPECT_THAT(above.text, HasSubstr("ns3.one.lab.\t300\tIN\tA\t" + to_string(*zone.servers[2].glue)));
}

TEST(LabWorld, HostsGetAddressesRecordsAndEndpoints) {
  const auto world = world_of(R"(
one:
  about: A sentence.
  hosts: {mx: {addresses: [v4, v6]}, quiet: {silent: yes}, closed: {ports: []}}
  records: ["_25._tcp.mx TLSA {tlsa mx 3 1 1}"]
  expect:
    - {verdict: mismatch, exit: 2, args: ["{data mx 3 1 1}", "{address mx 2}"]}
)");
  ASSERT_EQ(world.endpoints.size(), 2U);
  const auto& text = zone_named(world, "one.lab").text;
  EXPECT_THAT(text, HasSubstr("mx.one.lab.\t300\tIN\tA\t" + to_string(*world.endpoints[0].address)));
  EXPECT_THAT(text, HasSubstr("mx.one.lab.\t300\tIN\tAAAA\t" + to_string(*world.endpoints[1].address)));
  EXPECT_THAT(text, HasSubstr("quiet.one.lab.\t300\tIN\tA\t45.80."));
  EXPECT_THAT(text, HasSubstr("closed.one.lab.\t300\tIN\tA\t45.64."));
  const auto& args = world.checks.at(0).expect.args;
  EXPECT_THAT(text, HasSubstr("TLSA\t3 1 1 " + args[0]));
  EXPECT_EQ(args[1], to_string(*world.endpoints[1].address));
}

TEST(LabWorld, AScenesActsAreSignedByOneKeyAndHaveAnIdentityEach) {
  const auto world = world_of(R"(
one: {about: Nothing changes., hosts: {mx: }, expect: []}
two:
  about: A sentence.
  hosts: {mx: }
  certificates: {a: {names: [mx.two.lab]}, b: {names: [mx.two.lab]}}
  records: ["@ MX 10 mx"]
  acts:
    first: {chain: [a], records: ["_25._tcp.mx 5 TLSA {tlsa a 3 1 1}"]}
    second: {chain: [b], records: ["_25._tcp.mx 5 TLSA {tlsa b 3 1 1}"]}
  expect: []
)");
  ASSERT_EQ(world.staged.size(), 1U);
  EXPECT_THAT(world.staged[0].acts, testing::ElementsAre("first", "second"));
  const auto& zone = world.zones[world.staged[0].zone];
  ASSERT_EQ(zone.origin, "two.lab");
  ASSERT_EQ(zone.acts.size(), 2U);
  EXPECT_EQ(zone.text, zone.acts[0]);
  const auto line = [](const std::string& text, const std::string& type) {
    const auto at = text.find("\t" + type + "\t");
    return text.substr(at, text.find('\n', at) - at);
  };
  EXPECT_EQ(line(zone.acts[0], "DNSKEY"), line(zone.acts[1], "DNSKEY"));
  EXPECT_NE(line(zone.acts[0], "TLSA"), line(zone.acts[1], "TLSA"));
  EXPECT_FALSE(world.endpoints[0].staged);
  EXPECT_EQ(world.endpoints[1].staged, 0U);
  EXPECT_EQ(world.endpoints[1].identities.size(), 2U);
}

// tests/advice changes zones: signed again with its key, a zone stays below the DS record it has.
TEST(LabWorld, AZoneCanBeSignedAgain) {
  const auto world = world_of("one: {about: A., hosts: {mx: }, records: ['@ MX 10 mx'], expect: []}");
  const auto& zone = zone_named(world, "one.lab");
  ASSERT_TRUE(zone.spec && zone.spec->key);
  zones::ZoneSpec again = *zone.spec;
  again.text += "mx TXT changed\n";
  const auto made = zones::sign_zone(again);
  EXPECT_THAT(made.text, HasSubstr("changed"));
  EXPECT_EQ(made.dnskey_records, zones::sign_zone(*zone.spec).dnskey_records);
}

TEST(LabWorld, AnActWithoutAChainShowsWhatTheHostsSay) {
  const auto world = world_of(R"(
one:
  about: A.
  hosts: {mx: {second-chain: [rsa]}}
  certificates: {rsa: {key: rsa}, other: {}}
  acts: {found: {}, advised: {chain: [other]}}
  expect: []
)");
  ASSERT_EQ(world.endpoints.at(0).identities.size(), 2U);
  EXPECT_EQ(world.endpoints[0].identities[0].size(), 2U);
  EXPECT_EQ(world.endpoints[0].identities[1].size(), 1U);
}

TEST(LabWorld, ScriptsAreToldWhatThereIs) {
  const auto world = world_of(R"(
one:
  about: A.
  hosts: {mx: {ports: [25, 443]}}
  certificates: {other: {}}
  acts: {found: {}, advised: {chain: [other]}}
  expect: [{args: [--next, "{other 3 1 1}"], verdict: authenticated, exit: 0}]
)");
  const auto json = nlohmann::json::parse(describe(world));
  EXPECT_EQ(json["acts"].dump(), R"({"one":["found","advised"]})");
  EXPECT_EQ(json["endpoints"][1]["port"], 443);
  EXPECT_EQ(json["endpoints"][1]["scene"], "one");
  EXPECT_EQ(json["checks"][0]["target"], "one.lab");
  EXPECT_EQ(json["checks"][0]["args"].size(), 2U);
  const auto zone = std::ranges::find_if(json["zones"], [](const auto& each) { return each["origin"] == "one.lab"; });
  ASSERT_NE(zone, json["zones"].end());
  EXPECT_EQ((*zone)["server"], to_string(level_address(2)));
}

TEST(LabWorld, AnOddZoneHasAServerOfItsOwn) {
  const auto world = world_of(R"(
one: {about: A., answers: ["mx A servfail"], expect: []}
two: {about: B., answers: ["mx TLSA rdata 01"], expect: []}
)");
  const auto& one = zone_named(world, "one.lab");
  const auto& two = zone_named(world, "two.lab");
  ASSERT_TRUE(one.own_server && two.own_server);
  EXPECT_NE(*one.own_server, *two.own_server);
  ASSERT_EQ(two.replaced.size(), 2U);  // the record and its signature
  EXPECT_THAT(two.text, Not(HasSubstr("\\# 1 01")));
}

TEST(LabWorld, AZoneOfKnotsIsSignedByNobodyElse) {
  const auto world = world_of(R"(
one: {about: A., zone: zsk-published, expect: []}
two: {about: B., zone: zsk-retired, expect: []}
)");
  const auto& one = zone_named(world, "one.lab");
  ASSERT_TRUE(one.knot && one.own_server);
  EXPECT_FALSE(one.knot->retired);
  EXPECT_TRUE(zone_named(world, "two.lab").knot->retired);
  EXPECT_THAT(one.knot->ksk_pem, HasSubstr("PRIVATE KEY"));
  EXPECT_THAT(one.text, AllOf(HasSubstr("SOA"), Not(HasSubstr("RRSIG")), Not(HasSubstr("DNSKEY"))));
  EXPECT_THAT(zone_named(world, "lab").text, AllOf(HasSubstr("\tDS\t"), HasSubstr("one.lab.own.ns.lab.")));
}

TEST(LabWorld, ARangeRepeatsTheLineAndAStoreBecomesPem) {
  const auto world = world_of(R"(
one:
  about: A sentence.
  hosts: {mx: }
  records: ["_25._tcp.mx TLSA {other 3 1 1 9..11}"]
  expect:
    - {trust: [mx], verdict: mismatch, exit: 2, args: ["{other 3 1 1 9}", "{other 3 1 1 10}", "{other 3 1 1 11}"]}
    - {verdict: mismatch, exit: 2}
)");
  const auto& text = zone_named(world, "one.lab").text;
  for (const auto& record : world.checks[0].expect.args) EXPECT_THAT(text, HasSubstr("TLSA\t" + record));
  EXPECT_THAT(world.checks[0].trust_pem, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(world.checks[1].trust_pem, IsEmpty());
  Check check = world.checks[0];
  check.trust_file = "/tmp/store.pem";
  EXPECT_EQ(command_of(check, "danewatch", true)[1], "SSL_CERT_FILE=/tmp/store.pem");
}

TEST(LabWorld, PlaceholdersThatNobodyCanFillAreErrors) {
  const auto with_record = [](const std::string& record) {
    return "one: {about: A., hosts: {mx: }, records: [\"mx TXT " + record + "\"], expect: []}";
  };
  EXPECT_THROW(world_of(with_record("{tlsa ca 3 1 1}")), SceneError);
  EXPECT_THROW(world_of(with_record("{tlsa mx 3 1}")), SceneError);
  EXPECT_THROW(world_of(with_record("{address mx 2}")), SceneError);
  EXPECT_THROW(world_of(with_record("{nonsense}")), SceneError);
  EXPECT_THROW(world_of(with_record("{tlsa mx 3 1 1")), SceneError);
  EXPECT_THROW(world_of("one: {about: A., hosts: {mx.elsewhere.lab.: }, expect: []}"), SceneError);
  EXPECT_THROW(world_of("one: {about: A., records: [nonsense], expect: []}"), SceneError);
}

TEST(LabWorld, BulkHostsHaveTheRecordOfTheKeyAtTheirAddress) {
  BulkOptions options;
  options.domains = 20;
  options.zones = 2;
  options.silent_percent = 10;
  const auto world = bulk_world(options);
  EXPECT_EQ(world.targets.size(), 20U);
  EXPECT_EQ(world.targets[2], "d3.bulk1.lab");
  std::size_t silent = 0;
  for (const auto* origin : {"bulk1.lab", "bulk2.lab"}) {
    const auto& text = zone_named(world, origin).text;
    for (auto at = text.find("\t45.81."); at != std::string::npos; at = text.find("\t45.81.", at + 1)) ++silent;
  }
  EXPECT_EQ(silent, 2U);
}

Message query_for(const std::string& name_octets, std::uint8_t type) {
  Message query{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  query.insert(query.end(), name_octets.begin(), name_octets.end());
  query.insert(query.end(), {0, 0, type, 0, 1});
  return query;
}

TEST(LabOddDns, ReadsTheQuestionAndFindsTheRule) {
  const auto asked = asked_for(query_for("\2MX\3one\3lab", 52));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->name, "mx.one.lab");
  EXPECT_EQ(asked->type, 52);
  const OddAnswer other{"mx.two.lab", "TLSA", OddAnswer::Kind::servfail, {}, {}};
  const OddAnswer same{"mx.one.lab", "TLSA", OddAnswer::Kind::refused, {}, {}};
  const OddAnswer all{"*", "*", OddAnswer::Kind::silence, {}, {}};
  EXPECT_EQ(rule_for({other}, *asked), nullptr);
  EXPECT_EQ(rule_for({other, same, all}, *asked)->kind, OddAnswer::Kind::refused);
  EXPECT_EQ(rule_for({other, all}, *asked)->kind, OddAnswer::Kind::silence);
}

TEST(LabOddDns, CutMessagesAreNoQuestions) {
  const auto query = query_for("\2mx\3lab", 52);
  for (std::size_t length = 0; length < query.size(); ++length) {
    const Message cut(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(asked_for(cut)) << length;
    EXPECT_THAT(error_reply(cut, 2), IsEmpty()) << length;
  }
}

TEST(LabOddDns, RepliesKeepTheQuestionAndCountTheirRecords) {
  const auto query = query_for("\3lab", 1);
  const auto refused = error_reply(query, 5);
  EXPECT_EQ(refused[0], 0x12);
  EXPECT_EQ(refused[2] & 0x81, 0x81);  // a reply, recursion desired as asked
  EXPECT_EQ(refused[3] & 15, 5);
  EXPECT_EQ(refused[7], 0);
  const auto reply = reply_with(query, {"lab. 300 IN A 45.64.0.1", "lab. 300 IN TYPE52 \\# 2 0301"});
  EXPECT_EQ(reply[7], 2);
  EXPECT_GT(reply.size(), refused.size() + 16);
}

const char* const report =
    R"({"verdict":"mismatch","reason":null,"impact":"deferred","summary":"s","hosts":[{"port":25}],
  "findings":[{"code":"a","severity":"info","subject":"sub","text":"one two","fix":"","host":null,"address":"45.64.0.1"}]})";

Expectation expectation() {
  Expectation expect;
  expect.verdict = "mismatch";
  expect.exit = 2;
  expect.impact = "deferred";
  expect.findings = {{"a", {"two", "45.64.0.1"}}};
  expect.absent = {"b"};
  expect.json = {{"/hosts/0/port", "25"}};
  return expect;
}

TEST(LabCheck, NothingDiffersWhereAllIsAsExpected) {
  EXPECT_THAT(differences(expectation(), 2, report), IsEmpty());
}

TEST(LabCheck, EveryDifferenceIsSaid) {
  auto expect = expectation();
  expect.exit = 1;
  expect.reason = "no-match";
  expect.impact = "protected";
  expect.findings = {{"a", {"three"}}, {"c", {}}};
  expect.absent = {"a"};
  expect.json = {{"/hosts/0/port", "26"}, {"/hosts/1/port", "25"}};
  const auto wrong = differences(expect, 2, report);
  EXPECT_THAT(wrong, Contains("exit status: expected 1, got 2"));
  EXPECT_THAT(wrong, Contains("reason: expected no-match, got null"));
  EXPECT_THAT(wrong, Contains("impact: expected protected, got deferred"));
  EXPECT_THAT(wrong, Contains(HasSubstr("no finding a says all of \"three\"")));
  EXPECT_THAT(wrong, Contains("finding c is missing"));
  EXPECT_THAT(wrong, Contains("finding a should not be there"));
  EXPECT_THAT(wrong, Contains("/hosts/0/port: expected 26, got 25"));
  EXPECT_THAT(wrong, Contains("/hosts/1/port: expected 25, got (not there)"));
}

TEST(LabCheck, OutputThatIsNoReportDiffers) {
  EXPECT_THAT(differences(expectation(), 2, "danewatch: no"), Contains("the output is no report"));
  EXPECT_THAT(differences(expectation(), 2, ""), Contains("the output is no report"));
}

}  // namespace
}  // namespace danewatch::lab
