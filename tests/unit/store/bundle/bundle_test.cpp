// Evidence that is kept is what was seen: reading what was written gives the same, and judging that the same report.
#include "store/bundle/bundle.hpp"

#include <gtest/gtest.h>

#include <random>

#include "exporters/json/json.hpp"
#include "probe/judgement/judge.hpp"
#include "store/bundle/base64.hpp"
#include "store/bundle/name_server_words.hpp"
#include "store/bundle/words.hpp"
#include "tests/support/finding_cases.hpp"
#include "tests/support/recalling_matcher.hpp"
#include "tests/support/sample_parts.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch {
namespace {

// Sample certificates are no DER: whoever parses them remembers.
CertificateReader recalling(const Evidence& evidence) {
  std::vector<Certificate> known;
  for (const HostFacts& host : evidence.hosts) {
    for (const TlsEvidence& seen : host.endpoints) known.insert(known.end(), seen.chain.begin(), seen.chain.end());
  }
  return [known = std::move(known)](const std::vector<std::uint8_t>& der) {
    const auto found = std::ranges::find(known, der, &Certificate::der);
    return found == known.end() ? Certificate{} : *found;
  };
}

Bundle bundle_of(const Report& report) {
  return {facts_of(report), report.policy, {"danewatch 0", {{"libunbound", "1"}, {"OpenSSL", "3"}}, "ab12"}};
}

// Certificates that differ have different DER, which those of some samples lack.
void tell_apart(Report& report) {
  std::vector<Certificate> known;
  for (HostReport& host : report.hosts) {
    for (EndpointReport& endpoint : host.endpoints) {
      for (Certificate& certificate : endpoint.seen.chain) {
        const auto same = std::ranges::find(known, certificate);
        const auto number = static_cast<std::size_t>(same - known.begin());
        if (same == known.end()) known.push_back(certificate);
        certificate.der = samples::digest(static_cast<int>(number));
      }
    }
  }
}

struct Case {
  std::string name;
  Report report;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& [name, report] : samples::reports()) all.push_back({name, report});
  for (const auto& each : test::all_finding_cases()) all.push_back({each.code, each.report});
  for (Case& each : all) tell_apart(each.report);
  return all;
}

Bundle read(const std::string& text, const CertificateReader& reader = recalling({})) {
  auto bundle = read_bundle(text, reader);
  EXPECT_TRUE(bundle) << bundle.error().message << "\n" << text;
  return bundle.value_or(Bundle());
}

std::string error_of(std::string_view text) {
  const auto bundle = read_bundle(text, recalling({}));
  return bundle ? "" : bundle.error().message;
}

