// The plugin as a monitoring core meets it: always a line on standard output, nothing on standard error, status 0 to 3.
// No network is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/nagios/foreign_options.hpp"
#include "tests/support/process.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::filesystem::path binary = DANEWATCH_BINARY;

// The program of its own, as it is called in production.
Finished check_dane(std::vector<std::string> arguments) {
  Start start;
  start.arguments = std::move(arguments);
  start.arguments.insert(start.arguments.begin(), (binary.parent_path() / "check_dane").string());
  return run_process(start);
}

struct Slip {
  std::vector<std::string> arguments;
  std::string sentence;  // after "DANE UNKNOWN - "
};

class PluginSlips : public testing::TestWithParam<Slip> {};

TEST_P(PluginSlips, AreOneLineOnStandardOutput) {
  const auto result = check_dane(GetParam().arguments);
  EXPECT_EQ(result.out, "DANE UNKNOWN - " + GetParam().sentence + "\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, PluginSlips,
    testing::Values(
        Slip{{}, "--hostname NAME is required (see check_dane --help)"},
        Slip{{"-H", ""}, "--hostname NAME is required (see check_dane --help)"},
        Slip{{"-H"}, "--hostname needs a value (see check_dane --help)"},
        Slip{{"-x"}, "unknown option -x (see check_dane --help)"},
        Slip{{"-H", "example.org", "one", "two"}, "unexpected argument one (see check_dane --help)"},
        Slip{{"-H", "example.org", "--warnign", "5"},
             "unknown option --warnign (did you mean --warning?) (see check_dane --help)"},
        Slip{{"-H", "$address6$"}, "the core did not replace the macro address6: does the object have it?"},
        Slip{{"-H", "example.org", "--ip=$address6$"},
             "the core did not replace the macro address6: does the object have it?"},
        Slip{{"-H", "user@example.org"}, "target user@example.org: this is an e-mail address; write example.org"},
        Slip{{"-H", "a..b"}, "target a..b: an empty label"},
        Slip{{"-H", "exa\x1b[31mmple|x\n.org"}, "target exa/x1b[31mmple/x/x0a.org: a control character"},
        Slip{{"-H", "example.org", "-p", "0"}, "target example.org:0: the port '0' is not between 1 and 65535"},
        Slip{{"-H", "example.org", "-p", "25,26"}, "--hostname: one call looks at one host and port"},
        Slip{{"-H", "https://example.org", "-p", "443"},
             "--hostname: a URL names its protocol and port itself; leave out --protocol and --port"},
        Slip{{"-H", "example.org:25", "-p", "587"},
             "--hostname example.org:25: names its port itself; leave out --port"},
        Slip{{"-H", "example.org", "-p", ""},
             "--port and --protocol have no value; leave them out to look at a mail domain"},
        Slip{{"-H", "example.org", "--protocol="},
             "--port and --protocol have no value; leave them out to look at a mail domain"},
        Slip{{"-H", "example.org", "-P", "gopher"},
             "--protocol gopher: unknown protocol; use tls for any service that starts with TLS"},
        Slip{{"-H", "example.org", "-P", "tls"}, "target tls://example.org: tls:// needs a port"},
        Slip{{"-H", "example.org", "-w", "20:10"}, "--warning 20:10: is empty: its start is greater than its end"},
        Slip{{"-H", "example.org", "-c", "soon"},
             "--critical soon: is not a range (e.g. 14, 14:, ~:10, 10:20 or @10:20)"},
        Slip{{"-H", "example.org", "--rrsig-warning", "1:2:3"},
             "--rrsig-warning 1:2:3: is not a range (e.g. 14, 14:, ~:10, 10:20 or @10:20)"},
        Slip{{"-H", "example.org", "-w", "3", "--min-days-valid", "4"},
             "--min-days-valid and --warning or --critical exclude each other"},
        Slip{{"-H", "example.org", "-C", ","}, "--min-days-valid ,: names no number of days"},
        Slip{{"-H", "example.org", "-t", "1ms"}, "--timeout 1ms: is less than 100ms"},
        Slip{{"-H", "example.org", ""}, "unexpected argument '' (see check_dane --help)"},
        Slip{{"-H", "example.org", "-t", "0"}, "--timeout 0: must be more than 0"},
        Slip{{"-H", "example.org", "-t", "99999999999"}, "--timeout 99999999999: is more than a day"},
        Slip{{"-H", "example.org", "-t", "10:later"},
             "--timeout later: the state must be ok, warning, critical or unknown"},
        Slip{{"-H", "example.org", "-4", "-6"}, "-4 and -6 exclude each other"},
        Slip{{"-H", "example.org", "-p", "25", "--sni", "other.example"},
             "--sni other.example: the server name is always the host's (RFC 7671 section 3); a name of its own needs "
             "an address as --hostname"},
        Slip{{"-H", "example.org", "--extra-records", "bad"}, "--extra-records bad: must be ok, warning or critical"},
        Slip{{"-H", "example.org", "--next", "/nonexistent"}, "--next /nonexistent: No such file or directory"},
        Slip{{"-H", "example.org", "--forwarder", "nowhere"},
             "--forwarder nowhere: a server is named by its IPv4 or IPv6 address"},
        Slip{{"-H", "example.org", "--trust-anchor", "/nonexistent"},
             "--trust-anchor /nonexistent: cannot be read: No such file or directory"}));

TEST(CheckDane, HelpAndVersionAreNoStateOfAService) {
  const auto help = check_dane({"--help"});
  EXPECT_EQ(help.status, 3);
  EXPECT_EQ(help.err, "");
  EXPECT_THAT(help.out, HasSubstr("define command {"));
  EXPECT_LE(widest_line(help.out), 80U);
  EXPECT_LT(help.out.size(), 4096U);           // NRPE cuts there
  EXPECT_THAT(help.out, Not(HasSubstr("|")));  // perfdata would begin there
  EXPECT_THAT(help.out, HasSubstr("apply Service"));
  const auto version = check_dane({"-V"});
  EXPECT_EQ(version.status, 3);
  EXPECT_EQ(version.err, "");
  EXPECT_THAT(version.out, StartsWith("check_dane (danewatch) "));
}

// danewatch is the plugin too: by subcommand, and by a link of that name.
TEST(CheckDane, IsDanewatchToo) {
  std::string pattern = std::filesystem::temp_directory_path() / "danewatch-test-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::filesystem::create_symlink(binary, folder / "check_dane");
  for (const std::vector<std::string>& program :
       std::vector<std::vector<std::string>>{{binary, "nagios"}, {folder / "check_dane"}}) {
    Start start;
    start.arguments = program;
    start.arguments.insert(start.arguments.end(), {"-H", "a..b"});
    const auto result = run_process(start);
    EXPECT_EQ(result.out, "DANE UNKNOWN - target a..b: an empty label\n");
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.status, 3);
  }
  std::filesystem::remove_all(folder);
}

