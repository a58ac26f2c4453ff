// The rule book's table (rows.md), and whether what it names as proof exists and says the same words.
//
// Reads files, runs nothing. Thread rule: values and pure functions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch::rulebook {

struct TableRow {
  std::string id;                   // "B-01"
  std::string said;                 // what is said, in words
  std::vector<std::string> tokens;  // what stands in backquotes in it
  std::vector<std::string> proofs;  // "rulebook", "scene agile", "Conformance.C13_…"
  bool out_of_scope = false;
};

// All that can serve as proof.
struct Proofs {
  std::map<std::string, std::vector<std::string>> rulebook;  // id -> expectations of its cases, in order
  std::map<std::string, std::set<std::string>> scenes;       // name -> verdicts, with and without reason, and findings
  std::map<std::string, std::string> tests;                  // "Suite.Name" -> its code
};

std::vector<TableRow> read_table(std::string_view markdown);

// "Suite.Name" and code of every test in a source file.
std::map<std::string, std::string> tests_in(std::string_view source);

// Does a test's code speak of this token? Verdicts are looked for under the names the code has for them.
bool code_says(std::string_view code, const std::string& token);

// One sentence each; empty: the table is whole and true.
std::vector<std::string> problems_of(const TableRow& row, const Proofs& proofs);
std::vector<std::string> problems_of(const std::vector<TableRow>& table, const Proofs& proofs);

// "A-01" … of the groups A to E. D has no rows 18 and 19.
std::vector<std::string> all_ids();

}  // namespace danewatch::rulebook
