// The rule book is whole: every row has a proof that exists and says what the table says.
#include "tests/support/rule_table.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "probe/report/findings.hpp"
#include "tests/lab/scene.hpp"

namespace danewatch::rulebook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path source{DANEWATCH_SOURCE_DIR};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void add_rulebook(Proofs& proofs) {
  const auto book = nlohmann::json::parse(text_of(source / "tests/conformance/rulebook.json"));
  for (const auto& row : book.at("rows")) proofs.rulebook[row.at("id")].push_back(row.at("expect"));
}

void add_scenes(Proofs& proofs) {
  for (const char* file : {"tests/lab/scenes.yaml", "tests/lab/servers.yaml", "tests/lab/faults.yaml",
                           "tests/lab/protocols.yaml", "tests/e2e/scenes.yaml"}) {
    for (const auto& scene : lab::load_scenes(source / file)) {
      auto& said = proofs.scenes[scene.name];
      for (const auto& expect : scene.expect) {
        said.insert(expect.verdict);
        if (!expect.reason.empty()) said.insert(expect.verdict + "/" + expect.reason);
        for (const auto& [code, texts] : expect.findings) said.insert(code);
      }
    }
  }
}

void add_tests(Proofs& proofs) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source / "tests")) {
    if (!entry.path().filename().string().ends_with("_test.cpp")) continue;
    proofs.tests.merge(tests_in(text_of(entry.path())));
  }
}

TEST(Coverage, EveryRowHasAProofThatSaysTheSame) {
  Proofs proofs;
  add_rulebook(proofs);
  add_scenes(proofs);
  add_tests(proofs);
  const auto table = read_table(text_of(source / "tests/conformance/rows.md"));
  std::string problems;
  for (const auto& problem : problems_of(table, proofs)) problems += problem + "\n";
  EXPECT_EQ(problems, "");
}

// Findings that no scene provokes, and why; tests/support/finding_cases*.cpp has a report for each.
const std::set<std::string_view> not_in_the_lab{
    "cert-not-yet-valid",
    "cert-expiring",  // the lab's zones end in 2038, its certificates in 2050
    "no-ipv6-here",        "not-run",
    "run-incomplete",  // need a deadline in the middle of a run
    "bad-target",
    "refused-by-policy",    // say nothing about a scene
    "zone-assumed-signed",  // of a prediction, and there is no lab in it
    "no-network",
    "sni-differs",         // needs a server other than the lab's
    "dns-answers-differ",  // needs two name servers of a zone
};

TEST(Coverage, EveryFindingIsProvokedInTheLab) {
  Proofs proofs;
  add_scenes(proofs);
  for (const FindingRow& row : finding_table()) {
    const std::string code(row.code);
    const bool provoked = std::ranges::any_of(proofs.scenes, [&](const auto& s) { return s.second.contains(code); });
    EXPECT_NE(provoked, not_in_the_lab.contains(row.code)) << code;
  }
}

// The check itself, on a small table.

Proofs sample_proofs() {
  Proofs proofs;
  proofs.rulebook["B-01"] = {"mismatch/shadowed", "authenticated"};
  proofs.scenes["agile"] = {"mismatch", "mismatch/shadowed", "tlsa-shadowed"};
  proofs.tests["Conformance.C13_Alias"] = "{ EXPECT_EQ(host.located, Located::dane); }";
  return proofs;
}

TableRow sample(const std::string& said, const std::string& proof, const std::string& id = "B-01") {
  return read_table("| " + id + " | what | " + said + " | " + proof + " |\n").at(0);
}

std::vector<std::string> problems(const std::string& said, const std::string& proof, const std::string& id = "B-01") {
  return problems_of(sample(said, proof, id), sample_proofs());
}

TEST(Coverage, ARowIsRead) {
  const TableRow row = sample("`mismatch/shadowed`; else `authenticated`", "rulebook, scene agile");
  EXPECT_EQ(row.id, "B-01");
  EXPECT_THAT(row.tokens, ElementsAre("mismatch/shadowed", "authenticated"));
  EXPECT_THAT(row.proofs, ElementsAre("rulebook", "scene agile"));
  EXPECT_FALSE(row.out_of_scope);
  EXPECT_TRUE(sample("out of scope: why", "").out_of_scope);
}

