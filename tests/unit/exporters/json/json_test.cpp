#include "exporters/json/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "exporters/words/escape.hpp"
#include "tests/support/sample_parts.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& item : object.items()) keys.push_back(item.key());
  return keys;
}

using Keys = std::vector<std::string>;

// The order is part of the contract for people who read the lines.
TEST(Json, TheKeysStandInTheOrderOfTheContract) {
  const Json json = Json::parse(to_json(samples::stale_duplicate()));
  EXPECT_EQ(keys_of(json), (Keys{"schema", "tool", "target", "service", "at", "duration_ms", "timings_ms", "complete",
                                 "verdict", "reason", "severity", "impact", "summary", "policy", "trust_anchor",
                                 "lookups", "hosts", "findings"}));
  const Json& host = json["hosts"][0];
  EXPECT_EQ(keys_of(host), (Keys{"host", "host_unicode", "port", "preference", "weight", "verdict", "reason",
                                 "result_type", "base_domain", "names", "lookups", "tlsa", "endpoints"}));
  EXPECT_EQ(
      keys_of(host["endpoints"][0]),
      (Keys{"address", "view",  "verdict", "reason", "result_type", "stage",     "fault",        "error",
            "refusal", "heard", "slip",    "helo",   "waited_ms",   "attempts",  "absent_views", "unobserved_views",
            "cells",   "match", "tls",     "chain",  "pkix",        "timings_ms"}));
  EXPECT_EQ(keys_of(host["tlsa"][0]), (Keys{"owner", "usage", "selector", "matching_type", "data", "state", "why"}));
  EXPECT_EQ(keys_of(host["endpoints"][0]["chain"][0]),
            (Keys{"subject", "issuer", "not_before", "not_after", "sha256", "spki_sha256", "names"}));
  EXPECT_EQ(keys_of(json["findings"][0]), (Keys{"code", "severity", "subject", "host", "port", "record", "address",
                                                "view", "text", "fix", "ref", "endpoints", "remedies"}));
  const Json& remedy = json["findings"][0]["remedies"][0];
  EXPECT_EQ(keys_of(remedy), (Keys{"number", "when", "why", "steps"}));
  EXPECT_EQ(keys_of(remedy["steps"][0]), (Keys{"do", "record", "shared", "at", "until", "why", "text"}));
  EXPECT_EQ(keys_of(json["lookups"][0]),
            (Keys{"name", "type", "status", "rcode", "denial", "data", "aliases", "ttl", "original_ttl",
                  "rrsig_inception", "rrsig_expires", "why_bogus", "diagnostic"}));
}

TEST(Json, WhatWasNotSeenSaysSo) {
  Report report = samples::stale_duplicate();
  EXPECT_FALSE(Json::parse(to_json(report)).contains("origin"));
  report.run.origin = Origin::replayed;
  EXPECT_EQ(Json::parse(to_json(report))["origin"], "replayed");
  report.run.origin = Origin::predicted;
  EXPECT_EQ(Json::parse(to_json(report))["origin"], "predicted");
}

TEST(Json, EveryReportIsOneLineOfAsciiThatReadsBack) {
  for (const auto& [name, report] : samples::reports()) {
    const std::string text = to_json(report);
    for (const char c : text) ASSERT_TRUE(c >= 0x20 && c < 0x7f) << name << ": octet " << static_cast<int>(c);
    constexpr int compact = -1;
    EXPECT_EQ(Json::parse(text).dump(compact, ' ', true), text) << name;
  }
}

TEST(Json, HostileTextArrivesUnharmed) {
  const Json json = Json::parse(to_json(samples::hostile()));
  const std::string expected = to_valid_utf8(samples::hostile_text());
  EXPECT_EQ(json["target"], expected);
  EXPECT_EQ(json["hosts"][0]["endpoints"][0]["error"], expected);
  EXPECT_EQ(json["hosts"][0]["endpoints"][0]["chain"][0]["subject"], expected);
  EXPECT_EQ(json["hosts"][0]["endpoints"][0]["tls"]["cipher"], expected);
  EXPECT_EQ(json["lookups"][0]["data"][0], expected);
  EXPECT_EQ(json["findings"][0]["text"], expected);
}

