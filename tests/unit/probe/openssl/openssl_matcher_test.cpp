// The matcher's own promises, beyond the rule book: see tests/conformance for the verdicts.
#include "probe/openssl/matcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "probe/openssl/certificate.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const SysTime now{std::chrono::seconds{1767225600}};  // 2026-01-01

pki::CertificateSpec authority_spec(std::string name) {
  pki::CertificateSpec spec;
  spec.common_name = std::move(name);
  spec.ca = true;
  return spec;
}

pki::CertificateSpec host_spec(std::string name) {
  pki::CertificateSpec spec;
  spec.dns_names = {std::move(name)};
  return spec;
}

class MatcherTest : public testing::Test {
 protected:
  MatchResult match(std::vector<TlsaRecord> records) {
    std::vector<Certificate> certificates;
    for (const auto& identity : chain) certificates.push_back(parse_certificate(identity.der));
    MatchQuestion question;
    question.chain = certificates;
    question.records = records;
    question.names = names;
    question.service = service;
    question.at = now;
    return matcher.match(question);
  }

  pki::Identity root = pki::issue(authority_spec("root"));
  pki::Identity middle = pki::issue(authority_spec("middle"), &root);
  pki::Identity leaf = pki::issue(host_spec("mx.example.org"), &middle);
  std::vector<pki::Identity> chain{leaf, middle, root};
  std::vector<std::string> names{"mx.example.org"};
  const Service* service = &smtp_service();
  OpensslMatcher matcher;
};

TEST_F(MatcherTest, TellsWhichRecordMatchedWhere) {
  const auto result = match({pki::unrelated_tlsa(3, 1, 1), pki::tlsa_for(middle, 2, 1, 1)});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::authenticated, Reason::none}));
  EXPECT_EQ(result.match, (MatchedRecord{1, 1, "mx.example.org", false}));
  EXPECT_EQ(result.nearest, std::nullopt);
  EXPECT_THAT(result.cells, ElementsAre(Cell::no_match, Cell::match));
}

TEST_F(MatcherTest, DaneEeNeedsNeitherNameNorDate) {
  const auto result = match({pki::tlsa_for(leaf, 3, 1, 1)});
  EXPECT_EQ(result.match, (MatchedRecord{0, 0, "", false}));
  EXPECT_FALSE(result.date_matters);
  EXPECT_EQ(result.earliest_not_after, std::nullopt);
}

TEST_F(MatcherTest, DatesOfTheBuiltChainMatterForATrustAnchor) {
  auto spec = host_spec("mx.example.org");
  spec.not_after = now + std::chrono::hours{24};
  leaf = pki::issue(spec, &middle);
  chain = {leaf, middle, root};
  const auto result = match({pki::tlsa_for(root, 2, 0, 1)});
  EXPECT_TRUE(result.date_matters);
  EXPECT_EQ(result.earliest_not_after, spec.not_after);
}

// RFC 5280 6.1.1 (d): a trust anchor is a name and a key, and a certificate by which another CA vouches for it is none.
TEST_F(MatcherTest, NobodyLooksAtTheDateOfATrustAnchorThatAnotherCaSigned) {
  auto spec = authority_spec("middle");
  spec.not_after = now - std::chrono::hours{48};
  middle = pki::issue(spec, &root);
  leaf = pki::issue(host_spec("mx.example.org"), &middle);
  const SysTime end = parse_certificate(leaf.der).not_after;
  for (const auto& sent : {std::vector{leaf, middle}, std::vector{leaf, middle, root}}) {
    chain = sent;
    const auto result = match({pki::tlsa_for(middle, 2, 1, 1)});
    EXPECT_EQ(result.conclusion.verdict, Verdict::authenticated);
    EXPECT_TRUE(result.date_matters);
    EXPECT_EQ(result.earliest_not_after, end);
  }
}

TEST_F(MatcherTest, TheDateOfASelfSignedTrustAnchorMatters) {
  auto spec = authority_spec("root");
  spec.not_after = now + std::chrono::hours{24};
  root = pki::issue(spec);
  middle = pki::issue(authority_spec("middle"), &root);
  leaf = pki::issue(host_spec("mx.example.org"), &middle);
  chain = {leaf, middle, root};
  EXPECT_EQ(match({pki::tlsa_for(root, 2, 1, 1)}).earliest_not_after, spec.not_after);
}

