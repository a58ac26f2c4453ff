#include "tests/support/zone_signer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::zones {
namespace {
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::time_t in_2026 = 1767225600;

ldns_rr_list* borrow(const ldns_dnssec_rrs* records) {
  ldns_rr_list* list = ldns_rr_list_new();
  for (; records; records = records->next) ldns_rr_list_push_rr(list, records->rr);
  return list;
}

ldns_status verify_rrset(const ldns_dnssec_rrs* records, const ldns_dnssec_rrs* signatures, const ldns_rr_list* keys,
                         std::time_t at) {
  ldns_rr_list* record_list = borrow(records);
  ldns_rr_list* signature_list = borrow(signatures);
  const auto status = ldns_verify_time(record_list, signature_list, keys, at, nullptr);
  ldns_rr_list_free(record_list);
  ldns_rr_list_free(signature_list);
  return status;
}

// Every RRset of a name but the NS records of a delegation, and its NSEC or NSEC3, must verify.
ldns_status verify_name(const ldns_dnssec_name* name, bool apex, const ldns_rr_list* keys, std::time_t at) {
  if (ldns_dnssec_name_is_glue(name)) return LDNS_STATUS_OK;
  ldns_status status = LDNS_STATUS_OK;
  for (const auto* rrset = name->rrsets; rrset; rrset = rrset->next) {
    if (rrset->type == LDNS_RR_TYPE_NS && !apex) continue;
    const auto one = verify_rrset(rrset->rrs, rrset->signatures, keys, at);
    if (one != LDNS_STATUS_OK) status = one;
  }
  if (!name->nsec) return name->rrsets ? LDNS_STATUS_DNSSEC_NSEC_RR_NOT_COVERED : status;
  const ldns_dnssec_rrs nsec{name->nsec, nullptr};
  const auto denial = verify_rrset(&nsec, name->nsec_signatures, keys, at);
  return denial != LDNS_STATUS_OK ? denial : status;
}

// What a validator holding the zone's own key says about the whole zone, denials included.
ldns_status verify(const SignedZone& made, std::time_t at = in_2026) {
  std::FILE* file = fmemopen(const_cast<char*>(made.text.data()), made.text.size(), "r");
  ldns_dnssec_zone* zone = nullptr;
  auto status = ldns_dnssec_zone_new_frm_fp(&zone, file, nullptr, 3600, LDNS_RR_CLASS_IN);
  std::fclose(file);
  if (status != LDNS_STATUS_OK) return status;
  ldns_rr* key = nullptr;
  status = ldns_rr_new_frm_str(&key, made.dnskey_records.at(0).c_str(), 0, nullptr, nullptr);
  ldns_rr_list* keys = ldns_rr_list_new();
  ldns_rr_list_push_rr(keys, key);
  ldns_dnssec_zone_mark_glue(zone);
  for (auto* node = ldns_rbtree_first(zone->names); node != LDNS_RBTREE_NULL; node = ldns_rbtree_next(node)) {
    const auto* name = static_cast<const ldns_dnssec_name*>(node->data);
    const auto one = verify_name(name, name == zone->soa, keys, at);
    if (one != LDNS_STATUS_OK) status = one;
  }
  ldns_rr_list_deep_free(keys);
  ldns_dnssec_zone_deep_free(zone);
  return status;
}

ZoneSpec small_zone() {
  ZoneSpec spec;
  spec.origin = "example.lab";
  spec.text =
      "@ IN NS ns\n"
      "ns 300 IN A 192.0.2.53\n"
      "www IN A 192.0.2.1\n"
      "www IN AAAA 2001:db8::1\n"
      "*.wild IN A 192.0.2.2\n"
      "_25._tcp.mx IN TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000\n";
  return spec;
}

TEST(ZoneSigner, EveryAlgorithmVerifies) {
  for (const auto algorithm : {Algorithm::ecdsa_p256, Algorithm::rsa_sha256, Algorithm::ed25519}) {
    auto spec = small_zone();
    spec.algorithm = algorithm;
    EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_OK);
  }
}

TEST(ZoneSigner, ANsec3ZoneVerifiesAndHoldsNoNsec) {
  auto spec = small_zone();
  spec.nsec3_iterations = 500;
  const auto made = sign_zone(spec);
  EXPECT_EQ(verify(made), LDNS_STATUS_OK);
  EXPECT_THAT(made.text, HasSubstr("NSEC3\t1 0 500 -"));
  EXPECT_THAT(made.text, Not(HasSubstr("NSEC\t")));
}

// RFC 4035 2.3: no NSEC at an empty non-terminal; RFC 5155 7.1: but an NSEC3.
TEST(ZoneSigner, EmptyNonTerminalsHaveNsec3ButNoNsec) {
  auto spec = small_zone();
  EXPECT_THAT(sign_zone(spec).text, Not(ContainsRegex("\n_tcp.mx.example.lab.\t")));
  spec.nsec3_iterations = 0;
  EXPECT_THAT(sign_zone(spec).text, HasSubstr("hcbroqp2tp0r11vq1kmi87fe8ij8gnv9.example.lab."));
}