TEST(CheckDane, OptionsOfOtherPluginsAreExplained) {
  for (const auto& row : foreign_options()) {
    const std::string first(row.words.substr(0, row.words.find(' ')));
    const auto result = check_dane({"-H", "example.org", first});
    EXPECT_THAT(result.out, StartsWith("DANE UNKNOWN - " + first + ": " + std::string(row.why.substr(0, 40))));
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.status, 3);
  }
}

// Words of check_ssl_cert, check_http, check_smtp; the port that does not exist shows that all before it was
// understood.
TEST(CheckDane, UnderstandsTheSpellingsPeopleKnow) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--host", "example.org"},
                                             {"--hostname=example.org"},
                                             {"-H", "example.org", "-C", "14,7"},
                                             {"-H", "example.org", "--certificate=14"},
                                             {"-H", "example.org", "-D", "14"},
                                             {"-H", "example.org", "--min-days-valid", "14,7"},
                                             {"-H", "example.org", "-w", "14", "-c", "7"},
                                             {"-H", "example.org", "--warning=14:", "--critical=7:"},
                                             {"-H", "example.org", "--starttls", "smtp"},
                                             {"-H", "example.org", "-P", "smtps"},
                                             {"-H", "example.org", "-P", "http"},
                                             {"-H", "example.org", "--sni"},
                                             {"-H", "example.org", "-I", "192.0.2.1"},
                                             {"-H", "example.org", "--IP-address=192.0.2.1"},
                                             {"-H", "192.0.2.1", "--sni", "example.org"},
                                             {"-H", "2001:db8::1", "--sni", "example.org"},
                                             {"-H", "[2001:db8::1]", "--sni", "example.org", "-I", ""},
                                             {"-H", "example.org", "--sni", "EXAMPLE.org."},
                                             {"-H", "example.org", "-I", "[2001:db8::1]"},
                                             {"-H", "example.org", "-P", "HTTPS", "--views", "ALL"},
                                             {"-H", "example.org", "--use-ipv4"},
                                             {"-H", "example.org", "--fqdn", "probe.example"},
                                             {"-H", "example.org", "-t5", "-vvv"},
                                             {"-H", "example.org", "-t", "5:UNKNOWN"},
                                             {"-H", "example.org", "-t", "5:2"},
                                             {"-H", "example.org", "--extra-records=CRITICAL"},
                                             {"-H", "example.org", "-w", "", "-c", "", "-P", "", "-t", ""},
                                             {"-H", "example.org", "--forwarder", "", "--next=", "--at", ""},
                                             {"-H", "example.org", "--extra-records", "", "--views=", "-I", ""}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--port", "99999"});
    const auto result = check_dane(arguments);
    EXPECT_THAT(result.out, HasSubstr("the port '99999' is not between 1 and 65535")) << testing::PrintToString(words);
    EXPECT_EQ(result.status, 3);
  }
}

class Fifo {
 public:
  Fifo() {
    std::string pattern = std::filesystem::temp_directory_path() / "danewatch-test-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    EXPECT_EQ(::mkfifo(path().c_str(), 0600), 0);
  }
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  ~Fifo() { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ / "fifo"; }

 private:
  std::filesystem::path folder_;
};

