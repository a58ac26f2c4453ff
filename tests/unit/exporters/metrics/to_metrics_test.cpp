#include "exporters/metrics/to_metrics.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "exporters/metrics/prometheus_text.hpp"
#include "tests/support/finding_cases.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

std::size_t series(const std::vector<Family>& families) {
  std::size_t count = 0;
  for (const Family& family : families) count += family.samples.size();
  return count;
}

std::size_t records(const Report& report) {
  std::size_t count = 0;
  for (const auto& host : report.hosts) count += host.records.size();
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

// Addresses that were asked; sixteen of them are told.
std::size_t name_servers(const Report& report) {
  std::size_t asked = 0;
  for (const ZoneServers& zone : report.servers.zones)
    asked += static_cast<std::size_t>(std::ranges::count(zone.servers, Unasked::none, &ServerAnswers::unasked));
  return std::min<std::size_t>(asked, 16);
}

// The rules of the exporter's conventions that hold for whatever a report says.
void expect_rules(const Report& report, const MetricOptions& options) {
  const auto families = to_metrics(report, options);
  std::set<std::string_view> names;
  for (const Family& family : families) {
    EXPECT_TRUE(names.insert(family.row.name).second) << family.row.name << " is listed twice";
    EXPECT_FALSE(family.samples.empty()) << family.row.name;
    std::set<Labels> seen;
    for (const Sample& sample : family.samples) {
      EXPECT_TRUE(seen.insert(sample.labels).second) << "a series of " << family.row.name << " is listed twice";
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
  const std::size_t hosts = report.hosts.size();
  const std::size_t base = options.detail == Detail::summary ? 25 + 2 * hosts : 71 + 30 * hosts;
  EXPECT_LE(series(families), base + 3 * records(report) + 4 * name_servers(report)) << report.target.text;
}

// As after many runs: every record was seen and has matched.
RecordHistory times_of(const Report& report) {
  RecordHistory times;
  for (const auto& host : report.hosts) {
    for (const auto& each : host.records) times[record_key(host.dns, each.record)] = {report.at, report.at};
  }
  return times;
}

MetricOptions scheduled(const Report& report, Detail detail, const RecordHistory& records) {
  MetricOptions options;
  options.detail = detail;
  options.scheduled = true;
  options.last_success = report.at;
  options.timeout = std::chrono::seconds(10);
  options.records = &records;
  return options;
}

TEST(ToMetrics, RulesHoldForEveryReport) {
  for (const Report& report : test::every_report()) {
    const RecordHistory times = times_of(report);
    for (const Detail detail : {Detail::summary, Detail::full}) expect_rules(report, scheduled(report, detail, times));
  }
}

bool is_within_limits(const Report& report) {
  const MetricOptions limits;
  return report.hosts.size() <= limits.max_hosts && std::ranges::all_of(report.hosts, [&](const HostReport& host) {
           return host.records.size() <= limits.max_records;
         });
}

// A stale record each, and certificates whose dates count: as many series as a summary can have.
Report eight_hosts() {
  Report many = samples::stale_duplicate();
  for (EndpointReport& endpoint : many.hosts.at(0).endpoints) {
    ChainMatch& match = endpoint.match;
    match.date_matters = true;
    match.earliest_not_after = many.at;
  }
  while (many.hosts.size() < 8) {
    many.hosts.push_back(many.hosts.front());
    many.hosts.back().dns.host = "mx" + std::to_string(many.hosts.size()) + ".example.org";
  }
  return many;
}

// Alerts are made of them: the state of each record, and what expires next.
TEST(ToMetrics, NothingOfASummaryIsEverCut) {
  const Report many = eight_hosts();
  auto all = test::every_report();
  all.push_back(many);
  for (const Report& report : all) {
    if (!is_within_limits(report)) continue;
    const RecordHistory times = times_of(report);
    const auto families = to_metrics(report, scheduled(report, Detail::summary, times));
    EXPECT_EQ(value(families, "dane_results_truncated"), 0) << report.target.text << " " << series(families);
  }
  const RecordHistory times = times_of(many);
  const auto families = to_metrics(many, scheduled(many, Detail::summary, times));
  EXPECT_EQ(find(families, "dane_tlsa_record_state")->samples.size(), records(many));
  EXPECT_EQ(find(families, "dane_rrsig_expiration_timestamp_seconds")->samples.size(), 1U);
}

TEST(ToMetrics, EveryFindingIsToldInFull) {
  for (const Report& report : test::every_report()) {
    std::set<std::string> codes;
    for (const Finding& finding : report.findings) codes.emplace(finding.code);
    const RecordHistory times = times_of(report);
    const auto families = to_metrics(report, scheduled(report, Detail::full, times));
    const Family* family = find(families, "dane_findings");
    std::set<std::string> told;
    for (const Sample& sample : family == nullptr ? std::vector<Sample>{} : family->samples) {
      told.insert(sample.labels.front().value);
    }
    EXPECT_EQ(told, codes) << report.target.text;
  }
}

// Two certificate types, two records, dates, findings: what an operator has, not what a test makes up.
TEST(ToMetrics, AnOrdinaryReportIsNotCutInFull) {
  for (const Report& report : {samples::all_good(), samples::stale_duplicate(), samples::dual_view()}) {
    const RecordHistory times = times_of(report);
    const auto families = to_metrics(report, scheduled(report, Detail::full, times));
    EXPECT_EQ(value(families, "dane_results_truncated"), 0) << report.target.text << " " << series(families);
  }
}

// Parts of many reports put together at random: shapes nobody thought of.
TEST(ToMetrics, RulesHoldForReportsPutTogetherAtRandom) {
  const auto all = test::every_report();
  std::mt19937 random(20260131);
  const auto some = [&]() -> const Report& { return all[random() % all.size()]; };
  for (int round = 0; round < 300; ++round) {
    Report report = some();
    for (unsigned part = random() % 4; part > 0; --part) {
      const Report& other = some();
      report.hosts.insert(report.hosts.end(), other.hosts.begin(), other.hosts.end());
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
  for (const Report& report : test::every_report()) {
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

// A series that goes away when its date is over would end the alarm about it.
TEST(ToMetrics, WhatHasEndedKeepsItsDate) {
  Report report = samples::dual_view();
  EndpointReport& endpoint = report.hosts[0].endpoints[1];
  endpoint.conclusion = {Verdict::mismatch, Reason::expired};
  endpoint.seen.chain[0].not_after = report.at - std::chrono::hours(1);
  Answer& tlsa = report.hosts[0].dns.lookups.back();
  tlsa.status = Status::bogus;
  tlsa.rrsig_expires = report.at - std::chrono::hours(2);
  const auto ended = [&](std::string_view name) {
    const auto families = to_metrics(report, summary());
    const Family* family = find(families, name);
    EXPECT_EQ(family->samples.size(), 1U) << name;
    return report.at - SysTime(std::chrono::seconds(static_cast<long>(family->samples.front().value)));
  };
  EXPECT_EQ(ended("dane_effective_expiration_timestamp_seconds"), std::chrono::hours(1));
  EXPECT_EQ(ended("dane_rrsig_expiration_timestamp_seconds"), std::chrono::hours(2));
  tlsa.rrsig_expires = report.at + std::chrono::hours(2);
  EXPECT_EQ(find(to_metrics(report, summary()), "dane_rrsig_expiration_timestamp_seconds"), nullptr)
      << "bogus for another reason: the other signatures would look healthy";
}

// An answer that was only asked to explain is signed by the same signer: its date is the first one here too.
TEST(ToMetrics, TheEarliestSignatureIsWhatExpiresFirst) {
  Report report = samples::dual_view();
  Answer& explains = report.hosts[0].dns.lookups.emplace_back(report.hosts[0].dns.lookups.front());
  explains.diagnostic = true;
  explains.question = {"other.example", RrType::cname};
  explains.rrsig_expires = report.at + std::chrono::hours(1);
  const auto families = to_metrics(report, summary());
  const auto& samples = find(families, "dane_rrsig_expiration_timestamp_seconds")->samples;
  ASSERT_EQ(samples.size(), 1U);
  EXPECT_EQ(
      value(families, "dane_rrsig_expiration_timestamp_seconds", {{"lookup", "address"}, {"host", "mx1.dual.example"}}),
      static_cast<double>(explains.rrsig_expires->time_since_epoch().count()));
}

TEST(ToMetrics, CutsAreTold) {
  const Report report = samples::wide_matrix();
  EXPECT_EQ(value(to_metrics(report, two_records()), "dane_results_truncated"), 1);
  EXPECT_EQ(value(to_metrics(samples::all_good(), {}), "dane_results_truncated"), 0);
}

TEST(ToMetrics, WhatTheBudgetCutsIsTold) {
  Report report = samples::all_good();
  for (const auto& entry : test::all_finding_cases()) {
    const auto& found = entry.report.findings;
    report.findings.insert(report.findings.end(), found.begin(), found.end());
  }
  const auto families = to_metrics(report, {});
  EXPECT_EQ(value(families, "dane_results_truncated"), 1);
  EXPECT_EQ(series(families), 71 + 30 * report.hosts.size() + 3 * records(report));
}

// Every P-256 key begins alike, and a series that is listed twice fails a whole scrape.
TEST(ToMetrics, FullRecordsAreToldByTheirDigest) {
  Report report = samples::all_good();
  HostReport& host = report.hosts.at(0);
  TlsaRecord key = host.records.at(0).record;
  key.matching_type = 0;
  key.data.assign(91, 0x30);
  host.records = {{key, RecordState::current, std::nullopt}, {key, RecordState::current, std::nullopt}};
  host.records[1].record.data.back() = 0x31;
  const auto families = to_metrics(report, {});
  EXPECT_EQ(find(families, "dane_tlsa_record_state")->samples.size(), 2U);
}

TEST(ToMetrics, AMalformedRecordIsCountedNotExported) {
  Report report = samples::all_good();
  HostReport& host = report.hosts.at(0);
  host.records.at(0).record.truncated = true;
  host.records.at(0).state = RecordState::unusable;
  const auto families = to_metrics(report, {});
  EXPECT_EQ(find(families, "dane_tlsa_record_state"), nullptr);
  const Labels labels{{"host", host.dns.host}, {"port", "25"}, {"state", "unusable"}};
  EXPECT_EQ(value(families, "dane_tlsa_records", labels), 1);
}

TEST(ToMetrics, PerAddressVerdictsOnlyOnRequest) {
  const Report report = samples::wide_matrix();
  EXPECT_EQ(find(to_metrics(report, {}), "dane_endpoint_verdict"), nullptr);
  const auto families = to_metrics(report, per_address());
  EXPECT_EQ(find(families, "dane_endpoint_verdict")->samples.size(), report.hosts.at(0).endpoints.size());
}

TEST(PrometheusText, EscapesLabelsAndWritesHelpOnce) {
  Family family{{"dane_test", MetricType::gauge, "A test."}, {{{{"a", "x\"y\\z"}}, 1}, {{{"a", "b"}}, 2.5}}};
  EXPECT_EQ(
      to_prometheus(std::vector{family}),
      "# HELP dane_test A test.\n# TYPE dane_test gauge\ndane_test{a=\"x\\\"y\\\\z\"} 1\ndane_test{a=\"b\"} 2.5\n");
  EXPECT_EQ(prometheus_samples(family, {{"target", "t"}}),
            "dane_test{target=\"t\",a=\"x\\\"y\\\\z\"} 1\ndane_test{target=\"t\",a=\"b\"} 2.5\n");
}

}  // namespace
}  // namespace danewatch
