// Every sample report in every form against the file it must look like. DANEWATCH_UPDATE_GOLDEN=1 rewrites the files:
// then read the difference as an operator would.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>

#include "exporters/json/json.hpp"
#include "exporters/nagios/nagios.hpp"
#include "exporters/page/page.hpp"
#include "exporters/page/style.hpp"
#include "exporters/text/text.hpp"
#include "store/bundle/bundle.hpp"
#include "tests/support/finding_cases.hpp"
#include "tests/support/recalling_matcher.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

const std::filesystem::path folder = std::filesystem::path(DANEWATCH_SOURCE_DIR) / "tests" / "golden";

bool updating() {
  const char* value = std::getenv("DANEWATCH_UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path << " is missing; DANEWATCH_UPDATE_GOLDEN=1 writes it";
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Golden {
  std::string file;
  std::string content;
};

// A page without the style and script that all of them share, but linked to them: a browser shows the file as it is
// served, and a change of the style is a change of one file.
std::string linked(std::string html) {
  const auto replace = [&](const std::string& whole, const std::string& link) {
    const std::size_t at = html.find(whole);
    ASSERT_NE(at, std::string::npos) << whole.substr(0, 20);
    html.replace(at, whole.size(), link);
  };
  replace("<style>" + std::string(page::style()) + "</style>", R"(<link rel="stylesheet" href="page.css">)");
  replace("<script>" + std::string(page::script()) + "</script>", R"(<script src="page.js"></script>)");
  return html;
}

void add_pages(std::vector<Golden>& all) {
  std::vector<History> histories;
  std::vector<std::string> names;
  for (const auto& [name, report] : samples::reports()) {
    History history;
    Report earlier = samples::all_good();
    for (int run = 3; run > 0; --run) {
      earlier.at = report.at - std::chrono::hours(run);
      record(history, std::make_shared<const Report>(earlier));
    }
    record(history, std::make_shared<const Report>(report));
    histories.push_back(std::move(history));
    names.push_back(name);
  }
  histories.emplace_back();
  names.emplace_back("never-run");
  std::vector<page::TargetState> states;
  const page::Moment moment{samples::all_good().at + std::chrono::minutes(10), std::chrono::seconds(30)};
  for (std::size_t i = 0; i < names.size(); ++i) {
    states.push_back({names[i], &histories[i], std::chrono::minutes(5)});
    all.push_back({names[i] + ".html", linked(page::target(states.back(), moment))});
  }
  all.push_back({"overview.html", linked(page::overview(states, moment))});
  all.push_back({"page.css", std::string(page::style())});
  all.push_back({"page.js", std::string(page::script())});
}

std::string plugin_output(Report report, int verbosity) {
  report.policy.time_limit = TimeLimit();
  nagios::Options options;
  options.verbosity = verbosity;
  const auto output = nagios::to_nagios(report, options);
  return output.text + "status " + std::to_string(static_cast<int>(output.state)) + "\n";
}

// The judgement knows the plugin's time limit.
Report in_limited_time(Report report) {
  report.policy.time_limit = TimeLimit();
  return test::judged_again(report);
}

// What the plugin says of every finding there is.
std::string plugin_findings() {
  std::string all;
  for (const auto& [code, report, severity, subject, text, fix] : test::all_finding_cases()) {
    all += "# " + code + "\n" + plugin_output(in_limited_time(report), 1);
  }
  return all;
}

// What `check --save` keeps of it.
std::string evidence_of(const Report& report) {
  return write_bundle({facts_of(report), report.policy, {"danewatch 0", {{"libunbound", "1"}}, {}}}) + "\n";
}

std::vector<Golden> goldens() {
  TextOptions explain;
  explain.explain = true;
  TextOptions color;
  color.color = true;
  std::vector<Golden> all;
  std::string lines;
  for (const auto& [name, report] : samples::reports()) {
    all.push_back({name + ".json", to_json(report) + "\n"});
    all.push_back({name + ".evidence.json", evidence_of(report)});
    all.push_back({name + ".txt", to_text(report, {})});
    all.push_back({name + ".explain.txt", to_text(report, explain)});
    all.push_back({name + ".nagios.txt", plugin_output(report, 0)});
    lines += to_line(report, {}) + "\n";
  }
  for (const auto& [name, report] : samples::verify_reports()) {
    all.push_back({name + ".json", to_json(report) + "\n"});
    all.push_back({name + ".txt", to_text(report, {})});
  }
  add_pages(all);
  all.push_back({"lines.txt", lines});
  all.push_back({"findings.nagios.txt", plugin_findings()});
  all.push_back({"stale-duplicate.nagios-vv.txt", plugin_output(samples::stale_duplicate(), 2)});
  all.push_back({"stale-duplicate.color.txt", to_text(samples::stale_duplicate(), color)});
  return all;
}

TEST(Golden, EveryFormOfEverySampleIsAsRecorded) {
  for (const auto& [file, content] : goldens()) {
    if (updating()) std::ofstream(folder / file, std::ios::binary) << content;
    EXPECT_EQ(read(folder / file), content) << file;
  }
}

TEST(Golden, ThePluginIsRecordedWithEveryVerdictAndSeverity) {
  std::set<std::string_view> verdicts;
  std::set<std::string_view> severities;
  for (const auto& each : test::all_finding_cases()) {
    verdicts.insert(to_string(each.report.conclusion.verdict));
    severities.insert(to_string(each.severity));
  }
  EXPECT_EQ(verdicts.size(), static_cast<std::size_t>(Verdict::authenticated) + 1) << testing::PrintToString(verdicts);
  EXPECT_EQ(severities, (std::set<std::string_view>{"info", "unknown", "warning", "critical"}));
}

TEST(Golden, NoFileIsLeftOver) {
  std::set<std::string> wanted{"CMakeLists.txt", "validate.py"};
  for (const auto& [file, content] : goldens()) wanted.insert(file);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      EXPECT_TRUE(wanted.contains(entry.path().filename().string())) << entry.path();
    }
  }
}

}  // namespace
}  // namespace danewatch
