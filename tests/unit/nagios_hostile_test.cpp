// Nobody on the network can write a plugin's output: whatever a banner, a name or a record holds, a core, a terminal, a
// shell and printf(1) see text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <sstream>

#include "exporters/escape.hpp"
#include "exporters/nagios.hpp"
#include "tests/support/report_builder.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::nagios {
namespace {

using test::HostBuilder;
using test::ReportBuilder;

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
  EXPECT_THAT(labels, testing::ElementsAre("time", "days", "rrsig_days", "tlsa_usable", "tlsa_matched", "tlsa_extra",
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

class Junk {
 public:
  explicit Junk(unsigned seed) : random_(seed) {}

  // Octets of all kinds, with what an attacker would try among them.
  std::string text() {
    static const std::vector<std::string> tricks{"\nOWNED | x=1",
                                                 "\r\nDANE OK - fine",
                                                 "|days=1;;",
                                                 "\x1b[2J\x1b]0;t\x07",
                                                 "$(reboot)",
                                                 "`reboot`",
                                                 "\\x1b[31m",
                                                 "\\n",
                                                 "\xc2\x9b"
                                                 "31m",
                                                 "\xe2\x80\xae",
                                                 "\xe2\x80\xa8",
                                                 "\xff\xfe",
                                                 "'; rm",
                                                 "<script>",
                                                 "\"quoted\"",
                                                 std::string("\0x", 2),
                                                 "\x7f",
                                                 "-> ",
                                                 "\t",
                                                 "%n%s"};
    std::string out;
    const std::size_t pieces = random_() % 6;
    for (std::size_t i = 0; i < pieces; ++i) {
      if (random_() % 2 == 0) {
        out += tricks[random_() % tricks.size()];
      } else {
        out += static_cast<char>(random_() % 256);
      }
    }
    return out;
  }
  std::vector<std::uint8_t> octets() {
    const std::string all = text();
    return {all.begin(), all.end()};
  }
  unsigned number(unsigned below) { return static_cast<unsigned>(random_() % below); }

 private:
  std::mt19937 random_;
};

Certificate hostile_certificate(Junk& junk) {
  Certificate leaf = test::certificate('a', junk.text());
  leaf.subject = leaf.subject_cn = junk.text();
  leaf.issuer = leaf.issuer_cn = leaf.serial = junk.text();
  leaf.error = junk.text();
  leaf.key = junk.text();
  leaf.names = {junk.text(), junk.text()};
  return leaf;
}

// Every place where text from the network comes to rest, filled with junk, and judged by the real judge.
Report hostile_report(Junk& junk) {
  static constexpr Fault faults[] = {Fault::reply,     Fault::starttls_refused, Fault::injected, Fault::alert,
                                     Fault::malformed, Fault::tls_error,        Fault::timeout};
  static constexpr Cell cells[] = {Cell::match, Cell::no_match, Cell::shadowed, Cell::unusable};
  HostBuilder host("mx1.example.org" + junk.text());
  TlsaRecord record = test::record("3 1 1 " + test::digest('a'), junk.text());
  record.usage = static_cast<std::uint8_t>(junk.number(256));
  record.data = junk.octets();
  record.truncated = junk.number(4) == 0;
  host.tlsa("3 1 1 " + test::digest('b'));
  host.unusable("3 1 9 " + test::digest('c'), junk.text());
  host.dns.tlsa.front() = record;
  host.dns.unicode = junk.text();
  const Cell cell = cells[junk.number(4)];
  host.add(test::shows("11.0.0.1", {cell, Cell::unusable}).with(hostile_certificate(junk)));
  host.tls.back().tls = TlsParameters{junk.text(), junk.text(), junk.text(), junk.text()};
  host.matches.endpoints.back().error = host.matches.endpoints.back().pkix_error = junk.text();
  host.add(test::fails("11.0.0.2", Stage::greeting, faults[junk.number(std::size(faults))], junk.text()));
  Answer bogus = test::answer("_25._tcp." + junk.text(), RrType::tlsa, Status::bogus, {junk.text()});
  bogus.why_bogus = junk.text();
  bogus.aliases = {{junk.text(), junk.text(), RrType::cname}};
  bogus.diagnostic = junk.number(2) == 0;
  host.add(bogus);
  if (junk.number(4) == 0) host.located(Located::bogus);
  ReportBuilder builder("example.org");
  builder.add(std::move(host)).add(bogus);
  builder.report.target.unicode = junk.text();
  return builder.judged();
}

TEST(NagiosProperty, NoOctetOfTheNetworkWritesTheOutput) {
  constexpr unsigned rounds = 400;
  for (unsigned seed = 0; seed < rounds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Junk junk(seed);
    Report report = hostile_report(junk);
    report.complete = junk.number(4) != 0;
    if (junk.number(4) == 0) report.judgement.summary = junk.text();
    for (Finding& finding : report.judgement.findings) {
      if (junk.number(4) == 0) finding.text = finding.fix = finding.subject = junk.text();
    }
    Options options;
    options.verbosity = static_cast<int>(junk.number(4));
    if (junk.number(2) == 0) options.days.warning = parse_range("14", BareNumber::start).value();
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
