#include "probe/openssl/certificate_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "resolver/dns/tlsa.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

pki::CertificateSpec spec(const std::string& name, bool ca) {
  pki::CertificateSpec result;
  result.common_name = name;
  result.ca = ca;
  return result;
}

struct Family {
  pki::Identity root = pki::issue(spec("Root", true));
  pki::Identity middle = pki::issue(spec("Middle", true), &root);
  pki::Identity leaf = pki::issue(spec("leaf", false), &middle);
  pki::Identity stranger = pki::issue(spec("stranger", false));
};

std::string file_of(const std::vector<pki::Identity>& identities) {
  std::string file;
  for (const auto& each : identities) file += pki::certificate_pem(each.der);
  return file;
}

std::vector<std::string> names(const ChainFile& file) {
  std::vector<std::string> result;
  for (const Certificate& certificate : file.chain) result.push_back(certificate.subject_cn);
  return result;
}

TEST(ReadChain, AFileInOrderIsTakenAsItIs) {
  const Family f;
  for (const auto& identities : std::vector<std::vector<pki::Identity>>{{f.leaf},
                                                                        {f.leaf, f.middle},
                                                                        {f.leaf, f.middle, f.root},
                                                                        {f.leaf, f.root, f.middle},
                                                                        {f.leaf, f.stranger},
                                                                        {f.root},
                                                                        {f.leaf, f.leaf}}) {
    const auto file = read_chain(file_of(identities));
    ASSERT_TRUE(file.has_value());
    EXPECT_EQ(file->remark, "");
    for (std::size_t i = 0; i < identities.size(); ++i) EXPECT_EQ(file->chain[i].der, identities[i].der);
  }
}

TEST(ReadChain, AFileUpsideDownIsTurnedAndSaidSo) {
  const Family f;
  const auto two = read_chain(file_of({f.middle, f.leaf})).value();
  EXPECT_THAT(names(two), testing::ElementsAre("leaf", "Middle"));
  EXPECT_EQ(two.remark,
            "certificate 1 (Middle) signed certificate 2 (leaf), so the file is in the wrong order; certificate 2 "
            "(leaf) is taken as the server's own");
  EXPECT_THAT(names(read_chain(file_of({f.root, f.middle, f.leaf})).value()),
              testing::ElementsAre("leaf", "Middle", "Root"));
  EXPECT_THAT(names(read_chain(file_of({f.middle, f.root, f.leaf})).value()),
              testing::ElementsAre("leaf", "Middle", "Root"));
}

// Names may be the same, or lie: the signature tells.
TEST(ReadChain, TheOrderIsTheSignaturesNotTheNames) {
  const pki::Identity root = pki::issue(spec("same", true));
  const pki::Identity leaf = pki::issue(spec("same", false), &root);
  const auto turned = read_chain(file_of({root, leaf})).value();
  EXPECT_EQ(turned.chain.front().der, leaf.der);
  EXPECT_NE(turned.remark, "");
}

TEST(ReadChain, WhereSeveralCouldBeTheServersItIsRefused) {
  const Family f;
  const pki::Identity other = pki::issue(spec("other", false), &f.middle);
  const auto file = read_chain(file_of({f.middle, f.leaf, other}));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message,
            "certificate 1 (Middle) signed certificate 2 (leaf): put the server's own certificate first");
  const auto gap = read_chain(file_of({f.root, f.leaf}));
  ASSERT_FALSE(gap.has_value());
  EXPECT_THAT(gap.error().message, HasSubstr("put the server's own certificate first"));
}

TEST(ReadChain, DerIsReadToo) {
  const Family f;
  const std::string der(f.leaf.der.begin(), f.leaf.der.end());
  EXPECT_EQ(read_chain(der).value().chain.front().der, f.leaf.der);
  EXPECT_EQ(read_key(der).value().spki, pki::spki_der(f.leaf));
}

constexpr auto key_digest = "45ef9a6c42dffbf5f72de1999d0930b0e1d05f25f55e44b272cbbaf09c94a38b";

constexpr auto request =
    "-----BEGIN CERTIFICATE REQUEST-----\n"
    "MIHTMHsCAQAwGTEXMBUGA1UEAwwObXguZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIB\n"
    "BggqhkjOPQMBBwNCAAS/yalCvMsAL9B43TYm8ulUA+I3L9R5dxFLhhFaeDWtugc3\n"
    "qQMP4Iu3xAfZ0u3Y4ehHWTK7aVX3jiT8UDSkAYyVoAAwCgYIKoZIzj0EAwIDSAAw\n"
    "RQIgOxw81sQWgN9mBSo9GDggDehhFjIGQecHB/nO7SbcIXQCIQC00GTWQJ83P46j\n"
    "Zchgsc31htsTFHxf1TEl4bHFbxEZ7A==\n"
    "-----END CERTIFICATE REQUEST-----\n";

std::string digest_of(std::string_view content) {
  const auto key = read_key(content);
  return key ? to_hex(association_data(1, key->spki)) : key.error().message;
}

