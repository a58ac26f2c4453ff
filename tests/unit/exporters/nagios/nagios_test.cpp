// What a plugin says of reports: states, thresholds, figures.
#include "exporters/nagios/nagios.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/nagios/parts.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/judgement/lateness.hpp"
#include "tests/support/recalling_matcher.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::nagios {
namespace {

using test::HostBuilder;
using test::ReportBuilder;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string first_line(const Output& output) {
  return output.text.substr(0, output.text.find('\n'));
}

std::string words_of(const Output& output) {
  const std::string line = first_line(output);
  return line.substr(0, line.find(" | "));
}

std::string perfdata_of(const Output& output) {
  const std::string line = first_line(output);
  const auto at = line.find(" | ");
  return at == std::string::npos ? "" : line.substr(at + 3);
}

std::string figure(const Output& output, const std::string& label) {
  const std::string all = " " + perfdata_of(output) + " ";
  const auto at = all.find(" " + label + "=");
  if (at == std::string::npos) return "(not there)";
  const auto from = at + label.size() + 2;
  return all.substr(from, all.find(' ', from) - from);
}

Range days(const std::string& text) {
  return parse_range(text, BareNumber::start).value();
}

// The same facts as the plugin's policy makes them.
Report under(Report report, const Policy& policy) {
  report.policy = policy;
  return test::judged_again(report);
}

// Authenticated by a trust anchor whose chain ends in `left` days.
Report expiring(double left) {
  test::Look look = test::shows("11.0.0.1", {Cell::match});
  look.match.date_matters = true;
  look.match.earliest_not_after = test::noon() + std::chrono::seconds(static_cast<long>(left * 86400));
  look.tls.chain.front().not_before = test::noon() - std::chrono::hours(24 * 90);
  look.tls.chain.front().not_after = *look.match.earliest_not_after;
  return ReportBuilder("example.org")
      .add(HostBuilder("mx1.example.org").tlsa("2 1 1 " + test::digest('a')).add(std::move(look)))
      .judged();
}

// "U" is for what is not known, and Icinga complains of it at every check.
TEST(Nagios, DaysThatCannotCountAreLeftOut) {
  const auto days_of = [](HostBuilder host) {
    return figure(to_nagios(ReportBuilder("example.org").add(std::move(host)).judged(), {}), "days");
  };
  const std::string a = test::digest('a');
  const auto shown = test::shows("11.0.0.1", {Cell::match});
  EXPECT_EQ(days_of(HostBuilder("mx1.example.org").tlsa("3 1 1 " + a).add(shown)), "(not there)");
  EXPECT_EQ(days_of(HostBuilder("mx1.example.org").located(Located::no_tlsa)), "(not there)");
  EXPECT_EQ(days_of(HostBuilder("mx1.example.org").tlsa("2 1 1 " + a).add(shown)), "U;;");
  EXPECT_EQ(days_of(HostBuilder("mx1.example.org").located(Located::bogus)), "U;;");
}

// A graph must not look healthy while the date is what is wrong.
TEST(Nagios, WhatHasEndedHasNegativeDaysAndWhatIsBogusHasNone) {
  test::Look look = test::shows("11.0.0.1", {Cell::no_match});
  look.match.conclusion = {Verdict::mismatch, Reason::expired};
  look.tls.chain.front().not_after = test::noon() - std::chrono::hours(36);
  Report report = ReportBuilder("example.org")
                      .add(HostBuilder("mx1.example.org").tlsa("2 1 1 " + test::digest('a')).add(std::move(look)))
                      .judged();
  EXPECT_EQ(figure(to_nagios(report, {}), "days"), "-1.5;;");
  report.hosts.at(0).endpoints.at(0).conclusion = {Verdict::mismatch, Reason::no_match};
  EXPECT_EQ(figure(to_nagios(report, {}), "days"), "U;;") << "its date is not what is wrong";

  EXPECT_THAT(figure(to_nagios(samples::all_good(), {}), "rrsig_days"), Not(StartsWith("U")));
  EXPECT_EQ(figure(to_nagios(samples::bogus(), {}), "rrsig_days"), "U;;");
}

TEST(Nagios, TheStaleRecordIsAWarningThatNamesIt) {
  const Output output = to_nagios(samples::stale_duplicate(), {});
  EXPECT_EQ(output.state, State::warning);
  EXPECT_THAT(words_of(output), StartsWith("DANE WARNING - TLSA 3 1 1 10d472762513152a"));
  EXPECT_THAT(output.text, HasSubstr("_25._tcp.mx1.stale.example. IN TLSA 3 1 1 10d472762513152a322b57ac2a0ce40d"));
  EXPECT_EQ(figure(output, "tlsa_usable"), "2;;;0");
  EXPECT_EQ(figure(output, "tlsa_matched"), "1;;;0");
  EXPECT_EQ(figure(output, "tlsa_extra"), "1;;;0");
  EXPECT_EQ(figure(output, "endpoints_failed"), "0;;;0");
}

TEST(Nagios, AShadowedRecordIsCritical) {
  const Output output = to_nagios(samples::shadowed(), {});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_THAT(output.text, HasSubstr("critical tlsa-shadowed: "));
  EXPECT_EQ(figure(output, "endpoints_failed"), "1;;;0");
}

TEST(Nagios, CriticalOutranksUnknown) {
  EXPECT_EQ(state_of(worse(Severity::critical, Severity::unknown)), State::critical);
  EXPECT_EQ(state_of(worse(Severity::unknown, Severity::warning)), State::warning);
  EXPECT_EQ(state_of(worse(Severity::ok, Severity::unknown)), State::unknown);
}

TEST(Nagios, InformationCountsAsOk) {
  Report report = samples::all_good();
  report.severity = Severity::info;
  EXPECT_EQ(to_nagios(report, {}).state, State::ok);
}

TEST(Nagios, UnknownDaysAlarmNobody) {
  Policy policy;
  policy.days = {days("14"), days("7")};
  const Output output = to_nagios(under(samples::all_good(), policy), {});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_EQ(figure(output, "days"), "(not there)");
}

struct DaysRow {
  double left;
  Thresholds thresholds;
  State state;
};

class DaysLeftTable : public testing::TestWithParam<DaysRow> {};

TEST_P(DaysLeftTable, IsJudgedByTheOperatorsRanges) {
  Policy policy;
  policy.days = GetParam().thresholds;
  EXPECT_EQ(to_nagios(under(expiring(GetParam().left), policy), {}).state, GetParam().state);
}

// Without ranges: 90 days behind it, so a sixth of the lifetime is 15 days and more, and 14 days and 3 days decide.
INSTANTIATE_TEST_SUITE_P(
    Nagios, DaysLeftTable,
    testing::Values(DaysRow{20, {}, State::ok}, DaysRow{10, {}, State::warning}, DaysRow{2, {}, State::critical},
                    DaysRow{20, {days("30"), days("7")}, State::warning},
                    DaysRow{5, {days("30"), days("7")}, State::critical},
                    DaysRow{40, {days("30"), days("7")}, State::ok},
                    DaysRow{30, {days("30"), {}}, State::ok},          // exactly N days are enough
                    DaysRow{2, {days("1"), {}}, State::ok},            // either alone is legal, and replaces ours
                    DaysRow{2, {{}, days("7")}, State::critical},      //
                    DaysRow{10, {days("@5:15"), {}}, State::warning},  //
                    DaysRow{10, {days("~:5"), days("~:8")}, State::critical}  // critical is asked first
                    ));

TEST(Nagios, ATooSmallNumberOfDaysIsTheHeadline) {
  Policy policy;
  policy.days = {days("30"), days("7")};
  const Output output = to_nagios(under(expiring(20.25), policy), {});
  EXPECT_EQ(words_of(output), "DANE WARNING - the certificate of mx1.example.org expires in 20.25 days (range 30:)");
  EXPECT_EQ(figure(output, "days"), "20.25;30:;7:");
  EXPECT_THAT(output.text, HasSubstr("\nwarning cert-expiring: A certificate of 11.0.0.1 (mx1.example.org) ends "
                                     "on 2026-02-20 18:00 UTC, and its TLSA record needs the date."));
  EXPECT_THAT(output.text, HasSubstr("\n  fix: Renew it, "));
}

TEST(Nagios, WhatTheReportSaysOfADateHasTheOperatorsSeverity) {
  Policy policy;
  policy.days.warning = days("30");
  const Output output = to_nagios(under(expiring(2), policy), {});  // critical by our own limits
  EXPECT_EQ(output.state, State::warning);
  EXPECT_THAT(output.text,
              HasSubstr("\nwarning cert-expiring: A certificate of 11.0.0.1 (mx1.example.org) expires in"));
  EXPECT_THAT(output.text, HasSubstr("\n  fix: Renew it now"));
}

// An answer that only explains is bogus: the dates count. One that matters is: they are unknown, and our own limits
// hold.
TEST(Nagios, OurLimitsForSignaturesHoldWhereTheOperatorsCannot) {
  Policy policy;
  policy.rrsig_days = {days("10"), days("5")};
  Report report = samples::all_good();
  for (Answer& answer : report.hosts.front().dns.lookups) {
    answer.rrsig_expires = report.at + std::chrono::hours(24 * 2);
    answer.rrsig_inception = report.at - std::chrono::hours(24 * 98);
  }
  Answer other = report.hosts.front().dns.lookups.front();
  other.status = Status::bogus;
  other.diagnostic = true;
  report.hosts.front().dns.lookups.push_back(other);
  report = under(report, policy);
  EXPECT_EQ(to_nagios(report, {}).state, State::critical);
  EXPECT_EQ(figure(to_nagios(report, {}), "rrsig_days"), "2;10:;5:");

  report.hosts.front().dns.lookups.back().diagnostic = false;
  const Output output = to_nagios(under(report, policy), {});
  EXPECT_EQ(figure(output, "rrsig_days"), "U;10:;5:");
  EXPECT_EQ(output.state, State::critical);
  EXPECT_THAT(output.text, HasSubstr("\ncritical dnssec-signature-expiring"));
}

TEST(Nagios, WithRangesOfTheOperatorOursSaysNothing) {
  Policy policy;
  policy.days.warning = days("1");
  const Output output = to_nagios(under(expiring(10), policy), {});
  EXPECT_EQ(words_of(output),
            "DANE OK - mx1.example.org: every certificate shown (1) matches a TLSA record, valid until 2026-02-10");
}

TEST(Nagios, SignaturesHaveRangesOfTheirOwn) {
  Policy policy;
  policy.rrsig_days.critical = days("30");
  const Output output = to_nagios(under(samples::all_good(), policy), {});  // signed for 20 more days
  EXPECT_EQ(output.state, State::critical);
  EXPECT_THAT(words_of(output), StartsWith("DANE CRITICAL - the signature of "));
  EXPECT_THAT(output.text, HasSubstr("\ncritical dnssec-signature-expiring: The signature of "));
  EXPECT_THAT(output.text, HasSubstr("\n  fix: Sign the zone "));
  EXPECT_EQ(figure(output, "rrsig_days"), "20;;30:");
}

TEST(Nagios, ASignatureThatHasEndedIsCountedInNegativeDays) {
  Report report = samples::bogus();
  report.hosts[0].dns.lookups.back().rrsig_expires = report.at - std::chrono::hours(36);
  EXPECT_EQ(figure(to_nagios(report, {}), "rrsig_days"), "-1.5;;");
  Policy policy;
  policy.rrsig_days.critical = days("3");
  const Output output = to_nagios(under(report, policy), {});
  EXPECT_THAT(words_of(output), StartsWith("DANE CRITICAL - The answer to _25._tcp.mx1.bogus.example TLSA fails"));
  EXPECT_THAT(output.text,
              HasSubstr("The signature of _25._tcp.mx1.bogus.example TLSA ended on 2026-01-30 00:00 UTC."));
}

// What is shown decides, so that a graph and an alert never disagree.
TEST(Nagios, FiguresAreRoundedDownBeforeTheyAreJudged) {
  EXPECT_EQ(decimal(13.999), "13.99");
  EXPECT_EQ(decimal(13.0), "13");
  EXPECT_EQ(decimal(-0.001), "-0.01");
  EXPECT_EQ(decimal(0), "0");
  EXPECT_EQ(decimal(1e6), "1000000");
  for (int hundredths = 0; hundredths < 40000; ++hundredths) {
    const std::string text = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
    ASSERT_EQ(decimal(shown(std::stod(text))), decimal(std::stod(text))) << text;
    ASSERT_EQ(fmt::format("{:.2f}", shown(std::stod(text))), text);
  }
  Policy policy;
  policy.days.warning = days("14");
  EXPECT_EQ(to_nagios(under(expiring(13.9999), policy), {}).state, State::warning);
}

TEST(Nagios, RecordsNobodyLookedAtAreUnknownAndNotZero) {
  const Output silent = to_nagios(samples::blackhole(), {});
  EXPECT_EQ(figure(silent, "tlsa_usable"), "1;;;0");
  EXPECT_EQ(figure(silent, "tlsa_matched"), "U;;;0");
  EXPECT_EQ(figure(silent, "tlsa_extra"), "U;;;0");
  EXPECT_EQ(figure(silent, "endpoints_failed"), "1;;;0");
  const Output bogus = to_nagios(samples::bogus(), {});
  EXPECT_EQ(figure(bogus, "tlsa_usable"), "U;;;0");
  const Output bad = to_nagios(samples::bad_target(), {});
  EXPECT_EQ(bad.state, State::unknown);
  EXPECT_EQ(figure(bad, "endpoints_failed"), "U;;;0");
  EXPECT_EQ(figure(to_nagios(samples::not_applicable(), {}), "tlsa_usable"), "0;;;0");
}

TEST(Nagios, VerbosityAddsLines) {
  Report report = samples::stale_duplicate();
  Finding info;
  info.code = "dns-ttl";
  info.severity = Severity::info;
  info.text = "A short life.";
  report.findings.push_back(info);
  const auto said = [&](int verbosity) {
    Options options;
    options.verbosity = verbosity;
    return to_nagios(report, options).text;
  };
  EXPECT_THAT(said(0), Not(HasSubstr("dns-ttl")));
  EXPECT_THAT(said(1), HasSubstr("\ninfo dns-ttl: A short life.\n"));
  EXPECT_THAT(said(2), HasSubstr("TLSv1.3, ecdsa-p256, CN mx1.stale.example"));
  EXPECT_THAT(said(3), HasSubstr("\nlookup    stale.example MX: secure"));
}

TEST(Nagios, TheFullReportTellsTheSameState) {
  Options options;
  options.verbosity = 2;
  Policy policy;
  policy.days.critical = days("30");
  const Output output = to_nagios(under(expiring(20), policy), options);
  EXPECT_THAT(output.text, HasSubstr("\nCRITICAL  example.org: authenticated\n"));
}

TEST(Nagios, LongOutputIsCutWithACount) {
  Report report = samples::stale_duplicate();
  Finding finding = report.findings.front();
  report.findings.assign(40, finding);
  const Output output = to_nagios(report, {});
  EXPECT_LT(output.text.size(), 4096u);
  EXPECT_THAT(output.text, testing::ContainsRegex("\n\\.\\.\\. and [0-9]+ more lines\n$"));
}

TEST(Nagios, AnErrorIsOneLine) {
  const Output output = status_line(State::unknown, "--next a\nb|c: No such `file`\x1b[31m");
  EXPECT_EQ(output.text, "DANE UNKNOWN - --next a b/c: No such 'file' [31m\n");
  EXPECT_LT(status_line(State::unknown, std::string(5000, 'x')).text.size(), 200u);
}

}  // namespace
}  // namespace danewatch::nagios