std::string good() {
  return write_bundle(bundle_of(samples::stale_duplicate()));
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(Bundle, WhatIsReadIsWhatWasWritten) {
  for (const auto& [name, report] : cases()) {
    SCOPED_TRACE(name);
    const Bundle bundle = bundle_of(report);
    EXPECT_EQ(read(write_bundle(bundle), recalling(bundle.evidence)), bundle);
  }
}

TEST(Bundle, JudgedAgainItIsTheSameReport) {
  for (const auto& [name, report] : cases()) {
    SCOPED_TRACE(name);
    const Report judged = test::judged_again(report);
    const Bundle kept = bundle_of(judged);
    const Bundle again = read(write_bundle(kept), recalling(kept.evidence));
    const Report replayed = judge(again.evidence, test::RecallingMatcher(judged), again.policy);
    EXPECT_EQ(to_json(replayed), to_json(judged));
    EXPECT_EQ(replayed, judged);
  }
}

ServerReply full_reply() {
  const std::string owner = "_25._tcp.mx1.example.org";
  ServerReply reply;
  reply.question = {owner, RrType::tlsa};
  reply.transport = Transport::tcp;
  reply.contact = Contact::answered;
  reply.rcode = 23;
  reply.authoritative = reply.truncated = true;
  reply.extended_error = ExtendedError{18, "no\xff"};
  reply.data = {Rdata{tlsa_from_rdata(owner, std::vector<std::uint8_t>{3, 1, 1, 7}), "3 1 1 07", true}};
  reply.alias = "elsewhere.example.org";
  reply.ttl = 300;
  reply.serial = 4000000000U;
  reply.signatures = {{owner, RrType::tlsa, SignatureCheck::wrong, samples::now, samples::now, 65535}};
  reply.milliseconds = 1.25;
  return reply;
}

Bundle with_servers() {
  Bundle bundle = bundle_of(samples::all_good());
  const ServerAnswers full{"ns1.example.org",
                           *parse_address("2001:db8::53"),
                           true,
                           true,
                           true,
                           true,
                           Unasked::no_time,
                           std::string("\x00\xfe", 2),
                           {full_reply(), {}}};
  ServerAnswers bare;
  bare.name = "ns2.example.org";
  bare.address = *parse_address("192.0.2.53");
  const ZoneServers zone{"example.org", true, {"ns1.example.org"}, {"ns2.example.org"}, {full, bare}, 3};
  bundle.evidence.servers = {NameServers::Asked::yes, samples::now, {zone, {}}};
  bundle.evidence.run.timings.servers = 12.5;
  return bundle;
}

TEST(Bundle, EveryMemberOfNameServersIsKept) {
  const Bundle bundle = with_servers();
  EXPECT_EQ(read(write_bundle(bundle), recalling(bundle.evidence)), bundle);
}

TEST(Bundle, WhereNameServersWereNotAskedNothingIsSaidOfThem) {
  EXPECT_EQ(write_bundle(bundle_of(samples::bad_target())).find("\"servers\""), std::string::npos);
  Bundle bundle = bundle_of(samples::bad_target());
  bundle.evidence.servers.asked = NameServers::Asked::forwarder;
  EXPECT_EQ(read(write_bundle(bundle)), bundle);
}

TEST(Bundle, OfNameServersNoMoreIsReadThanARunAsksFor) {
  const auto refused = [](const auto& widen) {
    Bundle bundle = with_servers();
    widen(bundle.evidence.servers.zones);
    const auto read = read_bundle(write_bundle(bundle), recalling(bundle.evidence));
    return read ? "" : read.error().message;
  };
  EXPECT_EQ(refused([](auto& zones) { zones.resize(65); }), "servers.zones has more than 64 entries");
  EXPECT_EQ(refused([](auto& zones) { zones[0].servers.resize(257); }),
            "servers.zones[0].servers has more than 256 entries");
  EXPECT_EQ(refused([](auto& zones) { zones[0].servers[0].replies.resize(65); }),
            "servers.zones[0].servers[0].replies has more than 64 entries");
}

TEST(Bundle, TheTextIsOneLineOfAscii) {
  for (const auto& [name, report] : cases()) {
    for (const char c : write_bundle(bundle_of(report))) ASSERT_TRUE(c >= ' ' && c <= '~') << name;
  }
}

TEST(Bundle, AnotherLayoutIsTheSameEvidence) {
  std::string wide;
  bool in_string = false;
  for (const char c : good()) {  // no string of a sample has an escaped quote
    if (c == '"') in_string = !in_string;
    wide += c;
    if (!in_string && (c == ',' || c == ':' || c == '{')) wide += "\n  ";
  }
  const CertificateReader reader = recalling(facts_of(samples::stale_duplicate()));
  EXPECT_EQ(read(wide, reader), read(good(), reader));
}

TEST(Bundle, AChangeIsFoundOut) {
  EXPECT_EQ(error_of(replaced(good(), "\"secure\"", "\"bogus\"")),
            "it was changed after it was kept: its SHA-256 is another");
}

TEST(Bundle, OneThatWasCutShortSaysSo) {
  const std::string text = good();
  for (std::size_t size = 0; size < text.size(); size += 97) {
    EXPECT_EQ(error_of(text.substr(0, size)),
              size == 0 ? "this is not one piece of evidence" : "it ends in the middle: the file was cut short");
  }
}

TEST(Bundle, OneOfANewerSchemaSaysWhatToDo) {
  EXPECT_EQ(
      error_of(replaced(good(), "danewatch.evidence/1", "danewatch.evidence/2")),
      "this is danewatch.evidence/2, and this danewatch knows danewatch.evidence/1 alone: a newer one can read it");
}

TEST(Bundle, AReportIsNoEvidence) {
  EXPECT_EQ(error_of(to_json(samples::all_good())),
            "this is a report, not the evidence it was made of: danewatch check --save FILE keeps that");
  EXPECT_EQ(error_of("{}"), "this is not evidence: its schema is not danewatch.evidence/1");
  EXPECT_EQ(error_of("hello"), "this is not evidence: a JSON object begins with a brace");
}

TEST(Bundle, AKeyThatIsThereTwiceIsRefused) {
  EXPECT_EQ(error_of(replaced(good(), "{\"schema\"", "{\"at\":1,\"schema\"")), "at is there twice");
}

TEST(Bundle, ADepthThatEvidenceNeverHasIsRefused) {
  EXPECT_EQ(error_of("{\"a\":" + std::string(100000, '[')), "nested deeper than evidence is");
}

TEST(Bundle, MorePartsThanEvidenceHasAreRefused) {
  std::string many = "{\"a\":[0";
  for (int i = 0; i < 500000; ++i) many += ",0";
  EXPECT_EQ(error_of(many + "]}"), "more parts than evidence may have");
}

TEST(Bundle, OneThatIsTooLargeIsRefused) {
  EXPECT_EQ(error_of("{\"a\":\"" + std::string(most_bundle_octets, 'x') + "\"}"),
            "larger than the 16 MiB that evidence may have");
}

// Each flip ends in an error or, where it changed nothing that is read, in the same evidence.
TEST(Bundle, TenThousandFlippedBitsAreEachFoundOut) {
  const Report report = samples::all_good();
  const CertificateReader reader = recalling(facts_of(report));
  const std::string text = write_bundle(bundle_of(report));
  const Bundle whole = read(text, reader);
  std::mt19937 random(6);  // NOLINT(cert-msc51-cpp): the same flips each time
  for (int i = 0; i < 10000; ++i) {
    std::string flipped = text;
    const std::size_t at = random() % flipped.size();
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << random() % 8));
    const auto read = read_bundle(flipped, reader);
    if (read) {
      EXPECT_EQ(*read, whole) << at;
    } else {
      EXPECT_FALSE(read.error().message.empty());
    }
  }
}

