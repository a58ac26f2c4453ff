// The program as an operator meets it: words in, sentences and exit statuses out. No network is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

#include "tests/cli/program.hpp"
#include "tests/support/pki.hpp"

namespace danewatch {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Slip {
  std::vector<std::string> arguments;
  std::string message;  // on standard error, after "danewatch: "
};

class Slips : public testing::TestWithParam<Slip> {};

// One sentence on standard error, nothing on standard output, status 64.
TEST_P(Slips, AreNamed) {
  const auto result = danewatch(GetParam().arguments);
  EXPECT_EQ(result.err, "danewatch: " + GetParam().message + "\n");
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.status, 64);
}

const std::string record_of_nothing = "3 1 1 " + std::string(64, '0');

INSTANTIATE_TEST_SUITE_P(
    CommandLine, Slips,
    testing::Values(
        Slip{{},
             "no command given; use check, judge, predict, history, changes, rollover, verify, tlsa, nagios, serve, "
             "doctor (see "
             "danewatch --help)"},
        Slip{{"chekc"}, "unknown command chekc (did you mean check?) (see danewatch --help)"},
        Slip{{"frobnicate"},
             "unknown command frobnicate; use check, judge, predict, history, changes, rollover, verify, tlsa, nagios, "
             "serve, "
             "doctor (see danewatch --help)"},
        Slip{{"example.org"}, "unknown command example.org; to check a domain or host: danewatch check example.org"},
        Slip{{"help", "chekc"}, "unknown command chekc (did you mean check?) (see danewatch --help)"},
        Slip{{"--json", "check", "example.org"},
             "--json goes behind its command: danewatch check --json (see danewatch check --help)"},
        Slip{{"--verbose", "doctor"}, "--verbose goes with --version (see danewatch --help)"},
        Slip{{"check"}, "check needs a TARGET, such as example.org, or --file FILE"},
        Slip{{"check", "example.org", "--changes"}, "--changes needs --state FILE, which holds what was seen before"},
        Slip{{"check", "example.org", "--state", "x", "--changes", "--json"},
             "--changes writes for people; danewatch changes --state FILE --json has the same for programs"},
        Slip{{"check", "example.org", "--state", "x", "--changes", "--remedy", "1"},
             "--remedy prints the remedy alone: leave out --state and --changes"},
        Slip{{"check", "example.org", "--state", "x", "--at", "0"},
             "--at and --state exclude each other: memory keeps what was seen when"},
        Slip{{"history"}, "history needs a TARGET, such as example.org"},
        Slip{{"changes", "--since", "soon"}, "--since soon: is not a span of time (e.g. 36h, 7d, 2w), and not a time"},
        Slip{{"changes", "--since", "0d"}, "--since 0d: must be more than 0, and not a time"},
        Slip{{"changes", "--since", "99999999999999999999d"},
             "--since 99999999999999999999d: is more than ten years, and not a time"},
        Slip{{"check", "-x"}, "unknown option -x (see danewatch check --help)"},
        Slip{{"check", "example.org", "--jsno"},
             "unknown option --jsno (did you mean --json?) (see danewatch check --help)"},
        Slip{{"check", "example.org", "--jobs", "many"},
             "--jobs: many is not a whole number from 1 to 10000 (see danewatch check --help)"},
        Slip{{"check", "example.org", "--remedy", "x"},
             "--remedy: x is not a whole number from 1 to 10000 (see danewatch check --help)"},
        Slip{{"check", "example.org", "--timeout", "5 days"},
             "--timeout 5 days: is not a duration (e.g. 500ms, 5s, 1m30s)"},
        Slip{{"check", "example.org", "--at", "noon"},
             "--at noon: invalid time; write 2026-01-31, 2026-01-31T12:00:00Z or seconds since 1970"},
        Slip{{"check", "example.org", "--timeout"}, "--timeout needs a value (see danewatch check --help)"},
        Slip{{"check", "example.org", "--timeout", "1s", "--timeout", "2s"},
             "--timeout is given more than once (see danewatch check --help)"},
        Slip{{"serve", "stray"}, "unexpected argument stray (see danewatch serve --help)"},
        Slip{{"check", "mx.example.org:"}, "target \"mx.example.org:\": a port is missing"},
        Slip{{"check", "example.org", "--forwarder", "127.0.0.1:53"},
             "--forwarder 127.0.0.1:53: a port stands behind @: 127.0.0.1@53"},
        Slip{{"check", "example.org", "--forwarder", "[::1]:53"},
             "--forwarder [::1]:53: a port stands behind @: ::1@53"},
        Slip{{"check", "example.org", "--views", "some"}, "--views some: must be auto, default or all"},
        Slip{{"check", "example.org", "--extra-records", "bad"},
             "--extra-records bad: must be ok, warning or critical"},
        Slip{{"check", "example.org", "--remedy", "0"},
             "--remedy: 0 is not a whole number from 1 to 10000 (see danewatch check --help)"},
        Slip{{"check", "example.org", "--format", "nsupdate"}, "--format goes with --remedy N"},
        Slip{{"check", "example.org", "--remedy", "1", "--format", "json"}, "--format json: must be zone or nsupdate"},
        Slip{{"check", "example.org", "--remedy", "1", "--json"},
             "--remedy prints the remedy alone: leave out --json, --explain and --quiet"},
        Slip{{"check", "example.org", "example.net", "--remedy", "1"}, "--remedy is of one report: give one TARGET"},
        Slip{{"check", "mx.example.org:25,443", "--remedy", "1"}, "--remedy is of one report: give one TARGET"},
        Slip{{"check", "example.org", "-4", "-6"}, "-4 and -6 exclude each other"},
        Slip{{"check", "example.org", "-4", "--ip", "::1"}, "--ip ::1: is not of the family that -4 asks for"},
        Slip{{"check", "xn--a.example"}, "target xn--a.example: an xn-- label that is not the Punycode of a name"},
        Slip{{"check", "xn--zzzzzz99999.example"},
             "target xn--zzzzzz99999.example: an xn-- label that is not the Punycode of a name"},
        Slip{{"check", "example.org", "--next", "3 1 1 ab"},
             "--next 3 1 1 ab: no client can use such a record: 1 byte where SHA2-256 has 32"},
        Slip{{"check", "example.org", "--next", "3 1 1 zz"}, "--next 3 1 1 zz: \"z\" is not a hex digit (character 7)"},
        Slip{{"check", "example.org", "--forwarder", "nowhere"},
             "--forwarder nowhere: a server is named by its IPv4 or IPv6 address"},
        Slip{{"check", "example.org", "--helo", "a\r\nRSET"}, "--helo a\\x0d\\x0aRSET: is not a host name"},
        Slip{{"check", "--file", "/nonexistent/targets"}, "--file /nonexistent/targets: No such file or directory"},
        Slip{{"check", "example.org", "--next", "/nonexistent/next.pem"},
             "--next /nonexistent/next.pem: No such file or directory"},
        Slip{{"judge"}, "judge needs a FILE that danewatch check --save wrote"},
        Slip{{"judge", "/nonexistent/evidence.json"}, "/nonexistent/evidence.json: No such file or directory"},
        Slip{{"judge", "--remedy", "1", "--json", "e.json"},
             "--remedy prints the remedy alone: leave out --json, --explain and --quiet"},
        Slip{{"check", "example.org", "--save", "-"}, "--save -: needs the name of a file"},
        Slip{{"check", "example.org", "--save", "/nonexistent/e.json"},
             "--save /nonexistent/e.json: No such file or directory"},
        Slip{{"predict", "example.org"}, "predict needs --zone FILE: nothing is asked of the DNS"},
        Slip{{"predict", "--zone", "z"}, "predict needs a TARGET, such as example.org"},
        Slip{{"predict", "--zone", "/nonexistent/z", "example.org"},
             "--zone /nonexistent/z: No such file or directory"},
        Slip{{"predict", "--zone", "z", "--map", "mx.example.org:0=c.pem", "example.org"},
             "--map mx.example.org:0=c.pem: its port is not from 1 to 65535"},
        Slip{{"predict", "--zone", "z", "--map", "mx.example.org", "example.org"},
             "--map mx.example.org: is not HOST:PORT=FILE"},
        Slip{{"predict", "--zone", "z", "--horizon", "soon", "example.org"},
             "--horizon soon: is not a number of days from 0 to 3650, such as 14d"},
        Slip{{"verify", "--chain", "/nonexistent/chain.pem", "--tlsa", record_of_nothing, "--name", "mx.example"},
             "--chain /nonexistent/chain.pem: No such file or directory"},
        Slip{{"verify", "--tlsa", record_of_nothing, "--name", "mx.example"},
             "--chain is required (see danewatch verify --help)"},
        Slip{{"verify", "--chain", "c.pem", "--tlsa", record_of_nothing, "--name", "mx.example", "--service", "gopher"},
             "--service gopher: unknown service; try smtp, https or tls"},
        Slip{{"tlsa", "--name", "mx.example", "--port", "25"}, "tlsa needs either --cert or --key"},
        Slip{{"tlsa", "--key", "k.pem", "--name", "mx.example", "--port", "0"}, "--port 0: must be 1 to 65535"},
        Slip{{"tlsa", "--key", "k.pem", "--name", "mx.example", "--port", "25,"}, "--port \"\": must be 1 to 65535"},
        Slip{{"tlsa", "--key", "k.pem", "--name", "mx.example", "--port", "25,465,25"}, "--port 25: is listed twice"},
        Slip{{"tlsa", "--key", "k.pem", "--port", "25", "--name",
              std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
                  std::string(50, 'd')},
             "--name: is too long for the owner name of a TLSA record"},
        Slip{{"check", "192.0.2.1:25", "--ip", "192.0.2.2"},
             "target 192.0.2.1:25: is an address already, so no other can stand for it"},
        Slip{{"tlsa", "--key", "k.pem", "--name", "mx.example", "--port", "25", "--selector", "0"},
             "--key alone gives records with selector 1 and usage 1 or 3; others need --cert"}));

