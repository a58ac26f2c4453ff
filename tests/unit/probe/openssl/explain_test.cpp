// What a wrong record turns out to be.
#include "probe/openssl/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "probe/openssl/certificate.hpp"
#include "tests/support/pki.hpp"

namespace danewatch::dane {
namespace {

using testing::Optional;
using enum Explanation::Kind;

pki::Identity issue(std::string name, bool ca, const pki::Identity* issuer, pki::KeyPtr key = nullptr) {
  pki::CertificateSpec spec;
  spec.common_name = std::move(name);
  spec.ca = ca;
  return pki::issue(spec, issuer, std::move(key));
}

std::vector<std::uint8_t> bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

std::string bundle_path() {
  return testing::TempDir() + "explain_test_" + std::to_string(getpid()) + ".pem";
}

std::string bundle_file(const std::vector<pki::Identity>& authorities) {
  const std::string path = bundle_path();
  std::ofstream file(path);
  for (const auto& authority : authorities) file << pki::certificate_pem(authority.der);
  return path;
}

class ExplainTest : public testing::Test {
 protected:
  std::optional<Explanation> explain(const TlsaRecord& record, bool authenticated = false) const {
    std::vector<Certificate> certificates;
    for (const auto& identity : chain) certificates.push_back(parse_certificate(identity.der));
    const SentChain sent(certificates);
    return Explainer(sent, *service, bundle.get()).explain(record, 7, authenticated);
  }

  static Explanation expected(Explanation::Kind kind, int depth, int usage, int selector, int matching_type) {
    return {7, kind, depth, usage, selector, matching_type, ""};
  }

  static TlsaRecord record(int usage, int selector, int matching_type, std::vector<std::uint8_t> data) {
    TlsaRecord result = pki::unrelated_tlsa(usage, selector, matching_type);
    result.data = std::move(data);
    return result;
  }

  void TearDown() override { std::remove(bundle_path().c_str()); }