TEST(ZoneSigner, TheRootCanBeSigned) {
  ZoneSpec spec;
  spec.origin = ".";
  spec.text = "lab. IN NS ns.lab.\nns.lab. IN A 192.0.2.53\n";
  const auto made = sign_zone(spec);
  EXPECT_EQ(verify(made), LDNS_STATUS_OK);
  EXPECT_THAT(made.text, StartsWith(".\t3600\tIN\tSOA\tns. hostmaster."));
}

TEST(ZoneSigner, DatesDecide) {
  auto spec = small_zone();
  spec.expiration = SysTime{std::chrono::seconds{in_2026 - 1}};
  EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_CRYPTO_SIG_EXPIRED);
  spec = small_zone();
  spec.inception = SysTime{std::chrono::seconds{in_2026 + 1}};
  EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_CRYPTO_SIG_NOT_INCEPTED);
}

TEST(ZoneSigner, OneRrsetCanHaveDatesOfItsOwn) {
  auto spec = small_zone();
  const SysTime start{std::chrono::seconds{1600000000}};
  spec.redate = {{{"www", "AAAA"}, start, start + std::chrono::hours{1}}};
  const auto made = sign_zone(spec);
  EXPECT_EQ(verify(made), LDNS_STATUS_CRYPTO_SIG_EXPIRED);
  EXPECT_THAT(made.text,
              ContainsRegex("www.example.lab.\t3600\tIN\tRRSIG\tAAAA 13 3 3600 20200913132640 20200913122640"));
  EXPECT_THAT(made.text, ContainsRegex("www.example.lab.\t3600\tIN\tRRSIG\tA 13 3 3600 20380101000000"));
}

TEST(ZoneSigner, ABrokenSignatureDoesNotVerify) {
  for (const std::string type : {"TLSA", "NSEC"}) {
    auto spec = small_zone();
    spec.break_signature_of = {{"_25._tcp.mx.example.lab", type}};
    EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_CRYPTO_BOGUS) << type;
  }
  auto spec = small_zone();
  spec.break_signature_of = {{"nobody", "TLSA"}};
  EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_OK);
}

TEST(ZoneSigner, StrippedDenialsAreGoneAndTheRestVerifies) {
  auto spec = small_zone();
  spec.strip_nsec = 1;
  const auto made = sign_zone(spec);
  EXPECT_THAT(made.text, Not(HasSubstr("NSEC")));
  EXPECT_EQ(verify(made), LDNS_STATUS_DNSSEC_NSEC_RR_NOT_COVERED);
}

TEST(ZoneSigner, AnUnsignedZoneStillNamesItsKey) {
  auto spec = small_zone();
  spec.unsigned_zone = 1;
  const auto made = sign_zone(spec);
  EXPECT_THAT(made.text, Not(ContainsRegex("RRSIG|DNSKEY|NSEC")));
  EXPECT_THAT(made.ds_records.at(0), StartsWith("example.lab.\t3600\tIN\tDS\t"));
}

TEST(ZoneSigner, TheDsCanLie) {
  auto spec = small_zone();
  spec.key = make_zone_key();
  const auto honest = sign_zone(spec).ds_records.at(0);
  EXPECT_THAT(honest, ContainsRegex("DS\t[0-9]+ 13 2 [0-9a-f]{64}$"));
  spec.break_ds_digest = 1;
  EXPECT_NE(sign_zone(spec).ds_records.at(0), honest);
  spec.ds_algorithm = 250;
  spec.ds_digest_type = 99;
  EXPECT_THAT(sign_zone(spec).ds_records.at(0), ContainsRegex("DS\t[0-9]+ 250 99 [0-9a-f]{64}$"));
}

TEST(ZoneSigner, ALargeTlsaRrsetAndShortRdataSurvive) {
  auto spec = small_zone();
  for (int i = 0; i < 61; ++i) spec.text += fmt::format("_443._tcp IN TLSA 3 1 1 {:064x}\n", i);
  spec.text += "short IN TYPE52 \\# 2 0301\n";
  const auto made = sign_zone(spec);
  EXPECT_EQ(verify(made), LDNS_STATUS_OK);
  EXPECT_THAT(made.text, HasSubstr(fmt::format("3 1 1 {:064x}\n", 60)));
  EXPECT_THAT(made.text, HasSubstr("short.example.lab.\t3600\tIN\tTYPE52\t\\# 2 0301\n"));
}

TEST(ZoneSigner, OneKeySignsManyZones) {
  auto spec = small_zone();
  spec.key = make_zone_key();
  for (int i = 0; i < 100; ++i) {
    spec.origin = fmt::format("zone{}.lab", i);
    EXPECT_EQ(verify(sign_zone(spec)), LDNS_STATUS_OK);
  }
}

TEST(ZoneSigner, ABadLineIsNamed) {
  auto spec = small_zone();
  spec.text += "www IN A 192.0.2.999\n";
  try {
    sign_zone(spec);
    FAIL() << "accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), StartsWith("zone example.lab, line 7: "));
  }
}

}  // namespace
}  // namespace danewatch::zones
