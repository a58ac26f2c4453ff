#include "exporters/text/text.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "exporters/text/layout.hpp"
#include "exporters/text/sections.hpp"
#include "exporters/words/escape.hpp"
#include "exporters/words/words.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_parts.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void expect_within(const std::vector<layout::Line>& lines, std::size_t width) {
  for (const auto& line : lines) {
    const std::string text = layout::render(line.spans, false);
    EXPECT_TRUE(line.copy || display_width(text) <= width) << display_width(text) << " columns: " << text;
  }
}

TEST(Text, NoLineButThoseToCopyIsWiderThanThePage) {
  for (const std::size_t width : {20U, 40U, 80U, 120U, 200U}) {
    SCOPED_TRACE(width);
    TextOptions options;
    options.width = width;
    options.explain = true;
    for (const auto& [name, report] : samples::reports()) {
      SCOPED_TRACE(name);
      expect_within(compose(report, options), width);
    }
    for (const auto& [name, report] : samples::verify_reports()) {
      SCOPED_TRACE(name);
      expect_within(compose(report, options), width);
    }
  }
}

TEST(Text, AListFitsThePageAndIsOneLineATargetWhereThatFits) {
  for (const auto& [name, report] : samples::reports()) {
    for (const auto& line : lines_of(to_line(report, {}))) EXPECT_LE(display_width(line), 80U) << name << ": " << line;
    TextOptions wide;
    wide.width = 1000;
    EXPECT_EQ(lines_of(to_line(report, wide)).size(), 1U) << name;
  }
}

// A line to copy has a blank line on either side.
TEST(Text, ALineToCopyStandsAlone) {
  const auto lines = compose(samples::stale_duplicate(), {});
  const auto copy = std::ranges::find_if(lines, &layout::Line::copy);
  ASSERT_NE(copy, lines.end());
  EXPECT_TRUE((copy - 1)->spans.empty());
  EXPECT_TRUE(copy + 1 == lines.end() || (copy + 1)->spans.empty());
}

// Who reads in a hurry deletes what stands there alone.
TEST(Text, AGoodRecordIsNotOfferedToBeCopied) {
  const std::string a = test::digest('a'), b = test::digest('b');
  const Report report = test::ReportBuilder("example.org")
                            .add(test::HostBuilder("mx1.example.org")
                                     .tlsa("3 1 1 " + a)
                                     .add(test::shows("11.0.0.1", {Cell::match}))
                                     .add(test::shows("11.0.0.2", {Cell::no_match}, 'b')))
                            .judged();
  ASSERT_EQ(test::finding(report, "tlsa-partial-record").code, "tlsa-partial-record");
  EXPECT_THAT(to_text(report, {}), Not(HasSubstr(to_zone_line(report.hosts[0].records[0].record))));
}

TEST(Text, AWidePageBreaksNothingThatFits) {
  TextOptions options;
  options.width = 200;
  EXPECT_THAT(
      to_text(samples::bogus(), options),
      HasSubstr("The answer to _25._tcp.mx1.bogus.example TLSA fails DNSSEC validation. Senders must not use this "
                "host. The resolver says"));
}

TEST(Text, WithoutColorThereIsNoControlOctetButTheLineEnd) {
  for (const bool explain : {false, true}) {
    TextOptions options;
    options.explain = explain;
    for (const auto& [name, report] : samples::reports()) {
      for (const char c : to_text(report, options) + to_line(report, options)) {
        const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
        ASSERT_TRUE(!control || c == '\n') << name << ": octet " << static_cast<int>(c);
      }
    }
  }
}

TEST(Text, APeerCannotWriteALineOfItsOwn) {
  const std::string text = to_text(samples::hostile(), {});
  for (const auto& line : lines_of(text)) EXPECT_THAT(line, Not(StartsWith("OK"))) << text;
  const auto lines = lines_of(to_line(samples::hostile(), {}));
  for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_THAT(lines[i], StartsWith(std::string(layout::gutter, ' ')));
}

