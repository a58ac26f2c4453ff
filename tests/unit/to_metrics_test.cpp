#include "exporters/to_metrics.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include "exporters/board.hpp"
#include "exporters/metrics_page.hpp"
#include "exporters/prometheus_text.hpp"
#include "tests/support/finding_cases.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<Report> every_report() {
  std::vector<Report> all;
  for (auto& named : samples::reports()) all.push_back(std::move(named.report));
  for (auto& entry : test::all_finding_cases()) all.push_back(std::move(entry.report));
  return all;
}

std::size_t series(const std::vector<Family>& families) {
  std::size_t count = 0;
  for (const Family& family : families) count += family.samples.size();
  return count;
}

std::size_t records(const Report& report) {
  std::size_t count = 0;
  for (const auto& host : report.dns.hosts) count += host.tlsa.size();
  return count;
}

MetricOptions summary() {
  MetricOptions options;
  options.detail = Detail::summary;
  return options;
}

MetricOptions two_records() {
  MetricOptions options;
  options.max_records = 2;
  return options;
}

MetricOptions per_address() {
  MetricOptions options;
  options.per_address = true;
  return options;
}

const Family* find(const std::vector<Family>& families, std::string_view name) {
  const auto found = std::ranges::find_if(families, [&](const Family& family) { return family.row.name == name; });
  return found == families.end() ? nullptr : &*found;
}

double value(const std::vector<Family>& families, std::string_view name, const Labels& labels = {}) {
  const Family* family = find(families, name);
  if (family == nullptr) return NAN;
  for (const Sample& sample : family->samples) {
    if (sample.labels == labels) return sample.value;
  }
  return NAN;
}

// The rules of the exporter's conventions that hold for whatever a report says.
void expect_rules(const Report& report, const MetricOptions& options) {
  const auto families = to_metrics(report, options);
  std::set<std::string_view> names;
  for (const Family& family : families) {
    EXPECT_TRUE(names.insert(family.row.name).second) << family.row.name << " is there twice";
    EXPECT_FALSE(family.samples.empty()) << family.row.name;
    std::set<Labels> seen;
    for (const Sample& sample : family.samples) {
      EXPECT_TRUE(seen.insert(sample.labels).second) << "a series of " << family.row.name << " is there twice";
      EXPECT_TRUE(std::isfinite(sample.value)) << family.row.name;
      // A certificate may say that it begins before 1970; nothing else is less than nothing.
      const bool is_time = family.row.name.ends_with("_timestamp_seconds");
      EXPECT_TRUE(is_time || sample.value >= 0) << family.row.name;
      for (const Label& label : sample.labels) {
        EXPECT_LE(label.value.size(), 128U);
        EXPECT_TRUE(std::ranges::none_of(label.value, [](char c) { return c >= 0 && c < ' '; })) << label.value;
      }
    }
  }
  const std::size_t base = options.detail == Detail::summary ? 25 : 50 + 30 * report.dns.hosts.size();
  EXPECT_LE(series(families), base + 3 * records(report)) << report.target.text;
}

TEST(ToMetrics, RulesHoldForEveryReport) {
  for (const Report& report : every_report()) {
    for (const Detail detail : {Detail::summary, Detail::full}) {
      MetricOptions options;
      options.detail = detail;
      options.scheduled = true;
      options.last_success = report.at;
      options.timeout = std::chrono::seconds(10);
      expect_rules(report, options);
    }
  }
}

// Parts of many reports put together at random: shapes nobody thought of.
TEST(ToMetrics, RulesHoldForReportsPutTogetherAtRandom) {
  const auto all = every_report();
  std::mt19937 random(20260131);
  const auto some = [&]() -> const Report& { return all[random() % all.size()]; };
  for (int round = 0; round < 300; ++round) {
    Report report = some();
    for (unsigned part = random() % 4; part > 0; --part) {
      const Report& other = some();
      report.dns.hosts.insert(report.dns.hosts.end(), other.dns.hosts.begin(), other.dns.hosts.end());
      report.tls.insert(report.tls.end(), other.tls.begin(), other.tls.end());
      report.matches.insert(report.matches.end(), other.matches.begin(), other.matches.end());
      auto& hosts = report.judgement.hosts;
      hosts.insert(hosts.end(), other.judgement.hosts.begin(), other.judgement.hosts.end());
    }
    MetricOptions options;
    options.detail = random() % 2 == 0 ? Detail::summary : Detail::full;
    options.scheduled = true;
    options.max_hosts = 1 + random() % 16;
    options.max_records = 1 + random() % 16;
    expect_rules(report, options);
  }
}

