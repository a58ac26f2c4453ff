// What must hold for every chain and every RRset, tried on many that nobody chose.
//
// The seed is fixed, and printed with each failure together with the records: a failure can be repeated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/conformance/rulebook_case.hpp"

namespace danewatch::rulebook {
namespace {

constexpr unsigned seed = 20260101;
constexpr int rounds = 15;  // per world

// What can go wrong, in the language of rulebook.json.
struct WorldRow {
  std::string_view name;
  std::string_view json;
};

void PrintTo(const WorldRow& row, std::ostream* out) {  // NOLINT(readability-identifier-naming): GoogleTest's name
  *out << row.name;
}

constexpr std::array worlds{
    WorldRow{"Pkix", R"({"service": "https", "store": ["root"]})"},
    WorldRow{"PkixFromTheStore", R"({"service": "https", "store": ["root", "middle"], "chain": ["leaf", "middle"]})"},
    WorldRow{"Untrusted", R"({"service": "https"})"},
    WorldRow{"Smtp", R"({"service": "smtp"})"},
    WorldRow{"LeafAlone", R"({"service": "smtp", "chain": ["leaf"]})"},
    WorldRow{"WrongName", R"({"service": "smtp", "names": ["other.example.net"]})"},
    WorldRow{"Expired",
             R"({"service": "https", "store": ["root"], "certificates": {"leaf": {"not_after": "2025-06-01"}}})"},
    WorldRow{
        "SelfSigned",
        R"({"service": "https", "certificates": {"leaf": {"issuer": null}}, "chain": ["leaf"], "store": ["leaf"]})"},
    WorldRow{"PathTooLong", R"({"service": "smtp", "certificates": {"root": {"path_length": 0}}})"},
    WorldRow{"Impostor", R"({"service": "https", "store": ["root"], "certificates": {
        "root": {"key_ids": false}, "middle": {"key_ids": false},
        "impostor": {"cn": "root", "issuer": null, "ca": true, "key_ids": false}},
        "chain": ["leaf", "middle", "impostor", "root"]})"},
    WorldRow{"CrossSigned", R"({"service": "smtp", "certificates": {
        "cross": {"cn": "root", "issuer": "stranger", "ca": true, "key_of": "root"}},
        "chain": ["leaf", "middle", "cross", "root"]})"}};

const std::vector<std::string> unusable_records{"4 1 1 wrong",       "3 2 1 wrong",        "3 1 3 wrong",
                                                "3 1 1 empty",       "3 1 1 wrong cut 31", "rdata 03",
                                                "2 0 0 root cut 99", "3 1 0 empty"};

class Properties : public testing::TestWithParam<WorldRow> {
 protected:
  Properties() : world(Json::parse(GetParam().json)), random(seed) {
    const Json certificates = Json::parse(GetParam().json).value("certificates", Json::object());
    for (const auto& [name, certificate] : certificates.items()) contents.push_back(name);
  }

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); }

  std::string any_record() {
    const std::string& data = contents[below(contents.size())];
    std::size_t matching_type = below(3);
    if (data == "wrong" && matching_type == 0) matching_type = 1;
    return std::to_string(below(4)) + " " + std::to_string(below(2)) + " " + std::to_string(matching_type) + " " + data;
  }

  std::vector<std::string> any_rrset() {
    std::vector<std::string> records;
    for (std::size_t i = 0, size = 1 + below(5); i < size; ++i) records.push_back(any_record());
    return records;
  }

  std::string conclusion(const std::vector<std::string>& records) {
    return text_of(world.ask(world.records(records)).conclusion);
  }

  template <class Check>
  void for_many_rrsets(Check check) {
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      const auto records = any_rrset();
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round << ": "
                                      << testing::PrintToString(records));
      check(records);
    }
  }

  Case world;
  std::mt19937 random;
  std::vector<std::string> contents{"leaf", "middle", "root", "stranger", "wrong", "wrong"};
};

TEST_P(Properties, OrderNeverMatters) {
  for_many_rrsets([&](auto records) {
    const auto expected = conclusion(records);
    for (int i = 0; i < 5; ++i) {
      std::ranges::shuffle(records, random);
      EXPECT_EQ(conclusion(records), expected) << testing::PrintToString(records);
    }
  });
}

