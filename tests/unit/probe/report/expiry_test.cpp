// What expires first, of whom, and when nobody can say.
#include "probe/report/expiry.hpp"

#include <gtest/gtest.h>

#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using std::chrono::hours;
using test::noon;

struct Lookup {
  Status status = Status::secure;
  std::optional<int> hours_left;
  RrType type = RrType::a;
  bool diagnostic = false;
};

struct SignatureRow {
  std::string about;
  std::vector<Lookup> walk, host;
  std::optional<int> hours_left;  // nothing: unknown
};

Answer answer_of(const Lookup& lookup, const std::string& name) {
  Answer answer = test::answer(name, lookup.type, lookup.status, {});
  answer.rrsig_expires.reset();
  if (lookup.hours_left) answer.rrsig_expires = noon() + hours(*lookup.hours_left);
  answer.diagnostic = lookup.diagnostic;
  return answer;
}

Report signed_as(const SignatureRow& row) {
  Report report;
  report.at = noon();
  for (const Lookup& lookup : row.walk) report.walk.lookups.push_back(answer_of(lookup, "example.org"));
  HostReport& host = report.hosts.emplace_back();
  for (const Lookup& lookup : row.host) host.dns.lookups.push_back(answer_of(lookup, "mx1.example.org"));
  return report;
}

std::optional<int> hours_left(const std::optional<Expiry>& expiry) {
  if (!expiry) return std::nullopt;
  return static_cast<int>(std::chrono::floor<hours>(expiry->at - noon()).count());
}

class FirstSignatures : public testing::TestWithParam<SignatureRow> {};

TEST_P(FirstSignatures, AreOfWhatIsProvenOrHasEnded) {
  const Report report = signed_as(GetParam());
  EXPECT_EQ(hours_left(first_signature_expiry(report)), GetParam().hours_left) << GetParam().about;
  EXPECT_EQ(next_expiry(report), first_signature_expiry(report)) << GetParam().about << ": no certificate is near";
}

constexpr auto secure = Status::secure;
constexpr auto insecure = Status::insecure;
constexpr auto bogus = Status::bogus;
constexpr auto failed = Status::failed;

INSTANTIATE_TEST_SUITE_P(
    Expiry, FirstSignatures,
    testing::Values(
        SignatureRow{"nothing was asked", {}, {}, {}},  //
        SignatureRow{"the earlier counts", {{secure, 9}}, {{secure, 8}, {secure, 7}}, 7},
        SignatureRow{"a secure answer that has ended by now", {{secure, 9}}, {{secure, -1}}, -1},
        SignatureRow{"no signature seen", {{secure, {}}}, {{secure, 8}}, 8},
        SignatureRow{"what is not proven has no date", {{insecure, 1}, {failed, 2}}, {{secure, 8}}, 8},
        SignatureRow{"ended, and therefore bogus", {{secure, 9}}, {{bogus, -2}}, -2},
        SignatureRow{"ended this second", {{secure, 9}}, {{bogus, 0}}, 0},
        SignatureRow{"bogus for another reason", {{secure, 9}}, {{bogus, 5}}, {}},
        SignatureRow{"bogus without a signature", {{bogus, {}}}, {{secure, 9}}, {}},
        SignatureRow{"one has ended, of the other nobody knows", {{bogus, {}}}, {{bogus, -2}, {secure, 9}}, -2},
        SignatureRow{"proven too, but asked to explain", {{secure, 9}}, {{secure, 3, RrType::a, true}}, 3},
        SignatureRow{"explaining takes nothing away", {{secure, 9}}, {{bogus, 5, RrType::a, true}}, 9},
        SignatureRow{"nor does it end anything", {{secure, 9}}, {{bogus, -5, RrType::a, true}}, 9},
        SignatureRow{"every proof rests on the keys", {{secure, 9}}, {{bogus, 5, RrType::dnskey, true}}, {}},
        SignatureRow{"the keys' signature has ended", {{bogus, 9}}, {{bogus, -3, RrType::dnskey, true}}, -3},
        SignatureRow{"that of the DS has", {{bogus, 9}}, {{bogus, -3, RrType::ds, true}}, -3}));

struct EndRow {
  std::string about;
  Conclusion conclusion;
  bool date_matters = false;
  std::optional<int> match_ends;  // hours from now
  std::vector<int> chain_ends;
  std::optional<int> ends;
};