TEST(ToMetrics, ExactlyOneStateOfASetHolds) {
  for (const Report& report : every_report()) {
    const auto families = to_metrics(report, {});
    for (const auto* name : {"dane_verdict", "dane_severity", "dane_impact"}) {
      const Family* family = find(families, name);
      if (family == nullptr) continue;
      double sum = 0;
      for (const Sample& sample : family->samples) sum += sample.value;
      EXPECT_EQ(sum, 1) << name << " of " << report.target.text;
    }
    EXPECT_EQ(find(families, "dane_verdict")->samples.size(), 11U);
  }
}

TEST(ToMetrics, TheRecordLeftBehindIsUnmatchedBesideACurrentOne) {
  const auto families = to_metrics(samples::stale_duplicate(), summary());
  std::multiset<std::string> states;
  for (const Sample& sample : find(families, "dane_tlsa_record_state")->samples) {
    states.insert(sample.labels.back().value);
    EXPECT_EQ(sample.labels[5].name, "data");
    EXPECT_EQ(sample.labels[5].value.size(), 16U);
  }
  EXPECT_THAT(states, testing::UnorderedElementsAre("current", "unmatched"));
  EXPECT_EQ(value(families, "probe_success"), 1) << "a warning is a success";
}

TEST(ToMetrics, WhatIsUnknownIsAbsent) {
  const auto families = to_metrics(samples::bad_target(), {});
  EXPECT_EQ(find(families, "dane_impact"), nullptr);
  EXPECT_EQ(find(families, "dane_rrsig_expiration_timestamp_seconds"), nullptr);
  EXPECT_EQ(find(families, "dane_effective_expiration_timestamp_seconds"), nullptr);
  EXPECT_EQ(find(families, "probe_timeout_seconds"), nullptr);
  EXPECT_EQ(find(families, "dane_last_probe_timestamp_seconds"), nullptr) << "only scheduled targets have one";
  EXPECT_EQ(value(families, "dane_verdict", {{"verdict", "unknown"}}), 1);
}

TEST(ToMetrics, CutsAreTold) {
  const Report report = samples::wide_matrix();
  EXPECT_EQ(value(to_metrics(report, two_records()), "dane_results_truncated"), 1);
  EXPECT_EQ(value(to_metrics(samples::all_good(), {}), "dane_results_truncated"), 0);
}

TEST(ToMetrics, WhatTheBudgetCutsIsTold) {
  Report report = samples::all_good();
  for (const auto& entry : test::all_finding_cases()) {
    const auto& found = entry.report.judgement.findings;
    report.judgement.findings.insert(report.judgement.findings.end(), found.begin(), found.end());
  }
  const auto families = to_metrics(report, {});
  EXPECT_EQ(value(families, "dane_results_truncated"), 1);
  EXPECT_EQ(series(families), 50 + 30 * report.dns.hosts.size() + 3 * records(report));
}

// Every P-256 key begins alike, and a series that is there twice fails a whole scrape.
TEST(ToMetrics, FullRecordsAreToldByTheirDigest) {
  Report report = samples::all_good();
  auto& host = report.dns.hosts.at(0);
  TlsaRecord key = host.tlsa.at(0);
  key.matching_type = 0;
  key.data.assign(91, 0x30);
  host.tlsa = {key, key};
  host.tlsa[1].data.back() = 0x31;
  report.judgement.hosts.at(0).states = {RecordState::current, RecordState::current};
  const auto families = to_metrics(report, {});
  EXPECT_EQ(find(families, "dane_tlsa_record_state")->samples.size(), 2U);
}

TEST(ToMetrics, AMalformedRecordIsCountedNotExported) {
  Report report = samples::all_good();
  auto& host = report.dns.hosts.at(0);
  host.tlsa.at(0).truncated = true;
  report.judgement.hosts.at(0).states = {RecordState::unusable};
  const auto families = to_metrics(report, {});
  EXPECT_EQ(find(families, "dane_tlsa_record_state"), nullptr);
  const Labels labels{{"host", host.host}, {"port", "25"}, {"state", "unusable"}};
  EXPECT_EQ(value(families, "dane_tlsa_records", labels), 1);
}

TEST(ToMetrics, PerAddressVerdictsOnlyOnRequest) {
  const Report report = samples::wide_matrix();
  EXPECT_EQ(find(to_metrics(report, {}), "dane_endpoint_verdict"), nullptr);
  const auto families = to_metrics(report, per_address());
  EXPECT_EQ(find(families, "dane_endpoint_verdict")->samples.size(), report.tls.at(0).size());
}

