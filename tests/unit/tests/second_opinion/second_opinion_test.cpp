// The comparison with other programs: what fails it, and that its hosts are as varied as it says.
#include <gmock/gmock.h>

#include <set>

#include "tests/second_opinion/listed.hpp"

namespace danewatch::second_opinion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const one_row =
    "# Title\n\n| program | hosts with | danewatch | the program | RFC | why |\n|---|---|---|---|---|---|\n"
    "| `openssl s_client` | weak key | authenticated | mismatch | RFC 7671 §5.1 | It is so. |\n";

Case weak_key() {
  Case subject;
  subject.host = "h1.second.lab";
  subject.plan = "weak key";
  return subject;
}

TEST(SecondOpinion, AListedDifferenceIsCounted) {
  auto list = parse_list(one_row);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_THAT(unlisted("openssl s_client", {weak_key()}, {{"authenticated", ""}}, {{"mismatch", ""}}, list), IsEmpty());
  EXPECT_EQ(list[0].seen, 1U);
  EXPECT_THAT(outdated(list), IsEmpty());
}

TEST(SecondOpinion, AnUnlistedDifferenceIsTold) {
  auto list = parse_list(one_row);
  const auto told = [&](const char* program, const Case& subject, const char* ours, const char* theirs) {
    return unlisted(program, {subject}, {{ours, ""}}, {{theirs, "its words"}}, list);
  };
  EXPECT_THAT(told("openssl s_client", weak_key(), "mismatch", "authenticated"), ElementsAre(HasSubstr("its words")));
  EXPECT_THAT(told("posttls-finger", weak_key(), "authenticated", "mismatch"), ElementsAre(HasSubstr("h1.second.lab")));
  EXPECT_THAT(told("openssl s_client", Case{}, "authenticated", "mismatch"), testing::SizeIs(1));
  EXPECT_THAT(told("openssl s_client", Case{}, "authenticated", "no verdict"), testing::SizeIs(1));
}

TEST(SecondOpinion, ARowThatExplainsNothingIsOutdated) {
  auto list = parse_list(one_row);
  EXPECT_THAT(unlisted("openssl s_client", {weak_key()}, {{"mismatch", ""}}, {{"mismatch", ""}}, list), IsEmpty());
  EXPECT_THAT(outdated(list), ElementsAre(HasSubstr("weak key")));
}

TEST(SecondOpinion, RowsThatSayTooLittleAreRefused) {
  EXPECT_THROW(parse_list("| `openssl s_client` | weak key | authenticated | mismatch |  | why |\n"),
               std::runtime_error);
  EXPECT_THROW(parse_list("| `openssl s_client` | weak key | authenticated |\n"), std::runtime_error);
  EXPECT_THROW(parse_list("| `openssl s_client` | bad luck | authenticated | mismatch | RFC | why |\n"),
               std::runtime_error);
}

TEST(SecondOpinion, TheSeedDecidesAndTheHostsVary) {
  const auto cases = make_cases(7);
  const auto again = make_cases(7);
  EXPECT_GE(cases.size(), 300U);
  ASSERT_EQ(cases.size(), again.size());
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(describe(cases[i]), describe(again[i]));

  std::set<int> usages;
  std::set<int> types;
  std::set<std::string_view> plans;
  std::size_t doubled = 0;
  for (const auto& subject : cases) {
    plans.insert(subject.plan);
    doubled += rrset_of(subject).size() < subject.published.size() ? 1 : 0;
    for (const auto& published : subject.published) {
      usages.insert(published.record.usage);
      types.insert(published.record.matching_type);
    }
  }
  EXPECT_THAT(usages, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(types, ElementsAre(0, 1, 2, 3, 255));
  EXPECT_GE(plans.size(), 20U);
  EXPECT_GE(doubled, 5U);
}

}  // namespace
}  // namespace danewatch::second_opinion