EndpointReport endpoint_of(const EndRow& row) {
  EndpointReport endpoint;
  endpoint.conclusion = row.conclusion;
  endpoint.match.date_matters = row.date_matters;
  if (row.match_ends) endpoint.match.earliest_not_after = noon() + hours(*row.match_ends);
  for (const int end : row.chain_ends) {
    Certificate certificate = test::certificate();
    certificate.not_after = noon() + hours(end);
    endpoint.seen.chain.push_back(certificate);
  }
  return endpoint;
}

class CertificateEnds : public testing::TestWithParam<EndRow> {};

TEST_P(CertificateEnds, AreThoseThatARecordNeeds) {
  const auto end = certificate_end(endpoint_of(GetParam()), noon());
  EXPECT_EQ(end, GetParam().ends ? std::optional(noon() + hours(*GetParam().ends)) : std::nullopt) << GetParam().about;
}

constexpr Conclusion good{Verdict::authenticated, Reason::none};
constexpr Conclusion too_old{Verdict::mismatch, Reason::expired};
constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};

INSTANTIATE_TEST_SUITE_P(Expiry, CertificateEnds,
                         testing::Values(EndRow{"usage 3 ignores dates", good, false, 5, {5}, {}},
                                         EndRow{"of the path found, not of the chain sent", good, true, 9, {5}, 9},
                                         EndRow{"a path without dates", good, true, {}, {5}, {}},
                                         EndRow{"the first that has ended", too_old, false, {}, {4, -2, -7}, -7},
                                         EndRow{
                                             "a date to come is none of an expired chain", too_old, false, {}, {4}, {}},
                                         EndRow{"no chain", too_old, false, {}, {}, {}},
                                         EndRow{"its date is not what is wrong", no_match, false, {}, {-2}, {}}));

TEST(Expiry, ACertificateThatDoesNotParseHasNoDate) {
  EndpointReport endpoint = endpoint_of({"", too_old, false, {}, {-2, -7}, {}});
  endpoint.seen.chain[1].error = "no DER";
  EXPECT_EQ(certificate_end(endpoint, noon()), noon() - hours(2));
}

Report with_certificates() {
  Report report = signed_as({"", {{secure, 6}}, {{secure, 9}}, {}});
  HostReport& host = report.hosts.front();
  host.dns.host = "mx1.example.org";
  host.endpoints = {endpoint_of({"", good, true, 8, {}, {}}), endpoint_of({"", good, true, 7, {}, {}})};
  host.endpoints[1].seen.address = parse_address("192.0.2.2").value();
  host.endpoints[1].seen.view = View::rsa;
  return report;
}

TEST(Expiry, TellsWhoseItIs) {
  Report report = with_certificates();
  report.walk.lookups.front().signer = "org";
  const auto certificate = first_certificate_expiry(report);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(to_string(*certificate), "certificate of mx1.example.org");
  EXPECT_EQ(certificate->at, noon() + hours(7));
  EXPECT_EQ(certificate->address, parse_address("192.0.2.2").value());
  EXPECT_EQ(certificate->view, View::rsa);
  const auto signature = first_signature_expiry(report);
  ASSERT_TRUE(signature);
  EXPECT_EQ(to_string(*signature), "signature of example.org A");
  EXPECT_EQ(signature->zone, "org");
}

TEST(Expiry, NextIsTheEarlierOfBoth) {
  Report report = with_certificates();
  EXPECT_EQ(hours_left(next_expiry(report)), 6);
  report.hosts.front().endpoints[0].match.earliest_not_after = noon() + hours(5);
  EXPECT_EQ(next_expiry(report), first_certificate_expiry(report));
}

// Beside a zone that is bogus a certificate's date would look as if all were well until then.
TEST(Expiry, WhereABogusAnswerHidesItsEndOnlyWhatHasEndedIsNext) {
  Report report = with_certificates();
  report.walk.lookups.front().status = Status::bogus;
  EXPECT_EQ(next_expiry(report), std::nullopt);
  EXPECT_EQ(hours_left(first_certificate_expiry(report)), 7) << "a fact of its own";
  report.hosts.front().endpoints[0].match.earliest_not_after = noon() - hours(1);
  EXPECT_EQ(hours_left(next_expiry(report)), -1);
  report.walk.lookups.front().rrsig_expires = noon() - hours(3);
  EXPECT_EQ(hours_left(next_expiry(report)), -3);
}

}  // namespace
}  // namespace danewatch
