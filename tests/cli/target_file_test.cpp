#include "cli/options/target_file.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

TEST(TargetFile, CommentsBlanksAndLineEndsOfEveryKind) {
  const auto file =
      parse_target_file("\xef\xbb\xbf# mail\r\n\r\nexample.org # ours\n\t mail.example.net:25,443\r\n", {});
  ASSERT_EQ(file.targets.size(), 3u);
  EXPECT_EQ(file.targets[0].name, "example.org");
  EXPECT_EQ(file.targets[1].port, 25);
  EXPECT_EQ(file.targets[2].port, 443);
  EXPECT_TRUE(file.bad_lines.empty());
}

TEST(TargetFile, ABrokenLineIsNumberedAndDoesNotHideTheOthers) {
  const auto file = parse_target_file("a.example\n..\nb.example\nhost:0", {});
  EXPECT_EQ(file.targets.size(), 2u);
  ASSERT_EQ(file.bad_lines.size(), 2u);
  EXPECT_EQ(file.bad_lines[0].number, 2u);
  EXPECT_EQ(file.bad_lines[0].text, "..");
  EXPECT_FALSE(file.bad_lines[0].error.message.empty());
  EXPECT_EQ(file.bad_lines[1].number, 4u);
}

// What was given can be joined with what came of it; only a password is left out.
TEST(TargetFile, ABadTargetIsKeptAsItWasGivenButForAPassword) {
  EXPECT_EQ(without_password("user@example.org"), "user@example.org");
  EXPECT_EQ(without_password("mailto:user@example.org"), "mailto:user@example.org");
  EXPECT_EQ(without_password("https://user@example.org/"), "https://user@example.org/");
  EXPECT_EQ(without_password("https://user:secret@example.org/"), "https://user:...@example.org/");
  EXPECT_EQ(without_password("user:secret@example.org"), "user:...@example.org");
  EXPECT_EQ(without_password("example.org:25"), "example.org:25");
}

TEST(TargetFile, AnEndlessLineIsKeptShort) {
  const auto file = parse_target_file(std::string(1 << 20, 'x'), {});
  ASSERT_EQ(file.bad_lines.size(), 1u);
  EXPECT_LE(file.bad_lines[0].text.size(), 300u);
}

}  // namespace
}  // namespace danewatch
