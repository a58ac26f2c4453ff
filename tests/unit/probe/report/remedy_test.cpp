#include "probe/report/remedy.hpp"

#include <gtest/gtest.h>

#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

TlsaRecord record(std::string_view text, std::string owner = "_25._tcp.mx.example.org") {
  TlsaRecord result = parse_tlsa(text).value();
  result.owner = std::move(owner);
  return result;
}

const TlsaRecord old_key = record("3 1 1 aabb");
const TlsaRecord new_key = record("3 1 1 ccdd");
const std::string old_line = "`_25._tcp.mx.example.org. IN TLSA 3 1 1 aabb`";
const std::string new_line = "`_25._tcp.mx.example.org. IN TLSA 3 1 1 ccdd`";

std::string words_of(Step step) {
  return fix_words({always({std::move(step)})});
}

Step with_why(Step step, std::string why) {
  step.why = std::move(why);
  return step;
}

TEST(Remedy, NothingToDoHasNoWords) {
  EXPECT_EQ(fix_words({}), "");
  EXPECT_TRUE(advice(Step::Do::zone, "").empty());
}

// Whoever shows code apart from prose needs no eye for our punctuation.
TEST(Remedy, WordsComeInPieces) {
  using Kind = FixPiece::Kind;
  EXPECT_TRUE(fix_pieces({}).empty());
  const std::string line = new_line.substr(1, new_line.size() - 2);
  EXPECT_EQ(fix_pieces({if_so("it is yours", {add_record(new_key)}), if_not({at_server("run `reload`")})}),
            (std::vector<FixPiece>{{Kind::prose, "If it is yours, add "},
                                   {Kind::line, line},
                                   {Kind::prose, "otherwise run "},
                                   {Kind::word, "reload"},
                                   {Kind::prose, "."}}));
  EXPECT_EQ(fix_pieces({always({add_record(new_key)})}),
            (std::vector<FixPiece>{{Kind::prose, "Add "}, {Kind::line, line}}));
}

// A name from the network may hold anything: what it is said in stays what it is.
TEST(Remedy, NoNameTurnsProseIntoCode) {
  using Kind = FixPiece::Kind;
  const std::string owner = "_25._tcp.a`rm`b.example.org";
  const TlsaRecord odd = record("3 1 1 aabb", owner);
  const std::string line = owner + ". IN TLSA 3 1 1 aabb";
  EXPECT_EQ(fix_pieces({always({remove_record(odd, true)})}),
            (std::vector<FixPiece>{{Kind::prose, "Look at every port and host that " + owner +
                                                     " answers for, and if none needs it, remove "},
                                   {Kind::line, line}}));
  EXPECT_EQ(fix_pieces({always({add_record(new_key), remove_record(odd)})}).at(1), (FixPiece{Kind::line, line}))
      << "also where one record takes the place of another";
}

TEST(Remedy, EveryStepHasWords) {
  EXPECT_EQ(words_of(add_record(new_key)), "Add " + new_line + ".");
  EXPECT_EQ(words_of(publish_record(new_key, "usage 3 needs no date")),
            "Publish " + new_line + ": usage 3 needs no date.");
  EXPECT_EQ(words_of(remove_record(old_key)), "Remove " + old_line + ".");
  EXPECT_EQ(words_of(announce_record(new_key)), "Declare it (--next, or next: in danewatch.yml).");
  EXPECT_EQ(words_of(wait_until("everything answers")), "Wait until everything answers.");
  EXPECT_EQ(words_of(wait_until("it is valid", "wait or check its dates")), "Wait or check its dates.");
  EXPECT_EQ(words_of(at_server("stop serving that certificate", "192.0.2.1")), "Stop serving that certificate.");
  EXPECT_EQ(words_of(in_zone("publish a record")), "Publish a record.");
  EXPECT_EQ(words_of(some_record("a right one")), "Add a right one.");
}

TEST(Remedy, WhatOthersMayUseIsRemovedWithCare) {
  EXPECT_EQ(words_of(remove_record(old_key, true)),
            "Look at every port and host that _25._tcp.mx.example.org answers for, and if none needs it, remove " +
                old_line + ".");
}

TEST(Remedy, SentencesStandAsTheyAre) {
  EXPECT_EQ(fix_words(advice(Step::Do::zone, "sign it. Then look again!")), "sign it. Then look again!");
}