// Whatever hangs, here a file nobody writes to: the time is over when it is over, and the line is the plugin's own.
TEST(CheckDane, SaysItselfThatTheTimeIsOver) {
  const Fifo fifo;
  const auto result = check_dane({"-H", "example.org", "-t", "200ms:warning", "--next", fifo.path()});
  EXPECT_EQ(result.out, "DANE WARNING - timed out after 0.2 s\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 1);
}

// A core that ends a plugin before its time still hears a state. The FIFO opens for writing when the plugin reads it.
TEST(CheckDane, SaysSomethingWhenItIsEnded) {
  const Fifo fifo;
  const char* end_it = R"("$1" -H example.org -t 60 --next "$2" & exec 9>"$2"; kill -TERM $!; wait $!)";
  Start start;
  start.arguments = {"/bin/sh", "-c", end_it, "sh", binary.parent_path() / "check_dane", fifo.path()};
  const auto result = run_process(start);
  EXPECT_EQ(result.out, "DANE UNKNOWN - ended by a signal before it was done\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

TEST(CheckDane, WantsSomeDescriptors) {
  Start start;
  start.arguments = {"/usr/bin/prlimit", "--nofile=31", binary.parent_path() / "check_dane", "-H", "example.org"};
  const auto result = run_process(start);
  EXPECT_EQ(result.out, "DANE UNKNOWN - this process may open 31 files, 32 are needed: raise the limit (ulimit -n)\n");
  EXPECT_EQ(result.status, 3);
}

// Wherever the descriptors end, in our code or in a library that then ends the program.
TEST(CheckDane, SaysSomethingWhereHardlyAnyDescriptorIsFree) {
  for (int free = 2; free < 13; ++free) {
    Start start;
    start.arguments = {"/usr/bin/prlimit",
                       "--nofile=64:64",
                       "/usr/bin/python3",
                       "-c",
                       "import os, sys; os.closerange(3, 64); [os.set_inheritable(os.dup(0), True) for _ in range(61 - "
                       "int(sys.argv[1]))]; "
                       "os.execv(sys.argv[2], sys.argv[2:])",
                       std::to_string(free),
                       binary.parent_path() / "check_dane",
                       "-H",
                       "example.org",
                       "--forwarder",
                       "127.0.0.1@1"};
    const auto result = run_process(start);
    EXPECT_THAT(result.out, StartsWith("DANE UNKNOWN - ")) << free;
    EXPECT_EQ(result.status, 3) << free;
  }
}

// Nobody answers at the only resolver: this machine's fault, so UNKNOWN.
TEST(CheckDane, WithoutAResolverKnowsNothing) {
  const auto result = check_dane({"-H", "example.org", "--forwarder", "127.0.0.1@1"});
  EXPECT_THAT(result.out, StartsWith("DANE UNKNOWN - The DNS root did not answer"));
  EXPECT_THAT(result.out, HasSubstr(" | time="));
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

// A resolver that never says a word is this machine's fault as well, and found out before the time is over.
TEST(CheckDane, ASilentResolverIsNoCriticalTimeout) {
  const int silent = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(silent, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto result = check_dane(
      {"-H", "example.org", "-t", "3", "--forwarder", "127.0.0.1@" + std::to_string(ntohs(address.sin_port))});
  ::close(silent);
  EXPECT_THAT(result.out, StartsWith("DANE UNKNOWN - The DNS root did not answer"));
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

TEST(CheckDane, AReaderThatWentAwayIsNoError) {
  Start start;
  start.arguments = {binary.parent_path() / "check_dane", "-H", "a..b"};
  start.close_output = true;
  const auto result = run_process(start);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

// As a core starts it: no environment, the root as directory, no home, no privileges.
TEST(CheckDane, NeedsNothingOfItsSurroundings) {
  std::string pattern = std::filesystem::temp_directory_path() / "danewatch-test-XXXXXX";
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::filesystem::permissions(folder, std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
  std::filesystem::copy_file(binary.parent_path() / "check_dane", folder / "check_dane");
  Start start;
  start.arguments = {"/usr/bin/env", "-i", "-C", "/"};
  if (::geteuid() == 0)
    start.arguments.insert(start.arguments.end(),
                           {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"});
  start.arguments.insert(start.arguments.end(),
                         {folder / "check_dane", "-H", "example.org", "--forwarder", "127.0.0.1@1"});
  const auto result = run_process(start);
  std::filesystem::remove_all(folder);
  EXPECT_THAT(result.out, StartsWith("DANE UNKNOWN - The DNS root did not answer"));
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 3);
}

// A state without its line would be believed.
TEST(Plugin, WhatNobodyCanReadIsUnknown) {
  for (const std::string where : {">/dev/full", ">&-"}) {
    Start start;
    start.arguments = {"/bin/sh", "-c", "exec \"$0\" -H a..b " + where, (binary.parent_path() / "check_dane").string()};
    const auto result = run_process(start);
    EXPECT_EQ(result.out, "") << where;
    EXPECT_EQ(result.err, "") << where;
    EXPECT_EQ(result.status, 3) << where;
  }
}

}  // namespace
}  // namespace danewatch
