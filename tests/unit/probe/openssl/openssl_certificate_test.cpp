#include "probe/openssl/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "resolver/dns/tlsa.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

pki::CertificateSpec spec_named(std::string name) {
  pki::CertificateSpec spec;
  spec.common_name = name;
  spec.dns_names = {std::move(name)};
  return spec;
}

pki::Identity identity(pki::KeyType type) {
  return pki::issue(spec_named("mx1.example.org"), nullptr, pki::make_key(type));
}

std::string hex_of(const TlsaRecord& record) {
  return to_hex(record.data);
}

TEST(ParseCertificate, FillsInEveryField) {
  pki::CertificateSpec root_spec = spec_named("Example Root");
  root_spec.ca = true;
  const pki::Identity root = pki::issue(root_spec);
  pki::CertificateSpec spec = spec_named("mx1.example.org");
  spec.dns_names = {"mx1.example.org", "*.example.org"};
  const pki::Identity leaf = pki::issue(spec, &root);
  const Certificate parsed = parse_certificate(leaf.der);
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.der, leaf.der);
  EXPECT_EQ(parsed.subject, "CN=mx1.example.org");
  EXPECT_EQ(parsed.issuer, "CN=Example Root");
  EXPECT_EQ(parsed.subject_cn, "mx1.example.org");
  EXPECT_EQ(parsed.issuer_cn, "Example Root");
  EXPECT_EQ(parsed.not_before, spec.not_before);
  EXPECT_EQ(parsed.not_after, spec.not_after);
  EXPECT_EQ(parsed.sha256, hex_of(pki::tlsa_for(leaf, 3, 0, 1)));
  EXPECT_EQ(parsed.spki_sha256, hex_of(pki::tlsa_for(leaf, 3, 1, 1)));
  EXPECT_THAT(parsed.names, testing::ElementsAre("mx1.example.org", "*.example.org"));
  EXPECT_EQ(parsed.key, "ecdsa-p256");
  EXPECT_FALSE(parsed.serial.empty());
}

TEST(ParseCertificate, NamesTheKey) {
  EXPECT_EQ(parse_certificate(identity(pki::KeyType::ecdsa_p384).der).key, "ecdsa-p384");
  EXPECT_EQ(parse_certificate(identity(pki::KeyType::rsa_1024).der).key, "rsa-1024");
  EXPECT_EQ(parse_certificate(identity(pki::KeyType::rsa_2048).der).key, "rsa-2048");
  EXPECT_EQ(parse_certificate(identity(pki::KeyType::ed25519).der).key, "ed25519");
}

TEST(ParseCertificate, OnlyDnsNamesAreNames) {
  pki::CertificateSpec spec = spec_named("mx1.example.org");
  spec.emails = {"postmaster@example.org"};
  spec.ips = {"192.0.2.1"};
  EXPECT_THAT(parse_certificate(pki::issue(spec).der).names, testing::ElementsAre("mx1.example.org"));
}

TEST(ParseCertificate, VersionOneHasNoNames) {
  pki::CertificateSpec spec = spec_named("mx1.example.org");
  spec.version1 = true;
  const Certificate parsed = parse_certificate(pki::issue(spec).der);
  EXPECT_EQ(parsed.error, "");
  EXPECT_THAT(parsed.names, IsEmpty());
}

TEST(ParseCertificate, KeepsAtMostAHundredNames) {
  pki::CertificateSpec spec = spec_named("mx1.example.org");
  spec.dns_names.clear();
  for (int i = 0; i < 250; ++i) spec.dns_names.push_back("h" + std::to_string(i) + ".example.org");
  const Certificate parsed = parse_certificate(pki::issue(spec).der);
  ASSERT_EQ(parsed.names.size(), 100U);
  EXPECT_EQ(parsed.names.back(), "h99.example.org");
}

TEST(ParseCertificate, CutsAnOverlongName) {
  pki::CertificateSpec spec = spec_named("mx1.example.org");
  spec.dns_names = {std::string(5000, 'a')};
  EXPECT_THAT(parse_certificate(pki::issue(spec).der).names, testing::ElementsAre(std::string(255, 'a')));
}

