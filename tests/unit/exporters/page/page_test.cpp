// The status page: order, words, links, the matrix, and that nothing from the network becomes markup.
#include "exporters/page/page.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <random>
#include <string>

#include "exporters/page/html.hpp"
#include "exporters/page/style.hpp"
#include "exporters/page/words.hpp"
#include "probe/report/expiry.hpp"
#include "tests/support/pages.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::page {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Element and attribute names in the order of the page: what a browser makes of it, whatever the texts say.
std::vector<std::string> structure(std::string_view html) {
  std::vector<std::string> tags;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    std::string tag;
    bool quoted = false;
    for (; at < html.size() && (quoted || html[at] != '>'); ++at) {
      if (html[at] == '"') quoted = !quoted;
      if (!quoted) tag += html[at];
    }
    tags.push_back(tag);
    if (tag == "<style" || tag == "<script") at = html.find("</", at);
  }
  return tags;
}

// The table's body: a row of cell classes per record.
std::vector<std::vector<std::string>> matrix_of(const std::string& html) {
  std::vector<std::vector<std::string>> rows;
  const std::size_t start = html.find(R"(<table class="matrix")");
  const std::string table = html.substr(start, html.find("</table>", start) - start);
  std::size_t at = table.find("<tbody>");
  const std::size_t last = table.rfind("<tr>");  // the verdicts
  for (at = table.find("<tr>", at); at < last; at = table.find("<tr>", at + 1)) {
    rows.emplace_back();
    const std::string row = table.substr(at, table.find("</tr>", at) - at);
    for (std::size_t cell = row.find("<td class=\""); cell != std::string::npos;
         cell = row.find("<td class=\"", cell)) {
      cell += 11;
      rows.back().push_back(row.substr(cell, row.find('"', cell) - cell));
    }
  }
  return rows;
}

std::string hash_of(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 48> base64{};
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  return "'sha256-" + std::string(base64.begin(), base64.begin() + size) + "'";
}

TEST(Page, PolicyAllowsExactlyItsOwnStyleAndScript) {
  EXPECT_THAT(std::string(content_security_policy), HasSubstr("style-src " + hash_of(style()) + ";"));
  EXPECT_THAT(std::string(content_security_policy), HasSubstr("script-src " + hash_of(script()) + ";"));
  EXPECT_THAT(std::string(content_security_policy), HasSubstr("default-src 'none'"));
  EXPECT_THAT(std::string(content_security_policy), Not(HasSubstr("unsafe")));
  EXPECT_EQ(std::string(style()).find("</"), std::string::npos);
  EXPECT_EQ(std::string(script()).find("</"), std::string::npos);
}

TEST(Page, LoadsNothingAndUsesNoInlineStyle) {
  for (const auto& [name, report] : samples::reports()) {
    const std::string html = page_of(report);
    EXPECT_THAT(html, Not(HasSubstr(" src="))) << name;
    EXPECT_THAT(html, Not(HasSubstr(" style="))) << name;
    EXPECT_THAT(html, Not(HasSubstr("<img"))) << name;
    EXPECT_EQ(count(html, " href=\""), 4U) << name;  // icon, skip link, way back, evidence
  }
}

TEST(Page, AConfigurationThatWasNotTakenStandsOnEveryPage) {
  const History good = history_of(samples::all_good());
  Moment moment = noon;
  moment.problem = "The configuration <was> changed.";
  for (const auto& html : {overview({{"a", &good, {}}}, moment), target({"a", &good, {}}, moment)}) {
    EXPECT_THAT(html, HasSubstr("The configuration &lt;was&gt; changed."));
  }
  EXPECT_THAT(overview({{"a", &good, {}}}, noon), Not(HasSubstr("class=\"problem")));
}