TEST_P(Properties, DuplicatesChangeNothing) {
  for_many_rrsets([&](auto records) {
    const auto expected = conclusion(records);
    records.push_back(records[below(records.size())]);
    EXPECT_EQ(conclusion(records), expected);
  });
}

TEST_P(Properties, UnusableRecordsChangeNothing) {
  for_many_rrsets([&](auto records) {
    const auto expected = conclusion(records);
    for (int i = 0; i < 3; ++i) records.push_back(unusable_records[below(unusable_records.size())]);
    EXPECT_EQ(conclusion(records), expected);
  });
}

TEST_P(Properties, UnusableRecordsAloneNeverAuthenticate) {
  for (const auto& record : unusable_records) EXPECT_EQ(conclusion({record}), "unusable") << record;
}

TEST_P(Properties, UnrelatedCertificatesChangeNothing) {
  pki::CertificateSpec spec;
  spec.common_name = "nobody here";
  spec.ca = true;
  const auto unrelated = pki::issue(spec);
  for_many_rrsets([&](const auto& records) {
    const auto expected = conclusion(records);
    const std::size_t at = 1 + below(world.chain.size());
    world.chain.insert(world.chain.begin() + static_cast<std::ptrdiff_t>(at), parse_certificate(unrelated.der));
    EXPECT_EQ(conclusion(records), expected);
    world.chain.erase(world.chain.begin() + static_cast<std::ptrdiff_t>(at));
  });
}

TEST_P(Properties, TimeWithinAllValiditiesChangesNothing) {
  for_many_rrsets([&](const auto& records) {
    const SysTime start = world.at;
    const auto expected = conclusion(records);
    world.at += std::chrono::days(below(365 * 20));  // all certificates here end in 2025 or in 2050
    EXPECT_EQ(conclusion(records), expected);
    world.at = start;
  });
}

TEST_P(Properties, CellsAgreeWithTheConclusion) {
  for_many_rrsets([&](const auto& texts) {
    const auto records = world.records(texts);
    const auto result = world.ask(records);
    const bool authenticated = result.conclusion.verdict == Verdict::authenticated;
    EXPECT_EQ(std::ranges::count(result.cells, Cell::match) > 0, authenticated);
    EXPECT_EQ(std::ranges::count(result.cells, Cell::shadowed) > 0, !result.shadowed_by.empty());
    EXPECT_EQ(result.match.has_value(), authenticated);
    if (authenticated) {
      EXPECT_EQ(result.cells[result.match->record], Cell::match);
      EXPECT_EQ(result.date_matters, records[result.match->record].usage != 3);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(result.cells[i] == Cell::unusable, result.unusable[i].has_value());
      const bool alone = world.ask({records[i]}).conclusion.verdict == Verdict::authenticated;
      EXPECT_EQ(result.cells[i] == Cell::match || result.cells[i] == Cell::shadowed, alone);
    }
  });
}

// RFC 7671 9 is the only way in which a further record takes an authentication away.
TEST_P(Properties, AFurtherRecordSpoilsNothingUnlessItShadows) {
  for_many_rrsets([&](auto records) {
    if (conclusion(records) != "authenticated") return;
    records.push_back(any_record());
    const auto after = conclusion(records);
    EXPECT_TRUE(after == "authenticated" || after == "mismatch/shadowed") << after << " with " << records.back();
  });
}

// Certificates come from whoever answers the connection.
TEST_P(Properties, DamagedCertificatesNeverAuthenticateAsTheRightOne) {
  if (world.chain.empty()) return;
  const std::vector<Certificate> sent = world.chain;
  const auto records = world.records({"3 0 1 leaf", "3 0 0 leaf", "2 0 1 root", "2 1 0 root", "0 0 1 middle"});
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round);
    world.chain = sent;
    for (auto& certificate : world.chain) {
      // Within the signed part: what follows it may be encoded in more than one way.
      const std::size_t at = 8 + below(certificate.der.size() / 2);
      certificate.der[at] ^= static_cast<std::uint8_t>(1 + below(255));
    }
    const auto result = world.ask(records);
    EXPECT_NE(result.conclusion.verdict, Verdict::authenticated) << result.match->record;
    EXPECT_EQ(result.cells.size(), records.size());
  }
  world.chain = sent;
}

INSTANTIATE_TEST_SUITE_P(Worlds, Properties, testing::ValuesIn(worlds),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace danewatch::rulebook
