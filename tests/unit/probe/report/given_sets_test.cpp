// Who gives what, and what becomes of mail by it.
#include "probe/report/given_sets.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "probe/judgement/judge.hpp"
#include "probe/report/server_state.hpp"
#include "tests/support/fake_matcher.hpp"
#include "tests/support/finding_cases_servers.hpp"

namespace danewatch {
namespace {

using namespace test;

const std::string right = "3 1 1 " + digest('a');
const std::string other = "3 1 1 " + digest('b');

// The host shows the certificate of `letter`; our resolver was told `proven`.
Report judged(std::vector<ServerAnswers> servers, const std::string& proven = right, char letter = 'a') {
  ReportBuilder builder("example.org");
  Answer tlsa = answer(owner, RrType::tlsa, Status::secure, {proven});
  tlsa.data = {{record(proven, owner), proven, false}};
  tlsa.denial = Denial::none;
  builder.add(
      HostBuilder("mx1.example.org").tlsa(proven).add(std::move(tlsa)).add(shows("11.0.0.1", {Cell::match}, letter)));
  Evidence evidence = facts_of(builder.report);
  evidence.servers = asked(std::move(servers));
  return judge(std::move(evidence), FakeMatcher(), Policy());
}

std::vector<Finding> about_servers(const Report& report) {
  std::vector<Finding> found;
  for (const Finding& each : report.findings) {
    if (each.code.starts_with("server") || each.code == "serial-behind") found.push_back(each);
  }
  return found;
}

ServerState state(const Report& report, std::size_t server) {
  const ZoneServers& zone = report.servers.zones.at(0);
  return state_of(report, zone, zone.servers.at(server));
}

TEST(NameServersOfAReport, ThatAgreeAreNoNews) {
  const Report report = judged({server(1, 7, {right}), server(2, 7, {right})});
  EXPECT_TRUE(about_servers(report).empty());
  EXPECT_EQ(report.severity, Severity::ok);
  EXPECT_EQ(report.impact, Impact::protected_);
  EXPECT_EQ(state(report, 1), ServerState::agrees);
}

// Whichever of the two our own resolver met: senders meet both.
TEST(NameServersOfAReport, AnOldOneIsCriticalWhoeverAnsweredUs) {
  for (const std::string& proven : {right, other}) {
    const Report report = judged({server(1, 7, {right}), server(2, 6, {other})}, proven);
    EXPECT_EQ(report.severity, Severity::critical) << proven;
    EXPECT_EQ(report.impact, Impact::partly_deferred) << proven;
    const Finding old = finding(report, "server-old-records");
    EXPECT_TRUE(old.text.starts_with("ns2.example.org (11.1.0.2)")) << old.text;
    EXPECT_EQ(state(report, 0), ServerState::agrees);
    EXPECT_EQ(state(report, 1), ServerState::old);
  }
}

// Where every server's records fail alike, the zone is wrong, and none of them old.
TEST(NameServersOfAReport, ThatAllFailAreNotOld) {
  const Report report = judged({server(1, 7, {right}), server(2, 6, {other})}, right, 'c');
  EXPECT_EQ(report.impact, Impact::deferred);
  EXPECT_EQ(finding(report, "server-differs").severity, Severity::warning);
}

TEST(NameServersOfAReport, AreComparedWithEachOtherAndNotWithOurCache) {
  const Report report = judged({server(1, 8, {other}), server(2, 8, {other})}, right);
  EXPECT_TRUE(about_servers(report).empty());
}

// DNS front ends that count TTLs down are no secondaries that lag.
TEST(NameServersOfAReport, TtlsAreNotCompared) {
  ServerAnswers counting = server(2, 7, {right});
  for (ServerReply& reply : counting.replies) reply.ttl = 17;
  EXPECT_TRUE(about_servers(judged({server(1, 7, {right}), counting})).empty());
}

TEST(NameServersOfAReport, ABogusAnswerGivesNoSet) {
  ServerAnswers bogus = server(2, 6, {other});
  for (ServerReply& reply : bogus.replies) {
    for (SignedSet& set : reply.signatures) set.check = SignatureCheck::wrong;
  }
  const Report report = judged({server(1, 7, {right}), bogus});
  EXPECT_EQ(finding(report, "server-bogus").severity, Severity::critical);
  EXPECT_EQ(report.impact, Impact::protected_) << "resolvers that validate ask another server";
  EXPECT_EQ(state(report, 1), ServerState::bogus);
}

TEST(NameServersOfAReport, UncheckedSignaturesProveNothingAgainstThem) {
  ServerAnswers unchecked = server(2, 7, {right});
  for (ServerReply& reply : unchecked.replies) {
    for (SignedSet& set : reply.signatures) set.check = SignatureCheck::unchecked;
  }
  EXPECT_TRUE(about_servers(judged({server(1, 7, {right}), unchecked})).empty());
}

// What is uncertain to us is never told as their fault.
TEST(NameServersOfAReport, SilenceOfAWholeFamilyMayBeOurs) {
  ServerAnswers six = server(2, 7, {});
  six.address = parse_address("2a00:1::2").value();
  for (ServerReply& reply : six.replies) reply.contact = Contact::silent;
  EXPECT_TRUE(about_servers(judged({server(1, 7, {right}), six})).empty());
  ServerAnswers other_six = server(3, 7, {right});
  other_six.address = parse_address("2a00:1::3").value();
  EXPECT_EQ(finding(judged({server(1, 7, {right}), six, other_six}), "server-silent").severity, Severity::warning);
}

TEST(NameServersOfAReport, SilenceByTcpOfAllMayBeOurs) {
  std::vector<ServerAnswers> servers{server(1, 7, {right}), server(2, 7, {right})};
  for (ServerAnswers& each : servers) {
    for (ServerReply& reply : each.replies) {
      if (reply.transport == Transport::tcp) reply.contact = Contact::silent;
    }
  }
  EXPECT_TRUE(about_servers(judged(servers)).empty());
}

TEST(NameServersOfAReport, WhereNobodyAnswersItIsOurNetwork) {
  std::vector<ServerAnswers> servers{server(1, 7, {}), server(2, 7, {})};
  for (ServerAnswers& each : servers) {
    for (ServerReply& reply : each.replies) reply.contact = Contact::silent;
  }
  const Report report = judged(servers);
  EXPECT_EQ(finding(report, "servers-not-asked").severity, Severity::info);
  EXPECT_EQ(report.severity, Severity::ok);
}

// A box on the way that answers for everybody has no authority.
TEST(NameServersOfAReport, AResolverInTheirPlaceIsOurNetwork) {
  std::vector<ServerAnswers> servers{server(1, 7, {right}), server(2, 7, {right})};
  for (ServerAnswers& each : servers) {
    for (ServerReply& reply : each.replies) reply.authoritative = false;
  }
  const auto found = about_servers(judged(servers));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, "servers-not-asked");
}

TEST(NameServersOfAReport, ASerialThatHasGoneRoundIsTheNewerOne) {
  const Report report = judged({server(1, 5, {right}), server(2, 4294967290U, {right})});
  const Finding behind = finding(report, "serial-behind");
  EXPECT_TRUE(behind.text.starts_with("ns2.example.org")) << behind.text;
  EXPECT_EQ(behind.severity, Severity::info);
  EXPECT_EQ(report.severity, Severity::ok);
}

// Who follows "take over the newest zone" there would spread the wrong one.
TEST(NameServersOfAReport, WhereTheNewestIsWrongNobodyIsCalledBehind) {
  const Report report = judged({server(1, 7, {right}), server(2, 8, {other}), server(3, 6, {right})});
  EXPECT_EQ(about_servers(report).size(), 1U);
  const Finding wrong = finding(report, "server-old-records");
  EXPECT_TRUE(wrong.text.starts_with("ns2.example.org")) << wrong.text;
  EXPECT_NE(fix_words(wrong.remedies).find("newer version"), std::string::npos);
}

// What was judged can be judged again.
TEST(NameServersOfAReport, AreFacts) {
  const Report report = judged({server(1, 7, {right}), server(2, 6, {other})});
  EXPECT_EQ(judge(facts_of(report), FakeMatcher(), report.policy), report);
}

// What a server is called, what is found about it, and what its metric says are one thing.
TEST(NameServersOfAReport, WhoDoesNotAnswerForTlsaIsFoundHoweverItDoesNot) {
  const auto without_authority = [](ServerReply& reply) { reply.authoritative = false; };
  const auto in_part = [](ServerReply& reply) {
    if (reply.transport == Transport::udp) reply.truncated = true;
    if (reply.transport == Transport::tcp) reply.contact = Contact::silent;
  };
  const auto refusing = [](ServerReply& reply) { reply.rcode = 5; };
  const std::vector<std::pair<std::string, std::function<void(ServerReply&)>>> ways{
      {"without authority", without_authority}, {"only in part", in_part}, {"REFUSED", refusing}};
  for (const auto& [words, way] : ways) {
    ServerAnswers second = server(2, 7, {right});
    for (ServerReply& reply : second.replies) {
      if (reply.question.type == RrType::tlsa) way(reply);
    }
    const Report report = judged({server(1, 7, {right}), second});
    EXPECT_EQ(state(report, 1), ServerState::refuses) << words;
    const Finding found = finding(report, "server-refuses");
    EXPECT_NE(found.text.find(words), std::string::npos) << found.text;
    EXPECT_EQ(found.severity, Severity::warning) << words;
  }
}

TEST(NameServersOfAReport, OnlyRightSignaturesHaveADateThatCounts) {
  ServerAnswers one = server(1, 7, {right});
  const auto end = first_expiry(one);
  ASSERT_TRUE(end);
  for (ServerReply& reply : one.replies) {
    SignedSet wrong;
    wrong.check = SignatureCheck::wrong;
    wrong.expires = *end - std::chrono::hours(99);
    reply.signatures.push_back(wrong);
  }
  EXPECT_EQ(first_expiry(one), end);
  for (ServerReply& reply : one.replies) {
    if (reply.question.type == RrType::tlsa) reply.signatures.at(0).expires = *end - std::chrono::hours(1);
  }
  EXPECT_EQ(first_expiry(one), *end - std::chrono::hours(1));
}

}  // namespace
}  // namespace danewatch
