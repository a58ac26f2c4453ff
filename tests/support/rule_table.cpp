#include "tests/support/rule_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace danewatch::rulebook {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts;
  while (true) {
    const auto at = text.find(mark);
    parts.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> backquoted(const std::string& text) {
  std::vector<std::string> tokens;
  const auto parts = split(text, '`');
  for (std::size_t i = 1; i < parts.size(); i += 2) tokens.push_back(parts[i]);
  return tokens;
}

bool is_id(const std::string& text) {
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  return text.size() == 4 && text[0] >= 'A' && text[0] <= 'E' && text[1] == '-' && digit(text[2]) && digit(text[3]);
}

// "no-tlsa" is no_tlsa in the code.
std::string identifier(std::string text) {
  std::ranges::replace(text, '-', '_');
  return text;
}

// What a token may be called in a test's code.
std::vector<std::string> spellings(const std::string& token) {
  const auto slash = token.find('/');
  const std::string verdict = token.substr(0, slash);
  const std::string reason = slash == std::string::npos ? "" : identifier(token.substr(slash + 1));
  if (!reason.empty()) return {"Located::" + reason, "Reason::" + reason, "Failure::" + reason, token};
  if (token == "authenticated") return {"Verdict::authenticated", "Located::dane"};
  if (token == "dns-bogus") return {"Located::bogus", "Status::bogus"};
  if (token == "dns-error") return {"Status::failed", "Failure::servfail"};
  if (token == "unusable") return {"Verdict::unusable", "why("};  // why(record): the words for a record nobody may use
  if (token == "no-service") return {"Located::no_service"};
  if (token == "secure" || token == "insecure") return {"Status::" + token, "Located::" + token};
  return {token};
}

// A verdict without reason stands for all its reasons.
bool covers(const std::string& token, const std::string& said) {
  return token == said || said.starts_with(token + "/");
}

class RowCheck {
 public:
  RowCheck(const TableRow& row, const Proofs& proofs) : row_(row), proofs_(proofs), proven_(row.tokens.size()) {}

  std::vector<std::string> problems() {
    if (row_.out_of_scope) return {};
    if (row_.proofs.empty()) return {row_.id + " has no proof"};
    if (row_.tokens.empty()) complain("has nothing to compare: no word in backquotes");
    for (const auto& proof : row_.proofs) check(proof);
    for (std::size_t i = 0; i < proven_.size() && problems_.empty(); ++i) {
      if (!proven_[i]) complain(fmt::format("{} has no proof", row_.tokens[i]));
    }
    return std::move(problems_);
  }

 private:
  void complain(const std::string& sentence) { problems_.push_back(row_.id + ": " + sentence); }

  template <class Says>
  void check_tokens(const std::string& proof, Says says) {
    bool any = false;
    for (std::size_t i = 0; i < row_.tokens.size(); ++i) {
      if (!says(row_.tokens[i])) continue;
      proven_[i] = any = true;
    }
    if (!any) complain(proof + " says none of it");
  }

  void check(const std::string& proof) {
    if (proof == "rulebook") return check_rulebook();
    if (proof.starts_with("scene ")) {
      const auto scene = proofs_.scenes.find(proof.substr(6));
      if (scene == proofs_.scenes.end()) return complain("there is no " + proof);
      return check_tokens(proof, [&](const std::string& token) { return scene->second.contains(token); });
    }
    const auto test = proofs_.tests.find(proof);
    if (test == proofs_.tests.end()) return complain("there is no test " + proof);
    check_tokens(proof, [&](const std::string& token) { return code_says(test->second, token); });
  }

  void check_rulebook() {
    const auto cases = proofs_.rulebook.find(row_.id);
    if (cases == proofs_.rulebook.end()) return complain("is not in rulebook.json");
    const auto& expected = cases->second;
    if (!row_.tokens.empty() && !covers(row_.tokens.front(), expected.front())) {
      return complain(fmt::format("the first case expects {}, the table {}", expected.front(), row_.tokens.front()));
    }
    for (const auto& said : expected) {
      const auto token = std::ranges::find_if(row_.tokens, [&](const auto& t) { return covers(t, said); });
      if (token == row_.tokens.end()) {
        complain(said + " is not said in the table");
      } else {
        proven_[static_cast<std::size_t>(token - row_.tokens.begin())] = true;
      }
    }
  }

  const TableRow& row_;
  const Proofs& proofs_;
  std::vector<bool> proven_;
  std::vector<std::string> problems_;
};

// "B-01" for "Conformance.B01_More"; nothing for a test named after no row.
std::string row_of_test(std::string_view test) {
  constexpr std::string_view suite = "Conformance.";
  if (!test.starts_with(suite) || test.size() < suite.size() + 4 || test[suite.size() + 3] != '_') return "";
  const std::string id = fmt::format("{}-{}", test[suite.size()], test.substr(suite.size() + 1, 2));
  return is_id(id) ? id : "";
}

void check_named_tests(const std::vector<TableRow>& table, const Proofs& proofs, std::vector<std::string>& problems) {
  for (const auto& [test, code] : proofs.tests) {
    const std::string id = row_of_test(test);
    const auto row = std::ranges::find(table, id, &TableRow::id);
    if (id.empty() || row == table.end()) continue;
    if (std::ranges::count(row->proofs, test) == 0) problems.push_back(fmt::format("{} does not name {}", id, test));
  }
}

}  // namespace