// What a peer says must not become a line that is offered to be copied.
TEST(Text, APeerCannotOfferALineToCopy) {
  Report report = samples::shadowed();
  const std::string forged = "_25._tcp.mx1.shadowed.example. IN TLSA 3 1 1 " + std::string(64, '0');
  report.findings[0].text += " It said: \"`" + forged + "`\".";
  report.hosts[0].endpoints[0].seen.error = "`" + forged + "`";
  for (const auto& line : compose(report, {})) {
    if (line.copy) {
      EXPECT_THAT(layout::render(line.spans, false), Not(HasSubstr(std::string(64, '0'))));
    }
  }
}

TEST(Text, ARecordToCopyStandsAloneFlushLeftAndWhole) {
  const Report report = samples::stale_duplicate();
  const std::string record = to_zone_line(report.hosts[0].dns.tlsa[1]);
  for (const std::size_t width : {40U, 80U, 200U}) {
    TextOptions options;
    options.width = width;
    const std::string text = to_text(report, options);
    EXPECT_THAT(lines_of(text), testing::Contains(record)) << text;
  }
}

TEST(Text, ARecordNoFixNamesIsShownInFullOnce) {
  Report report = samples::stale_duplicate();
  report.findings[0].remedies = advice(Step::Do::zone, "Look into it.");
  report.findings.push_back(report.findings[0]);
  const auto lines = lines_of(to_text(report, {}));
  EXPECT_EQ(std::ranges::count(lines, to_zone_line(report.hosts[0].dns.tlsa[1])), 1);
}

TEST(Text, QuietSaysNothingAboutWhatIsOk) {
  TextOptions options;
  options.quiet = true;
  EXPECT_EQ(to_text(samples::all_good(), options), "");
  EXPECT_EQ(to_line(samples::all_good(), options), "");
  Report with_info = samples::all_good();
  with_info.severity = Severity::info;
  EXPECT_EQ(to_text(with_info, options), "");
  EXPECT_NE(to_text(samples::stale_duplicate(), options), "");
  EXPECT_NE(to_text(samples::bad_target(), options), "");
}

TEST(Text, ColorAddsCodesAndNothingElse) {
  TextOptions color;
  color.color = true;
  for (const auto& [name, report] : samples::reports()) {
    std::string text = to_text(report, color);
    EXPECT_THAT(text, HasSubstr("\x1b["));
    for (std::size_t at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b', at)) {
      text.erase(at, text.find('m', at) - at + 1);
    }
    EXPECT_EQ(text, to_text(report, {})) << name;
  }
}

TEST(Text, TheSeverityWordComesFirstInAFixedWidth) {
  EXPECT_THAT(to_line(samples::all_good(), {}), StartsWith("OK        good.example "));
  EXPECT_THAT(to_line(samples::stale_duplicate(), {}), StartsWith("WARNING   stale.example "));
  EXPECT_THAT(to_line(samples::bogus(), {}), StartsWith("CRITICAL  bogus.example "));
  EXPECT_THAT(to_line(samples::bad_target(), {}), StartsWith("UNKNOWN   "));
}

// Silence holds up everybody; only senders that use DANE mind its records.
TEST(Text, TheImpactSaysWhoIsHeldUp) {
  EXPECT_THAT(to_text(samples::blackhole(), {}), HasSubstr("          Nothing is delivered: mail waits"));
  EXPECT_THAT(to_text(samples::shadowed(), {}), HasSubstr("          Senders that use DANE deliver nothing"));
  Report no_mx = samples::bogus();
  no_mx.conclusion = {Verdict::dns_error, Reason::timeout};
  EXPECT_THAT(to_text(no_mx, {}), HasSubstr("Senders that use DANE deliver nothing"));
  no_mx.hosts.clear();
  EXPECT_THAT(to_text(no_mx, {}), HasSubstr("Nothing is delivered"));
}

