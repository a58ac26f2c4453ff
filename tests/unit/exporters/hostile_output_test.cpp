// Whatever the network says, a terminal, a browser and a scraper see text, and JSON has every octet of it. The plugin's
// output has stricter rules: nagios_hostile_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "exporters/json/checkup.hpp"
#include "exporters/json/json.hpp"
#include "exporters/metrics/prometheus_text.hpp"
#include "exporters/metrics/to_metrics.hpp"
#include "exporters/page/page.hpp"
#include "exporters/text/checkup.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "tests/support/hostile.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using test::hostile_report;
using test::hostile_verify;
using test::Junk;
using Json = nlohmann::json;

constexpr unsigned rounds = 300;

// Calls `check` with junk of one seed after the other, until one fails.
template <class Check>
void for_each_seed(Check check) {
  for (unsigned seed = 0; seed < rounds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Junk junk(seed);
    check(junk);
  }
}

void expect_inert(const std::string& text) {
  test::expect_printable(text);
  EXPECT_EQ(to_valid_utf8(text), text) << "no UTF-8";
}

// What the printer itself puts around coloured words, and nothing else a terminal would obey.
std::string without_colour(std::string text) {
  for (const char* code : {"0", "1", "2", "31", "32", "33"}) {
    const std::string sequence = std::string("\x1b[") + code + "m";
    for (std::size_t at = text.find(sequence); at != std::string::npos; at = text.find(sequence, at)) {
      text.erase(at, sequence.size());
    }
  }
  return text;
}

template <class Shown>
void expect_inert_text(const Shown& report) {
  for (const std::size_t width : {40U, 80U, 200U}) {
    TextOptions plain;
    plain.width = width;
    plain.explain = width == 80;
    TextOptions coloured = plain;
    coloured.color = true;
    const std::string text = to_text(report, plain);
    expect_inert(text);
    EXPECT_EQ(without_colour(to_text(report, coloured)), text) << "colour may add nothing but colour";
  }
}

TEST(HostileProperty, ATerminalSeesText) {
  for_each_seed([](Junk& junk) {
    const Report report = hostile_report(junk);
    expect_inert_text(report);
    const std::string line = to_line(report, {});
    expect_inert(line);
    // Only ours to break, and then the next one hangs under the first.
    for (auto at = line.find('\n'); at != std::string::npos; at = line.find('\n', at + 1)) {
      EXPECT_EQ(line.compare(at + 1, 10, std::string(10, ' ')), 0) << line;
    }
    expect_inert_text(hostile_verify(junk));
  });
}

TEST(HostileProperty, NoLineOfATextBeginsWithTheNetworksWords) {
  for_each_seed([](Junk& junk) {
    const std::string text = to_text(hostile_report(junk), {});
    for (const char* forged : {"\nOWNED", "\nOK  all", "\nDANE OK"}) EXPECT_EQ(text.find(forged), std::string::npos);
  });
}

TEST(HostileProperty, WhatTheDoctorQuotesIsText) {
  for_each_seed([](Junk& junk) {
    Checkup checkup;
    checkup.trust_anchor = junk.text();
    checkup.items = {{"DNS by UDP", Severity::critical, junk.text(), junk.text()}};
    expect_inert_text(checkup);
    const Json json = Json::parse(to_json(checkup));
    EXPECT_EQ(json["trust_anchor"], to_valid_utf8(checkup.trust_anchor));
    EXPECT_EQ(json["items"][0]["text"], to_valid_utf8(checkup.items[0].text));
  });
}

History history_of(const Report& report) {
  History history;
  record(history, std::make_shared<const Report>(report));
  return history;
}

TEST(HostileProperty, ABrowserSeesText) {
  for_each_seed([](Junk& junk) {
    const Report report = hostile_report(junk);
    const History history = history_of(report);
    const std::string name = junk.text();
    const page::Moment now{report.at, std::chrono::seconds(30)};
    const page::TargetState state{name, &history, std::chrono::minutes(5)};
    for (const std::string& html :
         {page::target(state, now), page::overview({state}, now), page::error(404, name, "")}) {
      expect_inert(html);
      EXPECT_EQ(html.find("<script>alert"), std::string::npos);
      EXPECT_EQ(html.find("\" onload"), std::string::npos);
    }
  });
}