TEST_F(MatcherTest, NamesTheRecordsThatShadow) {
  const auto result = match({pki::unrelated_tlsa(3, 1, 2, 1), pki::tlsa_for(leaf, 3, 1, 1),
                             pki::unrelated_tlsa(3, 1, 2, 2), pki::unrelated_tlsa(3, 0, 2)});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::mismatch, Reason::shadowed}));
  EXPECT_THAT(result.cells, ElementsAre(Cell::no_match, Cell::shadowed, Cell::no_match, Cell::no_match));
  EXPECT_THAT(result.shadowed_by, ElementsAre(0, 2));
  ASSERT_TRUE(result.nearest);
  EXPECT_EQ(result.nearest->record, 1U);
}

TEST_F(MatcherTest, AShadowedRecordDoesNotSpoilAnotherGroup) {
  const auto result = match({pki::tlsa_for(leaf, 3, 1, 1), pki::unrelated_tlsa(3, 1, 2), pki::tlsa_for(leaf, 3, 0, 1)});
  EXPECT_EQ(result.conclusion.verdict, Verdict::authenticated);
  EXPECT_THAT(result.cells, ElementsAre(Cell::shadowed, Cell::no_match, Cell::match));
  EXPECT_THAT(result.shadowed_by, ElementsAre(1));
}

TEST_F(MatcherTest, AWeakerDigestBesideARightStrongerOneIsNotShadowed) {
  const auto result = match({pki::tlsa_for(leaf, 3, 1, 1), pki::tlsa_for(leaf, 3, 1, 2)});
  EXPECT_THAT(result.cells, ElementsAre(Cell::match, Cell::match));
  EXPECT_THAT(result.shadowed_by, IsEmpty());
}

TEST_F(MatcherTest, ListsCombinationsWithoutACurrentRecord) {
  const auto result = match({pki::unrelated_tlsa(2, 1, 1, 1), pki::tlsa_for(leaf, 3, 1, 1),
                             pki::unrelated_tlsa(2, 1, 1, 2), pki::unrelated_tlsa(3, 1, 1)});
  EXPECT_EQ(result.conclusion.verdict, Verdict::authenticated);
  EXPECT_THAT(result.incomplete, ElementsAre(0));
}

TEST_F(MatcherTest, AFailedMatchIsTheNearestRecord) {
  names = {"other.example.org"};
  const auto result = match({pki::unrelated_tlsa(3, 1, 1), pki::tlsa_for(root, 2, 0, 1)});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::mismatch, Reason::name}));
  EXPECT_EQ(result.nearest, (MatchedRecord{1, 2, "", false}));
  EXPECT_THAT(result.cells, ElementsAre(Cell::no_match, Cell::no_match));
  EXPECT_EQ(result.error, "hostname mismatch");
}

TEST_F(MatcherTest, EveryComplaintIsTold) {
  auto spec = host_spec("mx.example.org");
  spec.not_after = now - std::chrono::hours{24};
  chain = {pki::issue(spec, &middle), middle, root};
  names = {"other.example.org"};
  const auto result = match({pki::tlsa_for(root, 2, 0, 1)});
  EXPECT_EQ(result.conclusion.reason, Reason::name);
  EXPECT_THAT(result.error, HasSubstr("hostname mismatch"));
  EXPECT_THAT(result.error, HasSubstr("certificate has expired"));
}

TEST_F(MatcherTest, WithoutNamesOnlyDaneEeAuthenticates) {
  for (const auto& none : {std::vector<std::string>{}, {".example.org"}, {""}}) {
    names = none;
    EXPECT_EQ(match({pki::tlsa_for(root, 2, 0, 1)}).conclusion, (Conclusion{Verdict::mismatch, Reason::name}));
    EXPECT_EQ(match({pki::tlsa_for(leaf, 3, 0, 1)}).conclusion.verdict, Verdict::authenticated);
  }
}

