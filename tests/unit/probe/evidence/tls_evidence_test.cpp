#include "probe/evidence/tls_evidence.hpp"

#include <gtest/gtest.h>

#include <set>

namespace danewatch {
namespace {

TEST(TlsEvidence, ViewsAreSpelledAsOnTheCommandLine) {
  EXPECT_EQ(to_string(View::standard), "default");
  EXPECT_EQ(to_string(View::rsa), "rsa");
  EXPECT_EQ(to_string(View::ecdsa), "ecdsa");
  EXPECT_EQ(to_string(View::ed448), "ed448");
  EXPECT_EQ(to_string(View::second), "second");
  EXPECT_EQ(to_string(View::no_sni), "no-sni");
}

TEST(TlsEvidence, EveryStageHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Stage::done); ++i) words.insert(to_string(static_cast<Stage>(i)));
  EXPECT_EQ(words.size(), 6U);
  EXPECT_FALSE(words.contains(""));
  EXPECT_EQ(to_string(Stage::not_started), "not-started");
}

TEST(TlsEvidence, EveryFaultHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Fault::not_run); ++i) words.insert(to_string(static_cast<Fault>(i)));
  EXPECT_EQ(words.size(), 22U);
  EXPECT_FALSE(words.contains(""));
  EXPECT_EQ(to_string(Fault::starttls_refused), "starttls-refused");
  EXPECT_EQ(to_string(Fault::no_common_version), "no-common-version");
}

TEST(TlsEvidence, AChainShownBeforeAFailureStillCounts) {
  TlsEvidence evidence;
  EXPECT_FALSE(shows_chain(evidence));
  evidence.stage = Stage::handshake;
  evidence.fault = Fault::alert;
  evidence.chain.emplace_back();
  EXPECT_TRUE(shows_chain(evidence));
}

}  // namespace
}  // namespace danewatch
