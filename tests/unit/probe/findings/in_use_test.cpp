// Advice that makes records count which did not is for everything that is shown there.
#include "probe/findings/in_use.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/finding_cases.hpp"
#include "tests/support/recalling_matcher.hpp"

namespace danewatch {
namespace {

using namespace test;
using Do = Step::Do;
using enum Cell;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string broken = "3 1 9 " + digest('b');

// "add 3 1 1 aaaa…", "remove …", "zone look at …"
std::vector<std::string> told(const Remedy& remedy) {
  std::vector<std::string> result;
  for (const Step& step : remedy.steps) {
    const bool record = step.record.has_value();
    result.push_back(std::string(to_string(step.what)) + " " + (record ? short_text(*step.record) : step.words));
  }
  return result;
}

std::vector<std::string> first_advice(const Report& report, std::string_view code) {
  const Finding found = finding(report, code);
  if (found.remedies.empty()) return {};
  return told(found.remedies.front());
}

Report judged(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

HostBuilder only_unusable() {
  HostBuilder host("mx1.example.org");
  return host.unusable(broken, "no such type");
}

TEST(InUse, AloneAnUnusableRecordIsReplacedAndNotRemoved) {
  const Report report = judged(only_unusable().add(shows("11.0.0.1", {unusable})));
  EXPECT_THAT(first_advice(report, "tlsa-unusable-record"),
              ElementsAre("add 3 1 1 aaaaaaaaaaaaaaaa…", "remove 3 1 9 bbbbbbbbbbbbbbbb…"));
  EXPECT_EQ(finding(report, "tlsa-unusable-record").remedies.size(), 1U);
}

TEST(InUse, EveryCertificateShownGetsARecord) {
  const Report report = judged(only_unusable()
                                   .add(shows("11.0.0.1", {unusable}))
                                   .add(shows("11.0.0.1", {unusable}, 'c').on(View::rsa))
                                   .add(shows("11.0.0.2", {unusable})));
  EXPECT_THAT(
      first_advice(report, "tlsa-unusable-record"),
      ElementsAre("add 3 1 1 aaaaaaaaaaaaaaaa…", "add 3 1 1 cccccccccccccccc…", "remove 3 1 9 bbbbbbbbbbbbbbbb…"));
}

TEST(InUse, WhatWasNotSeenComesFirst) {
  const Look silent = fails("11.0.0.2", Stage::connect, Fault::timeout);
  const Report report = judged(only_unusable().add(shows("11.0.0.1", {unusable})).add(silent));
  EXPECT_THAT(first_advice(report, "tlsa-unusable-record"),
              ElementsAre("zone look at 11.0.0.2: what is shown there needs a record too", StartsWith("add 3 1 1 a"),
                          StartsWith("remove")));
  HostBuilder none("mx1.example.org");
  none.located(Located::no_tlsa).add(shows("11.0.0.1", {})).add(silent);
  EXPECT_THAT(first_advice(judged(none), "dns-no-tlsa"),
              ElementsAre("zone look at 11.0.0.2: what is shown there needs a record too", StartsWith("add 3 1 1 a"),
                          "zone change it with every new key"));
}

TEST(InUse, AddressesThatWereLeftOutComeFirstToo) {
  HostBuilder host = only_unusable().add(shows("11.0.0.1", {unusable}));
  host.dns.excluded_addresses = 1;
  EXPECT_THAT(first_advice(judged(host), "tlsa-unusable-record").front(),
              HasSubstr("the other addresses of mx1.example.org"));
}

// What one connection is shown says nothing of the server's other certificates.
TEST(InUse, CertificatesThatWereNotAskedForComeFirstToo) {
  Report report = judged(only_unusable().add(shows("11.0.0.1", {unusable})));
  report.policy.views = Views::standard;
  const Report narrow = judged_again(report);
  EXPECT_EQ(first_advice(narrow, "tlsa-unusable-record").front(),
            "zone look at any other certificate of 11.0.0.1: what is shown there needs a record too");
  Look half = shows("11.0.0.1", {unusable});
  half.tls.unobserved_views = {View::rsa};
  EXPECT_THAT(first_advice(judged(only_unusable().add(half)), "tlsa-unusable-record").front(),
              HasSubstr("any other certificate of 11.0.0.1"));
}

// Without records mail goes on without TLS where TLS does not work; with records it waits.
TEST(InUse, WhereTlsDoesNotWorkItHasToFirst) {
  Look insists = shows("11.0.0.1", {});
  insists.tls.stage = Stage::handshake;
  insists.tls.fault = Fault::alert;
  insists.tls.client_certificate_requested = true;
  HostBuilder host("mx1.example.org");
  const Report report = judged(host.located(Located::no_tlsa).add(insists));
  EXPECT_EQ(first_advice(report, "dns-no-tlsa").front(), "server make TLS work at 11.0.0.1, which records demand");
}

// RFC 7671 9: the records in use would be hidden until the next key is in use.
TEST(InUse, TheNextRecordHidesNoneOfThoseInUse) {
  HostBuilder host("mx1.example.org");
  Report report = judged(host.tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {match})));
  report.policy.next = {{"", {record("3 1 2 " + digest('b') + digest('b'), "")}}};
  EXPECT_EQ(first_advice(judged_again(report), "tlsa-next").front(),
            "zone publish what is in use with matching type 2 too");
  report.policy.next = {{"", {record("3 1 1 " + digest('b'), "")}}};
  EXPECT_THAT(first_advice(judged_again(report), "tlsa-next").front(), StartsWith("add 3 1 1 b"));
  Report unusable_only = judged(only_unusable().add(shows("11.0.0.1", {unusable})));
  unusable_only.policy.next = report.policy.next;
  EXPECT_EQ(first_advice(judged_again(unusable_only), "tlsa-next").front(), "zone publish records for what is in use");
}

// The records of both stand at one name.
TEST(InUse, HostsWithTheSameRecordsGetTheirsAndOthersAreLookedAt) {
  HostBuilder first("mx1.example.org"), second("mx2.example.org", 20);
  first.unusable(broken, "no such type").add(shows("11.0.0.1", {unusable}));
  second.unusable(broken, "no such type").add(shows("11.0.0.2", {unusable}, 'c'));
  for (HostBuilder* host : {&first, &second}) {
    host->dns.tlsa.front().owner = "tlsa.example.org";
    host->records.front().record.owner = "tlsa.example.org";
  }
  const Report report = ReportBuilder("example.org").add(first).add(second).judged();
  EXPECT_THAT(first_advice(report, "tlsa-unusable-record"),
              ElementsAre("zone look at every port and host that tlsa.example.org answers for, which need records",
                          StartsWith("add 3 1 1 a"), StartsWith("add 3 1 1 c"), StartsWith("remove 3 1 9 b")));
}

Explanation meaning(int usage, int selector, int matching_type, std::size_t record) {
  Explanation result;
  result.record = record;
  result.usage = usage;
  result.selector = selector;
  result.matching_type = matching_type;
  return result;
}

// RFC 7671 9: a SHA2-512 record of the same usage and selector would end the SHA2-256 one.
TEST(InUse, ACorrectionDoesNotHideWhatMatches) {
  HostBuilder host("mx1.example.org");
  Look other = shows("11.0.0.2", {no_match, no_match}, 'c');
  other.match.explanations = {meaning(3, 1, 2, 1)};
  host.tlsa("3 1 1 " + digest('a')).tlsa("3 0 2 " + digest('d') + digest('d'));
  const Report report = judged(host.add(shows("11.0.0.1", {match, no_match})).add(other));
  EXPECT_THAT(first_advice(report, "tlsa-explained"),
              ElementsAre("add 3 1 1 cccccccccccccccc…", "remove 3 0 2 dddddddddddddddd…"));
}

// A record that is wrong for one address and right for another.
TEST(InUse, WhatMatchesElsewhereStays) {
  HostBuilder host("mx1.example.org");
  Look other = shows("11.0.0.2", {no_match}, 'c');
  other.match.explanations = {meaning(2, 1, 1, 0)};
  const Report report = judged(host.tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {match})).add(other));
  EXPECT_THAT(first_advice(report, "tlsa-explained"), ElementsAre("add 2 1 1 aaaaaaaaaaaaaaaa…"));
}

TEST(InUse, APinnedRecordIsRemovedAfterTheRenewal) {
  Certificate expired = certificate('a');
  expired.not_after = noon() - std::chrono::hours(24);
  HostBuilder host("mx1.example.org");
  const Report report = judged(host.tlsa("3 0 1 " + digest('e')).add(shows("11.0.0.1", {match}).with(expired)));
  EXPECT_THAT(first_advice(report, "cert-expired"),
              ElementsAre("add 3 1 1 aaaaaaaaaaaaaaaa…", "wait let two TTLs pass", StartsWith("server renew it"),
                          "remove 3 0 1 eeeeeeeeeeeeeeee…"));
}

}  // namespace
}  // namespace danewatch
