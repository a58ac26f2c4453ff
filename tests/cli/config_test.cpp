#include "cli/config/config.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace danewatch {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

struct BadFile {
  std::string text;
  std::vector<std::string> errors;
};

void PrintTo(const BadFile& file, std::ostream* out) {
  *out << file.text;
}

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, AreRefusedWithEveryErrorInItsPlace) {
  const auto config = parse_config(GetParam().text, "d.yml");
  ASSERT_FALSE(config.has_value());
  EXPECT_EQ(config.error(), GetParam().errors);
}

INSTANTIATE_TEST_SUITE_P(
    Config, BadFiles,
    testing::Values(
        BadFile{"", {"d.yml:1:1: the file is empty"}}, BadFile{"# only a comment\n", {"d.yml:1:1: the file is empty"}},
        BadFile{"- a\n- b\n", {"d.yml:1:1: must be a map of keys and values, not a list"}},
        BadFile{"targets: [\n", {"d.yml:2:1: invalid YAML: end of sequence flow not found"}},
        BadFile{"targets: []\n---\ntargets: []\n", {"d.yml:3:1: a second document in one file"}},
        BadFile{"tragets: []\n", {"d.yml:1:1: tragets: unknown key (did you mean targets?)"}},
        BadFile{"colour: red\n", {"d.yml:1:1: colour: unknown key"}},
        BadFile{"targets: []\ntargets: []\n", {"d.yml:2:1: targets: is listed twice"}},
        BadFile{"targets: example.org\n", {"d.yml:1:10: targets: must be a list, not a single value"}},
        BadFile{"targets:\n", {"d.yml:2:1: targets: must be a list, not nothing"}},
        BadFile{"targets:\n  - exa mple\n", {"d.yml:2:5: targets[0]: a target must not contain a blank"}},
        BadFile{"targets:\n  - interval: 5s\n", {"d.yml:2:5: targets[0]: has no target"}},
        BadFile{"targets:\n  - {target: a.example, intervall: 5s}\n",
                {"d.yml:2:25: targets[0].intervall: unknown key (did you mean interval?)"}},
        BadFile{"targets:\n  - a.example\n  - a.example\n",
                {"d.yml:3:5: targets[1]: a.example: is listed twice; give one of them a name"}},
        BadFile{"targets:\n  - {target: 'a.example:25,443', name: one}\n",
                {"d.yml:2:14: targets[0].target: is several targets, which cannot share one name"}},
        BadFile{"targets:\n  - {target: a.example, name: a/b}\n",
                {"d.yml:2:31: targets[0].name: must be at most 128 printable characters without /"}},
        BadFile{"targets:\n  - {target: a.example, module: smpt}\n",
                {"d.yml:2:33: targets[0].module: smpt: unknown module (did you mean smtp?)"}},
        BadFile{"targets:\n  - {target: a.example, detail: ful}\n",
                {"d.yml:2:33: targets[0].detail: ful: must be one of summary, full (did you mean full?)"}},
        BadFile{"targets:\n  - {target: a.example, interval: 300}\n",
                {"d.yml:2:35: targets[0].interval: 300: is not a duration (e.g. 500ms, 5s, 1m30s)"}},
        BadFile{"targets:\n  - {target: a.example, interval: 010s}\n",
                {"d.yml:2:35: targets[0].interval: 010s: looks like an octal number"}},
        BadFile{"targets:\n  - {target: a.example, name: ..}\n",
                {"d.yml:2:31: targets[0].name: means a directory in addresses: its page could not be asked for"}},
        BadFile{"targets:\n  - {target: a.example, name: .}\n",
                {"d.yml:2:31: targets[0].name: means a directory in addresses: its page could not be asked for"}},
        BadFile{"targets:\n  - {target: a.example, labels: {le: x, quantile: y}}\n",
                {"d.yml:2:38: targets[0].labels.le: is a label that danewatch or Prometheus sets itself",
                 "d.yml:2:51: targets[0].labels.quantile: is a label that danewatch or Prometheus sets itself"}},
        BadFile{"targets:\n  - {target: a.example, interval: 10ms}\n",
                {"d.yml:2:35: targets[0].interval: 10ms: must be 1000ms to 86400s"}},
        BadFile{"targets:\n  - {target: a.example, labels: {host: x}}\n",
                {"d.yml:2:40: targets[0].labels.host: is a label that danewatch or Prometheus sets itself"}},
        BadFile{"targets:\n  - {target: a.example, labels: {1a: x}}\n",
                {"d.yml:2:38: targets[0].labels.1a: is not a label name: letters, digits and _, not beginning with "
                 "__"}},
        BadFile{"targets:\n  - {target: a.example, labels: [x]}\n",
                {"d.yml:2:33: targets[0].labels: must be a map of keys and values, not a list"}},
        BadFile{"targets:\n  - {target: a.example, next: [3 1 1 zz]}\n",
                {"d.yml:2:32: targets[0].next[0]: \"z\" is not a hex digit (character 7)"}},
        BadFile{"limits: {in_flight: 025}\n",
                {"d.yml:1:21: limits.in_flight: 025: looks like an octal number; write 25"}},
        BadFile{"limits: {in_flight: many}\n", {"d.yml:1:21: limits.in_flight: many: is not a whole number"}},
        BadFile{"limits: {in_flight: '5'}\n", {"d.yml:1:21: limits.in_flight: 5: is not a whole number"}},
        BadFile{"limits: {in_flight: 0}\n", {"d.yml:1:21: limits.in_flight: 0: must be 1 to 100000"}},
        BadFile{"limits: {in_flight: [1]}\n", {"d.yml:1:21: limits.in_flight: must be a number, not a list"}},
        BadFile{"history: {keep: -1, file: /x}\n",
                {"d.yml:1:17: history.keep: is not a span of time (e.g. 36h, 7d, 2w)"}},
        BadFile{"history: {keep: 1h, file: /x}\n", {"d.yml:1:17: history.keep: must be a day at least"}},
        BadFile{"history: {file: x}\n", {"d.yml:1:17: history.file: must be the whole path of a file"}},
        BadFile{"history: {file: /x, evidence: y}\n",
                {"d.yml:1:31: history.evidence: must be the whole path of a folder"}},
        BadFile{"tlsrpt: {trusted_authserv_id: mx.example.org}\n", {"d.yml:1:9: tlsrpt: needs paths"}},
        BadFile{"tlsrpt: {paths: [mail]}\n",
                {"d.yml:1:18: tlsrpt.paths[0]: must be the whole path of a file or directory"}},
        BadFile{"tlsrpt: {paths: [/m], trusted_authserv_id: 'a b', interval: 5}\n",
                {"d.yml:1:44: tlsrpt.trusted_authserv_id: is not a name as Authentication-Results has it",
                 "d.yml:1:61: tlsrpt.interval: 5: is not a duration (e.g. 500ms, 5s, 1m30s)"}},
        BadFile{"history: {keep: 7d}\n", {"d.yml:1:10: history: needs a file"}},
        BadFile{"reload_on_change: yes\n", {"d.yml:1:19: reload_on_change: yes: must be true or false"}},
        BadFile{"modules: {'a b': {}}\n", {"d.yml:1:18: modules.a b: is not a module name: letters, digits, - and _"}},
        BadFile{
            "modules: {m: {service: htps}}\n",
            {"d.yml:1:24: modules.m.service: htps: must be one of auto, smtp, submission, submissions, https, imap, "
             "imaps, pop3, pop3s, sieve, ldap, ldaps, xmpp-client, xmpp-server, ftp, nntp, nntps, postgres, mysql, "
             "dot, tls (did you mean https?)"}},
        BadFile{"modules: {m: {attempts: 11}}\n", {"d.yml:1:25: modules.m.attempts: 11: must be 1 to 10"}},
        BadFile{"modules: {m: {extra_records: unknown}}\n",
                {"d.yml:1:30: modules.m.extra_records: unknown: must be one of ok, warning, critical"}},
        BadFile{"modules: {m: {helo: \"a\\nRSET\"}}\n",
                {"d.yml:1:21: modules.m.helo: is not a host name: a control character"}},
        BadFile{"allow_targets: []\n", {"d.yml:1:16: allow_targets: must not be empty: nothing could be asked"}},
        BadFile{"allow_targets: [10.0.0.1/8]\n",
                {"d.yml:1:17: allow_targets[0]: has bits behind its prefix: 10.0.0.0/8"}},
        BadFile{"resolver: {forwarders: 9.9.9.9}\n",
                {"d.yml:1:24: resolver.forwarders: must be a list, not a single value"}},
        BadFile{"resolver: {forwarders: [foo, 127.0.0.1@99999], stubs: [x]}\n",
                {"d.yml:1:25: resolver.forwarders[0]: foo: a server is named by its IPv4 or IPv6 address",
                 "d.yml:1:30: resolver.forwarders[1]: 127.0.0.1@99999: what follows @ is not a port from 1 to 65535",
                 "d.yml:1:56: resolver.stubs[0]: x: this is not of the form ZONE=ADDR[@PORT]"}},
        BadFile{"resolver: {forwarders: ['9.9.9.9#dns.example', 9.9.9.9]}\n",
                {"d.yml:1:24: resolver.forwarders: either all forwarders are asked over TLS (#NAME) or none"}},
        BadFile{"resolver: {trust_anchor: ''}\n", {"d.yml:1:26: resolver.trust_anchor: must not be empty"}},
        BadFile{"defaults: {target: a}\n", {"d.yml:1:12: defaults.target: unknown key"}},
        // Everything at once, in the order of the file.
        BadFile{"targets:\n  - {target: a.example, module: x, interval: 1}\nlimits:\n  probes: no\nmodules:\n  m: "
                "{view: all}\n",
                {"d.yml:2:33: targets[0].module: x: unknown module",
                 "d.yml:2:46: targets[0].interval: 1: is not a duration (e.g. 500ms, 5s, 1m30s)",
                 "d.yml:4:11: limits.probes: no: is not a whole number",
                 "d.yml:6:7: modules.m.view: unknown key (did you mean views?)"}}));