TEST(Bundle, TheDigestOfATrustAnchorKnowsNoOrder) {
  EXPECT_EQ(trust_anchor_digest({". IN DS 1", ". IN DS 2"}), trust_anchor_digest({". IN DS 2", ". IN DS 1"}));
  EXPECT_NE(trust_anchor_digest({". IN DS 1"}), trust_anchor_digest({". IN DS 2"}));
}

TEST(BundleDocuments, AreCutOutOfAStreamWhereverItsPiecesEnd) {
  const std::string stream = good() + "\n" + good() + "\n\n{\n \"a\\\"}\": [\"}\"]\n}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    Documents documents;
    std::vector<std::string> all;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      for (auto& each : documents.take(std::string_view(stream).substr(at, piece))) all.push_back(std::move(each));
    }
    EXPECT_FALSE(documents.end());
    EXPECT_EQ(all, (std::vector<std::string>{good(), good(), "{\n \"a\\\"}\": [\"}\"]\n}"}));
  }
}

TEST(BundleDocuments, NothingFollowsWhatIsWrong) {
  Documents documents;
  EXPECT_EQ(documents.take("{} x {}").size(), 1U);
  EXPECT_TRUE(documents.is_wrong());
  EXPECT_TRUE(documents.take("{}").empty());
  EXPECT_EQ(documents.end()->position, 3U);
}

TEST(Base64, OctetsHaveOneText) {
  using bundle::from_base64, bundle::to_base64;
  for (std::size_t size = 0; size < 70; ++size) {
    const auto octets = samples::digest(static_cast<int>(size), size);
    EXPECT_EQ(from_base64(to_base64(octets)), octets);
  }
  EXPECT_EQ(to_base64(std::vector<std::uint8_t>{'f', 'o'}), "Zm8=");
  for (const char* wrong : {"Zm8", "Zm9=", "Zm8= ", "Zm8=Zm8=", "Z===", "====", "Zm8-", "Zm\n8"}) {
    EXPECT_FALSE(from_base64(wrong)) << wrong;
  }
}

TEST(Base64, WhatIsNoUtf8IsKnown) {
  for (const char* text : {"", "plain", "\xc3\xa9", "\xe2\x80\xae", "\xf0\x9f\x98\x80"})
    EXPECT_TRUE(bundle::is_utf8(text));
  for (const char* text : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80", "\xe2\x80"})
    EXPECT_FALSE(bundle::is_utf8(text));
}

template <class Enum>
void expect_whole(Enum last) {
  EXPECT_EQ(bundle::Words<Enum>::table.size(), static_cast<std::size_t>(last) + 1);
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_EQ(bundle::value_of<Enum>(bundle::word_of(value)), value);
  }
}

template <class Enum>
void expect_same_words() {
  for (std::size_t i = 0; i < bundle::Words<Enum>::table.size(); ++i) {
    EXPECT_EQ(bundle::Words<Enum>::table[i], to_string(static_cast<Enum>(i)));
  }
}

TEST(BundleWords, AreThoseOfTheOutputAndEveryValueHasOne) {
  expect_whole(Status::failed);
  expect_whole(Failure::local);
  expect_whole(Denial::nxdomain);
  expect_whole(Located::not_run);
  expect_whole(TargetKind::address_literal);
  expect_whole(NotLooked::Why::deadline);
  expect_whole(Origin::replayed);
  expect_whole(View::second);
  expect_whole(Stage::done);
  expect_whole(Fault::not_run);
  expect_whole(Refusal::not_here);
  expect_whole(Views::all);
  expect_whole(SenderPolicyType::other);
  expect_whole(Severity::critical);
  expect_whole(NameServers::Asked::yes);
  expect_whole(Transport::tcp);
  expect_whole(Contact::malformed);
  expect_whole(Unasked::too_many);
  expect_whole(SignatureCheck::right);
  expect_same_words<Status>();
  expect_same_words<Origin>();
  expect_same_words<View>();
  expect_same_words<Stage>();
  expect_same_words<Fault>();
  expect_same_words<Severity>();
  expect_same_words<Transport>();
  expect_same_words<Contact>();
  expect_same_words<SignatureCheck>();
}

}  // namespace
}  // namespace danewatch
