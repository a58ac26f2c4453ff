#include "tests/lab/scene.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace danewatch::lab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::string smallest = R"(
one:
  about: A sentence.
  expect: []
)";

std::string error_of(const std::string& yaml) {
  try {
    parse_scenes(yaml, "file.yaml");
  } catch (const SceneError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LabScene, SmallestSceneHasASignedZoneOfItsName) {
  const auto scenes = parse_scenes(smallest, "file.yaml");
  ASSERT_EQ(scenes.size(), 1U);
  EXPECT_EQ(scenes[0].domain(), "one.lab");
  ASSERT_EQ(scenes[0].zones.size(), 1U);
  EXPECT_EQ(scenes[0].zones[0].origin, "one.lab");
  EXPECT_EQ(scenes[0].zones[0].signing, Signing::signed_);
}

TEST(LabScene, AServerOfAZoneSaysWhatIsDifferentAboutIt) {
  const auto scenes = parse_scenes(R"(
one:
  about: A sentence.
  servers:
    ns1:
    ns2: {serial: 4294967295, zone: expired, in: parent, addresses: [v6], answers: ["* TLSA refused", "* * no-udp"]}
  expect: []
)",
                                   "file.yaml");
  const auto& servers = scenes[0].zones[0].servers;
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].name, "ns1.one.lab");
  EXPECT_FALSE(servers[0].has_own_copy());
  EXPECT_EQ(servers[1].serial, 4294967295U);
  EXPECT_EQ(servers[1].signing, Signing::expired);
  EXPECT_TRUE(servers[1].at_parent);
  EXPECT_FALSE(servers[1].at_child);
  EXPECT_THAT(servers[1].addresses, ElementsAre(true));
  EXPECT_EQ(servers[1].answers[1].kind, OddAnswer::Kind::no_udp);
  const std::string wrong = "one: {about: A., servers: {ns1: {serial: -1}}, expect: []}";
  EXPECT_THAT(error_of(wrong), HasSubstr("expected a number of 32 bits"));
}

TEST(LabScene, AnAddressTakesWhatItsHostSaysAndOverridesIt) {
  const auto scenes = parse_scenes(R"(
one:
  about: A sentence.
  hosts:
    mx: {starttls: absent, ports: [587], addresses: [v4, {family: v6, starttls: refused, silent: yes}]}
  expect: []
)",
                                   "file.yaml");
  const auto& host = scenes[0].hosts[0];
  EXPECT_EQ(host.name, "mx.one.lab");
  ASSERT_EQ(host.addresses.size(), 2U);
  EXPECT_FALSE(host.addresses[0].v6);
  EXPECT_EQ(host.addresses[0].behaviour.starttls, Offer::absent);
  EXPECT_FALSE(host.addresses[0].behaviour.silent);
  EXPECT_TRUE(host.addresses[1].v6);
  EXPECT_EQ(host.addresses[1].behaviour.starttls, Offer::refused);
  EXPECT_TRUE(host.addresses[1].behaviour.silent);
  EXPECT_THAT(host.addresses[1].behaviour.ports, ElementsAre(587));
}

TEST(LabScene, AHostWithNothingAfterTheColonListensOnPort25) {
  const auto scenes = parse_scenes("one:\n  about: A.\n  hosts: {mx: }\n  expect: []\n", "file.yaml");
  ASSERT_EQ(scenes[0].hosts[0].addresses.size(), 1U);
  EXPECT_THAT(scenes[0].hosts[0].addresses[0].behaviour.ports, ElementsAre(25));
}

TEST(LabScene, NamesWithAFinalDotAreAbsolute) {
  const auto scenes = parse_scenes(R"(
one:
  about: A sentence.
  zones: {other.lab.: {zone: unsigned}, sub: {}}
  hosts: {mx.other.lab.: }
  answers: ["_25._tcp.mx TLSA servfail", "@ * delay 20", "* TLSA rdata 0301"]
  expect: []
)",
                                   "file.yaml");
  EXPECT_EQ(scenes[0].zones[1].origin, "other.lab");
  EXPECT_EQ(scenes[0].zones[1].signing, Signing::unsigned_);
  EXPECT_EQ(scenes[0].zones[2].origin, "sub.one.lab");
  EXPECT_EQ(scenes[0].hosts[0].name, "mx.other.lab");
  const auto& answers = scenes[0].zones[0].answers;
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].name, "_25._tcp.mx.one.lab");
  EXPECT_EQ(answers[0].kind, OddAnswer::Kind::servfail);
  EXPECT_EQ(answers[1].name, "one.lab");
  EXPECT_EQ(answers[1].delay, std::chrono::milliseconds(20));
  EXPECT_THAT(answers[2].rdata, ElementsAre(3, 1));
}

