// The test certificates are what they claim to be: everything else leans on them.
#include "tests/support/pki.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace danewatch::pki {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using X509Ptr = std::unique_ptr<X509, Free>;

X509Ptr decode(const Identity& identity) {
  const unsigned char* in = identity.der.data();
  return X509Ptr(d2i_X509(nullptr, &in, static_cast<long>(identity.der.size())));
}

CertificateSpec authority(std::string name) {
  CertificateSpec spec;
  spec.common_name = std::move(name);
  spec.ca = true;
  return spec;
}

CertificateSpec host(std::string name) {
  CertificateSpec spec;
  spec.dns_names = {std::move(name)};
  return spec;
}

int verify_signature(const Identity& certificate, const Identity& issuer) {
  const X509Ptr child = decode(certificate);
  const X509Ptr parent = decode(issuer);
  return X509_verify(child.get(), X509_get0_pubkey(parent.get()));
}

TEST(Pki, AChainIsSignedLinkByLink) {
  const Identity root = issue(authority("root"));
  const Identity middle = issue(authority("middle"), &root);
  const Identity leaf = issue(host("mx.example.org"), &middle);
  EXPECT_EQ(verify_signature(root, root), 1);
  EXPECT_EQ(verify_signature(middle, root), 1);
  EXPECT_EQ(verify_signature(leaf, middle), 1);
  EXPECT_NE(verify_signature(leaf, root), 1);
  EXPECT_EQ(X509_check_issued(decode(middle).get(), decode(leaf).get()), X509_V_OK);
  EXPECT_EQ(X509_check_host(decode(leaf).get(), "mx.example.org", 0, 0, nullptr), 1);
}

TEST(Pki, EveryKeyTypeSignsAndReadsBack) {
  for (const KeyType type :
       {KeyType::ecdsa_p256, KeyType::ecdsa_p384, KeyType::ed25519, KeyType::rsa_1024, KeyType::rsa_2048}) {
    const Identity identity = issue(host("h.example"), nullptr, make_key(type));
    EXPECT_EQ(verify_signature(identity, identity), 1) << static_cast<int>(type);
    const std::string pem = key_pem(*identity.key);
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, Free> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(key);
    EXPECT_EQ(X509_check_private_key(decode(identity).get(), key.get()), 1);
  }
}

TEST(Pki, DefectsAreInTheCertificate) {
  CertificateSpec spec = authority("odd");
  spec.basic_constraints = false;
  spec.key_cert_sign = false;
  spec.key_ids = false;
  spec.sha1 = true;
  const X509Ptr odd = decode(issue(spec));
  EXPECT_LT(X509_get_ext_by_NID(odd.get(), NID_basic_constraints, -1), 0);
  EXPECT_EQ(X509_get_key_usage(odd.get()) & KU_KEY_CERT_SIGN, 0U);
  EXPECT_EQ(X509_get0_subject_key_id(odd.get()), nullptr);
  EXPECT_EQ(X509_get_signature_nid(odd.get()), NID_ecdsa_with_SHA1);

  CertificateSpec limited = authority("limited");
  limited.path_length = 0;
  limited.excluded_dns = "example.org";
  const X509Ptr constrained = decode(issue(limited));
  EXPECT_EQ(X509_get_pathlen(constrained.get()), 0);
  EXPECT_GE(X509_get_ext_by_NID(constrained.get(), NID_name_constraints, -1), 0);

  CertificateSpec old = authority("old");
  old.version1 = true;
  EXPECT_EQ(X509_get_version(decode(issue(old)).get()), X509_VERSION_1);
}

TEST(Pki, AllKindsOfNamesAreThere) {
  CertificateSpec spec = host("a.example");
  spec.emails = {"post@a.example"};
  spec.ips = {"192.0.2.1", "2001:db8::1"};
  spec.srv_names = {"_imap.a.example"};
  const X509Ptr certificate = decode(issue(spec));
  EXPECT_EQ(X509_check_email(certificate.get(), "post@a.example", 0, 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "192.0.2.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "2001:db8::1", 0), 1);
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr));
  EXPECT_EQ(sk_GENERAL_NAME_num(names), 5);
  GENERAL_NAMES_free(names);
}

TEST(Pki, DatesAreThoseAskedFor) {
  CertificateSpec spec = host("a.example");
  spec.not_before = SysTime{std::chrono::seconds{1000000000}};
  spec.not_after = SysTime{std::chrono::seconds{1000003600}};
  const X509Ptr certificate = decode(issue(spec));
  time_t inside = 1000000001;
  time_t after = 1000003601;
  EXPECT_LT(X509_cmp_time(X509_get0_notBefore(certificate.get()), &inside), 0);
  EXPECT_GT(X509_cmp_time(X509_get0_notAfter(certificate.get()), &inside), 0);
  EXPECT_LT(X509_cmp_time(X509_get0_notAfter(certificate.get()), &after), 0);
}

TEST(Pki, RecordsFollowKeyAndCertificate) {
  const Identity leaf = issue(host("a.example"));
  const Identity renewed = issue(host("a.example"), nullptr, leaf.key);
  EXPECT_EQ(tlsa_for(leaf, 3, 1, 1), tlsa_for(renewed, 3, 1, 1));
  EXPECT_NE(tlsa_for(leaf, 3, 0, 1), tlsa_for(renewed, 3, 0, 1));
  EXPECT_EQ(tlsa_for(leaf, 3, 0, 0).data, leaf.der);
  EXPECT_EQ(tlsa_for(leaf, 2, 1, 0).data, spki_der(leaf));
  EXPECT_EQ(tlsa_for(leaf, 3, 1, 2).data.size(), 64U);
  EXPECT_NE(unrelated_tlsa(3, 1, 1, 0), unrelated_tlsa(3, 1, 1, 1));
}

TEST(Pki, PemHoldsTheCertificate) {
  const Identity leaf = issue(host("a.example"));
  const std::string pem = certificate_pem(leaf.der);
  EXPECT_TRUE(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Ptr read(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ASSERT_TRUE(read);
  EXPECT_EQ(X509_cmp(read.get(), decode(leaf).get()), 0);
}

}  // namespace
}  // namespace danewatch::pki
