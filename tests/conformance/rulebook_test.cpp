// Executes every row of rulebook.json, each as a test named after its id.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/conformance/rulebook_case.hpp"

namespace danewatch::rulebook {
namespace {

using testing::HasSubstr;

const Json& rulebook() {
  static const Json book = [] {
    std::ifstream file(DANEWATCH_SOURCE_DIR "/tests/conformance/rulebook.json");
    return Json::parse(file);
  }();
  return book;
}

struct Row {
  Json json;
};

void PrintTo(const Row& row, std::ostream* out) {  // NOLINT(readability-identifier-naming): GoogleTest's name
  *out << row.json.value("what", row.json.value("case", ""));
}

std::vector<Row> rows_to_run() {
  std::vector<Row> rows;
  for (const auto& row : rulebook().at("rows")) rows.push_back({row});
  return rows;
}

std::string word(Explanation::Kind kind) {
  using enum Explanation::Kind;
  switch (kind) {
    case other_parameters:
      return "other-parameters";
    case same_key_renewed:
      return "same-key-renewed";
    case hash_of_nothing:
      return "hash-of-nothing";
    case hex_of_hex:
      return "hex-of-hex";
    case truncated_digest:
      return "truncated-digest";
    case pem_text:
      return "pem-text";
    case not_an_issuer:
      return "not-an-issuer";
    case other_digest_length:
      return "other-digest-length";
    case digest_as_full:
      return "digest-as-full";
    case wrong_selector:
      return "wrong-selector";
    case leaf_not_first:
      return "leaf-not-first";
    case ta_not_sent:
      return "ta-not-sent";
    case other_authority:
      return "other-authority";
  }
  return "?";
}

// As rulebook.json writes it: with the numbers, or without them where they say nothing new.
std::set<std::string> texts_of(const Explanation& explanation) {
  const std::string start = std::to_string(explanation.record) + " " + word(explanation.kind);
  const std::string end = " @" + std::to_string(explanation.depth);
  const std::string numbers = std::to_string(explanation.usage) + " " + std::to_string(explanation.selector) + " " +
                              std::to_string(explanation.matching_type);
  return {start + end, start + " " + numbers + end};
}

// "1 @2", "0 @1 bare-key".
std::string text_of(const std::optional<MatchedRecord>& match) {
  if (!match) return "none";
  return std::to_string(match->record) + " @" + std::to_string(match->depth) + (match->bare_key ? " bare-key" : "");
}

std::vector<std::string> words(const std::vector<Cell>& cells) {
  std::vector<std::string> texts;
  for (const Cell cell : cells) texts.emplace_back(to_string(cell));
  return texts;
}

class Rulebook : public testing::TestWithParam<Row> {
 protected:
  static void compare(const Json& row, const MatchResult& result) {
    EXPECT_EQ(rulebook::text_of(result.conclusion), row.at("expect").get<std::string>()) << result.error;
    compare_records(row, result);
    if (row.contains("match")) {
      EXPECT_EQ(text_of(result.match), row.at("match").get<std::string>());
    }
    if (row.contains("nearest")) {
      EXPECT_EQ(text_of(result.nearest), row.at("nearest").get<std::string>());
    }
    if (row.contains("matched_name")) {
      EXPECT_EQ(result.match.value().name, row.at("matched_name").get<std::string>());
    }
    EXPECT_EQ(result.namesakes, row.value("namesakes", std::vector<std::size_t>{}));
    if (row.contains("weak")) {
      EXPECT_EQ(result.weak, row.at("weak").get<std::string>());
    }
    if (row.contains("accepted_at_level_0")) {
      EXPECT_EQ(result.accepted_at_level_0, row.at("accepted_at_level_0").get<bool>());
    }
    if (row.contains("pkix")) {
      EXPECT_EQ(result.pkix_ok, row.at("pkix").get<bool>()) << result.pkix_error;
    }
    for (const auto& expected : row.value("explained", std::vector<std::string>{})) {
      std::set<std::string> told;
      for (const auto& explanation : result.explanations) told.merge(texts_of(explanation));
      EXPECT_TRUE(told.contains(expected)) << expected << " is not among " << testing::PrintToString(told);
    }
    const bool any_match = std::ranges::count(result.cells, Cell::match) > 0;
    EXPECT_EQ(any_match, result.conclusion.verdict == Verdict::authenticated);
    EXPECT_EQ(result.match.has_value(), any_match);
  }

  static void compare_records(const Json& row, const MatchResult& result) {
    const auto why = row.value("why", std::vector<std::string>{});
    for (std::size_t i = 0; i < why.size(); ++i) EXPECT_THAT(result.unusable.at(i).value_or(""), HasSubstr(why[i]));
    if (row.contains("cells")) {
      EXPECT_EQ(words(result.cells), row.at("cells").get<std::vector<std::string>>());
    }
    if (row.contains("incomplete")) {
      EXPECT_EQ(result.incomplete, row.at("incomplete").get<std::vector<std::size_t>>());
    }
    if (row.contains("shadowed_by")) {
      EXPECT_EQ(result.shadowed_by, row.at("shadowed_by").get<std::vector<std::size_t>>());
    }
  }
};

TEST_P(Rulebook, Holds) {
  const Json& row = GetParam().json;
  Case world(row);
  std::vector<std::vector<std::string>> rrsets;
  if (row.contains("rrsets")) {
    row.at("rrsets").get_to(rrsets);
  } else {
    rrsets.push_back(row.at("records").get<std::vector<std::string>>());
  }
  for (auto& rrset : rrsets) {
    std::ranges::sort(rrset, {}, [&](const auto& text) { return row.contains("permute") ? text : std::string(); });
    do {
      SCOPED_TRACE(testing::Message() << row.at("id") << ": " << row.value("what", "") << " " << row.value("case", "")
                                      << " " << testing::PrintToString(rrset) << " " << row.value("note", ""));
      compare(row, world.ask(world.records(rrset)));
    } while (row.contains("permute") && std::ranges::next_permutation(rrset).found);
  }
}

std::string test_name(const testing::TestParamInfo<Row>& info) {
  std::string name = info.param.json.at("id").get<std::string>() + "_" + info.param.json.value("case", "");
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  while (name.ends_with('_')) name.pop_back();
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, Rulebook, testing::ValuesIn(rows_to_run()), test_name);

// rows.md A-33: however a record is written, it is the same record.
TEST(Presentation, AllFormsOfARecordAreEqual) {
  Case world(Json::object());
  const TlsaRecord right = world.records({"3 1 1 leaf"}).front();
  const std::string hex = to_hex(right.data);
  std::string upper = hex;
  std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  for (const std::string& text : {"3 1 1 " + hex, "3 1 1 " + upper, "3 1 1 " + hex.substr(0, 20) + " " + hex.substr(20),
                                  "\\# 35 030101" + hex, "\\# 35 0301 01" + upper}) {
    const auto record = parse_tlsa(text);
    ASSERT_TRUE(record) << text << ": " << record.error().message;
    EXPECT_TRUE(same_association(*record, right)) << text;
    EXPECT_EQ(world.ask({*record}).conclusion.verdict, Verdict::authenticated) << text;
  }
}

}  // namespace
}  // namespace danewatch::rulebook
