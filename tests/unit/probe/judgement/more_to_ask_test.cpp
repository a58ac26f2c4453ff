#include "probe/judgement/more_to_ask.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "probe/judgement/judge.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using test::HostBuilder;
using test::ReportBuilder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

HostBuilder host(const std::string& name = "mx1.example.org") {
  return HostBuilder(name).tlsa("3 1 1 " + test::digest('a'));
}

std::vector<std::string> names_of(const std::vector<HostQuestion>& questions) {
  std::vector<std::string> names;
  for (const auto& [host, question] : questions) names.push_back(std::to_string(host) + " " + question.name);
  return names;
}

TEST(MoreToAsk, NothingWhereARecordMatches) {
  const Report report = ReportBuilder("example.org").add(host().add(test::shows("11.0.0.1", {Cell::match}))).judged();
  EXPECT_THAT(more_to_ask(report), IsEmpty());
}

TEST(MoreToAsk, TheOtherPortsOfAHostWithoutAMatch) {
  const Report report = ReportBuilder("example.org")
                            .add(host().add(test::shows("11.0.0.1", {Cell::match})))
                            .add(host("mx2.example.org").add(test::shows("11.0.0.2", {Cell::no_match})))
                            .judged();
  EXPECT_THAT(names_of(more_to_ask(report)),
              ElementsAre("1 _25._tcp.example.org", "1 _443._tcp.mx2.example.org", "1 _465._tcp.mx2.example.org",
                          "1 _587._tcp.mx2.example.org", "1 _993._tcp.mx2.example.org"));
}

TEST(MoreToAsk, TheNameThatAMissingFinalDotMakes) {
  HostBuilder missed = host().add(test::shows("11.0.0.1", {Cell::no_match}));
  Answer address = test::answer("mx1.example.org", RrType::a, Status::secure, {"11.0.0.1"});
  address.signer = "example.org";
  const Report report = ReportBuilder("example.org").add(missed.add(address)).judged();
  EXPECT_THAT(names_of(more_to_ask(report)), Contains("0 _25._tcp.mx1.example.org.example.org"));
}

TEST(MoreToAsk, NothingTwice) {
  HostBuilder asked = host().add(test::shows("11.0.0.1", {Cell::no_match}));
  asked.add(test::answer("_465._tcp.mx1.example.org", RrType::tlsa));
  const Report report = ReportBuilder("example.org").add(asked).judged();
  EXPECT_THAT(names_of(more_to_ask(report)), ElementsAre("0 _25._tcp.example.org", "0 _443._tcp.mx1.example.org",
                                                         "0 _587._tcp.mx1.example.org", "0 _993._tcp.mx1.example.org"));
}

TEST(MoreToAsk, NothingWhereNobodySpeaksTls) {
  const Report report =
      ReportBuilder("example.org").add(host().add(test::fails("11.0.0.1", Stage::connect, Fault::refused))).judged();
  EXPECT_THAT(more_to_ask(report), IsEmpty());
}

TEST(MoreToAsk, NothingWhereNobodyCanLook) {
  const Report report = ReportBuilder("example.org")
                            .add(host().add(test::shows("11.0.0.1", {Cell::no_match})))
                            .add(HostBuilder("mx2.example.org").located(Located::no_network))
                            .judged();
  EXPECT_THAT(more_to_ask(report), IsEmpty());
}

TEST(MoreToAsk, ManyHostsAskNoMoreThanForty) {
  ReportBuilder builder("example.org");
  for (int h = 0; h < 16; ++h) {
    builder.add(host("mx" + std::to_string(h) + ".example.org").add(test::shows("11.0.0.1", {Cell::no_match})));
  }
  EXPECT_EQ(more_to_ask(builder.judged()).size(), 40U);
}

TEST(MoreToAsk, AnAnswerStandsAtEveryHostThatAskedAndChangesNoVerdict) {
  const Report report = ReportBuilder("example.org")
                            .add(host().add(test::shows("11.0.0.1", {Cell::no_match})))
                            .add(host().add(test::shows("11.0.0.2", {Cell::no_match})))
                            .judged();
  Answer answer = test::answer("_465._tcp.mx1.example.org", RrType::tlsa);
  answer.diagnostic = true;
  const Answer stranger = test::answer("_465._tcp.elsewhere.example.org", RrType::tlsa);
  const Evidence before = facts_of(report);
  const Evidence evidence = with_answers(report, more_to_ask(report), {answer, stranger});
  for (std::size_t h = 0; h < 2; ++h) {
    auto expected = before.hosts[h].dns.lookups;
    expected.push_back(answer);
    EXPECT_EQ(evidence.hosts[h].dns.lookups, expected);
  }
}

}  // namespace
}  // namespace danewatch