TEST_F(MatcherTest, ATrailingDotIsNotPartOfTheName) {
  names = {"mx.example.org."};
  EXPECT_EQ(match({pki::tlsa_for(root, 2, 0, 1)}).conclusion.verdict, Verdict::authenticated);
}

TEST_F(MatcherTest, AnUnreadableLeafIsNoCertificate) {
  chain.front().der.resize(20);
  const auto result = match({pki::tlsa_for(root, 2, 0, 1)});
  EXPECT_EQ(result.conclusion, (Conclusion{Verdict::mismatch, Reason::no_cert}));
  EXPECT_FALSE(result.error.empty());
  EXPECT_THAT(result.cells, ElementsAre(Cell::no_match));
}

TEST_F(MatcherTest, AnUnreadableCertificateFurtherUpIsLeftOut) {
  auto broken = middle;
  broken.der.resize(20);
  chain = {leaf, broken, middle, root};
  const auto result = match({pki::tlsa_for(root, 2, 0, 1)});
  EXPECT_EQ(result.match, (MatchedRecord{0, 2, "mx.example.org", false}));
}

TEST_F(MatcherTest, AKeyTooSmallForLevelOneIsWeakOnlyIfItMatches) {
  leaf = pki::issue(host_spec("mx.example.org"), nullptr, pki::make_key(pki::KeyType::rsa_512));
  chain = {leaf};
  EXPECT_EQ(match({pki::tlsa_for(leaf, 3, 1, 1)}).conclusion, (Conclusion{Verdict::mismatch, Reason::weak}));
  EXPECT_EQ(match({pki::unrelated_tlsa(3, 1, 1)}).conclusion, (Conclusion{Verdict::mismatch, Reason::no_match}));
}

TEST_F(MatcherTest, PublicPkixIsUnknownUnlessAsked) {
  EXPECT_EQ(match({pki::tlsa_for(leaf, 3, 1, 1)}).pkix_ok, std::nullopt);
  // Where DANE does not authenticate it tells a wrong record from a wrong server.
  EXPECT_EQ(match({pki::unrelated_tlsa(3, 1, 1)}).pkix_ok, false);
  EXPECT_EQ(match({}).pkix_ok, false);
  service = find_service("https");
  EXPECT_EQ(match({pki::tlsa_for(leaf, 1, 1, 1)}).pkix_ok, false);
}

std::string temporary_file(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + "danewatch_" + name;
  std::ofstream(path) << text;
  return path;
}

TEST_F(MatcherTest, ACaFileIsTheTrustStore) {
  const std::string path = temporary_file("matcher_ca.pem", pki::certificate_pem(root.der));
  OpensslMatcher with_roots({path, true});
  std::remove(path.c_str());  // read once, not again
  const std::vector<Certificate> certificates{parse_certificate(leaf.der), parse_certificate(middle.der)};
  const std::vector<TlsaRecord> records{pki::tlsa_for(leaf, 1, 1, 1)};
  MatchQuestion question;
  question.chain = certificates;
  question.records = records;
  question.names = names;
  question.service = find_service("https");
  question.at = now;
  const auto result = with_roots.match(question);
  EXPECT_EQ(result.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(result.pkix_ok, true);
  EXPECT_EQ(result.pkix_error, "");
}

TEST_F(MatcherTest, AnUnreadableCaFileIsNamed) {
  const std::string path = temporary_file("matcher_empty.pem", "nothing here\n");
  for (const std::string& file : {path, std::string("/nonexistent/roots.pem")}) {
    try {
      OpensslMatcher broken({file, false});
      ADD_FAILURE() << file;
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(file));
    }
  }
  std::remove(path.c_str());
}

TEST_F(MatcherTest, ThreadsMayShareIt) {
  service = find_service("https");
  std::vector<std::thread> threads;
  std::vector<MatchResult> results(4);
  for (auto& result : results) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) result = match({pki::tlsa_for(leaf, 1, 1, 1), pki::tlsa_for(root, 2, 0, 1)});
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, results.front());
  EXPECT_EQ(results.front().match, (MatchedRecord{1, 2, "mx.example.org", false}));
}

}  // namespace
}  // namespace danewatch