// The cell that is the fault stands out; one beside a match only says that another record is meant.
TEST(Page, ACellWithoutAMatchInItsColumnStandsOut) {
  using test::shows;
  const auto page = [](std::vector<Cell> cells) {
    return page_of(test::ReportBuilder("example.org")
                       .add(test::HostBuilder("mx1.example.org")
                                .tlsa("3 1 1 " + test::digest('a'))
                                .tlsa("3 1 1 " + test::digest('b'))
                                .add(shows("11.0.0.1", std::move(cells))))
                       .judged());
  };
  EXPECT_THAT(page({Cell::no_match, Cell::no_match}),
              HasSubstr("<td class=\"missed\" data-of=\"11.0.0.1:25\">no match"));
  EXPECT_THAT(page({Cell::match, Cell::no_match}), Not(HasSubstr("<td class=\"missed\"")));
}

TEST(Page, StaleRecordIsAnEmptyRowAndBadServerAnEmptyColumn) {
  const auto rows = matrix_of(page_of(samples::wide_matrix()));
  ASSERT_EQ(rows.size(), 5U);
  ASSERT_EQ(rows[1].size(), 12U);
  for (std::size_t e = 0; e < 12; ++e) {
    EXPECT_EQ(rows[1][e], e == 8 ? "unobserved" : e == 4 ? "missed" : "no-match") << e;
  }
  for (const auto& row : rows) EXPECT_NE(row[4], "match");
  EXPECT_EQ(rows[0][0], "match");
  EXPECT_EQ(rows[3][0], "unusable");
  EXPECT_EQ(rows[4][11], "shadowed");
  EXPECT_THAT(page_of(samples::wide_matrix()),
              HasSubstr(R"(<td class="no-match" data-of="192.0.2.1:25">no match</td>)"));
}

TEST(Page, EveryStepOfTheDnsPathHasItsStatus) {
  const std::string html = page_of(samples::bogus());
  EXPECT_THAT(html, HasSubstr(R"(<code>bogus.example MX</code> <strong class="badge good">secure</strong>)"));
  EXPECT_THAT(html, HasSubstr(R"(TLSA</code> <strong class="badge bad">bogus</strong>)"));
  EXPECT_THAT(html, HasSubstr("Bogus because: validation failure &lt;_25._tcp"));
}

// Whoever looks for a fault finds it unfolded; where all is proven it takes one line.
TEST(Page, TheDnsPathIsFoldedWhereEveryAnswerIsSecure) {
  const std::string folded = page_of(samples::all_good());
  EXPECT_THAT(folded, HasSubstr("<details><summary><h2>DNS path</h2>\n: all "));
  EXPECT_THAT(folded, HasSubstr(" answers are secure</summary>"));
  const std::string open = page_of(samples::bogus());
  EXPECT_THAT(open, HasSubstr("<details class=\"unfolded\" open><summary><h2>DNS path</h2>\n: 1 of "));
  EXPECT_THAT(open, HasSubstr(" answers not secure</summary>"));
}

TEST(Page, WhatOnlyExplainsDoesNotUnfoldTheDnsPath) {
  Report report = samples::all_good();
  report.walk.lookups.push_back(report.walk.lookups.front());
  report.walk.lookups.back().status = Status::insecure;
  report.walk.lookups.back().diagnostic = true;
  EXPECT_THAT(page_of(report), Not(HasSubstr("unfolded\"")));
}

TEST(Page, EveryLinkLeadsBelowThePathOfTheProxy) {
  const History history = history_of(samples::stale_duplicate());
  Moment moment = noon;
  moment.root = "/dane";
  const TargetState state{"a/b", &history, std::chrono::minutes(5)};
  for (const std::string& html : {target(state, moment), overview({state}, moment), error(404, "None.", "/dane")}) {
    EXPECT_EQ(count(html, " href=\"/"), count(html, " href=\"/dane/"));
    EXPECT_GT(count(html, " href=\"/dane/"), 0U);
    EXPECT_EQ(count(html, " action=\"/"), count(html, " action=\"/dane/"));
  }
}