class BadTargets : public testing::TestWithParam<std::string> {};

// The parser's own test has the exact words; here: one line, the right status, nothing dangerous echoed.
TEST_P(BadTargets, AreRefusedInOneSentence) {
  const auto result = danewatch({"check", "--", GetParam()});
  EXPECT_THAT(result.err, StartsWith("danewatch: target "));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  EXPECT_TRUE(std::ranges::none_of(result.err, [](char c) { return c == '\x1b' || c == '\r' || c == '\a'; }));
  EXPECT_LT(result.err.size(), 400u);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.status, 64);
}

INSTANTIATE_TEST_SUITE_P(CommandLine, BadTargets,
                         testing::Values("", std::string(300, 'a'), "..", "-x", "https://user:secret@example.org/",
                                         "example.org:0", "example.org:65536", "example.org:abc", "2001:db8::1",
                                         "exa\x1b[31mmple.org", "exa\nmple.org", "\xf0\x9f\x92\xa9.example",
                                         "gopher://example.org"));

TEST(BadTargets, ASecretInAUrlIsNotRepeated) {
  EXPECT_THAT(danewatch({"check", "https://user:secret@example.org/"}).err, testing::Not(HasSubstr("secret")));
  const auto line = danewatch({"check", "--json", "--file", "-"}, "https://user:secret@example.org/\n");
  EXPECT_THAT(line.err + line.out, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(line.err, HasSubstr("-:1: https://user:...@example.org/: "));
}

// One wrong target hides no other, and each has an object that says which it is about.
TEST(BadTargets, OneAmongOthersStopsNothing) {
  const auto result = danewatch({"check", "--json", "user@stale.lab", "mx..example", "--trust-anchor", "/nonexistent"});
  EXPECT_THAT(result.out, HasSubstr(R"("target":"user@stale.lab")"));
  EXPECT_THAT(result.out, HasSubstr(R"("target":"mx..example")"));
  EXPECT_EQ(std::ranges::count(result.out, '\n'), 2);
  EXPECT_THAT(result.err, HasSubstr("target user@stale.lab: this is an e-mail address; write stale.lab"));
  EXPECT_EQ(result.status, 64);
}

TEST(Help, IsAlsoACommandAndSoIsVersion) {
  EXPECT_EQ(danewatch({"help"}).out, danewatch({"--help"}).out);
  EXPECT_EQ(danewatch({"help", "verify"}).out, danewatch({"verify", "--help"}).out);
  EXPECT_EQ(danewatch({"version"}).out, danewatch({"--version"}).out);
}

class BadPem : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(BadPem, IsNamedWithItsFile) {
  const Scratch scratch;
  const auto path = scratch.file("chain.pem", GetParam().first);
  const auto result = danewatch({"verify", "--chain", path, "--tlsa", record_of_nothing, "--name", "mx.example"});
  EXPECT_THAT(result.err, StartsWith("danewatch: --chain " + path + ": "));
  EXPECT_THAT(result.err, HasSubstr(GetParam().second));
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.status, 64);
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, BadPem,
    testing::Values(std::pair{std::string{}, "PEM"}, std::pair{std::string{"hello\n"}, "PEM"},
                    std::pair{std::string{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
                              "certificate"},
                    std::pair{pki::key_pem(*pki::make_key()), "private key"}));

TEST(CommandLine, MalformedRecordsAreRefused) {
  for (const auto* text : {"", "3 1", "3 1 1 xyz", "256 1 1 00", "3 1 1 0", "a b c d"}) {
    const auto result = danewatch({"verify", "--chain", "chain.pem", "--tlsa", text, "--name", "mx.example"});
    EXPECT_THAT(result.err, StartsWith("danewatch: --tlsa ")) << text;
    EXPECT_EQ(result.status, 64) << text;
  }
}

TEST(CommandLine, LocalFaultsAreUnknownNotUsage) {
  const auto anchor = danewatch({"check", "example.org", "--trust-anchor", "/nonexistent/root.key"});
  EXPECT_THAT(anchor.err, HasSubstr("/nonexistent/root.key"));
  EXPECT_EQ(std::ranges::count(anchor.err, '\n'), 1) << anchor.err;
  EXPECT_EQ(anchor.out, "");
  EXPECT_EQ(anchor.status, 3);
  const auto hints = danewatch({"check", "example.org", "--root-hints", "/nonexistent/root.hints"});
  EXPECT_THAT(hints.err, HasSubstr("/nonexistent/root.hints"));
  EXPECT_EQ(hints.out, "");
  EXPECT_EQ(hints.status, 3);
}

// A network namespace of its own holds nothing but a dead loopback.
TEST(CommandLine, WithoutANetworkNothingIsSaidAboutTheTarget) {
  Start probe;
  probe.arguments = {"/usr/bin/unshare", "-rn", "/bin/true"};
  if (run_process(probe).status != 0) GTEST_SKIP() << "user namespaces are forbidden here";
  Start start;
  start.arguments = {"/usr/bin/unshare", "-rn", DANEWATCH_BINARY, "check", "--json", "--timeout", "2s", "example.org"};
  const auto result = run_process(start);
  EXPECT_THAT(result.out, HasSubstr(R"("verdict":"unknown","reason":"no-network","severity":"unknown")"));
  EXPECT_EQ(result.err, "danewatch: the DNS root does not answer from here: no target can be checked\n");
  EXPECT_EQ(result.status, 3);
}

TEST(CommandLine, HelpAndVersionGoToStandardOutput) {
  EXPECT_LE(widest_line(danewatch({"--help"}).out), 80U);
  const auto version = danewatch({"--version"});
  EXPECT_EQ(version.out, "danewatch " DANEWATCH_VERSION "\n");
  EXPECT_EQ(version.status, 0);
  const auto libraries = danewatch({"--version", "--verbose"});
  for (const auto* library : {"libunbound", "OpenSSL", "ldns", "libidn2", "zlib", "libxcrypt", "glibc", "Boost", "fmt",
                              "nlohmann-json", "CLI11", "yaml-cpp", "prometheus-cpp", "SQLite"}) {
    EXPECT_THAT(libraries.out, testing::ContainsRegex("\n  " + std::string(library) + " +[0-9]")) << library;
  }
  for (const auto* command : {"check", "history", "changes", "rollover", "verify", "tlsa", "serve", "doctor"}) {
    const auto help = danewatch({command, "--help"});
    EXPECT_THAT(help.out, HasSubstr("danewatch " + std::string(command))) << command;
    EXPECT_LE(widest_line(help.out), 80U) << command;
    EXPECT_EQ(help.err, "");
    EXPECT_EQ(help.status, 0);
  }
}

TEST(CommandLine, AClosedStandardOutputEndsQuietly) {
  Start start;
  start.arguments = {DANEWATCH_BINARY, "--help"};
  start.close_output = true;
  const auto result = run_process(start);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 128 + SIGPIPE);
}