// YAML::LoadAll never ended for it.
TEST(Config, AFileThatBeginsWithACommaIsRefused) {
  EXPECT_FALSE(parse_config(", and where.\n", "d.yml").has_value());
}

TEST(Config, FilesOfTheResolverAreLookedAt) {
  const auto none_is_there = [](const std::string& option, const std::string& path) {
    return path == "/good" ? std::nullopt : std::optional(path + ": wrong for " + option);
  };
  const auto config =
      parse_config("resolver: {trust_anchor: /a, root_hints: /good, unbound_conf: /c}\n", "d.yml", {none_is_there});
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error(), ElementsAre("d.yml:1:26: resolver.trust_anchor: /a: wrong for --trust-anchor",
                                          "d.yml:1:63: resolver.unbound_conf: /c: wrong for --unbound-conf"));
}

// As --next does: a record in any form, or a file.
TEST(Config, NextNamesRecordsAndFiles) {
  const auto read = [](const std::string& path) -> Parsed<NextKey> {
    if (path != "/new.pem" && path != "./my keys/new.pem") return tl::unexpected(ParseError{path + ": no such", 0});
    return NextKey{path, {parse_tlsa("3 1 1 " + std::string(64, 'b')).value()}};
  };
  const std::string text =
      "targets:\n  - target: a.example\n    next: [/new.pem, ./my keys/new.pem, DANE-EE SPKI SHA2-256 " +
      std::string(64, 'c') + "]\n";
  const auto config = parse_config(text, "d.yml", {nullptr, read});
  ASSERT_TRUE(config.has_value()) << config.error().front();
  const auto& next = config->targets.front().next;
  ASSERT_EQ(next.size(), 3U);
  EXPECT_EQ(next[0].file, "/new.pem");
  EXPECT_EQ(to_text(next[1].records.front()), "3 1 1 " + std::string(64, 'b'));
  EXPECT_EQ(to_text(next[2].records.front()), "3 1 1 " + std::string(64, 'c'));
  EXPECT_EQ(show_config(*parse_config(show_config(*config), "d.yml", {nullptr, read})), show_config(*config));
  const auto wrong = parse_config("targets:\n  - {target: a.example, next: [/old.pem]}\n", "d.yml", {nullptr, read});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong.error(), ElementsAre("d.yml:2:32: targets[0].next[0]: /old.pem: no such"));
}

