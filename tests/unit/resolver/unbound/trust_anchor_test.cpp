#include "resolver/unbound/trust_anchor.hpp"

#include <gmock/gmock.h>

#include <array>
#include <stdexcept>

#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto ds = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";

class TrustAnchorTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    folder.write(name, text);
    return folder.path(name);
  }
  std::string problem_with(const std::string& path) {
    try {
      find_trust_anchor(path);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "accepted";
  }

  SignedWorld folder;
};

TEST_F(TrustAnchorTest, TheNamedFileIsTaken) {
  const auto path =
      file("anchor", std::string("; a comment\n") + ds + " ; keytag 20326\nlab. IN DNSKEY 257 3 13 AQID\n");
  const auto anchor = find_trust_anchor(path);
  EXPECT_EQ(anchor.source, path);
  EXPECT_THAT(anchor.records,
              ElementsAre(". 3600 IN DS 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d",
                          "lab. 3600 IN DNSKEY 257 3 13 AQID"));
}

// The form in which unbound keeps its own root.key.
TEST_F(TrustAnchorTest, StateCommentsOfUnboundAreAccepted) {
  const auto path = file("auto",
                         "; autotrust trust anchor file\n;;id: . 1\n. 86400 IN DNSKEY 257 3 8 AQID ;{id = 20326 "
                         "(ksk), size = 2048b} ;;state=2 [  VALID  ] ;;count=0\n");
  EXPECT_THAT(find_trust_anchor(path).records, ElementsAre(". 86400 IN DNSKEY 257 3 8 AQID"));
}

TEST_F(TrustAnchorTest, ABadFileIsNamedInOneSentence) {
  const auto missing = folder.path("missing");
  EXPECT_EQ(problem_with(missing), "--trust-anchor " + missing + ": cannot be read: No such file or directory");
  const auto directory = folder.path("");
  EXPECT_EQ(problem_with(directory), "--trust-anchor " + directory + ": cannot be read: Is a directory");
  const auto empty = file("empty", "; nothing\n");
  EXPECT_EQ(problem_with(empty), "--trust-anchor " + empty + ": this is not a list of DS or DNSKEY records");
  const auto other = file("other", std::string(ds) + "\n. IN NS a.root.\n");
  EXPECT_EQ(problem_with(other), "--trust-anchor " + other + ": this is not a list of DS or DNSKEY records");
  const auto page = file("page", std::string(ds) + "\n<html>\n");
  EXPECT_EQ(problem_with(page), "--trust-anchor " + page + ": this is not a list of DS or DNSKEY records (line 2)");
}

TEST_F(TrustAnchorTest, TheFirstSoundCandidateIsTaken) {
  const std::array candidates{folder.path("missing"), file("broken", "nonsense"), file("good", ds), file("later", ds)};
  EXPECT_EQ(find_trust_anchor(std::nullopt, candidates).source, folder.path("good"));
}

TEST_F(TrustAnchorTest, TheKeysOfIanaAreBuiltIn) {
  const auto anchor = find_trust_anchor(std::nullopt, {});
  EXPECT_EQ(anchor.source, "built-in");
  EXPECT_THAT(anchor.records, ElementsAre(HasSubstr(" 20326 8 2 E06D44B8"), HasSubstr(" 38696 8 2 683D2D0A")));
}

}  // namespace
}  // namespace danewatch