TEST(CommandLine, AFullDiskIsSaid) {
  Start start;
  start.arguments = {DANEWATCH_BINARY, "--help"};
  start.output_file = "/dev/full";
  const auto result = run_process(start);
  EXPECT_EQ(result.err, "danewatch: cannot write to standard output: No space left on device\n");
  EXPECT_EQ(result.status, 3);
}

TEST(CheckFile, BrokenLinesAreNumberedAndBecomeJson) {
  const auto result = danewatch({"check", "--json", "--file", "-"}, "# nothing good\n..\n\nhost.example:99999\n");
  EXPECT_THAT(result.err, HasSubstr("-:2: ..: "));
  EXPECT_THAT(result.err, HasSubstr("-:4: host.example:99999: "));
  EXPECT_EQ(std::ranges::count(result.out, '\n'), 2);
  EXPECT_THAT(result.out, HasSubstr(R"("verdict":"unknown","reason":"bad-target")"));
  EXPECT_EQ(result.status, 3);
}

// Nobody hears what is written to a closed one, and status 0 would say that all was told.
TEST(CommandLine, ClosedStandardDescriptorsAreNobodysSockets) {
  Start start;
  start.arguments = {"/bin/sh", "-c", "exec \"$0\" --version <&- >&-", DANEWATCH_BINARY};
  const auto result = run_process(start);
  EXPECT_EQ(result.err, "danewatch: cannot write to standard output: it is closed\n");
  EXPECT_EQ(result.status, 3);
}