// One line of the text format: NAME{LABEL="VALUE",…} NUMBER, where a value escapes its quotes and backslashes.
void expect_sample(std::string_view line) {
  const auto name_end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  ASSERT_GT(name_end, 0U);
  ASSERT_NE(name_end, std::string_view::npos);
  bool quoted = false;
  std::size_t at = name_end;
  for (; at < line.size() && (quoted || line[at] != ' '); ++at) {
    if (quoted && line[at] == '\\') {
      ++at;
    } else if (line[at] == '"') {
      quoted = !quoted;
    }
  }
  ASSERT_LT(at + 1, line.size()) << line;
  EXPECT_EQ(line.find_first_not_of("0123456789.e+-", at + 1), std::string_view::npos) << line;
}

TEST(HostileProperty, AScraperSeesSamplesAndLabels) {
  for_each_seed([](Junk& junk) {
    const Report report = hostile_report(junk);
    MetricOptions options;
    options.per_address = true;
    const auto families = to_metrics(report, options);
    const std::string text = to_prometheus(families);
    expect_inert(text);
    std::size_t samples = 0, expected = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const auto line = std::string_view(text).substr(at, text.find('\n', at) - at);
      if (line.starts_with("# ")) continue;
      expect_sample(line);
      ++samples;
    }
    for (const Family& family : families) expected += family.samples.size();
    EXPECT_EQ(samples, expected) << "a label wrote a line";
  });
}

// Broken octets become U+FFFD, one each; everything else must be found again.
void expect_intact(const Json& json, const std::string& text) {
  if (text.empty()) {
    EXPECT_TRUE(json.is_null() || json == Json("")) << json;
  } else {
    EXPECT_EQ(json, to_valid_utf8(text));
  }
}

void expect_intact(const Json& json, const std::vector<Answer>& answers) {
  ASSERT_EQ(json.size(), answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    expect_intact(json[i]["name"], answers[i].question.name);
    expect_intact(json[i]["why_bogus"], answers[i].why_bogus);
    for (std::size_t r = 0; r < answers[i].data.size(); ++r) {
      EXPECT_EQ(json[i]["data"][r], to_valid_utf8(answers[i].data[r].text));
    }
    for (std::size_t a = 0; a < answers[i].aliases.size(); ++a) {
      EXPECT_EQ(json[i]["aliases"][a]["from"], to_valid_utf8(answers[i].aliases[a].from));
      EXPECT_EQ(json[i]["aliases"][a]["to"], to_valid_utf8(answers[i].aliases[a].to));
    }
  }
}

void expect_intact(const Json& json, const TlsEvidence& seen) {
  expect_intact(json["error"], seen.error);
  if (seen.tls) {
    expect_intact(json["tls"]["version"], seen.tls->version);
    expect_intact(json["tls"]["cipher"], seen.tls->cipher);
  }
  for (std::size_t c = 0; c < seen.chain.size(); ++c) {
    const Certificate& certificate = seen.chain[c];
    const bool parsed = certificate.error.empty();
    expect_intact(json["chain"][c]["subject"], parsed ? certificate.subject : "");
    expect_intact(json["chain"][c]["issuer"], parsed ? certificate.issuer : "");
    for (std::size_t n = 0; n < certificate.names.size(); ++n) {
      EXPECT_EQ(json["chain"][c]["names"][n], to_valid_utf8(certificate.names[n]));
    }
  }
}

TEST(HostileProperty, JsonHasEveryOctetInAscii) {
  for_each_seed([](Junk& junk) {
    const Report report = hostile_report(junk);
    const std::string text = to_json(report);
    for (const char c : text) ASSERT_TRUE(c >= 0x20 && c < 0x7f) << "octet " << static_cast<int>(c);
    const Json json = Json::parse(text);
    expect_intact(json["lookups"], report.walk.lookups);
    const Json& host = json["hosts"][0];
    expect_intact(host["host"], report.hosts[0].dns.host);
    expect_intact(host["names"][1], report.hosts[0].dns.names[1]);
    expect_intact(host["tlsa"][0]["owner"], report.hosts[0].dns.tlsa[0].owner);
    expect_intact(host["lookups"], report.hosts[0].dns.lookups);
    for (std::size_t e = 0; e < report.hosts[0].endpoints.size(); ++e)
      expect_intact(host["endpoints"][e], report.hosts[0].endpoints[e].seen);
    for (std::size_t f = 0; f < report.findings.size(); ++f) {
      expect_intact(json["findings"][f]["text"], report.findings[f].text);
      expect_intact(json["findings"][f]["fix"], fix_words(report.findings[f].remedies));
    }
    for (const char c : to_json(hostile_verify(junk))) ASSERT_TRUE(c >= 0x20 && c < 0x7f);
  });
}

}  // namespace
}  // namespace danewatch