TEST(Page, RecordToRemoveCanBeCopied) {
  const Report report = samples::stale_duplicate();
  const std::string line = to_zone_line(report.hosts[0].dns.tlsa[1]);
  const std::string html = page_of(report);
  EXPECT_THAT(html, HasSubstr("<code>" + line + "</code>"));
  EXPECT_THAT(html, HasSubstr(" aria-label=\"Copy " + line + "\" hidden>Copy</button>"));
}

TEST(Page, AddressOfATargetIsPercentEncoded) {
  EXPECT_EQ(target_path("example.org"), "/targets/example.org");
  EXPECT_EQ(target_path("https://h:1/?#%\"<\xc3\xbc"), "/targets/https%3A%2F%2Fh%3A1%2F%3F%23%25%22%3C%C3%BC");
}

TEST(Page, OldReportIsCalledOutOfDate) {
  const History history = history_of(samples::all_good());
  const auto at = [&](std::chrono::minutes later) {
    return target({"n", &history, std::chrono::minutes(5)}, {noon.now + later, {}});
  };
  EXPECT_THAT(at(std::chrono::minutes(15)), Not(HasSubstr("Out of date")));
  EXPECT_THAT(at(std::chrono::minutes(16)), HasSubstr("Out of date: the last run ended 16 minutes ago."));
}

TEST(Page, ReloadIsWrittenForBothWays) {
  const History history = history_of(samples::all_good());
  const std::string html = overview({{"n", &history, {}}}, noon);
  EXPECT_THAT(html, HasSubstr(R"(<noscript><meta http-equiv="refresh" content="30">)"));
  EXPECT_THAT(html, HasSubstr(R"(<body data-reload="30">)"));
  EXPECT_THAT(overview({}, {noon.now, {}}), Not(HasSubstr("http-equiv=\"refresh\"")));
}

TEST(Page, WordsForSpans) {
  using namespace std::chrono_literals;
  EXPECT_EQ(span(0s), "0 s");
  EXPECT_EQ(span(59s), "59 s");
  EXPECT_EQ(span(60s), "1 minute");
  EXPECT_EQ(span(119min), "1 hour");
  EXPECT_EQ(span(49h), "2 days");
  EXPECT_EQ(ago(noon.now + 2h, noon.now), "in 2 hours");
}

TEST(Page, CertificateDateCountsOnlyWhereARecordNeedsIt) {
  Report report = samples::all_good();
  const auto until = report.at + std::chrono::hours(1);
  report.hosts[0].endpoints[0].match.earliest_not_after = until;
  report.hosts[0].endpoints[0].match.date_matters = false;
  EXPECT_NE(next_expiry(report)->at, until);
  report.hosts[0].endpoints[0].match.date_matters = true;
  EXPECT_EQ(next_expiry(report)->at, until);
  EXPECT_EQ(to_string(*next_expiry(report)), "certificate of mx1.good.example");
}

// The page and the plugin once said opposite things of a bogus zone.
TEST(Page, BesideABogusAnswerNoOtherDateLooksHealthy) {
  Report report = samples::bogus();
  History history;
  const auto page_of = [&] {
    record(history, std::make_shared<const Report>(report));
    return target({"bogus.example", &history, std::chrono::minutes(5)}, noon);
  };
  EXPECT_THAT(page_of(), Not(HasSubstr("Next expiry")));
  report.hosts[0].dns.lookups.back().rrsig_expires = report.at - std::chrono::hours(24);
  EXPECT_THAT(page_of(), HasSubstr("(1 day ago), signature of _25._tcp.mx1.bogus.example TLSA</dd>"));
}