// One finding with every kind of step, byte for byte.
TEST(Json, RemediesAreData) {
  Report report = samples::dual_view();
  const TlsaRecord record{"_25._tcp.mx.example", 3, 1, 1, {0xab, 0xcd}, false};
  report.findings[0].remedies = {if_it_is("an old key", {remove_record(record, true)}),
                                 always({add_record(record, "usage 3 needs no date"),
                                         wait_until("two TTLs have passed"), at_server("use the key", "192.0.2.1")}),
                                 if_so("it is your next key", {announce_record(record), in_zone("sign it")}),
                                 if_not({in_zone("let it stand")})};
  const Json finding = Json::parse(to_json(report))["findings"][0];
  EXPECT_EQ(finding["endpoints"].dump(), R"([{"address":"192.0.2.1","view":"rsa"}])");
  const std::string line = R"("_25._tcp.mx.example. IN TLSA 3 1 1 abcd")";
  const std::string none = R"(,"at":null,"until":null,"why":null,"text":)";
  EXPECT_EQ(
      finding["remedies"].dump(),
      R"([{"number":1,"when":"this is an old key","why":null,"steps":[{"do":"remove","record":)" + line +
          R"(,"shared":true)" + none + R"(null}]},)" +
          R"({"number":2,"when":null,"why":null,"steps":[{"do":"add","record":)" + line +
          R"(,"shared":false,"at":null,"until":null,"why":"usage 3 needs no date","text":null},)" +
          R"({"do":"wait","record":null,"shared":false,"at":null,"until":"two TTLs have passed","why":null,)" +
          R"("text":null},{"do":"server","record":null,"shared":false,"at":"192.0.2.1","until":null,"why":null,)" +
          R"("text":"Use the key."}]},{"number":3,"when":"it is your next key","why":null,"steps":[{"do":"announce",)" +
          R"("record":"3 1 1 abcd","shared":false)" + none + R"(null},{"do":"zone","record":null,"shared":false)" +
          none +
          R"("Sign it."}]},{"number":4,"when":"otherwise","why":null,"steps":[{"do":"zone","record":null,"shared":false)" +
          none + R"("Let it stand."}]}])");
}

void expect_no_empty_text(const Json& json, const std::string& path) {
  if (json.is_string()) {
    EXPECT_NE(json, "") << path;
  }
  if (!json.is_structured()) return;
  for (const auto& item : json.items()) expect_no_empty_text(item.value(), path + "/" + item.key());
}

// What the sentences say in words, and a script should not have to cut out of them.
TEST(Json, WhatWasHeardInTheDialogueIsData) {
  Report report = samples::all_good();
  TlsEvidence& seen = report.hosts[0].endpoints[0].seen;
  seen.stage = Stage::starttls;
  seen.fault = Fault::timeout;
  seen.refusal = Refusal::not_here;
  seen.heard = "220-mx1 \xff";
  seen.slip = "220mx1";
  seen.helo = "[192.0.2.1]";
  seen.waited = std::chrono::milliseconds(20000);
  seen.unobserved_views = {View::rsa, View::second};
  const Json told = Json::parse(to_json(report))["hosts"][0]["endpoints"][0];
  EXPECT_EQ(told["stage"], "starttls");
  EXPECT_EQ(told["fault"], "timeout");
  EXPECT_EQ(told["refusal"], "not-here");
  EXPECT_EQ(told["heard"], "220-mx1 \xef\xbf\xbd");
  EXPECT_EQ(told["slip"], "220mx1");
  EXPECT_EQ(told["helo"], "[192.0.2.1]");
  EXPECT_EQ(told["waited_ms"], 20000);
  EXPECT_EQ(told["unobserved_views"], (Json{"rsa", "second"}));
  const Json plain = Json::parse(to_json(samples::all_good()))["hosts"][0]["endpoints"][0];
  for (const char* none : {"refusal", "heard", "slip", "waited_ms"}) EXPECT_EQ(plain[none], nullptr) << none;
  EXPECT_EQ(plain["fault"], "none");
}

TEST(Json, UnknownIsNullAndNeverEmpty) {
  for (const auto& [name, report] : samples::reports()) {
    if (name != "hostile") expect_no_empty_text(Json::parse(to_json(report)), name);
  }
  const Json silent = Json::parse(to_json(samples::blackhole()))["hosts"][0]["endpoints"][0];
  EXPECT_TRUE(silent["tls"].is_null());
  EXPECT_TRUE(silent["match"].is_null());
  EXPECT_TRUE(silent["pkix"].is_null());
  EXPECT_TRUE(silent["timings_ms"]["connect"].is_null());
  EXPECT_EQ(silent["chain"], Json::array());
  const Json bad = Json::parse(to_json(samples::bad_target()));
  EXPECT_EQ(bad["verdict"], "unknown");
  EXPECT_EQ(bad["reason"], "bad-target");
  EXPECT_TRUE(bad["impact"].is_null());
  EXPECT_TRUE(bad["trust_anchor"].is_null());
  EXPECT_EQ(bad["hosts"], Json::array());
}