TEST(Text, TheSummaryIsNotSaidTwice) {
  const std::string text = to_text(samples::blackhole(), {});
  const std::size_t first = text.find("does not answer on port 25");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text.find("does not answer on port 25", first + 1), std::string::npos) << text;
  // Cut short it is still the same sentence.
  EXPECT_THAT(to_text(samples::shadowed(), {}), Not(HasSubstr("would match ...")));
}

TEST(Text, WithinTwoDaysTheHourOfASignatureMatters) {
  EXPECT_THAT(to_text(samples::blackhole(), {}), HasSubstr("2026-02-01 08:00 UTC"));
  EXPECT_THAT(to_text(samples::all_good(), {}), HasSubstr("signed until 2026-02-20\n"));
}

TEST(Text, TheProofNamesWhatIsWrongAndNotWhatIsNormal) {
  Report report = samples::bogus();
  report.walk.lookups.push_back(samples::secure(".", RrType::dnskey, {"257 3 13 AA=="}, "."));
  report.hosts[0].dns.lookups[1].status = Status::insecure;
  report.walk.lookups[0].rrsig_expires = samples::now - samples::day;
  EXPECT_THAT(to_text(report, {}),
              HasSubstr("DNS       MX secure, A secure, no AAAA (insecure), TLSA bogus; signature expired\n"
                        "          2026-01-30 12:00 UTC\n"));
  report.walk.lookups[1].status = Status::failed;
  report.walk.lookups[1].failure = Failure::timeout;
  EXPECT_THAT(to_text(report, {}), HasSubstr("root DNSKEY failed (timeout)"));
}

TEST(Text, WhatAFindingQuotesIsNotSaidAgain) {
  Report report = samples::no_starttls();
  EXPECT_THAT(to_text(report, {}), HasSubstr("250-mx2.half.example / 250 SIZE 10240000"));
  report.hosts[1].endpoints[0].seen.error = "454 try later";
  report.findings[0].text += " It said: \"454 try later\".";
  report.findings[0].quotes = {"454 try later"};
  const std::string text = to_text(report, {});
  EXPECT_EQ(text.find("454 try later"), text.rfind("454 try later")) << text;
}

TEST(Text, OnlyTheSameCertificateIsTheSame) {
  const std::string text = to_text(samples::wide_matrix(), {});
  EXPECT_THAT(text, HasSubstr("d  192.0.2.4:25   authenticated      (same certificate as a)\n"));
  EXPECT_THAT(text, Not(HasSubstr("mismatch/no-match  (same certificate as a)")))
      << "equal names and dates, another key";
}

TEST(Text, DiagnosticLookupsAreExplainedButProveNothing) {
  Report report = samples::not_applicable();
  Answer extra = report.hosts[0].dns.lookups[0];
  extra.question = {"example", RrType::dnskey};
  extra.diagnostic = true;
  report.hosts[0].dns.lookups.push_back(extra);
  TextOptions explain;
  explain.explain = true;
  EXPECT_THAT(to_text(report, {}), Not(HasSubstr("DNSKEY")));
  EXPECT_THAT(to_text(report, explain), HasSubstr("example DNSKEY (diagnostic): secure"));
}

TEST(Text, WhatWasNotSeenSaysSo) {
  Report report = samples::stale_duplicate();
  TextOptions wide;
  wide.width = 200;
  EXPECT_THAT(to_text(report, {}), Not(HasSubstr("Nothing was looked at")));
  const std::string summary = words::plain(report.summary);
  EXPECT_THAT(to_line(report, wide), EndsWith("  " + summary));
  report.run.origin = Origin::predicted;
  EXPECT_THAT(to_line(report, wide), EndsWith("  predicted: " + summary));
  EXPECT_THAT(to_text(report, {}), HasSubstr("Nothing was looked at: this is what the files say"));
  report.run.origin = Origin::replayed;
  EXPECT_THAT(to_text(report, {}), HasSubstr("Nothing was looked at: this is evidence that was kept"));
}