TEST(PrometheusText, EscapesLabelsAndWritesHelpOnce) {
  Family family{{"dane_test", MetricType::gauge, "A test."}, {{{{"a", "x\"y\\z"}}, 1}, {{{"a", "b"}}, 2.5}}};
  EXPECT_EQ(
      to_prometheus(std::vector{family}),
      "# HELP dane_test A test.\n# TYPE dane_test gauge\ndane_test{a=\"x\\\"y\\\\z\"} 1\ndane_test{a=\"b\"} 2.5\n");
  EXPECT_EQ(prometheus_samples(family, {{"target", "t"}}),
            "dane_test{target=\"t\",a=\"x\\\"y\\\\z\"} 1\ndane_test{target=\"t\",a=\"b\"} 2.5\n");
}

std::string whole(const BodySource& source) {
  std::string text;
  for (std::string piece = source(); !piece.empty(); piece = source()) text += piece;
  return text;
}

std::string page_of_everything() {
  Board board;
  std::vector<BoardEntry> entries;
  const auto all = every_report();
  for (std::size_t i = 0; i < all.size(); ++i) {
    BoardEntry& entry = entries.emplace_back();
    entry.name = "target \"" + std::to_string(i) + "\"";
    entry.labels = {{"team", "mail"}};
    entry.metrics.detail = i % 2 == 0 ? Detail::summary : Detail::full;
  }
  board.configure(std::move(entries));
  for (std::size_t i = 0; i < all.size(); ++i) board.publish("target \"" + std::to_string(i) + "\"", all[i]);
  return whole(metrics_page("", board.view()));
}

TEST(MetricsPage, EveryFamilyHasOneHeaderAndItsSamplesTogether) {
  const std::string page = page_of_everything();
  std::map<std::string, int> headers;
  std::string current;
  std::size_t begin = 0;
  std::set<std::string> lines;
  while (begin < page.size()) {
    const auto end = page.find('\n', begin);
    const std::string line = page.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("# TYPE ")) {
      current = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_EQ(++headers[current], 1) << current;
    } else if (!line.starts_with("#")) {
      EXPECT_TRUE(line.starts_with(current + "{")) << line;
      EXPECT_TRUE(lines.insert(line.substr(0, line.rfind(' '))).second) << line;
    }
  }
  EXPECT_GT(lines.size(), 1000U);
}

TEST(MetricsPage, PromtoolFindsNothingWrong) {
  Start start{{"/usr/bin/promtool", "check", "metrics"}, page_of_everything()};
  const Finished finished = run_process(start);
  EXPECT_EQ(finished.out + finished.err, "");
  EXPECT_EQ(finished.status, 0);
}

TEST(Board, RecordsHaveTheirTimes) {
  Board board;
  BoardEntry entry;
  entry.name = "a";
  entry.metrics.detail = Detail::summary;
  board.configure({entry});
  Report report = samples::stale_duplicate();
  board.publish("a", report);
  const SysTime first = report.at;
  report.at += std::chrono::hours(1);
  board.publish("a", report);
  std::string text;
  for (const auto& [row, samples] : board.find("a")->rendered) text += samples;
  const auto seconds = [](SysTime at) { return std::to_string(at.time_since_epoch().count()); };
  std::map<std::string, int> times;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (const std::string name : {"first_seen", "last_matched"}) {
      if (line.starts_with("dane_tlsa_record_" + name)) ++times[name + line.substr(line.rfind(' '))];
    }
  }
  EXPECT_THAT(times, UnorderedElementsAre(Pair("first_seen " + seconds(first), 2),
                                          Pair("last_matched " + seconds(report.at), 1)));
}

TEST(Board, ANameThatStaysKeepsWhatIsKnown) {
  Board board;
  BoardEntry entry;
  entry.name = "a";
  board.configure({entry});
  board.publish("a", samples::all_good());
  board.publish("gone", samples::all_good());
  BoardEntry other;
  other.name = "b";
  board.configure({entry, other});
  ASSERT_EQ(board.view().size(), 2U);
  EXPECT_NE(board.find("a")->history.latest, nullptr);
  EXPECT_FALSE(board.find("a")->rendered.empty());
  EXPECT_EQ(board.find("b")->history.latest, nullptr);
  board.configure({other});
  EXPECT_EQ(board.find("a"), nullptr);
}

}  // namespace
}  // namespace danewatch
