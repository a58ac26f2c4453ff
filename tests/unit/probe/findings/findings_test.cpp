// Every finding, word by word (tests/support/finding_cases*.cpp holds the reports).
#include "probe/report/findings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "probe/findings/inner.hpp"
#include "tests/support/finding_cases.hpp"

namespace danewatch {
namespace {

using namespace test;

TEST(FindingTable, CodesAreUniqueAndExplained) {
  std::set<std::string_view> codes;
  for (const FindingRow& row : finding_table()) {
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
    EXPECT_TRUE(row.meaning.ends_with('.')) << row.code;
    EXPECT_EQ(&finding_row(row.code), &row);
  }
  EXPECT_THROW(finding_row("no-such-code"), std::logic_error);
}

// Of findings that explain no verdict; what explains one has the verdict's severity.
TEST(FindingTable, DefaultSeveritiesAreThoseOfTheDesign) {
  for (const char* code : {"tlsa-extra-record", "tlsa-partial-record", "tlsa-unusable-record", "tlsa-shadowed",
                           "tlsa-incomplete-combination", "tlsa-too-many", "mx-partly-protected", "cert-expiring",
                           "dnssec-signature-expiring", "dns-broken-denial", "dns-empty-non-terminal",
                           "address-unreachable", "null-mx-not-alone", "limits-reached"}) {
    EXPECT_EQ(finding_row(code).severity, Severity::warning) << code;
  }
  for (const char* code : {"tlsa-unconfirmed-record",
                           "tlsa-next",
                           "tlsa-pkix-usage-smtp",
                           "tlsa-full-in-dns",
                           "tlsa-sha512-only",
                           "tlsa-certificate-pinned",
                           "dns-mx-is-alias",
                           "dns-insecure-mx",
                           "dns-insecure-address",
                           "dns-ttl",
                           "cert-expired",
                           "cert-name",
                           "cert-weak",
                           "sni-differs",
                           "tls-legacy",
                           "reserved-address",
                           "no-ipv6-here",
                           "client-certificate-required",
                           "client-certificate-requested",
                           "tls-unclean-close",
                           "starttls-offered-again"}) {
    EXPECT_EQ(finding_row(code).severity, Severity::info) << code;
  }
}

TEST(Findings, EveryCodeHasAReport) {
  std::set<std::string> made;
  for (const FindingCase& each : all_finding_cases()) made.insert(each.code);
  for (const FindingRow& row : finding_table()) EXPECT_TRUE(made.contains(std::string(row.code))) << row.code;
}

// The verdict is authenticated, by the RFC; the mail of Postfix users does not arrive all the same.
TEST(Findings, AChainThatOpensslMisreadsIsCritical) {
  const auto cases = all_finding_cases();
  const auto ambiguous = std::ranges::find(cases, "chain-ambiguous", &FindingCase::code);
  ASSERT_NE(ambiguous, cases.end());
  EXPECT_EQ(ambiguous->report.conclusion.verdict, Verdict::authenticated);
  EXPECT_EQ(ambiguous->report.severity, Severity::critical);
  EXPECT_EQ(ambiguous->report.impact, Impact::deferred);
}

TEST(Findings, ANextRecordOfAnotherNameIsNotMissedHere) {
  ReportBuilder builder("example.org");
  builder.report.policy.next = {NextKey{"", {record("3 1 1 " + digest('e'), "_25._tcp.mx9.example.org")}}};
  const Report report = builder.add(mx1().add(shows("11.0.0.1", {Cell::match}))).judged();
  EXPECT_EQ(std::ranges::count(report.findings, "tlsa-next", &Finding::code), 0);
}

// Of several hosts nobody said whose key it is.
TEST(Findings, ANextRecordOfSeveralHostsHasNoOwner) {
  ReportBuilder builder("example.org");
  builder.report.policy.next = {NextKey{"", {record("3 1 1 " + digest('e'), "")}}};
  builder.add(mx1().add(shows("11.0.0.1", {Cell::match})));
  const auto owner_of_next = [&] {
    const Report report = builder.judged();
    const auto next = std::ranges::find(report.findings, "tlsa-next", &Finding::code);
    return next->remedies.front().steps.front().record->owner;
  };
  EXPECT_EQ(owner_of_next(), "_25._tcp.mx1.example.org");
  builder.add(HostBuilder("mx2.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.2", {Cell::match})));
  EXPECT_EQ(owner_of_next(), "");
}

TEST(Findings, EveryCaseIsFoundWordByWord) {
  for (const FindingCase& each : all_finding_cases()) {
    SCOPED_TRACE(each.code + ": " + each.text);
    const Finding found = finding(each.report, each.code);
    EXPECT_EQ(to_string(found.severity), to_string(each.severity));
    EXPECT_EQ(found.subject, each.subject);
    EXPECT_EQ(found.text, each.text);
    EXPECT_EQ(fix_words(found.remedies), each.fix);
    EXPECT_EQ(found.ref, finding_row(each.code).ref);
  }
}

TEST(Findings, WorstFirstAndASummaryOnOneLine) {
  for (const FindingCase& each : all_finding_cases()) {
    SCOPED_TRACE(each.code);
    const Report& report = each.report;
    for (std::size_t i = 1; i < report.findings.size(); ++i) {
      const Severity before = report.findings[i - 1].severity;
      EXPECT_EQ(worse(before, report.findings[i].severity), before);
    }
    EXPECT_FALSE(report.summary.empty());
    EXPECT_LE(report.summary.size(), 120U) << report.summary;
    EXPECT_EQ(report.summary.find('\n'), std::string::npos);
  }
}

TEST(Findings, ABadVerdictIsAlwaysExplainedWithItsSeverity) {
  for (const FindingCase& each : all_finding_cases()) {
    const Severity severity = severity_of(each.report.conclusion, false);
    if (severity == Severity::ok) continue;
    EXPECT_NE(std::ranges::find(each.report.findings, severity, &Finding::severity), each.report.findings.end())
        << each.code << ": " << each.text;
  }
}

// The survey's case: what an operator reads at night.
TEST(Findings, TheSummaryNamesTheStrayRecord) {
  const Report report =
      ReportBuilder("example.org")
          .add(mx1().tlsa("3 1 1 " + digest('b')).add(shows("11.0.0.1", {Cell::match, Cell::no_match})))
          .judged();
  EXPECT_EQ(report.summary,
            "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches no certificate shown on any address");
  const Finding found = finding(report, "tlsa-extra-record");
  EXPECT_EQ(found.host, "mx1.example.org");
  EXPECT_EQ(found.record, 1U);
  EXPECT_EQ(found.address, std::nullopt);
}

TEST(Findings, TheOperatorDecidesHowBadAnExtraRecordIs) {
  ReportBuilder builder("example.org");
  builder.add(mx1().tlsa("3 1 1 " + digest('b')).add(shows("11.0.0.1", {Cell::match, Cell::no_match})));
  for (const auto& [wanted, found, whole] : {std::tuple{Severity::ok, Severity::info, Severity::ok},
                                             std::tuple{Severity::warning, Severity::warning, Severity::warning},
                                             std::tuple{Severity::critical, Severity::critical, Severity::critical}}) {
    builder.report.policy.extra_records = wanted;
    const Report report = builder.judged();
    EXPECT_EQ(finding(report, "tlsa-extra-record").severity, found);
    EXPECT_EQ(report.severity, whole);
    EXPECT_EQ(report.conclusion.verdict, Verdict::authenticated);
  }
}

TEST(Findings, WithoutACurrentRecordNoneIsExtra) {
  const Report report = ReportBuilder("example.org").add(mx1().add(shows("11.0.0.1", {Cell::no_match}, 'd'))).judged();
  const auto all = codes(report);
  EXPECT_EQ(std::ranges::count(all, "tlsa-extra-record"), 0);
}

TEST(Findings, IfPresentMakesAbsenceInfo) {
  ReportBuilder builder("example.org");
  builder.report.policy.if_present = true;
  builder.add(HostBuilder("mx1.example.org").located(Located::no_tlsa).add(shows("11.0.0.1", {})));
  const Report report = builder.judged();
  EXPECT_EQ(finding(report, "dns-no-tlsa").severity, Severity::info);
  EXPECT_EQ(report.severity, Severity::ok);
}

// Below 10 % and below 3 %, not at.
TEST(Findings, SignatureThresholds) {
  const auto severity_at = [](int per_mille) {
    Answer a = answer("mx1.example.org", RrType::a, Status::secure, {"x"});
    a.rrsig_expires = noon() + std::chrono::seconds(per_mille);
    a.rrsig_inception = *a.rrsig_expires - std::chrono::seconds(1000);
    return ReportBuilder("example.org").add(mx1().add(shows("11.0.0.1", {Cell::match})).add(a)).judged().severity;
  };
  EXPECT_EQ(severity_at(100), Severity::ok);
  EXPECT_EQ(severity_at(99), Severity::warning);
  EXPECT_EQ(severity_at(30), Severity::warning);
  EXPECT_EQ(severity_at(29), Severity::critical);
}

struct ExpiryRow {
  int lifetime_hours;
  int left_hours;
  Severity expected;
};

// Below min(14 d, 1/6 of the lifetime) and min(3 d, 1/20); only where the date matters.
TEST(Findings, ExpiryThresholds) {
  constexpr ExpiryRow rows[] = {{24 * 365, 24 * 14, Severity::ok},
                                {24 * 365, 24 * 14 - 1, Severity::warning},
                                {24 * 365, 24 * 3, Severity::warning},
                                {24 * 365, 24 * 3 - 1, Severity::critical},
                                {24 * 6, 24, Severity::ok},
                                {24 * 6, 23, Severity::warning},
                                {24 * 6, 8, Severity::warning},
                                {24 * 6, 7, Severity::critical}};
  for (const ExpiryRow& row : rows) {
    Look look = shows("11.0.0.1", {Cell::match});
    look.tls.chain[0].not_after = noon() + std::chrono::hours(row.left_hours);
    look.tls.chain[0].not_before = look.tls.chain[0].not_after - std::chrono::hours(row.lifetime_hours);
    look.match.earliest_not_after = look.tls.chain[0].not_after;
    EXPECT_EQ(ReportBuilder("example.org").add(mx1().add(look)).judged().severity, Severity::ok);
    look.match.date_matters = true;
    EXPECT_EQ(to_string(ReportBuilder("example.org").add(mx1().add(look)).judged().severity), to_string(row.expected))
        << row.lifetime_hours << " " << row.left_hours;
  }
}

TEST(Findings, AWildcardCoversOneLabel) {
  const auto has_remark = [](std::string pattern) {
    const Report report = ReportBuilder("example.org")
                              .add(mx1().add(shows("11.0.0.1", {Cell::match}).with(certificate('a', pattern))))
                              .judged();
    const auto all = codes(report);
    return std::ranges::count(all, "cert-name") > 0;
  };
  EXPECT_FALSE(has_remark("MX1.Example.Org"));
  EXPECT_FALSE(has_remark("*.example.org"));
  EXPECT_TRUE(has_remark("*.org"));
  EXPECT_TRUE(has_remark("example.org"));
}

TEST(Findings, NeverMoreThanFifty) {
  HostBuilder host("mx1.example.org");
  std::vector<Cell> cells;
  for (int i = 0; i < 80; ++i) {
    host.unusable("9 1 1 " + std::string(62, '0') + std::to_string(10 + i), "unknown usage");
    cells.push_back(Cell::unusable);
  }
  const Report report = ReportBuilder("example.org").add(host.add(shows("11.0.0.1", cells))).judged();
  EXPECT_EQ(report.findings.size(), 50U);
  EXPECT_EQ(report.findings.back().code, "limits-reached");
}

// Sixty left-over records must not hide that there are too many of them.
TEST(Findings, ManyOfOneKindHideNoOtherKind) {
  HostBuilder host("mx1.example.org");
  host.tlsa("3 1 1 " + digest('a'));
  std::vector<Cell> cells{Cell::match};
  for (int i = 0; i < 60; ++i) {
    host.tlsa("3 1 1 " + std::string(62, '0') + std::to_string(10 + i));
    cells.push_back(Cell::no_match);
  }
  const Report report = ReportBuilder("example.org").add(host.add(shows("11.0.0.1", cells))).judged();
  const auto all = codes(report);
  EXPECT_EQ(all.size(), 50U);
  EXPECT_EQ(std::ranges::count(all, "tlsa-too-many"), 1);
  EXPECT_EQ(std::ranges::count(all, "tlsa-extra-record"), 48);
  EXPECT_EQ(all.back(), "limits-reached");
}

TEST(Findings, WordsOfTheNetworkAreQuotedAndBounded) {
  const Report report = ReportBuilder("example.org")
                            .add(mx1().add(fails("11.0.0.1", Stage::greeting, Fault::reply, std::string(5000, 'x'))))
                            .judged();
  const std::string text = finding(report, "address-unreachable").text;
  EXPECT_NE(text.find('"' + std::string(512, 'x') + '"'), std::string::npos);
  EXPECT_EQ(report.summary, "11.0.0.1 (mx1.example.org) refuses the connection in its greeting");
}

TEST(Findings, VerbsAgreeWithTheirSubjects) {
  const Predicate refuses{"refuses", "refuse", " STARTTLS."};
  HostReport host;
  auto& all = host.endpoints;
  for (const char* address : {"11.0.0.1", "11.0.0.1", "2a00:1::1"})
    all.emplace_back().seen.address = *parse_address(address);
  const auto says = [&](const auto& one, const auto& two) { return says_of(host, {&one, &two}, refuses); };
  EXPECT_EQ(says(all[0], all[0]), "This chain refuses STARTTLS.");
  host.dns.host = "mx1.example.org";
  EXPECT_EQ(says(all[0], all[1]), "11.0.0.1 (mx1.example.org) refuses STARTTLS.");
  EXPECT_EQ(says(all[0], all[2]), "11.0.0.1 and 2a00:1::1 (mx1.example.org) refuse STARTTLS.");
}

// Owner, class, type and data: "_25._tcp.mx1.example.org. IN TLSA 3 1 1 HEX".
bool is_zone_line(const std::string& line) {
  const std::string_view middle = ". IN TLSA ";
  const auto at = line.find(middle);
  if (at == std::string::npos || at == 0) return false;
  const auto record = parse_tlsa(line.substr(at + middle.size()));
  return record && (record->truncated || !record->data.empty());
}

// What can be copied from the sentence is a step, and every step has the whole line.
TEST(Findings, AdviceAboutRecordsNamesWholeZoneLines) {
  std::size_t all = 0;
  for (const FindingCase& each : all_finding_cases()) {
    SCOPED_TRACE(each.code + ": " + each.text);
    std::size_t mine = 0;
    for (const Remedy& remedy : finding(each.report, each.code).remedies) {
      ASSERT_FALSE(remedy.steps.empty());
      for (const Step& step : remedy.steps) {
        const bool words = step.what == Step::Do::server || step.what == Step::Do::zone || step.what == Step::Do::wait;
        ASSERT_NE(step.record.has_value(), words);
        if (words) continue;
        EXPECT_TRUE(is_zone_line(full_line_of(*step.record))) << full_line_of(*step.record);
        if (step.what != Step::Do::announce) ++mine;  // which says "announce it"
      }
    }
    const bool said = each.fix.find(" IN TLSA ") != std::string::npos;
    EXPECT_TRUE(said == (mine > 0) || each.code == "tlsa-next") << each.fix;  // which says "publish it"
    all += mine;
  }
  EXPECT_GE(all, 50U);
}

// The place as data says what the words say.
TEST(Findings, APlaceIsWhereTheReportHasIt) {
  for (const FindingCase& each : all_finding_cases()) {
    SCOPED_TRACE(each.code + ": " + each.text);
    for (const Finding& found : each.report.findings) {
      ASSERT_EQ(found.host.has_value(), found.place.host.has_value());
      if (!found.place.host) continue;
      ASSERT_LT(*found.place.host, each.report.hosts.size());
      const HostReport& host = each.report.hosts[*found.place.host];
      EXPECT_EQ(found.host, host.dns.host);
      for (const std::size_t e : found.place.endpoints) {
        ASSERT_LT(e, host.endpoints.size());
        EXPECT_EQ(found.address.value_or(host.endpoints[e].seen.address), host.endpoints[e].seen.address);
        EXPECT_EQ(found.view.value_or(host.endpoints[e].seen.view), host.endpoints[e].seen.view);
      }
      EXPECT_TRUE(!found.address || !found.place.endpoints.empty());
    }
  }
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Exporters go by `says` and `quotes`, not by the text.
TEST(Findings, WhatTheTextSaysIsKnownAsData) {
  for (const FindingCase& each : all_finding_cases()) {
    for (const Finding& found : each.report.findings) {
      SCOPED_TRACE(std::string(found.code) + ": " + found.text);
      if (found.host) {
        EXPECT_EQ(found.says.host, has(found.text, *found.host));
      }
      if (found.address) {
        EXPECT_EQ(found.says.address, has(found.text, to_string(*found.address)));
      }
      const Target& target = each.report.target;
      const bool placed = found.host || found.address || found.record;
      if (!placed && found.subject != target.text && found.subject != target.name) {
        EXPECT_EQ(found.says.subject, has(found.text, found.subject)) << found.subject;
      }
      if (found.host && found.record) {
        const HostReport& host = each.report.hosts[found.place.host.value()];
        const std::string hex = to_hex(host.records[*found.record].record.data);
        const bool advised = has(fix_words(found.remedies), hex);
        EXPECT_EQ(found.says.record || shows_data(found.remedies, host.records[*found.record].record),
                  has(found.text, hex) || advised);
      }
      for (const std::string& quote : found.quotes) EXPECT_TRUE(has(found.text, quote)) << quote;
    }
  }
}

TEST(Findings, TheHeadlineIsTheFirstSentenceOfTheText) {
  for (const FindingCase& each : all_finding_cases()) {
    for (const Finding& found : each.report.findings) {
      EXPECT_TRUE(found.text.starts_with(found.headline)) << found.text;
      EXPECT_TRUE(found.headline.ends_with('.')) << found.headline;
      EXPECT_EQ(found.headline.find(". "), std::string::npos) << found.headline;
    }
  }
}

TEST(Findings, ListsAreShort) {
  EXPECT_EQ(list({}), "");
  EXPECT_EQ(list({"a", "a"}), "a");
  EXPECT_EQ(list({"a", "b"}), "a and b");
  EXPECT_EQ(list({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(list({"a", "b", "c", "d", "e"}), "a, b, c and 2 more");
}

// SRV may name one server on two ports: these are two hosts of one name.
TEST(Findings, OfTwoHostsWithOneNameTheRightOneIsMeant) {
  const auto on_port = [](std::uint16_t port) {
    HostBuilder host("srv.example.org");
    host.dns.port = port;
    return host.tlsa("3 1 1 " + digest('a'));
  };
  HostBuilder second = on_port(5269).add(shows("11.0.0.1", {Cell::match}));
  second.dns.cuts = {{"addresses", 8, 9}};
  const Report report =
      ReportBuilder("example.org").add(on_port(5222).add(shows("11.0.0.1", {Cell::match}))).add(second).judged();
  EXPECT_EQ(finding(report, "limits-reached").place.host, 1U);
}

}  // namespace
}  // namespace danewatch
