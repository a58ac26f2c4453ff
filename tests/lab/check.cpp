#include "tests/lab/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>

namespace danewatch::lab {
namespace {

using Json = nlohmann::json;

std::string word(const Json& value) {
  if (value.is_null()) return "null";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string at(const Json& report, const std::string& pointer) {
  const Json::json_pointer where(pointer);
  return report.contains(where) ? word(report.at(where)) : "(not there)";
}

void compare(const std::string& what, const std::string& expected, const std::string& got,
             std::vector<std::string>& wrong) {
  if (expected != got) wrong.push_back(fmt::format("{}: expected {}, got {}", what, expected, got));
}

std::vector<Json> findings_of(const Json& report, const std::string& code) {
  std::vector<Json> result;
  for (const auto& finding : report.value("findings", Json::array())) {
    if (finding.value("code", "") == code) result.push_back(finding);
  }
  return result;
}

// Everything a person could read of it, hex in lower case.
std::string text_of(const Json& finding) {
  std::string text;
  for (const auto* key : {"subject", "text", "fix", "host", "address"}) text += word(finding.value(key, Json())) + "\n";
  return text;
}

void compare_finding(const Json& report, const std::string& code, const std::vector<std::string>& fragments,
                     std::vector<std::string>& wrong) {
  const auto found = findings_of(report, code);
  if (found.empty()) {
    wrong.push_back(fmt::format("finding {} is missing", code));
    return;
  }
  const auto names_all = [&](const Json& finding) {
    const auto text = text_of(finding);
    return std::all_of(fragments.begin(), fragments.end(),
                       [&](const std::string& fragment) { return text.find(fragment) != std::string::npos; });
  };
  if (std::any_of(found.begin(), found.end(), names_all)) return;
  std::string texts;
  for (const auto& finding : found) texts += text_of(finding);
  wrong.push_back(fmt::format("no finding {} says all of \"{}\":\n{}", code, fmt::join(fragments, "\", \""), texts));
}

std::string codes_of(const Json& report) {
  std::vector<std::string> codes;
  for (const auto& finding : report.value("findings", Json::array())) {
    codes.push_back(fmt::format("{} ({})", finding.value("code", ""), finding.value("severity", "")));
  }
  return fmt::format("{}", fmt::join(codes, ", "));
}

// As one would type it.
std::string typed(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const auto& word : command) words.push_back(word.find(' ') == std::string::npos ? word : "'" + word + "'");
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

std::vector<std::string> command_of(const Check& check, const std::filesystem::path& danewatch, bool json) {
  std::vector<std::string> command;
  if (!check.trust_file.empty()) command = {"env", "SSL_CERT_FILE=" + check.trust_file};
  command.insert(command.end(), {danewatch.string(), "check"});
  if (json) command.emplace_back("--json");
  command.push_back(check.expect.check);
  command.insert(command.end(), check.expect.args.begin(), check.expect.args.end());
  return command;
}

std::vector<std::string> differences(const Expectation& expect, int status, const std::string& json) {
  std::vector<std::string> wrong;
  compare("exit status", std::to_string(expect.exit), std::to_string(status), wrong);
  const auto report = Json::parse(json, nullptr, false);
  if (report.is_discarded() || !report.is_object()) {
    wrong.push_back("the output is no report");
    return wrong;
  }
  if (expect.verdict != "any") compare("verdict", expect.verdict, at(report, "/verdict"), wrong);
  if (expect.reason != "any")
    compare("reason", expect.reason.empty() ? "null" : expect.reason, at(report, "/reason"), wrong);
  if (expect.impact) compare("impact", *expect.impact, at(report, "/impact"), wrong);
  for (const auto& [code, fragments] : expect.findings) compare_finding(report, code, fragments, wrong);
  for (const auto& code : expect.absent) {
    if (!findings_of(report, code).empty()) wrong.push_back(fmt::format("finding {} should not be there", code));
  }
  for (const auto& [pointer, value] : expect.json) compare(pointer, value, at(report, pointer), wrong);
  if (!wrong.empty()) {
    wrong.push_back(fmt::format("it says: {}", at(report, "/summary")));
    wrong.push_back(fmt::format("findings: {}", codes_of(report)));
  }
  return wrong;
}

namespace {

std::filesystem::path evidence_of(const Lab& lab, std::size_t check) {
  return lab.dir() / fmt::format("evidence-{}.json", check);
}

// The evidence that a check kept, judged again: the same report, but for the word that it was not seen now.
std::vector<std::vector<std::string>> judge_commands(const Lab& lab, const std::filesystem::path& danewatch) {
  std::vector<std::vector<std::string>> commands;
  for (const auto& check : lab.world().checks) {
    std::vector<std::string> command;
    if (!check.trust_file.empty()) command = {"env", "SSL_CERT_FILE=" + check.trust_file};
    const auto file = evidence_of(lab, commands.size());
    command.insert(command.end(), {danewatch.string(), "judge", "--json", file.string()});
    commands.push_back(std::move(command));
  }
  return commands;
}

// Where comparing took too long for the run, there is time for it now.
bool was_hurried(const Json& report) {
  return report.value("reason", Json()) == "deadline";
}

std::vector<std::string> judged_differently(const Output& checked, const Output& judged) {
  const auto first = Json::parse(checked.text, nullptr, false);
  auto again = Json::parse(judged.text, nullptr, false);
  if (first.is_discarded() || !first.is_object() || was_hurried(first)) return {};
  if (again.is_discarded()) return {fmt::format("judged again: {}", judged.errors)};
  std::vector<std::string> wrong;
  compare("origin of what is judged again", "replayed", at(again, "/origin"), wrong);
  compare("exit status of what is judged again", std::to_string(checked.status), std::to_string(judged.status), wrong);
  again.erase("origin");
  if (first != again) wrong.push_back(fmt::format("judged again: {}", Json::diff(first, again).dump()));
  return wrong;
}

}  // namespace

std::size_t check_all(const Lab& lab, const std::filesystem::path& danewatch, std::size_t jobs, bool quiet) {
  std::vector<std::vector<std::string>> commands;
  for (const auto& check : lab.world().checks) {
    auto& command = commands.emplace_back(command_of(check, danewatch, true));
    command.insert(command.end(), {"--save", evidence_of(lab, commands.size() - 1).string()});
  }
  const auto outputs = run_batch(commands, jobs, lab.dir());
  const auto again = lab.dir() / "again";  // outputs of the first are there already
  std::filesystem::create_directory(again);
  const auto judged = run_batch(judge_commands(lab, danewatch), jobs, again);
  std::size_t bad = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& check = lab.world().checks[i];
    auto wrong = differences(check.expect, outputs[i].status, outputs[i].text);
    std::ranges::move(judged_differently(outputs[i], judged[i]), std::back_inserter(wrong));
    if (wrong.empty() && quiet) continue;
    fmt::print("{} {} (line {}): {}\n", wrong.empty() ? "ok     " : "DIFFERS", check.scene, check.expect.line,
               typed(command_of(check, danewatch.filename(), true)));
    for (const auto& sentence : wrong) fmt::print("          {}\n", sentence);
    if (!wrong.empty() && !outputs[i].errors.empty()) fmt::print("          stderr: {}\n", outputs[i].errors);
    bad += wrong.empty() ? 0 : 1;
  }
  fmt::print("{} checks, {} differ\n", outputs.size(), bad);
  return bad;
}

void demonstrate(const Lab& lab, const std::vector<Scene>& scenes, const std::filesystem::path& danewatch) {
  for (const auto& scene : scenes) {
    fmt::print("\n# {}\n", scene.about);
    for (const auto& check : lab.world().checks) {
      if (check.scene != scene.name) continue;
      fmt::print("$ {}\n", typed(command_of(check, danewatch.filename(), false)));
      std::fflush(stdout);
      run_program(command_of(check, danewatch, false));
    }
  }
}

}  // namespace danewatch::lab