TEST(LabScene, ExpectationsKnowTheirLineAndDefaultTarget) {
  const auto scenes = parse_scenes(R"(
one:
  about: A sentence.
  expect:
    - {verdict: authenticated, exit: 0}
    - verdict: mismatch
      reason: no-match
      exit: 2
      check: "one.lab:443"
      findings: {tlsa-extra-record: [text, more], cert-name: }
)",
                                   "file.yaml");
  const auto& expect = scenes[0].expect;
  EXPECT_EQ(expect[0].check, "one.lab");
  EXPECT_EQ(expect[0].line, 5);
  EXPECT_EQ(expect[1].line, 6);
  EXPECT_EQ(expect[1].check, "one.lab:443");
  ASSERT_EQ(expect[1].findings.size(), 2U);
  EXPECT_THAT(expect[1].findings[0].second, ElementsAre("text", "more"));
  EXPECT_TRUE(expect[1].findings[1].second.empty());
}

TEST(LabScene, UnknownKeysAreErrorsWithTheirLine) {
  const auto error = error_of("one:\n  about: A.\n  hots: {}\n  expect: []\n");
  EXPECT_THAT(error, StartsWith("file.yaml:3: unknown key 'hots' (known: about, zone"));
}

TEST(LabScene, DuplicateKeysAreErrors) {
  EXPECT_EQ(error_of("one:\n  about: A.\n  about: B.\n  expect: []\n"), "file.yaml:3: key 'about' is listed twice");
  EXPECT_EQ(error_of(smallest + "one: {about: B., expect: []}\n"), "file.yaml:5: key 'one' is listed twice");
}

TEST(LabScene, MissingKeysAreErrors) {
  EXPECT_EQ(error_of("one:\n  about: A.\n"), "file.yaml:2: key 'expect' is missing");
  EXPECT_EQ(error_of("one:\n  about: A.\n  expect:\n    - verdict: mismatch\n"), "file.yaml:4: key 'exit' is missing");
}

TEST(LabScene, WrongValuesAreErrors) {
  const std::string head = "one:\n  about: A.\n  expect: []\n";
  EXPECT_THAT(error_of(head + "  zone: sigend\n"), StartsWith("file.yaml:4: 'sigend' is none of: signed, unsigned"));
  EXPECT_EQ(error_of(head + "  hosts: {mx: {ports: [70000]}}\n"),
            "file.yaml:4: expected a number from 1 to 65535, got '70000'");
  EXPECT_EQ(error_of(head + "  hosts: {mx: {ports: [0x19]}}\n"),
            "file.yaml:4: expected a number from 1 to 65535, got '0x19'");
  EXPECT_EQ(error_of(head + "  hosts: {mx: {silent: maybe}}\n"), "file.yaml:4: expected yes or no, got 'maybe'");
  EXPECT_EQ(error_of(head + "  hosts: [mx]\n"), "file.yaml:4: expected a mapping (key: value)");
  EXPECT_EQ(error_of(head + "  records: {mx: A}\n"), "file.yaml:4: expected a list");
}

TEST(LabScene, CertificatesHaveDates) {
  const auto scenes = parse_scenes(
      "one: {about: A., certificates: {a: {from: 2045-01-02, until: 2046-12-31}}, expect: []}", "file.yaml");
  const auto& certificate = scenes.at(0).certificates.at("a");
  EXPECT_EQ(certificate.from, std::chrono::sys_days(std::chrono::year_month_day(
                                  std::chrono::year(2045), std::chrono::month(1), std::chrono::day(2))));
  EXPECT_EQ(certificate.until, std::chrono::sys_days(std::chrono::year_month_day(
                                   std::chrono::year(2046), std::chrono::month(12), std::chrono::day(31))));
  for (const char* wrong : {"2045-02-30", "2045", "2045/01/02", "soon"})
    EXPECT_THROW(parse_scenes(fmt::format("one: {{about: A., certificates: {{a: {{from: {}}}}}, expect: []}}", wrong),
                              "file.yaml"),
                 SceneError)
        << wrong;
}