TEST(ReadKey, ARequestHoldsTheKeyBeforeThereIsACertificate) {
  EXPECT_EQ(digest_of(request), key_digest);
  EXPECT_EQ(read_chain(request).error().message, "holds a certificate request but no certificate");
}

// Two keys' worth of records would be made of one file.
TEST(ReadKey, AKeyBesideAnotherKeysCertificateIsRefused) {
  const Family f;
  const std::string certificate = pki::certificate_pem(f.leaf.der);
  const std::string own = pki::key_pem(*f.leaf.key) + certificate;
  const std::string others = certificate + pki::key_pem(*pki::make_key());
  EXPECT_EQ(read_key(own).value().spki, pki::spki_der(f.leaf));
  EXPECT_EQ(read_chain(own).value().chain.size(), 1U);
  constexpr auto sentence = "its private key does not belong to its certificate: give one of the two alone";
  for (const auto& message : {read_key(others).error().message, read_chain(others).error().message})
    EXPECT_EQ(message, sentence);
  EXPECT_TRUE(read_chain(others + pki::key_pem(*f.leaf.key))) << "one of the two fits";
}

TEST(ReadKey, IndentedPemIsRead) {
  const Family f;
  std::string text = "tls.crt: |\n";
  std::istringstream lines(pki::certificate_pem(f.leaf.der));
  for (std::string line; std::getline(lines, line);) text += "  \t" + line + "\n";
  EXPECT_EQ(read_key(text).value().spki, pki::spki_der(f.leaf));
  EXPECT_EQ(read_chain(text).value().chain.front().der, f.leaf.der);
}

TEST(ReadKey, BareBase64IsNamed) {
  const Family f;
  const std::string pem = pki::certificate_pem(f.leaf.der);
  const std::string bare = pem.substr(pem.find('\n') + 1, 200);
  EXPECT_THAT(read_key(bare).error().message, HasSubstr("base64 without its BEGIN and END lines"));
  EXPECT_THAT(read_chain(bare).error().message, HasSubstr("base64 -d FILE >FILE.der"));
  EXPECT_THAT(read_chain("LS0tLS1CRUdJTiBDRVJU").error().message, HasSubstr("PEM in base64 once more"));
}

TEST(ReadKey, TheBareRsaKeyIsRead) {
  EXPECT_EQ(digest_of("-----BEGIN RSA PUBLIC KEY-----\n"
                      "MEgCQQDmolC46nzKoFWt19YtXy6HI1K5RHXjVkdoCdnhApjFzUQdE+3knalrmLhs\n"
                      "GAj8q/suB7CEiRfVwDvyIwXsR6yxAgMBAAE=\n"
                      "-----END RSA PUBLIC KEY-----\n"),
            "4a40857b983af7cade8e26e75e615d158a917ff1baac3db7a3908634ab6ed21d");
}

TEST(ReadKey, ADerKeyIsRead) {
  const pki::Identity one = pki::issue(spec("one", false));
  const auto spki = pki::spki_der(one);
  EXPECT_EQ(read_key(std::string(spki.begin(), spki.end())).value().spki, spki);
}

TEST(ReadKey, AChainUpsideDownGivesTheLeafsKey) {
  const Family f;
  const auto key = read_key(file_of({f.middle, f.leaf})).value();
  EXPECT_EQ(key.spki, pki::spki_der(f.leaf));
  EXPECT_NE(key.remark, "");
}

TEST(ReadKey, OtherFormsComeWithTheCommandThatConvertsThem) {
  using namespace std::string_literals;
  const std::string pkcs12 =
      "\x30\x82\x04\x1c\x02\x01\x03\x30\x82\x03\xd2\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"s;
  const std::string pkcs7 = "\x30\x82\x01\xb7\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x82"s;
  const std::string encrypted = "\x30\x81\xec\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30\x4a"s;
  const std::vector<std::pair<std::string, std::string>> table{
      {"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "ssh-keygen -e -m PKCS8 -f"},
      {"ssh-ed25519 AAAAC3Nz root@mx", "ssh-keygen -e -m PKCS8 -f"},
      {"PuTTY-User-Key-File-3: ssh-rsa", "puttygen"},
      {"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", "openssl pkcs7 -in FILE -print_certs"},
      {pkcs7, "openssl pkcs7 -inform DER"},
      {pkcs12, "openssl pkcs12 -in FILE -nokeys"},
      {encrypted, "openssl pkey -in FILE -pubout"},
      {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "openssl pkey -in"},
      {"\xfe\xed\xfe\xed\x00\x00\x00\x02"s, "keytool -list -rfc"},
      {"\xff\xfe-\0-\0"s, "iconv -f UTF-16"},
      {"", "the file is empty"},
  };
  for (const auto& [content, command] : table) {
    const auto key = read_key(content);
    ASSERT_FALSE(key.has_value()) << command;
    EXPECT_THAT(key.error().message, HasSubstr(command));
  }
  EXPECT_THAT(read_chain(pkcs12).error().message, StartsWith("this is PKCS#12"));
}

}  // namespace
}  // namespace danewatch