  pki::Identity root = issue("root", true, nullptr);
  pki::Identity middle = issue("middle", true, &root);
  pki::Identity leaf = issue("leaf", false, &middle);
  pki::Identity stranger = issue("stranger", true, nullptr);
  std::vector<pki::Identity> chain{leaf, middle, root, stranger};
  const Service* service = &smtp_service();
  std::unique_ptr<CaBundle> bundle;
};

TEST_F(ExplainTest, AnUnrelatedDigestStaysUnexplained) {
  for (const int usage : {2, 3}) EXPECT_EQ(explain(pki::unrelated_tlsa(usage, 1, 1)), std::nullopt);
  EXPECT_EQ(explain(pki::tlsa_for(issue("other", true, nullptr), 3, 1, 0)), std::nullopt);
}

TEST_F(ExplainTest, WrongSelectorOfADigest) {
  auto wrong = pki::tlsa_for(leaf, 3, 0, 1);
  wrong.selector = 1;
  EXPECT_THAT(explain(wrong), Optional(expected(other_parameters, 0, 3, 0, 1)));
}

TEST_F(ExplainTest, WrongUsage) {
  EXPECT_THAT(explain(pki::tlsa_for(leaf, 2, 1, 2)), Optional(expected(other_parameters, 0, 3, 1, 2)));
  EXPECT_THAT(explain(pki::tlsa_for(middle, 3, 0, 1)), Optional(expected(other_parameters, 1, 2, 0, 1)));
  EXPECT_THAT(explain(pki::tlsa_for(root, 9, 1, 1)), Optional(expected(other_parameters, 2, 2, 1, 1)));
  EXPECT_THAT(explain(pki::tlsa_for(leaf, 9, 1, 1)), Optional(expected(other_parameters, 0, 3, 1, 1)));
}

TEST_F(ExplainTest, UsageAndSelectorWrongTogether) {
  auto wrong = pki::tlsa_for(middle, 3, 0, 2);
  wrong.selector = 1;
  EXPECT_THAT(explain(wrong), Optional(expected(other_parameters, 1, 2, 0, 2)));
}

TEST_F(ExplainTest, UsagesThatOnlySmtpIgnores) {
  EXPECT_THAT(explain(pki::tlsa_for(leaf, 1, 1, 1)), Optional(expected(other_parameters, 0, 3, 1, 1)));
  EXPECT_THAT(explain(pki::tlsa_for(root, 0, 1, 1)), Optional(expected(other_parameters, 2, 2, 1, 1)));
  service = find_service("https");
  EXPECT_THAT(explain(pki::tlsa_for(leaf, 0, 1, 1)), Optional(expected(other_parameters, 0, 1, 1, 1)));
  EXPECT_THAT(explain(pki::tlsa_for(root, 1, 1, 1)), Optional(expected(other_parameters, 2, 0, 1, 1)));
}

TEST_F(ExplainTest, AKeyInTwoPlacesIsExplainedByTheFittingOne) {
  chain = {issue("self", false, nullptr, root.key), root};
  EXPECT_THAT(explain(pki::tlsa_for(root, 0, 1, 1)), Optional(expected(other_parameters, 1, 2, 1, 1)));
  EXPECT_THAT(explain(pki::tlsa_for(root, 1, 1, 1)), Optional(expected(other_parameters, 0, 3, 1, 1)));
}

TEST_F(ExplainTest, ALeafSentLate) {
  chain = {middle, leaf};
  EXPECT_THAT(explain(pki::tlsa_for(leaf, 3, 1, 1)), Optional(expected(leaf_not_first, 1, 3, 1, 1)));
}

TEST_F(ExplainTest, SentButNotAnIssuer) {
  EXPECT_THAT(explain(pki::tlsa_for(stranger, 2, 0, 1)), Optional(expected(not_an_issuer, 3, 2, 0, 1)));
}

TEST_F(ExplainTest, TheDigestOfNothing) {
  const TlsaRecord record_256 =
      record(3, 1, 1, from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").value());
  EXPECT_THAT(explain(record_256), Optional(expected(hash_of_nothing, 0, 3, 1, 1)));
  EXPECT_THAT(explain(record(3, 1, 2, association_data(2, {}))), Optional(expected(hash_of_nothing, 0, 3, 1, 2)));
}

TEST_F(ExplainTest, HexOfHex) {
  const std::string hex = to_hex(pki::tlsa_for(leaf, 3, 1, 1).data);
  EXPECT_THAT(explain(record(3, 1, 1, bytes(hex))), Optional(expected(hex_of_hex, 0, 3, 1, 1)));
  // 64 hex digits have the very length of a SHA2-512 digest, so the record counts as usable.
  EXPECT_THAT(explain(record(3, 1, 2, bytes(hex))), Optional(expected(hex_of_hex, 0, 3, 1, 1)));
}

TEST_F(ExplainTest, TruncatedDigests) {
  auto cut = pki::tlsa_for(leaf, 3, 1, 1);
  cut.data.resize(31);
  EXPECT_THAT(explain(cut), Optional(expected(truncated_digest, 0, 3, 1, 1)));
  cut = pki::tlsa_for(middle, 2, 0, 2);
  cut.matching_type = 1;
  cut.data.resize(32);  // a SHA2-512 digest cut to the length of the other
  EXPECT_THAT(explain(cut), Optional(expected(truncated_digest, 1, 2, 0, 2)));
  cut.data.resize(7);  // too short to be sure
  EXPECT_NE(explain(cut).value_or(Explanation{}).kind, truncated_digest);
}

TEST_F(ExplainTest, DigestOfThePemText) {
  const std::string pem = pki::certificate_pem(leaf.der);
  EXPECT_THAT(explain(record(3, 0, 1, association_data(1, bytes(pem)))), Optional(expected(pem_text, 0, 3, 0, 1)));
  const std::string stripped = pem.substr(0, pem.size() - 1);
  EXPECT_THAT(explain(record(3, 0, 2, association_data(2, bytes(stripped)))), Optional(expected(pem_text, 0, 3, 0, 2)));
  EXPECT_THAT(explain(record(3, 0, 0, bytes(pem))), Optional(expected(pem_text, 0, 3, 0, 0)));
}

TEST_F(ExplainTest, LengthOfTheOtherDigest) {
  EXPECT_THAT(explain(record(3, 1, 1, pki::unrelated_tlsa(3, 1, 2).data)),
              Optional(expected(other_digest_length, 0, 3, 1, 2)));
  EXPECT_THAT(explain(record(2, 1, 2, pki::tlsa_for(middle, 2, 0, 1).data)),
              Optional(expected(other_digest_length, 1, 2, 0, 1)));
}

TEST_F(ExplainTest, ADigestWhereTheWholeWasAnnounced) {
  EXPECT_THAT(explain(record(3, 1, 0, pki::unrelated_tlsa(3, 1, 1).data)),
              Optional(expected(digest_as_full, 0, 3, 1, 1)));
}

TEST_F(ExplainTest, CertificateAndKeyMixedUp) {
  EXPECT_THAT(explain(record(3, 1, 0, stranger.der)), Optional(expected(wrong_selector, 0, 3, 0, 0)));
  EXPECT_THAT(explain(record(3, 0, 0, pki::spki_der(stranger))), Optional(expected(wrong_selector, 0, 3, 1, 0)));
}

TEST_F(ExplainTest, ARenewedCertificateWithTheSameKey) {
  const auto old = issue("leaf", false, &middle, leaf.key);
  EXPECT_THAT(explain(pki::tlsa_for(old, 3, 0, 0)), Optional(expected(same_key_renewed, 0, 3, 0, 0)));
  EXPECT_EQ(explain(pki::tlsa_for(old, 3, 0, 1)), std::nullopt);  // a digest does not show the key
}

TEST_F(ExplainTest, ATrustAnchorThatMayNotHaveBeenSent) {
  chain = {leaf, middle};
  EXPECT_THAT(explain(pki::tlsa_for(root, 2, 1, 1)), Optional(expected(ta_not_sent, 1, 2, 1, 1)));
  EXPECT_EQ(explain(pki::tlsa_for(root, 2, 1, 1), true), std::nullopt);  // nobody needs it
  EXPECT_EQ(explain(pki::tlsa_for(root, 3, 1, 1)), std::nullopt);
  chain = {leaf, middle, root};
  EXPECT_EQ(explain(pki::unrelated_tlsa(2, 1, 1)), std::nullopt);  // the chain is complete
}

TEST_F(ExplainTest, TheBundleNamesAnAuthorityThatWasNotSent) {
  bundle = std::make_unique<CaBundle>(bundle_file({stranger, root}));
  chain = {leaf, middle};
  auto named = expected(ta_not_sent, 1, 2, 1, 1);
  named.authority = "CN=root";
  EXPECT_THAT(explain(pki::tlsa_for(root, 2, 1, 1)), Optional(named));
  named.selector = 0;
  named.matching_type = 2;
  EXPECT_THAT(explain(pki::tlsa_for(root, 2, 0, 2)), Optional(named));
  EXPECT_EQ(explain(pki::tlsa_for(root, 2, 1, 1), true), std::nullopt);
  EXPECT_THAT(explain(pki::unrelated_tlsa(2, 1, 1)), Optional(expected(ta_not_sent, 1, 2, 1, 1)));  // unknown here too
}

TEST_F(ExplainTest, TheBundleNamesAnAuthorityThatSignedNothingHere) {
  bundle = std::make_unique<CaBundle>(bundle_file({root, stranger}));
  chain = {leaf, middle, root};
  auto named = expected(other_authority, 0, 2, 0, 1);
  named.authority = "CN=stranger";
  EXPECT_THAT(explain(pki::tlsa_for(stranger, 2, 0, 1)), Optional(named));
  EXPECT_THAT(explain(pki::tlsa_for(stranger, 2, 0, 1), true), Optional(named));  // a left-over is still one
  EXPECT_EQ(explain(pki::tlsa_for(stranger, 3, 0, 1)), std::nullopt);
  bundle = std::make_unique<CaBundle>("/nonexistent/bundle.pem");
  EXPECT_EQ(explain(pki::tlsa_for(stranger, 2, 0, 1)), std::nullopt);
}

TEST_F(ExplainTest, CertificatesThatIssueEachOtherDoNotLoop) {
  const auto first = issue("first", true, nullptr);
  const auto second = issue("second", true, &first);
  const auto first_again = issue("first", true, &second, first.key);
  chain = {issue("leaf", false, &first), first_again, second};
  EXPECT_EQ(explain(pki::unrelated_tlsa(2, 1, 1)), std::nullopt);
}

TEST_F(ExplainTest, MalformedRecordsAreLeftAlone) {
  TlsaRecord malformed = tlsa_from_rdata("", std::vector<std::uint8_t>{3, 1});
  EXPECT_EQ(explain(malformed), std::nullopt);
  EXPECT_EQ(explain(record(3, 1, 1, {})), std::nullopt);
  EXPECT_EQ(explain(record(3, 0, 0, {})), std::nullopt);
}

}  // namespace
}  // namespace danewatch::dane
