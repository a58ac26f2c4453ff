#include "exporters/remedy/remedy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/words/remedies.hpp"
#include "tests/support/hostile.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string owner = "_25._tcp.mx1.example.org";
const std::string old_key = "3 1 1 " + digest('b');
const std::string key = "3 1 1 " + digest('a');

// Authenticated by the first record; the second is left over.
HostBuilder stale() {
  HostBuilder host("mx1.example.org");
  return host.tlsa(key).tlsa(old_key).add(shows("11.0.0.1", {Cell::match, Cell::no_match}));
}

Report report_of(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

// A finding with this one remedy, and nothing else to do.
Report with(HostBuilder host, Remedy remedy) {
  Report report = report_of(std::move(host));
  report.findings = {make_finding("tlsa-explained", "", "Something is wrong.", Remedies{std::move(remedy)})};
  return report;
}

std::string lines(const Report& report, std::size_t number, RemedyFormat format = RemedyFormat::zone) {
  const auto text = to_remedy(report, number, format);
  EXPECT_TRUE(text) << text.error();
  return text.value_or("");
}

std::string refusal(const Report& report, std::size_t number, RemedyFormat format = RemedyFormat::zone) {
  const auto text = to_remedy(report, number, format);
  EXPECT_FALSE(text) << *text;
  return text ? "" : text.error();
}

Answer shown(const std::string& name, std::vector<TlsaRecord> records) {
  Answer result = answer(name, RrType::tlsa);
  result.denial = Denial::none;
  result.original_ttl = 300;
  for (TlsaRecord& each : records) result.data.push_back({each, to_text(each), false});
  return result;
}

TEST(Remedy, WhatIsRemovedStandsBehindASemicolon) {
  EXPECT_EQ(lines(report_of(stale()), 1),
            "; example.org, remedy 1, of tlsa-extra-record: if this is an old key (also behind any load balancer)\n"
            "; TLSA 3 1 1 bbbbbbbbbbbbbbbb... of mx1.example.org matches no certificate shown on any address.\n"
            "; remove\n"
            ";" +
                owner + ". IN TLSA " + old_key + "\n");
}

TEST(Remedy, NsupdateChangesNothingUnlessAllRecordsAreAsTheyWere) {
  const std::string script = lines(report_of(stale()), 1, RemedyFormat::nsupdate);
  EXPECT_THAT(script,
              HasSubstr("\nprereq yxrrset " + owner + ". IN TLSA " + key + "\nprereq yxrrset " + owner + ". IN TLSA " +
                        old_key + "\nupdate delete " + owner + ". IN TLSA " + old_key + "\nsend\n"));
}

TEST(Remedy, WhatIsAddedStandsAsItIsWithTheTtlOfItsSet) {
  HostBuilder host = stale();
  host.add(shown(owner, {record(key), record(old_key)}));
  const Report report = with(std::move(host), always({add_record(record("3 1 1 " + digest('c')))}));
  EXPECT_THAT(lines(report, 1), HasSubstr("; add\n" + owner + ". 300 IN TLSA 3 1 1 " + digest('c') + "\n"));
  EXPECT_THAT(lines(report, 1, RemedyFormat::nsupdate),
              HasSubstr("\nupdate add " + owner + ". 300 IN TLSA 3 1 1 " + digest('c') + "\nsend\n"));
}

TEST(Remedy, WhereNothingStoodNothingMayStand) {
  HostBuilder host("mx1.example.org");
  host.located(Located::no_tlsa).add(answer(owner, RrType::tlsa)).add(shows("11.0.0.1", {}));
  const Report report = report_of(std::move(host));
  const std::string script = lines(report, 1, RemedyFormat::nsupdate);
  EXPECT_THAT(script, HasSubstr("\nprereq nxrrset " + owner + ". IN TLSA\nupdate add " + owner + ". 3600 IN TLSA "));
  EXPECT_THAT(script, HasSubstr("send\n; then: Change it with every new key.\n"));
}

// A record of its own below a wildcard: the wildcard's records are not those of the name.
TEST(Remedy, AWildcardsRecordsAreNotTheNamesOwn) {
  HostBuilder host("mx1.example.org");
  host.add(shown(owner, {record(key, "*._tcp.mx1.example.org")}));
  const Report report = with(std::move(host), always({add_record(record(key))}));
  EXPECT_THAT(lines(report, 1, RemedyFormat::nsupdate), HasSubstr("\nprereq nxrrset " + owner + ". IN TLSA\n"));
}

TEST(Remedy, WhatStandsAfterAStepInWordsIsNotPrintedAsALine) {
  const Remedy remedy =
      always({publish_record(record(key)), wait_until("two TTLs have passed"), remove_record(record(old_key))});
  const std::string text = lines(with(stale(), remedy), 1, RemedyFormat::nsupdate);
  EXPECT_THAT(text, HasSubstr("send\n; then: wait until two TTLs have passed\n; then: remove " + owner));
  EXPECT_THAT(text, Not(HasSubstr("update delete")));
}

TEST(Remedy, ARemovalThatNeedsAStepInWordsFirstIsRefused) {
  const Remedy remedy = always({some_record("a right one"), remove_record(record(key))});
  EXPECT_THAT(refusal(with(stale(), remedy), 1), HasSubstr("remedy 1 is in words only: "));
}

TEST(Remedy, ASharedRecordIsRemovedByHandAlone) {
  const Report report = with(stale(), always({remove_record(record(old_key), true)}));
  const std::string script = lines(report, 1, RemedyFormat::nsupdate);
  EXPECT_THAT(script, HasSubstr("; look at every port and host that " + owner +
                                " answers for; only if none needs it, remove\n;update delete "));
  EXPECT_THAT(script, Not(HasSubstr("\nupdate")));
}

TEST(Remedy, WordsAreRefused) {
  EXPECT_EQ(refusal(report_of(stale()), 2),
            "remedy 2 changes no record: If it is your next key, declare it (--next, or next: in danewatch.yml).");
  EXPECT_THAT(refusal(with(stale(), always({at_server("renew it")})), 1), HasSubstr("is for the server"));
  EXPECT_THAT(refusal(with(stale(), always({wait_until("noon")})), 1), HasSubstr("begins with waiting"));
}

TEST(Remedy, AnUnknownNumberIsRefused) {
  EXPECT_EQ(refusal(report_of(stale()), 3), "there is no remedy 3, they are numbered from 1 to 2");
  EXPECT_EQ(refusal(report_of(stale()), 0), "there is no remedy 0, they are numbered from 1 to 2");
  EXPECT_EQ(refusal(samples::all_good(), 1), "no finding has a remedy");
}

// Prerequisites that name some of the records would be satisfied by a set that is another one.
TEST(Remedy, NsupdateIsRefusedWhereNotAllRecordsAreKnown) {
  HostBuilder cut = stale();
  cut.dns.tlsa_total = 150;
  EXPECT_THAT(refusal(with(cut, always({remove_record(record(old_key))})), 1, RemedyFormat::nsupdate),
              HasSubstr("there are more records at " + owner));
  const Report elsewhere = with(stale(), always({remove_record(record(key, "_443._tcp.mx1.example.org"))}));
  EXPECT_THAT(refusal(elsewhere, 1, RemedyFormat::nsupdate), HasSubstr("_443._tcp.mx1.example.org was not seen"));
  HostBuilder broken = stale();
  broken.tlsa("\\# 2 0301");
  broken.endpoints.front().cells.push_back(Cell::unusable);
  EXPECT_THAT(refusal(with(broken, always({remove_record(record(old_key))})), 1, RemedyFormat::nsupdate),
              HasSubstr("too short for nsupdate"));
}

// Whatever stands there: nothing is added beside it, and nothing is lost silently beside an alias.
TEST(Remedy, WhereNobodyAskedNothingMayStandNorAnAlias) {
  const std::string other = "_443._tcp.mx1.example.org";
  const Report report = with(stale(), always({add_record(record(key, other))}));
  EXPECT_THAT(lines(report, 1, RemedyFormat::nsupdate),
              HasSubstr("\nprereq nxrrset " + other + ". IN CNAME\nprereq nxrrset " + other + ". IN TLSA\nupdate add " +
                        other + ". 3600 IN TLSA " + key + "\nsend\n"));
  EXPECT_THAT(lines(report, 1), HasSubstr("\n" + other + ". IN TLSA "));
}

TEST(Remedy, NumbersCountOverTheReport) {
  const Report report = report_of(stale());
  std::size_t expected = 0;
  for (const auto& each : words::numbered_remedies(report)) {
    EXPECT_EQ(each.number, ++expected);
    EXPECT_EQ(each.finding->code, "tlsa-extra-record");
  }
  EXPECT_EQ(expected, 2U);
}

// Whatever stands in a report: every line is a comment, a record, or a word of nsupdate's.
TEST(Remedy, NothingFromTheNetworkBecomesALineOfItsOwn) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Junk junk(seed);
    const Report report = hostile_report(junk);
    for (const auto& each : words::numbered_remedies(report)) {
      for (const auto format : {RemedyFormat::zone, RemedyFormat::nsupdate}) {
        const auto text = to_remedy(report, each.number, format);
        expect_printable(text ? *text : text.error());
        if (!text || format == RemedyFormat::zone) continue;
        std::istringstream read(*text);
        for (std::string line; std::getline(read, line);)
          EXPECT_THAT(line, testing::MatchesRegex("(;|prereq |update |send).*")) << "seed " << seed;
      }
    }
  }
}

TEST(Remedy, ANameThatIsNoWordOfAZoneFileIsRefused) {
  for (const char* name : {"a b.example", "a;b.example", "a\nb.example", "$ORIGIN.example", "a\\", "a\"b"})
    EXPECT_THAT(refusal(with(stale(), always({add_record(record(key, name))})), 1), HasSubstr("does not fit")) << name;
  for (const char* name : {"*._tcp.mx", "a\\;b.example", "a\\032b.example", "xn--bcher-kva.example"})
    EXPECT_THAT(lines(with(stale(), always({add_record(record(key, name))})), 1), HasSubstr(name));
}

}  // namespace
}  // namespace danewatch
