#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/lab/check.hpp"

namespace danewatch::lab {
namespace {

using Json = nlohmann::json;

constexpr std::size_t crowd = 500;                     // in flight at least
constexpr std::chrono::milliseconds allowed{120'000};  // one run; half a thousand handshakes share two slow processors
constexpr std::chrono::milliseconds grace{2'000};

std::map<std::string, const Check*> checks_by_target(const Lab& lab) {
  std::map<std::string, const Check*> checks;
  for (const auto& check : lab.world().checks) {
    if (check.expect.args.empty() && check.expect.trust.empty()) checks.emplace(check.expect.check, &check);
  }
  return checks;
}

// As the exit status of a run with this one target.
int status_of(const Json& report) {
  const auto severity = report.value("severity", "");
  if (severity == "critical") return 2;
  if (severity == "warning") return 1;
  return severity == "unknown" ? 3 : 0;
}

// Whatever the servers do, what the name servers said stands in the report, proven.
void compare_dns(const Json& report, std::vector<std::string>& wrong) {
  std::vector<Json> lookups{report.value("lookups", Json::array())};
  for (const auto& host : report.value("hosts", Json::array())) lookups.push_back(host.value("lookups", Json::array()));
  std::size_t seen = 0;
  for (const auto& list : lookups) {
    for (const auto& lookup : list) {
      ++seen;
      if (lookup.value("status", "") == "secure") continue;
      wrong.push_back(
          fmt::format("{} {} is {}", lookup.value("name", ""), lookup.value("type", ""), lookup.value("status", "")));
    }
  }
  if (seen < 3) wrong.push_back(fmt::format("only {} answers of the DNS", seen));
}

// A server's last words, when all is known, are waited for a quarter of a second: in a crowd that may be too short.
Expectation without_last_words(Expectation expect) {
  std::erase_if(expect.findings, [](const auto& finding) {
    return finding.first == "tls-unclean-close" || finding.first == "starttls-offered-again";
  });
  return expect;
}

std::vector<std::string> problems_of(const Check& check, const std::string& line) {
  const auto report = Json::parse(line, nullptr, false);
  if (report.is_discarded()) return {"the output is no report"};
  auto wrong = differences(without_last_words(check.expect), status_of(report), line);
  if (check.sound_dns) compare_dns(report, wrong);
  const std::chrono::milliseconds took{report.value("duration_ms", 0)};
  if (took > allowed + grace) wrong.push_back(fmt::format("it took {} ms", took.count()));
  return wrong;
}

std::size_t tell(const std::string& about, const std::vector<std::string>& wrong) {
  if (wrong.empty()) return 0;
  fmt::print("DIFFERS {}\n", about);
  for (const auto& sentence : wrong) fmt::print("          {}\n", sentence);
  return 1;
}

std::vector<std::string> command_for(const std::filesystem::path& danewatch, const std::filesystem::path& targets,
                                     std::size_t count) {
  return {danewatch.string(),
          "check",
          "--json",
          "--file",
          targets.string(),
          "--jobs",
          std::to_string(count),
          "--timeout",
          fmt::format("{}ms", allowed.count())};
}

}  // namespace

std::size_t check_at_once(const Lab& lab, const std::filesystem::path& danewatch) {
  const auto checks = checks_by_target(lab);
  const auto file = lab.dir() / "at-once";
  std::ofstream targets(file);
  for (const auto& [target, check] : checks) targets << target << '\n';
  targets.close();
  const auto output = run_batch({command_for(danewatch, file, checks.size())}, 1, lab.dir()).front();
  auto left = checks;
  std::size_t bad = 0;
  std::istringstream lines(output.text);
  for (std::string line; std::getline(lines, line);) {
    const auto target = Json::parse(line, nullptr, false).value("target", "");
    const auto known = left.find(target);
    bad += known == left.end() ? tell(target, {"twice, or never asked for"})
                               : tell(target, problems_of(*known->second, line));
    if (known != left.end()) left.erase(known);
  }
  for (const auto& [target, check] : left) bad += tell(target, {"no report"});
  if (checks.size() < crowd) bad += tell("the crowd", {fmt::format("only {} targets", checks.size())});
  if (!output.errors.empty()) bad += tell("standard error", {output.errors});
  fmt::print("{} targets at once, {} differ\n", checks.size(), bad);
  return bad;
}

}  // namespace danewatch::lab
