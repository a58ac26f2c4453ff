// Command lines that are not right: each is one sentence that names what is wrong. No network is asked.
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace danewatch {
namespace {

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
             "no command given; use check, judge, predict, history, changes, rollover, tlsrpt, verify, tlsa, nagios, "
             "serve, doctor, survey (see danewatch --help)"},
        Slip{{"chekc"}, "unknown command chekc (did you mean check?) (see danewatch --help)"},
        Slip{{"frobnicate"},
             "unknown command frobnicate; use check, judge, predict, history, changes, rollover, tlsrpt, verify, tlsa, "
             "nagios, serve, doctor, survey (see danewatch --help)"},
        Slip{{"example.org"}, "unknown command example.org; to check a domain or host: danewatch check example.org"},
        Slip{{"help", "chekc"}, "unknown command chekc (did you mean check?) (see danewatch --help)"},
        Slip{{"--json", "check", "example.org"},
             "--json goes behind its command: danewatch check --json (see danewatch check --help)"},
        Slip{{"--verbose", "doctor"}, "--verbose goes with --version (see danewatch --help)"},
        Slip{{"survey"}, "survey needs --in FILE and --out DIR"},
        Slip{{"survey", "--in", "x", "--out", "y", "--shard", "0/0"}, "--shard 0/0: there must be 1 to 100000 shards"},
        Slip{{"survey", "--in", "x", "--out", "y", "--keep", "all"}, "--keep all: must be verdict, report or evidence"},
        Slip{{"survey", "summary"}, "DIR is required (see danewatch survey summary --help)"},
        Slip{{"tlsrpt"}, "tlsrpt needs a PATH: a file, a directory, a Maildir, an mbox, or - for standard input"},
        Slip{{"tlsrpt", "x", "--since", "yesterday"},
             "--since yesterday: write 36h, 7d, 2w, 2026-01-31 or 2026-01-31T12:00:00Z"},
        Slip{{"tlsrpt", "x", "--at", "noon"},
             "--at noon: invalid time; write 2026-01-31, 2026-01-31T12:00:00Z or seconds since 1970"},
        Slip{{"check"}, "check needs a TARGET, such as example.org, or --file FILE"},
        Slip{{"check", "example.org", "--changes"}, "--changes needs --state FILE, which holds what was seen before"},
        Slip{{"check", "example.org", "--state", "x", "--changes", "--json"},
             "--changes writes for people; danewatch changes --state FILE --json has the same for programs"},
        Slip{{"check", "example.org", "--state", "x", "--changes", "--remedy", "1"},
             "--remedy prints the remedy alone: leave out --state and --changes"},
        Slip{{"check", "example.org", "--state", "x", "--at", "0"},
             "--at and --state exclude each other: memory keeps what was seen when"},
        Slip{{"history"}, "history needs a TARGET, such as example.org"},
        Slip{{"rollover"}, "rollover needs plan, status or gate, and a TARGET"},
        Slip{{"rollover", "run", "example.org"}, "rollover run: must be plan, status or gate"},
        Slip{{"rollover", "gate"}, "rollover gate needs publish, deploy or remove, and a TARGET"},
        Slip{{"rollover", "gate", "reload", "example.org"}, "rollover gate reload: must be publish, deploy or remove"},
        Slip{{"rollover", "plan", "--next", "3 1 1 00"},
             "rollover needs a TARGET, such as example.org or mail.example.org:25"},
        Slip{{"rollover", "plan", "example.org"},
             "rollover needs --next: the file of the next key, CSR or certificate, or \"3 1 1 HEX\""},
        Slip{{"rollover", "plan", "--wait", "--next", "x", "example.org"}, "--wait goes with rollover gate"},
        Slip{{"rollover", "gate", "deploy", "--timeout", "1h", "--next", "x", "example.org"},
             "--timeout goes with --wait"},
        Slip{{"rollover", "status", "--helo", "a\r\nRSET", "example.org"},
             "--helo a\\x0d\\x0aRSET: is not a host name"},
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

}  // namespace
}  // namespace danewatch