// A run that was ended early may know no more of a host than its name.
TEST(Text, AReportWithoutEvidenceIsStillAReport) {
  Report report = samples::no_starttls();
  for (HostReport& host : report.hosts) host = {host.dns, {}, {}, {}, {}};
  TextOptions explain;
  explain.explain = true;
  EXPECT_THAT(to_text(report, explain), HasSubstr("mx2.half.example:25, preference 20: unknown"));
}

TEST(Text, VerifyShowsTheRightRecordUnlessAFindingDoes) {
  VerifyReport report = samples::verify_reports()[1].report;
  const std::string right = "_25._tcp.mx1.good.example. IN TLSA 3 1 1 " + report.endpoint().seen.chain[0].spki_sha256;
  EXPECT_THAT(lines_of(to_text(report, {})), testing::Contains(right));
  report.report.findings[0].remedies = {
      always({add_record(parse_tlsa("3 1 1 " + report.endpoint().seen.chain[0].spki_sha256).value())})};
  EXPECT_THAT(to_text(report, {}), Not(HasSubstr("first certificate of the chain")));
}

// Beside a usable SHA2-512 record clients would not look at a SHA2-256 one (RFC 7671 9).
TEST(Text, VerifyShowsTheRecordThatFindingsWouldName) {
  VerifyReport report = samples::verify_reports()[1].report;
  HostReport& host = report.report.hosts.front();
  Certificate& leaf = host.endpoints.front().seen.chain.front();
  leaf.spki_sha512 = std::string(128, 'c');
  const TlsaRecord strong = parse_tlsa("3 1 2 " + std::string(128, 'd')).value();
  host.records = {{strong, RecordState::unmatched, std::nullopt}};
  const std::string owner = "_25._tcp.mx1.good.example.";
  EXPECT_THAT(to_text(report, {}), HasSubstr("\n" + owner + " IN TLSA 3 1 2 " + leaf.spki_sha512));
  host.records.front().state = RecordState::unusable;
  EXPECT_THAT(to_text(report, {}), HasSubstr("\n" + owner + " IN TLSA 3 1 1 " + leaf.spki_sha256));
  host.records.front().record.owner = "_465._tcp.mx1.good.example";
  EXPECT_THAT(to_text(report, {}), HasSubstr("\n_465._tcp.mx1.good.example. IN TLSA 3 1 1"))
      << "where the others stand";
}

TEST(Layout, WordsHangUnderTheFirst) {
  layout::Page page(30);
  page.paragraph({"note"}, "-> ", {{"one two three four five six"}});
  EXPECT_EQ(layout::render(page.lines(), false),
            "note      -> one two three\n"
            "             four five six\n");
}

TEST(Layout, ALongWordIsBrokenBetweenCharacters) {
  layout::Page page(20);
  page.paragraph({}, "", {{"\u4f8b\u4f8b\u4f8b\u4f8b\u4f8b\u4f8b"}});
  EXPECT_EQ(layout::render(page.lines(), false),
            "          \u4f8b\u4f8b\u4f8b\u4f8b\u4f8b\n"
            "          \u4f8b\n");
}

TEST(Layout, GluedWordsStayTogether) {
  layout::Page page(24);
  page.paragraph({}, "", {{"abcdefghij " + layout::glued("3 1 1")}});
  EXPECT_EQ(layout::render(page.lines(), false), "          abcdefghij\n          3 1 1\n");
}

TEST(Layout, BlankLinesSeparateAndNeverLead) {
  layout::Page page(40);
  page.blank();
  page.copy("a");
  page.blank();
  page.blank();
  page.copy("b");
  page.blank();
  EXPECT_EQ(layout::render(page.lines(), false), "a\n\nb\n");
}

}  // namespace
}  // namespace danewatch