TEST(LabScene, WrongAnswersAreErrors) {
  const std::string head = "one:\n  about: A.\n  expect: []\n  answers:\n";
  EXPECT_EQ(error_of(head + "    - mx TLSA\n"), "file.yaml:5: expected NAME TYPE WHAT [ARGUMENT]");
  EXPECT_THAT(error_of(head + "    - mx TLSA explode\n"), StartsWith("file.yaml:5: 'explode' is none of: servfail"));
  EXPECT_EQ(error_of(head + "    - mx TLSA delay\n"), "file.yaml:5: wrong number of words after delay");
  EXPECT_EQ(error_of(head + "    - mx TLSA servfail 3\n"), "file.yaml:5: wrong number of words after servfail");
  EXPECT_EQ(error_of(head + "    - mx TLSA rdata 03x1\n"), "file.yaml:5: not hexadecimal: 03x1");
}

TEST(LabScene, BrokenRrsetsAndStoresAreRead) {
  const auto scenes = parse_scenes(R"(
one:
  about: A sentence.
  zone: nsec3-500
  broken: ["mx AAAA"]
  hosts: {mx: {server-name: other.lab}}
  answers: ["@ * empty", "_tcp * proven-nxdomain"]
  expect:
    - {trust: [mx], verdict: mismatch, exit: 2}
)",
                                   "file.yaml");
  const auto& zone = scenes[0].zones[0];
  EXPECT_EQ(zone.signing, Signing::nsec3_500);
  EXPECT_THAT(zone.broken, ElementsAre("mx AAAA"));
  EXPECT_EQ(zone.answers[0].kind, OddAnswer::Kind::empty);
  EXPECT_EQ(zone.answers[1].kind, OddAnswer::Kind::proven_nxdomain);
  EXPECT_EQ(scenes[0].hosts[0].addresses[0].behaviour.server_name, "other.lab");
  EXPECT_THAT(scenes[0].expect[0].trust, ElementsAre("mx"));
  const std::string head = "one:\n  about: A.\n";
  EXPECT_EQ(error_of(head + "  broken: [mx]\n  expect: []\n"), "file.yaml:3: expected NAME TYPE");
  EXPECT_EQ(error_of(head + "  expect: [{trust: [ca], verdict: mismatch, exit: 2}]\n"),
            "file.yaml:2: scene 'one' has no certificate 'ca'");
}

TEST(LabScene, CertificatesMustExist) {
  const std::string head = "one:\n  about: A.\n  expect: []\n";
  EXPECT_EQ(error_of(head + "  hosts: {mx: {chain: [mx, ca]}}\n"), "file.yaml:2: scene 'one' has no certificate 'ca'");
  EXPECT_EQ(error_of(head + "  certificates: {leaf: {issuer: ca}}\n"),
            "file.yaml:2: scene 'one' has no certificate 'ca'");
}

TEST(LabScene, BrokenYamlAndEmptyFilesAreErrors) {
  EXPECT_THAT(error_of("one: [\n"), HasSubstr("file.yaml:2: "));
  EXPECT_EQ(error_of(""), "file.yaml: no scene in it");
}

TEST(LabScene, SelectionKeepsTheOrderOfTheFileAndKnowsItsNames) {
  const auto scenes =
      parse_scenes("b: {about: B., expect: []}\na: {about: A., expect: []}\nc: {about: C., expect: []}\n", "f");
  const auto selected = select_scenes(scenes, {"a", "b"});
  ASSERT_EQ(selected.size(), 2U);
  EXPECT_EQ(selected[0].name, "b");
  EXPECT_EQ(selected[1].name, "a");
  EXPECT_EQ(select_scenes(scenes, {}).size(), 3U);
  EXPECT_THROW(select_scenes(scenes, {"d"}), SceneError);
}

TEST(LabScene, TheScenesOfTheLabAreWellFormed) {
  const auto scenes = load_scenes(DANEWATCH_SOURCE_DIR "/tests/lab/scenes.yaml");
  EXPECT_GE(scenes.size(), 20U);
  for (const auto& scene : scenes) EXPECT_FALSE(scene.expect.empty()) << scene.name;
}

}  // namespace
}  // namespace danewatch::lab
