#include "store/tlsrpt/mbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto too_large = "(too large)";

std::vector<std::string> mails(std::string_view octets, std::size_t piece) {
  std::vector<std::string> result;
  MboxSplitter splitter([&](std::optional<std::string_view> mail) { result.emplace_back(mail.value_or(too_large)); });
  for (std::size_t at = 0; at < octets.size(); at += piece) splitter.feed(octets.substr(at, piece));
  splitter.finish();
  return result;
}

TEST(Mbox, MailsAreToldApart) {
  constexpr auto box =
      "From a@b Thu May 22 03:04:05 2026\nSubject: 1\n\nFrom the top\n>From me\n>>From you\n\n"
      "From a sentence nobody quoted\n\nFrom c@d Thu May 22 03:04:06 2026\r\nSubject: 2\r\n\r\nx\r\n";
  for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
    EXPECT_THAT(mails(box, piece),
                ElementsAre("Subject: 1\n\nFrom the top\nFrom me\n>From you\n\nFrom a sentence nobody quoted\n\n",
                            "Subject: 2\r\n\r\nx\r\n"));
  }
}

TEST(Mbox, WithoutAnEndOrAnything) {
  EXPECT_THAT(mails("From a@b 03:04:05\nx", 3), ElementsAre("x"));
  EXPECT_THAT(mails("", 3), IsEmpty());
  EXPECT_THAT(mails("no mbox\n", 3), IsEmpty());
}

TEST(Mbox, IsToldByItsFirstLine) {
  EXPECT_TRUE(looks_like_mbox("From a@b Thu May 22 03:04:05 2026\n"));
  EXPECT_FALSE(looks_like_mbox("From here to there\n"));
  EXPECT_FALSE(looks_like_mbox("From: a@b\nDate: 03:04:05\n"));
}

TEST(Mbox, AMailThatIsTooLargeIsPassedOverAndTheNextIsRead) {
  const std::string first = "From a@b 03:04:05\n";
  std::string lines;
  while (lines.size() <= largest_document) lines += std::string(1 << 20, 'x') + "\n";
  EXPECT_THAT(mails(first + lines + "\n" + first + "next\n", 65536), ElementsAre(too_large, "next\n"));
}

// A gigabyte without a line end: what is held stays small.
TEST(Mbox, ALineOfAGigabyte) {
  std::vector<std::string> result;
  MboxSplitter splitter([&](std::optional<std::string_view> mail) { result.emplace_back(mail.value_or(too_large)); });
  splitter.feed("From a@b 03:04:05\n");
  const std::string piece(std::size_t{1} << 20U, 'x');
  for (int i = 0; i < 1024; ++i) splitter.feed(piece);
  splitter.feed("\n\nFrom a@b 03:04:05\nnext\n");
  splitter.finish();
  EXPECT_THAT(result, ElementsAre(too_large, "next\n"));
}

}  // namespace
}  // namespace danewatch