TEST(CommandLine, EscapeSequencesInAnOptionAreShownNotSent) {
  const auto result = danewatch({"check", "example.org", "--trust-anchor", "/nonexistent/\x1b[31mred"});
  EXPECT_THAT(result.err, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.err, HasSubstr("\\x1b[31mred"));
}

TEST(CommandLine, AZoneLineIsARecordToo) {
  const auto result = danewatch({"verify", "--chain", "/nonexistent", "--tlsa",
                                 "_25._tcp.mx.example. IN TLSA 3 1 1 " + std::string(64, '0'), "--name", "mx.example"});
  EXPECT_EQ(result.err, "danewatch: --chain /nonexistent: No such file or directory\n");
}

// A name server that takes questions and never answers.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    auto* address = reinterpret_cast<sockaddr*>(&any);
    if (::bind(socket_, address, size) != 0 || ::getsockname(socket_, address, &size) != 0) {
      throw std::runtime_error("no loopback port");
    }
    name_ = "127.0.0.1@" + std::to_string(ntohs(any.sin_port));
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { ::close(socket_); }

  const std::string& name() const { return name_; }

  void wait_for_question() const {
    char byte = 0;
    EXPECT_EQ(::recv(socket_, &byte, 1, 0), 1);
  }

 private:
  int socket_;
  std::string name_;
};