TEST(Config, WhatIsInTheFileDoesNotReachATerminalRaw) {
  const auto config = parse_config("\"\\e[31m\": 1\n", "d\x1b.yml");
  ASSERT_FALSE(config.has_value());
  EXPECT_THAT(config.error(), ElementsAre("d\\x1b.yml:1:1: \\x1b[31m: unknown key"));
}

std::string shipped() {
  std::ifstream file(DANEWATCH_SOURCE_DIR "/packaging/danewatch.yml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The shipped file with its examples of targets, which stand behind a # without a blank or with two.
std::string example() {
  std::istringstream lines(shipped());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (line == "targets: []") continue;
    const bool commented = line.starts_with("#targets:") || line.starts_with("#tlsrpt:") || line.starts_with("#  ");
    text += line.substr(commented ? 1 : 0) + "\n";
  }
  return text;
}

TEST(Config, TheShippedFileLooksAtNobody) {
  const auto config = parse_config(shipped(), "danewatch.yml");
  ASSERT_TRUE(config.has_value()) << testing::PrintToString(config.error());
  EXPECT_TRUE(config->targets.empty());
}

TEST(Config, TheExampleIsGoodAndSaysTheDefaults) {
  const auto config = parse_config(example(), "danewatch.yml");
  ASSERT_TRUE(config.has_value()) << testing::PrintToString(config.error());
  EXPECT_EQ(config->targets.size(), 5U);
  EXPECT_EQ(config->targets[3].name, "website");
  EXPECT_EQ(config->targets[3].target.service->name, "https");
  EXPECT_EQ(config->targets[3].labels, (Labels{{"team", "web"}, {"tier", "2"}}));
  EXPECT_EQ(config->targets[4].next.size(), 1U);
  EXPECT_EQ(config->tlsrpt->paths, std::vector<std::string>{"/var/mail/tls-reports"});
  EXPECT_EQ(config->tlsrpt->trusted_authserv_id, "mx.example.org");
  EXPECT_EQ(config->tlsrpt->interval, TlsrptConfig{}.interval);
  const Config none;
  EXPECT_EQ(config->limits.in_flight, none.limits.in_flight);
  EXPECT_EQ(config->limits.probes, none.limits.probes);
  EXPECT_EQ(show_module("default", config->modules.at("default")), show_module("default", ModuleConfig{}));
}

TEST(Config, WhatIsShownReadsAsTheSame) {
  const auto config = parse_config(example(), "danewatch.yml");
  ASSERT_TRUE(config.has_value());
  const auto again = parse_config(show_config(*config), "shown.yml");
  ASSERT_TRUE(again.has_value()) << testing::PrintToString(again.error());
  EXPECT_EQ(show_config(*again), show_config(*config));
}

TEST(Config, DefaultsHoldForTargetsThatSayNothingElse) {
  const auto config = parse_config(
      "targets:\n- a.example\n- {target: b.example, interval: 1m30s, labels: {team: web}}\n"
      "defaults: {module: smtp, interval: 10s, labels: {team: mail, site: x}}\n",
      "d.yml");
  ASSERT_TRUE(config.has_value()) << testing::PrintToString(config.error());
  EXPECT_EQ(config->targets[0].interval, 10s);
  EXPECT_EQ(config->targets[0].module, "smtp");
  EXPECT_EQ(config->targets[1].interval, 90s);
  EXPECT_EQ(config->targets[1].labels, (Labels{{"team", "web"}, {"site", "x"}}));
}

TEST(Config, AModuleSaysWhatABareNameMeans) {
  const auto modules = built_in_modules();
  EXPECT_EQ(module_targets(modules.at("https"), "www.example").value()[0].port, 443);
  EXPECT_EQ(module_targets(modules.at("imap"), "imaps://mx.example").value()[0].port, 993) << "the target's own word";
  EXPECT_EQ(module_targets(modules.at("smtp"), "example.org").value()[0].kind, TargetKind::mail_domain);
  EXPECT_EQ(module_targets(modules.at("default"), "mx.example:25,443").value().size(), 2U);
}

}  // namespace
}  // namespace danewatch
