// `rollover` as an operator meets it, as far as no network is asked.
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace danewatch {
namespace {

const std::string record = "3 1 1 " + std::string(64, '0');

struct RolloverSlip {
  std::vector<std::string> arguments;
  std::string message;  // on standard error, after "danewatch: "
};

class RolloverSlips : public testing::TestWithParam<RolloverSlip> {};

TEST_P(RolloverSlips, AreNamed) {
  std::vector<std::string> words = GetParam().arguments;
  words.insert(words.begin(), "rollover");
  const auto result = danewatch(words);
  EXPECT_EQ(result.err, "danewatch: " + GetParam().message + "\n");
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.status, 64);
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, RolloverSlips,
    testing::Values(
        RolloverSlip{{}, "rollover needs plan, status or gate, and a TARGET"},
        RolloverSlip{{"run", "example.org"}, "rollover run: must be plan, status or gate"},
        RolloverSlip{{"gate"}, "rollover gate needs publish, deploy or remove, and a TARGET"},
        RolloverSlip{{"gate", "reload", "example.org"}, "rollover gate reload: must be publish, deploy or remove"},
        RolloverSlip{{"plan", "--next", record}, "rollover needs a TARGET, such as example.org or mail.example.org:25"},
        RolloverSlip{{"plan", "example.org"},
                     "rollover needs --next: the file of the next key, CSR or certificate, or \"3 1 1 HEX\""},
        RolloverSlip{{"plan", "--wait", "--next", record, "example.org"}, "--wait goes with rollover gate"},
        RolloverSlip{{"gate", "deploy", "--timeout", "1h", "--next", record, "example.org"},
                     "--timeout goes with --wait"},
        RolloverSlip{{"status", "--helo", "a\r\nRSET", "example.org"}, "--helo a\\x0d\\x0aRSET: is not a host name"},
        RolloverSlip{{"status", "--state", "", "example.org"}, "--state: needs the name of a file"},
        RolloverSlip{{"plan", "--next", "/nowhere/next.key", "example.org"},
                     "--next /nowhere/next.key: No such file or directory"}));

}  // namespace
}  // namespace danewatch