// Asks, and is interrupted as soon as the first question is out.
Finished interrupted(const std::vector<std::string>& arguments) {
  const SilentServer server;
  Start start;
  start.arguments = {DANEWATCH_BINARY, "check", "--timeout", "1h", "--forwarder", server.name()};
  start.arguments.insert(start.arguments.end(), arguments.begin(), arguments.end());
  start.meanwhile = [&server](pid_t pid) {
    server.wait_for_question();
    ::kill(pid, SIGINT);
  };
  return run_process(start);
}

TEST(Interrupted, WhatWasNotDoneIsReportedAsNotRun) {
  const auto lines = interrupted({"first.example", "second.example", "third.example", "--jobs", "1"});
  EXPECT_THAT(lines.out, testing::ContainsRegex("first.example +unknown/not-run"));
  EXPECT_THAT(lines.out, testing::ContainsRegex("third.example +unknown/not-run"));
  EXPECT_EQ(lines.err, "");
  EXPECT_EQ(lines.status, 130);
  const auto json = interrupted({"--json", "first.example", "second.example"});
  EXPECT_EQ(std::ranges::count(json.out, '\n'), 2);
  EXPECT_EQ(json.status, 130);
}

// More broken lines than a pipe holds, and nobody reads: questions are asked and the signal is heard all the same.
TEST(Interrupted, AReaderWhoPausesStopsNothing) {
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "..\n";
  const Scratch scratch;
  const auto result = interrupted({"--json", "--file", scratch.file("targets", lines), "good.example"});
  EXPECT_EQ(std::ranges::count(result.out, '\n'), 301);
  EXPECT_GT(result.out.size(), 65536U);
  EXPECT_THAT(result.out, HasSubstr(R"("reason":"not-run")"));
  EXPECT_EQ(result.status, 130);
}

TEST(CheckFile, BadLinesCountAmongAll) {
  const auto result = danewatch({"check", "--file", "-", "--timeout", "1ms"}, "[::1]:25\n..\n");
  EXPECT_THAT(result.out, HasSubstr("\n2 of 2 are not ok"));
}

TEST(CheckFile, AnEmptyOneIsASlip) {
  const auto result = danewatch({"check", "--file", "-"}, "# nothing\n");
  EXPECT_EQ(result.err, "danewatch: --file -: holds no target\n");
  EXPECT_EQ(result.status, 64);
}

}  // namespace
}  // namespace danewatch