TEST(Remedy, AlternativesAndCases) {
  EXPECT_EQ(fix_words({always({at_server("renew it")}), always({add_record(new_key)})}),
            "Renew it, or add " + new_line + ".");
  EXPECT_EQ(fix_words({if_so("it is the right one", {add_record(new_key)}), if_not({at_server("put it back")})}),
            "If it is the right one, add " + new_line + "; otherwise put it back.");
  EXPECT_EQ(fix_words({if_it_is("an old key", {remove_record(old_key)}),
                       if_it_is("your next key", {announce_record(old_key)})}),
            "If it is an old key, remove " + old_line +
                ". If it is your next key, declare it (--next, or next: in danewatch.yml).");
  EXPECT_EQ(fix_words({always({remove_record(old_key)}), if_so("it is your next key", {in_zone("let it stand")})}),
            "Remove " + old_line + ". If it is your next key, let it stand.");
  Remedy remedy = always({remove_record(old_key)});
  remedy.why = "mail needs usage 3 or 2";
  EXPECT_EQ(fix_words({remedy}), "Mail needs usage 3 or 2: remove " + old_line + ".");
}

// The step that adds comes first, whatever the sentence begins with.
TEST(Remedy, OneRecordInThePlaceOfAnother) {
  EXPECT_EQ(fix_words({always({add_record(new_key), remove_record(old_key)})}),
            "Replace " + old_line + " by " + new_line + ".");
  EXPECT_EQ(fix_words({always({with_why(add_record(new_key), "a key outlives renewals"), remove_record(old_key)})}),
            "Replace " + old_line + " by " + new_line + ": a key outlives renewals.");
  EXPECT_EQ(fix_words({always({some_record("one for the CA"), remove_record(old_key)}),
                       always({add_record(new_key), remove_record(old_key)})}),
            "Replace " + old_line + " by one for the CA, or by " + new_line + ".");
  EXPECT_EQ(fix_words({always({add_record(new_key), remove_record(old_key, true)})}),
            "Add " + new_line +
                ". As for the old one, look at every port and host that _25._tcp.mx.example.org answers for, and if "
                "none needs it, remove " +
                old_line + ".");
}

TEST(Remedy, StepsInTheirOrder) {
  EXPECT_EQ(
      fix_words({always({publish_record(new_key), publish_record(old_key), in_zone("change them with the key")})}),
      "Publish " + new_line + " and " + old_line + ", and change them with the key.");
  EXPECT_EQ(fix_words({always({publish_record(new_key), wait_until("two TTLs have passed", "let two TTLs pass"),
                               at_server("renew it")})}),
            "First publish " + new_line + " and let two TTLs pass. Renew it.");
}

TEST(Remedy, ALongRecordIsCutInWordsAlone) {
  const TlsaRecord whole = record("3 0 0 " + std::string(1000, 'a'));
  EXPECT_EQ(words_of(remove_record(whole)),
            "Remove `_25._tcp.mx.example.org. IN TLSA 3 0 0 aaaaaaaaaaaaaaaa…aaaaaaaaaaaaaaaa (500 bytes)`.");
  EXPECT_EQ(full_line_of(whole), to_zone_line(whole));
  EXPECT_FALSE(shows_data({always({remove_record(whole)})}, whole));
}

TEST(Remedy, ARecordIsShownByTheStepsThatWriteIt) {
  EXPECT_TRUE(shows_data({always({in_zone("look")}), always({remove_record(old_key)})}, old_key));
  EXPECT_TRUE(shows_data({always({add_record(record("2 0 1 aabb", ""))})}, old_key)) << "the same data";
  EXPECT_FALSE(shows_data({always({remove_record(new_key)})}, old_key));
  EXPECT_FALSE(shows_data({always({announce_record(old_key)})}, old_key));
  EXPECT_FALSE(shows_data(advice(Step::Do::zone, "aabb"), old_key));
}

TEST(Remedy, ConditionsAreClausesOfTheirOwn) {
  EXPECT_EQ(condition_words(if_it_is("an old key", {})), "this is an old key");
  EXPECT_EQ(condition_words(if_so("it is", {})), "it is");
  EXPECT_EQ(condition_words(if_not({})), "otherwise");
  EXPECT_EQ(condition_words(always({})), "");
}

TEST(Remedy, OnlyWordsHaveAText) {
  EXPECT_EQ(step_words(in_zone("publish a record")), "Publish a record.");
  EXPECT_EQ(step_words(advice(Step::Do::server, "Do this. Do that.").front().steps.front()), "Do this. Do that.");
  EXPECT_EQ(step_words(wait_until("it is valid", "wait or check its dates")), "Wait or check its dates.");
  EXPECT_EQ(step_words(wait_until("it is valid")), "");
  EXPECT_EQ(step_words(remove_record(old_key)), "");
  EXPECT_EQ(step_words(publish_record(new_key)), "");
}

}  // namespace
}  // namespace danewatch