TEST(Json, ARecordTooShortForItsNumbersHasNone) {
  const Json record = Json::parse(to_json(samples::hostile()))["hosts"][0]["tlsa"][1];
  EXPECT_TRUE(record["usage"].is_null());
  EXPECT_TRUE(record["matching_type"].is_null());
  EXPECT_EQ(record["data"], "031b");
}

TEST(Json, ACertificateThatDoesNotParseHasOnlyItsDigest) {
  const Json certificate = Json::parse(to_json(samples::hostile()))["hosts"][0]["endpoints"][0]["chain"][1];
  EXPECT_TRUE(certificate["subject"].is_null());
  EXPECT_TRUE(certificate["not_after"].is_null());
  EXPECT_EQ(certificate["sha256"].get<std::string>().size(), 64U);
}

TEST(Json, TimesAreShownToATenthOfAMillisecond) {
  const Json timings = Json::parse(to_json(samples::all_good()))["hosts"][0]["endpoints"][0]["timings_ms"];
  EXPECT_EQ(timings.dump(), R"({"connect":12.3,"starttls":3.4,"handshake":20.6})");
}

TEST(Json, ViewsHaveTheWordsOfTheCommandLine) {
  Report report = samples::all_good();
  for (const auto& [views, word] :
       {std::pair{Views::automatic, "auto"}, {Views::standard, "default"}, {Views::all, "all"}}) {
    report.policy.views = views;
    EXPECT_EQ(Json::parse(to_json(report))["policy"]["views"], word);
  }
}

TEST(Json, AReportWithoutEvidenceIsStillAReport) {
  Report report = samples::no_starttls();
  for (HostReport& host : report.hosts) host = {host.dns, {}, {}, {}, {}};
  report.findings.clear();
  const Json json = Json::parse(to_json(report));
  EXPECT_EQ(json["hosts"][1]["verdict"], "unknown");
  EXPECT_TRUE(json["hosts"][1]["tlsa"].empty());
  EXPECT_TRUE(json["hosts"][1]["endpoints"].empty());
}

TEST(Json, VerifyTellsWhatMatchesAlone) {
  VerifyReport report = samples::verify_reports()[1].report;
  report.report.hosts.front().endpoints.front().cells = {Cell::shadowed, Cell::no_match};
  const Json json = Json::parse(to_json(report));
  EXPECT_EQ(keys_of(json), (Keys{"schema", "origin", "verdict", "reason", "severity", "records", "match", "findings"}));
  EXPECT_EQ(keys_of(json["records"][0]),
            (Keys{"usage", "selector", "matching_type", "data", "usable", "why", "matches_alone", "state"}));
  EXPECT_EQ(json["records"][0]["matches_alone"], true);
  EXPECT_EQ(json["records"][1]["matches_alone"], false);
  EXPECT_TRUE(json["match"].is_null());
}

TEST(Json, RecordsAloneAreAnArray) {
  const std::vector<TlsaRecord> records{{"_25._tcp.mx.example", 3, 1, 1, {0xab, 0xcd}, false}};
  EXPECT_EQ(to_json(records),
            R"([{"owner":"_25._tcp.mx.example","usage":3,"selector":1,"matching_type":1,"data":"abcd"}])");
  EXPECT_EQ(to_json(std::span<const TlsaRecord>{}), "[]");
}

TEST(FormatTime, IsRfc3339AndKnowsEveryCertificate) {
  EXPECT_EQ(format_time(samples::now), "2026-01-31T12:00:00Z");
  EXPECT_EQ(format_time(SysTime{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_time(SysTime{std::chrono::seconds{-1}}), "1969-12-31T23:59:59Z");
  EXPECT_EQ(format_time(SysTime{std::chrono::seconds{951782400}}), "2000-02-29T00:00:00Z");
  EXPECT_EQ(format_time(SysTime{std::chrono::seconds{253402300799}}), "9999-12-31T23:59:59Z");  // "no end" (RFC 5280)
  EXPECT_EQ(format_time(SysTime::max()), "9999-12-31T23:59:59Z");
  EXPECT_EQ(format_time(SysTime::min()), "0000-01-01T00:00:00Z");
}

}  // namespace
}  // namespace danewatch
