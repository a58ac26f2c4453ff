// Evidence that was kept in tests/evidence, judged again: every verdict that was ever argued about.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "probe/evidence/coherence.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/openssl/certificate.hpp"
#include "probe/openssl/matcher.hpp"
#include "resolver/unbound/trust_anchor.hpp"
#include "store/bundle/bundle.hpp"

namespace danewatch {
namespace {

using Json = nlohmann::json;

const std::filesystem::path folder = std::filesystem::path(DANEWATCH_SOURCE_DIR) / "tests" / "evidence";

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

Json table() {
  return Json::parse(read(folder / "expected.json"));
}

Bundle bundle_of(const std::string& name) {
  auto bundle = read_bundle(read(folder / (name + ".json")), parse_certificate);
  EXPECT_TRUE(bundle) << name << ": " << bundle.error().message;
  return bundle.value_or(Bundle());
}

bool has(const Report& report, const std::string& code) {
  return std::ranges::find(report.findings, code, &Finding::code) != report.findings.end();
}

TEST(KeptEvidence, IsJudgedAsItWas) {
  const OpensslMatcher matcher;
  const Json all = table();
  for (const auto& [name, expected] : all.items()) {
    SCOPED_TRACE(name);
    const Bundle bundle = bundle_of(name);
    const Report report = judge(bundle.evidence, matcher, bundle.policy);
    EXPECT_EQ(to_string(report.conclusion.verdict), expected["verdict"].get<std::string>());
    const auto reason = expected["reason"];
    EXPECT_EQ(to_string(report.conclusion.reason), reason.is_null() ? "" : reason.get<std::string>());
    EXPECT_EQ(exit_status(report.severity), expected["exit"].get<int>());
    for (const std::string code : expected["findings"]) EXPECT_TRUE(has(report, code)) << code;
    for (const std::string code : expected["absent"]) EXPECT_FALSE(has(report, code)) << code;
  }
}

// What libunbound called secure is so by ldns too, and what is said of the hosts follows from it.
TEST(KeptEvidence, IsProvenByItsSignatures) {
  const Json all = table();
  for (const auto& [name, expected] : all.items()) {
    const Bundle bundle = bundle_of(name);
    const auto anchor = folder / "anchors" / (bundle.made.trust_anchor_sha256 + ".key");
    wire::KeyChain keys(find_trust_anchor(anchor.string()).records);
    keys.learn(bundle.proofs);
    EXPECT_EQ(prove(bundle.evidence, keys).wrong, "") << name;
  }
}

// Whatever is altered in a bundle whose digest is right again: it is authenticated only where it was so before.
TEST(KeptEvidence, NothingBecomesAuthenticatedThatItsSignaturesDoNotProve) {
  const Bundle bundle = bundle_of("bad");
  const auto anchor = folder / "anchors" / (bundle.made.trust_anchor_sha256 + ".key");
  wire::KeyChain keys(find_trust_anchor(anchor.string()).records);
  keys.learn(bundle.proofs);
  Bundle forged = bundle;
  HostFacts& host = forged.evidence.hosts.at(0);
  TlsaRecord& record = host.dns.tlsa.at(0);
  const auto key = from_hex(host.endpoints.at(0).chain.at(0).spki_sha256);
  record = {record.owner, 3, 1, 1, *key, false};
  EXPECT_EQ(judge(forged.evidence, OpensslMatcher(), forged.policy).conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(prove(forged.evidence, keys).wrong, "mx.bad.lab has other records than its answer");
  for (Answer& answer : host.dns.lookups) {
    if (answer.question.type != RrType::tlsa || answer.data.empty()) continue;
    std::get<TlsaRecord>(answer.data.at(0).value) = record;
    answer.received.reset();
  }
  EXPECT_NE(prove(forged.evidence, keys).wrong, "");
}

// What its own answers name may not be left out either: a host that fails, an address, the MX records.
TEST(KeptEvidence, NothingThatItsAnswersNameMayBeLeftOut) {
  const Bundle two = bundle_of("two-mx");
  Bundle forged = two;
  ASSERT_EQ(forged.evidence.hosts.size(), 2U);
  forged.evidence.hosts.pop_back();
  EXPECT_EQ(incoherence(forged.evidence), two.evidence.hosts[1].dns.host + " was left out");

  const Bundle many = bundle_of("one-bad-address");
  forged = many;
  HostFacts& host = forged.evidence.hosts.at(0);
  ASSERT_GT(host.dns.addresses.size(), 1U);
  host.dns.addresses.pop_back();
  host.endpoints.clear();
  EXPECT_EQ(incoherence(forged.evidence), host.dns.host + " has other addresses than its answers");

  forged = bundle_of("no-mx");
  EXPECT_EQ(incoherence(forged.evidence), "");
  std::erase_if(forged.evidence.walk.lookups, [](const Answer& answer) { return answer.question.type == RrType::mx; });
  EXPECT_EQ(incoherence(forged.evidence), "no-mx.lab has MX records, or may have them");
}

TEST(KeptEvidence, ReadAndWrittenAgainItIsTheSame) {
  const Json all = table();
  for (const auto& [name, expected] : all.items()) {
    std::string text = read(folder / (name + ".json"));
    text.pop_back();
    EXPECT_EQ(write_bundle(bundle_of(name)), text) << name;
  }
}

TEST(KeptEvidence, OfAnOrdinaryDomainIsSmall) {
  const Json all = table();
  for (const auto& [name, expected] : all.items()) {
    EXPECT_LE(std::filesystem::file_size(folder / (name + ".json")), 64U << 10) << name;
  }
}

TEST(KeptEvidence, NoFileIsLeftOver) {
  const Json all = table();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& file = entry.path();
    const bool other = file.filename() == "expected.json" || file.extension() != ".json";
    EXPECT_TRUE(other || all.contains(file.stem().string())) << file;
  }
}

}  // namespace
}  // namespace danewatch