TEST(PageEscapes, MarkupAndInvisibleCharacters) {
  EXPECT_EQ(escaped("<a href=\"x\" title='y'>&amp;"), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(escaped("a\xe2\x80\xae"
                    "b\x1b[31m\r\n\xff"),
            "a\\u{202e}b\\x1b[31m\\x0d\\x0a\\xff");
}

// Everything a name server, a mail server or a certificate can say.
void poison(Report& report, const std::string& text) {
  const auto answers = [&](std::vector<Answer>& all) {
    for (auto& answer : all) {
      answer.question.name = answer.signer.emplace() = text;
      if (!answer.why_bogus.empty()) answer.why_bogus = text;
      for (auto& alias : answer.aliases) alias.from = alias.to = text;
      for (auto& rdata : answer.data) rdata.text = text;
    }
  };
  report.target.text = report.target.unicode = report.summary = report.run.trust_anchor = text;
  for (auto& finding : report.findings) {
    finding.text = finding.subject = text;
    if (!finding.remedies.empty()) finding.remedies = advice(Step::Do::zone, text);
    if (finding.host) finding.host = text;
  }
  answers(report.walk.lookups);
  for (HostReport& each : report.hosts) {
    HostEvidence& host = each.dns;
    host.host = host.unicode = host.base_domain = text;
    for (auto& name : host.names) name = text;
    for (RecordReport& record : each.records) {
      record.record.owner = text;
      if (record.unusable) record.unusable = text;
    }
    answers(host.lookups);
    for (EndpointReport& endpoint : each.endpoints) {
      TlsEvidence& seen = endpoint.seen;
      if (!seen.error.empty()) seen.error = text;
      if (seen.tls) seen.tls->cipher = seen.tls->version = seen.tls->group = text;
      for (auto& certificate : seen.chain) {
        if (!certificate.error.empty()) certificate.error = text;
        certificate.subject = certificate.issuer = certificate.key = certificate.serial = text;
        for (auto& name : certificate.names) name = text;
      }
    }
  }
}

std::string hostile_bytes(std::mt19937& random) {
  static constexpr std::array<std::string_view, 14> pieces{"<script>alert(1)</script>",
                                                           "\"",
                                                           "'",
                                                           "-->",
                                                           "</title>",
                                                           "<!--",
                                                           "&lt;",
                                                           "javascript:",
                                                           "\xe2\x80\xae",
                                                           "]]>",
                                                           " onload=x ",
                                                           "</style>",
                                                           "\x1b]0;x\x07",
                                                           "<svg/onload="};
  std::uniform_int_distribution<std::size_t> piece(0, pieces.size() * 2);
  std::uniform_int_distribution<int> octet(0, 255);
  std::string text = "x";
  for (int i = 0; i < 12; ++i) {
    const std::size_t chosen = piece(random);
    if (chosen < pieces.size()) {
      text += pieces[chosen];
    } else {
      const char c = static_cast<char>(octet(random));
      if (c != '`') text += c;  // our own mark-up of a fix
    }
  }
  return text;
}

TEST(PageProperty, BytesFromTheNetworkNeverChangeWhatTheBrowserSees) {
  std::mt19937 random(5);  // the same each time
  for (const auto& [name, sample] : samples::reports()) {
    Report benign = sample;
    poison(benign, "x");
    const auto expected = structure(page_of(benign));
    const History plain = history_of(benign);
    const auto expected_overview = structure(overview({{"x", &plain, {}}}, noon));
    for (int i = 0; i < 40; ++i) {
      const std::string text = hostile_bytes(random);
      Report report = sample;
      poison(report, text);
      const History history = history_of(report);
      const std::string html = page_of(report, text) + overview({{text, &history, {}}}, noon);
      auto both = expected;
      both.insert(both.end(), expected_overview.begin(), expected_overview.end());
      ASSERT_EQ(structure(html), both) << name << ": " << text;
      for (const char* raw : {"\x1b", "\r", "\x07", "\xe2\x80\xae", "<script>alert"}) {
        ASSERT_EQ(html.find(raw), std::string::npos) << name << ": " << text;
      }
    }
  }
}

}  // namespace
}  // namespace danewatch::page
