// Nobody on the network can write a plugin's output: whatever a banner, a name or a record holds, a core, a terminal, a
// shell and printf(1) see text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "exporters/nagios/nagios.hpp"
#include "exporters/words/escape.hpp"
#include "tests/support/hostile.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::nagios {
namespace {

using test::hostile_report;
using test::Junk;

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

// The perfdata grammar of the plugin guidelines; C locale, no exponent, no nan.
void expect_perfdata(const Output& output) {
  constexpr auto one = "[a-z_]+=(U|-?[0-9]+(\\.[0-9]+)?)s?(;[-@~:.0-9]*){0,2}(;[-.0-9]*){0,2}";
  std::istringstream words(perfdata_of(output));
  std::vector<std::string> labels;
  for (std::string word; words >> word;) {
    EXPECT_THAT(word, testing::MatchesRegex(one));
    labels.push_back(word.substr(0, word.find('=')));
  }
  std::erase(labels, "days");  // left out where no date can count
  EXPECT_THAT(labels, testing::ElementsAre("time", "rrsig_days", "tlsa_usable", "tlsa_matched", "tlsa_extra",
                                           "endpoints_failed"));
}

// No octet of the network's reaches a core, a terminal, a shell or printf(1) as anything but text.
void expect_harmless(const Output& output) {
  const std::string& text = output.text;
  EXPECT_THAT(first_line(output), testing::ContainsRegex("^DANE (OK|WARNING|CRITICAL|UNKNOWN) - "));
  EXPECT_LE(words_of(output).size(), 120u);
  EXPECT_EQ(std::ranges::count(text, '|'), 1);
  EXPECT_LT(text.find('|'), text.find('\n'));
  EXPECT_TRUE(text.ends_with('\n'));
  EXPECT_LT(text.size(), 4096u);
  EXPECT_EQ(text.find_first_of("\\`$\"<"), std::string::npos) << text;
  EXPECT_EQ(text.find("\nOWNED"), std::string::npos) << text;
  std::string lines = text;
  std::erase(lines, '\n');
  EXPECT_EQ(escape_for_terminal(lines), lines) << "a control character, or no UTF-8";
  expect_perfdata(output);
}

TEST(NagiosProperty, NoOctetOfTheNetworkWritesTheOutput) {
  constexpr unsigned rounds = 400;
  for (unsigned seed = 0; seed < rounds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Junk junk(seed);
    Report report = hostile_report(junk);
    report.run.complete = junk.number(4) != 0;
    if (junk.number(4) == 0) report.summary = junk.text();
    for (Finding& finding : report.findings) {
      if (junk.number(4) != 0) continue;
      finding.text = finding.subject = junk.text();
      finding.remedies = advice(Step::Do::zone, finding.text);
    }
    Options options;
    options.verbosity = static_cast<int>(junk.number(4));
    if (junk.number(2) == 0) report.policy.days.warning = parse_range("14", BareNumber::start).value();
    if (junk.number(2) == 0) report.policy.time_limit = TimeLimit();
    expect_harmless(to_nagios(report, options));
  }
}

TEST(NagiosProperty, NoSampleWritesTheOutput) {
  for (const auto& [name, report] : samples::reports()) {
    for (const int verbosity : {0, 1, 2, 3}) {
      SCOPED_TRACE(name);
      Options options;
      options.verbosity = verbosity;
      expect_harmless(to_nagios(report, options));
    }
  }
}

}  // namespace
}  // namespace danewatch::nagios
