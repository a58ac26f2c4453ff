#include "cli/serve/reload_rules.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

constexpr const char* full = "allow_targets: [\"*.example.org\", 10.0.0.0/8]\ntargets: [a.example, b.example]\n";

Config config_of(const std::string& text) {
  auto config = parse_config(text, "f.yml");
  EXPECT_TRUE(config) << text;
  return config ? std::move(*config) : Config{};
}

std::string why_not(const std::string& now, const std::string& next, ReloadBy by) {
  return why_not_reload(config_of(now), config_of(next), by).value_or("");
}

TEST(ReloadRules, AnEmptyFileIsNoConfigurationAtAll) {
  for (const auto* text : {"", "\n", "# a comment\n", "---\n"}) EXPECT_FALSE(parse_config(text, "f.yml")) << text;
}

TEST(ReloadRules, WhoWatchesAFileDoesNotTakeHalfOfIt) {
  constexpr auto watching = ReloadBy::watching;
  EXPECT_EQ(why_not(full, "allow_targets: [\"*.example.org\", 10.0.0.0/8]\n", watching),
            "it has no targets any more; if that is meant, reload (SIGHUP)");
  EXPECT_NE(why_not(full, "targets: [a.example]\n", watching).find("no names"), std::string::npos);
  EXPECT_NE(
      why_not(full, "allow_targets: [\"*.example.org\"]\ntargets: [a.example]\n", watching).find("no address blocks"),
      std::string::npos);
  EXPECT_EQ(why_not(full, "allow_targets: [\"*.org\", 10.0.0.0/9]\ntargets: [a.example]\n", watching), "");
  EXPECT_EQ(why_not("targets: [a.example]\n", full, watching), "");
}

TEST(ReloadRules, WhoAsksForItIsBelieved) {
  for (const auto* next : {"targets: []\n", "targets: [a.example]\n", "{}\n"}) {
    EXPECT_EQ(why_not(full, next, ReloadBy::request), "") << next;
  }
}

}  // namespace
}  // namespace danewatch