std::vector<TableRow> read_table(std::string_view markdown) {
  std::vector<TableRow> table;
  for (const auto& line : split(markdown, '\n')) {
    const auto cells = split(line, '|');
    if (cells.size() != 6 || !is_id(cells[1])) continue;
    TableRow row{cells[1], cells[3], backquoted(cells[3]), {}, cells[3].starts_with("out of scope: ")};
    if (!cells[4].empty()) row.proofs = split(cells[4], ',');
    table.push_back(std::move(row));
  }
  return table;
}

std::map<std::string, std::string> tests_in(std::string_view source) {
  std::map<std::string, std::string> tests;
  std::size_t start = source.starts_with("TEST") ? 0 : source.find("\nTEST");
  while (start != std::string_view::npos) {
    const auto code = source.substr(start, source.find("\n}\n", start) - start);
    const auto open = code.find('('), comma = code.find(", ", open), close = code.find(')', open);
    if (comma < close) {
      tests[fmt::format("{}.{}", code.substr(open + 1, comma - open - 1), code.substr(comma + 2, close - comma - 2))] =
          code;
    }
    start = source.find("\nTEST", start + 1);
  }
  return tests;
}

bool code_says(std::string_view code, const std::string& token) {
  return std::ranges::any_of(spellings(token), [&](const auto& name) { return code.find(name) != code.npos; });
}

std::vector<std::string> problems_of(const TableRow& row, const Proofs& proofs) {
  return RowCheck(row, proofs).problems();
}

std::vector<std::string> problems_of(const std::vector<TableRow>& table, const Proofs& proofs) {
  std::vector<std::string> problems;
  const auto ids = all_ids();
  for (const auto& id : ids) {
    const auto count = std::ranges::count(table, id, &TableRow::id);
    if (count == 0) problems.push_back(id + " is missing in the table");
    if (count > 1) problems.push_back(fmt::format("{} stands {} times in the table", id, count));
  }
  for (const auto& row : table) {
    if (std::ranges::count(ids, row.id) == 0) problems.push_back(row.id + " is no row of the rule book");
    const auto more = problems_of(row, proofs);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  check_named_tests(table, proofs, problems);
  return problems;
}

std::vector<std::string> all_ids() {
  struct Group {
    char letter;
    int last;
  };
  std::vector<std::string> ids;
  for (const auto& [letter, last] : {Group{'A', 37}, Group{'B', 78}, Group{'C', 68}, Group{'D', 33}, Group{'E', 45}}) {
    for (int number = 1; number <= last; ++number) {
      if (letter == 'D' && (number == 18 || number == 19)) continue;
      ids.push_back(fmt::format("{}-{:02}", letter, number));
    }
  }
  return ids;
}

}  // namespace danewatch::rulebook