TEST(ParseCertificate, EscapesWhatRfc2253Escapes) {
  const Certificate parsed = parse_certificate(pki::issue(spec_named("a,b+c\nd")).der);
  EXPECT_EQ(parsed.subject, "CN=a\\,b\\+c\\0Ad");
  EXPECT_EQ(parsed.subject_cn, "a,b+c\nd");
}

// Found by fuzzing (tests/fuzz/corpus/certificate_fuzz/unused-bits): OpenSSL clears bits that a signature's BIT STRING
// calls unused, so the octets of such a certificate are those that it writes, and they stay so.
TEST(ParseCertificate, UnusedBitsOfASignatureAreReadAsOpensslWritesThem) {
  std::vector<std::uint8_t> der = identity(pki::KeyType::ed25519).der;
  constexpr std::size_t signature = 64;
  ASSERT_EQ(der[der.size() - signature - 1], 0) << "unused bits";
  der[der.size() - signature - 1] = 7;
  der.back() |= 0x7fU;
  const Certificate parsed = parse_certificate(der);
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.der.back() & 0x7fU, 0U);
  EXPECT_EQ(parse_certificate(parsed.der), parsed);
}

TEST(ParseCertificate, GarbageBecomesAnErrorWithItsDigest) {
  const std::vector<std::uint8_t> garbage{1, 2, 3};
  const Certificate parsed = parse_certificate(garbage);
  EXPECT_EQ(parsed.error, "not a DER certificate");
  EXPECT_EQ(parsed.der, garbage);
  EXPECT_EQ(parsed.sha256, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
  EXPECT_EQ(parsed.spki_sha256, "");
  EXPECT_EQ(parse_certificate({}).error, "not a DER certificate");
}

TEST(ParseCertificate, OctetsAfterTheEndAreAnError) {
  std::vector<std::uint8_t> der = identity(pki::KeyType::ecdsa_p256).der;
  der.push_back(0);
  EXPECT_EQ(parse_certificate(der).error, "bytes follow the end of the certificate");
}

TEST(ParseCertificate, SurvivesEveryTruncation) {
  const std::vector<std::uint8_t> der = identity(pki::KeyType::ecdsa_p256).der;
  for (std::size_t size = 0; size < der.size(); ++size) {
    const std::vector<std::uint8_t> cut(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(parse_certificate(cut).error, "") << size;
  }
}

TEST(ParseCertificate, SurvivesFlippedOctets) {
  const std::vector<std::uint8_t> der = identity(pki::KeyType::ecdsa_p256).der;
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::uint8_t> bad = der;
    for (int i = 0; i < 3; ++i) bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
    const Certificate parsed = parse_certificate(bad);
    EXPECT_EQ(parsed.sha256.size(), 64U);
  }
}

TEST(ParsePemChain, KeepsTheOrderAndSkipsKeysAndComments) {
  const pki::Identity first = pki::issue(spec_named("first"));
  const pki::Identity second = pki::issue(spec_named("second"));
  const std::string pem = "# my chain\n" + pki::key_pem(*first.key) + pki::certificate_pem(first.der) +
                          "subject=second\r\n" + pki::certificate_pem(second.der);
  const auto chain = parse_pem_chain(pem);
  ASSERT_TRUE(chain.has_value()) << chain.error().message;
  ASSERT_EQ(chain->size(), 2U);
  EXPECT_EQ(chain->at(0).der, first.der);
  EXPECT_EQ(chain->at(1).der, second.der);
}

TEST(ParsePemChain, AcceptsWindowsLineEndsAndAMissingLastLineEnd) {
  const pki::Identity one = pki::issue(spec_named("one"));
  std::string dos;
  for (const char c : pki::certificate_pem(one.der)) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  dos.resize(dos.size() - 2);
  const auto chain = parse_pem_chain(dos);
  ASSERT_TRUE(chain.has_value()) << chain.error().message;
  EXPECT_EQ(chain->front().der, one.der);
}

std::string chain_error(std::string_view pem) {
  const auto chain = parse_pem_chain(pem);
  return chain ? "" : chain.error().message;
}

TEST(ParsePemChain, SaysWhatTheFileHoldsInstead) {
  EXPECT_EQ(chain_error(""), "no PEM block: the file is empty");
  EXPECT_EQ(chain_error("hello\n"), "no PEM block");
  EXPECT_EQ(chain_error(pki::key_pem(*pki::make_key())), "holds a private key but no certificate");
  EXPECT_EQ(chain_error("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"),
            "holds a public key but no certificate");
  EXPECT_EQ(chain_error("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n"),
            "holds a certificate request but no certificate");
  const auto der = identity(pki::KeyType::rsa_2048).der;
  EXPECT_EQ(chain_error(std::string(der.begin(), der.end())),
            "this looks like DER, but is not a certificate, request or key that can be read");
}

TEST(ParsePemChain, SaysWhichCertificateIsBrokenAndWhere) {
  const std::string good = pki::certificate_pem(pki::issue(spec_named("good")).der);
  const auto broken = parse_pem_chain(good + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().message, "certificate 2 does not decode");
  EXPECT_EQ(broken.error().position, good.size());
  EXPECT_EQ(chain_error(good.substr(0, good.size() / 2)), "certificate 1 has no END line");
  EXPECT_EQ(chain_error("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            "certificate 1 does not decode");
}

TEST(ParsePemChain, RefusesMoreThanAHundred) {
  const std::string one = pki::certificate_pem(pki::issue(spec_named("one")).der);
  std::string many;
  for (int i = 0; i < 100; ++i) many += one;
  EXPECT_EQ(chain_error(many), "");
  EXPECT_EQ(chain_error(many + one), "more than 100 certificates");
}

TEST(SpkiFromPem, IsTheSameForCertificateAndPrivateKey) {
  for (const auto type : {pki::KeyType::ecdsa_p256, pki::KeyType::rsa_2048, pki::KeyType::ed25519}) {
    const pki::Identity one = identity(type);
    const auto from_certificate = spki_from_pem(pki::certificate_pem(one.der));
    const auto from_key = spki_from_pem(pki::key_pem(*one.key));
    ASSERT_TRUE(from_certificate.has_value());
    ASSERT_TRUE(from_key.has_value()) << from_key.error().message;
    EXPECT_EQ(*from_certificate, pki::spki_der(one));
    EXPECT_EQ(*from_key, pki::spki_der(one));
    EXPECT_EQ(spki_from_certificate(parse_certificate(one.der)).value(), pki::spki_der(one));
  }
}

TEST(SpkiFromPem, ReadsAPublicKey) {
  // RFC 8410 10.1, with its SubjectPublicKeyInfo.
  const auto spki = spki_from_pem(
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n");
  ASSERT_TRUE(spki.has_value()) << spki.error().message;
  EXPECT_EQ(to_hex(*spki), "302a300506032b657003210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1");
}

TEST(SpkiFromPem, NeverAsksForAPassPhrase) {
  const auto spki = spki_from_pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
  ASSERT_FALSE(spki.has_value());
  EXPECT_THAT(spki.error().message, HasSubstr("the private key is encrypted"));
  const auto old = spki_from_pem(
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
      "-----END RSA PRIVATE KEY-----\n");
  ASSERT_FALSE(old.has_value());
  EXPECT_THAT(old.error().message, HasSubstr("the private key is encrypted"));
}

TEST(SpkiFromPem, SaysWhatIsWrong) {
  EXPECT_EQ(spki_from_pem("x").error().message, "no PEM block");
  EXPECT_EQ(spki_from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").error().message,
            "the private key does not decode");
  EXPECT_EQ(spki_from_pem("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n").error().message,
            "this is a revocation list, which holds no certificate");
}

TEST(AssociationData, IsTheBytesOrTheirDigest) {
  const std::vector<std::uint8_t> abc{'a', 'b', 'c'};
  EXPECT_EQ(association_data(0, abc), abc);
  EXPECT_EQ(to_hex(association_data(1, abc)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(association_data(2, abc)),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_TRUE(association_data(3, abc).empty());
}

}  // namespace
}  // namespace danewatch
