#include "probe/judgement/more_to_look.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probe/judgement/judge.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch {
namespace {

using namespace test;
using enum Cell;
using testing::ElementsAre;
using testing::IsEmpty;

HostBuilder host(const std::string& name = "mx1.example.org") {
  return HostBuilder(name).tlsa("3 1 1 " + digest('a')).tlsa("3 1 1 " + digest('b'));
}

Look once(std::string_view address, std::vector<Cell> cells, char letter = 'a') {
  Look look = shows(address, std::move(cells), letter);
  look.tls.absent_views = {View::rsa, View::rsa_pss, View::ed25519, View::ed448};
  return look;
}

Report judged(HostBuilder of, const Policy& policy = {}) {
  ReportBuilder builder("example.org");
  builder.report.policy = policy;
  return builder.add(HostBuilder("mx0.example.org").located(Located::no_tlsa).add(once("11.0.0.9", {})))
      .add(std::move(of))
      .judged();
}

TEST(MoreToLook, EveryAddressOfAHostWithARecordThatMatchesNothing) {
  HostBuilder of = host().add(once("11.0.0.1", {match, no_match}));
  of.add(once("11.0.0.1", {match, no_match}).on(View::rsa)).add(once("11.0.0.2", {match, no_match}));
  EXPECT_THAT(more_to_look(judged(of)), ElementsAre(LookPlace{1, 0}, LookPlace{1, 2}));
}

TEST(MoreToLook, NothingWhereEveryRecordMatchesOrNobodyWouldAsk) {
  EXPECT_THAT(more_to_look(judged(host().add(once("11.0.0.1", {match, match})))), IsEmpty());
  EXPECT_THAT(more_to_look(judged(host().add(shows("11.0.0.1", {match, no_match})))), IsEmpty()) << "looked at again";
  Policy policy;
  policy.views = Views::standard;
  EXPECT_THAT(more_to_look(judged(host().add(once("11.0.0.1", {match, no_match})), policy)), IsEmpty());
  policy = {};
  policy.next = {{"", {record("3 1 1 " + digest('b'), "")}}};
  EXPECT_THAT(more_to_look(judged(host().add(once("11.0.0.1", {match, no_match})), policy)), IsEmpty());
}

TEST(MoreToLook, NothingWhereTheRecordIsUnknownAnyway) {
  HostBuilder of = host().add(once("11.0.0.1", {match, no_match}));
  of.add(fails("11.0.0.2", Stage::connect, Fault::refused));
  EXPECT_THAT(more_to_look(judged(of)), IsEmpty());
}

TEST(MoreToLook, WhatWasSeenTakesThePlaceOfWhatWasKnown) {
  HostBuilder of = host().add(once("11.0.0.1", {match, no_match}));
  of.add(once("11.0.0.1", {match, no_match}).on(View::rsa)).add(once("11.0.0.2", {match, no_match}));
  const Report report = judged(of);
  const auto places = more_to_look(report);
  std::vector<PlaceLooks> known{{places[0], looks_at(report, places[0])}, {places[1], looks_at(report, places[1])}};
  ASSERT_EQ(known[0].seen.size(), 2U);
  ASSERT_EQ(known[1].seen.size(), 1U);
  known[0].seen.push_back(once("11.0.0.1", {}, 'b').on(View::second).tls);
  known[1].seen.front().absent_views.push_back(View::second);
  const auto endpoints = with_looks(report, known).hosts[1].endpoints;
  ASSERT_EQ(endpoints.size(), 4U);
  EXPECT_EQ(endpoints[2], known[0].seen[2]);
  EXPECT_EQ(endpoints[3], known[1].seen[0]);
  EXPECT_EQ(with_looks(report, {}), facts_of(report));
}

}  // namespace
}  // namespace danewatch