TEST(Coverage, GoodRowsPass) {
  EXPECT_THAT(problems("`mismatch/shadowed`, `authenticated`", "rulebook"), IsEmpty());
  EXPECT_THAT(problems("`mismatch/shadowed`, `authenticated`, `tlsa-shadowed`", "rulebook, scene agile"), IsEmpty());
  EXPECT_THAT(problems("`authenticated`", "Conformance.C13_Alias", "C-13"), IsEmpty());
  EXPECT_THAT(problems("out of scope: why", ""), IsEmpty());
}

TEST(Coverage, ARowWithoutProofOrWithOneThatIsNotThere) {
  EXPECT_THAT(problems("`authenticated`", ""), ElementsAre(HasSubstr("no proof")));
  EXPECT_THAT(problems("in words", "rulebook"), testing::Contains(HasSubstr("nothing to compare")));
  EXPECT_THAT(problems("`authenticated`", "rulebook", "B-02"), testing::Contains(HasSubstr("not in rulebook.json")));
  EXPECT_THAT(problems("`authenticated`", "scene nowhere"), testing::Contains(HasSubstr("no scene nowhere")));
  EXPECT_THAT(problems("`authenticated`", "Conformance.C13_Other"), testing::Contains(HasSubstr("no test")));
}

TEST(Coverage, ExpectationsThatDiffer) {
  EXPECT_THAT(problems("`authenticated`, `mismatch/shadowed`", "rulebook"),
              ElementsAre(HasSubstr("the first case expects mismatch/shadowed")));
  EXPECT_THAT(problems("`mismatch/shadowed`", "rulebook"), ElementsAre(HasSubstr("authenticated is not said")));
  EXPECT_THAT(problems("`mismatch/shadowed`, `authenticated`, `unusable`", "rulebook"),
              ElementsAre(HasSubstr("unusable has no proof")));
  EXPECT_THAT(problems("`unusable`", "scene agile"), testing::Contains(HasSubstr("scene agile says none of it")));
  EXPECT_THAT(problems("`dns-bogus`", "Conformance.C13_Alias"), testing::Contains(HasSubstr("says none of it")));
}

TEST(Coverage, MissingAndDoubleRows) {
  std::vector<TableRow> table;
  for (const auto& id : all_ids()) {
    if (id != "C-40") table.push_back(sample("out of scope: why", "", id));
  }
  table.push_back(sample("out of scope: why", "", "A-01"));
  table.push_back(sample("out of scope: why", "", "D-99"));
  EXPECT_THAT(problems_of(table, Proofs{}),
              testing::UnorderedElementsAre("A-01 stands 2 times in the table", "C-40 is missing in the table",
                                            "D-99 is no row of the rule book"));
}

// A test that bears the number of a row belongs into its proofs.
TEST(Coverage, TestsNamedAfterARowAreInTheTable) {
  Proofs proofs;
  proofs.tests["Conformance.B01_More"] = "{ Reason::shadowed }";
  std::vector<TableRow> table;
  for (const auto& id : all_ids()) table.push_back(sample("out of scope: why", "", id));
  EXPECT_THAT(problems_of(table, proofs), ElementsAre("B-01 does not name Conformance.B01_More"));
}

TEST(Coverage, TestsAreFoundWithTheirCode) {
  const auto found = tests_in("TEST(One, Two) {\n  a;\n}\n\nTEST_F(Three, Four) {\n  b;\n}\n");
  EXPECT_EQ(found.size(), 2U);
  EXPECT_THAT(found.at("One.Two"), HasSubstr("a;"));
  EXPECT_THAT(found.at("One.Two"), testing::Not(HasSubstr("b;")));
  EXPECT_THAT(found.at("Three.Four"), HasSubstr("b;"));
}

}  // namespace
}  // namespace danewatch::rulebook
