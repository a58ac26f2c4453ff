#include <gtest/gtest.h>

#include "tests/unit/probe/starttls/starttls_player.hpp"

namespace danewatch {
namespace {

constexpr std::string_view greeting = "220 mx1.example.org ESMTP\r\n";
constexpr std::string_view ehlo = "250-mx1.example.org\r\n250-SIZE 1000\r\n250 STARTTLS\r\n";
constexpr std::string_view sent_ehlo = "EHLO probe.example.net\r\n";
constexpr std::string_view sent_all = "EHLO probe.example.net\r\nSTARTTLS\r\n";

Played smtp(std::vector<std::string> replies) {
  return play("smtp", replies);
}

// After greeting and EHLO.
Played answer_to_starttls(std::string reply) {
  return smtp({std::string(greeting), std::string(ehlo), std::move(reply)});
}

Played ended(std::string_view sent, Stage stage, Fault fault, std::string error) {
  return Played{std::string(sent), failed(stage, fault, std::move(error))};
}

TEST(Smtp, GoesFromGreetingToTls) {
  const Played expected{std::string(sent_all), upgraded()};
  EXPECT_EQ(answer_to_starttls("220 go ahead\r\n"), expected);
  EXPECT_EQ(answer_to_starttls("220\r\n"), expected);
  EXPECT_EQ(answer_to_starttls("220-go\r\n220 ahead\r\n"), expected);
}

// What a Cisco firewall makes of the capabilities, and of the greeting.
TEST(Smtp, AFirewallThatWritesOverRepliesIsQuoted) {
  const auto heard = [](std::string_view first, std::string_view second) {
    const auto dialogue = make_dialogue(smtp_service(), {"probe", ""});
    dialogue->feed(first);
    dialogue->feed("");
    EXPECT_EQ(dialogue->feed(second).fault, Fault::not_offered) << second;
    return dialogue->heard();
  };
  EXPECT_EQ(heard(greeting, "250-mx1.example.org\r\n250-SIZE\r\n250-XXXXXXXA\r\n250 HELP\r\n"), "250-XXXXXXXA");
  EXPECT_EQ(heard("220 ****************0*2******\r\n", "250 mx1.example.org\r\n"), "220 ****************0*2******");
  EXPECT_EQ(heard("220 ****************\r\n", "502 5.5.2 unrecognized\r\n"), "220 ****************");
  for (const char* own : {"250-XCLIENT NAME", "250-X-EXPS GSSAPI", "250-XXXX-YYY", "250-XX"}) {
    EXPECT_EQ(heard(greeting, "250-mx1\r\n" + std::string(own) + "\r\n250 HELP\r\n"), "") << own;
  }
}

TEST(Smtp, SubmissionSpeaksTheSame) {
  const Played played = play("submission", {std::string(greeting), std::string(ehlo), "220 go\r\n"});
  EXPECT_EQ(played, (Played{std::string(sent_all), upgraded()}));
}

TEST(Smtp, E23MultiLineGreetingAndBareLineFeeds) {
  EXPECT_EQ(smtp({"220-mx1\n220-no spam\n220 please\n", "250-mx1\n250 StartTLS\n", "220 go\n"}),
            (Played{std::string(sent_all), upgraded()}));
}

TEST(Smtp, CapabilityIsFoundInAnyCaseOnAnyLineButTheFirst) {
  const Played good{std::string(sent_all), upgraded()};
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n250-starttls\r\n250 HELP\r\n", "220 go\r\n"}), good);
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n250 STARTTLS REQUIRED\r\n", "220 go\r\n"}), good);
  const Played none = ended(sent_ehlo, Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities");
  EXPECT_EQ(smtp({std::string(greeting), "250 STARTTLS\r\n"}), none);
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n250 XSTARTTLS\r\n"}), none);
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n250 STARTTLSX\r\n"}), none);
}

TEST(Smtp, E17NotOffered) {
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n250 SIZE 10\r\n"}),
            ended(sent_ehlo, Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities"));
}

TEST(Smtp, E18AndE19AnythingBut220IsARefusal) {
  for (const char* reply : {"454 TLS not available", "501 syntax", "502 what?", "554 no", "250 fine", "354 go on",
                            "garbage", "", "99", "2200 x", "220xgo"}) {
    EXPECT_EQ(answer_to_starttls(std::string(reply) + "\r\n"),
              ended(sent_all, Stage::starttls, Fault::starttls_refused, reply))
        << reply;
  }
}

// Another refusal than that of TLS: the server goes away, or has no patience with us.
TEST(Smtp, AnAnswerToStarttlsThatRefusesUsSaysNothingAboutTls) {
  const auto refused = [](Refusal why, std::string words) {
    return Played{std::string(sent_all), refused_us(Stage::starttls, why, std::move(words))};
  };
  EXPECT_EQ(answer_to_starttls("421 bye\r\n"), refused(Refusal::later, "421 bye"));
  EXPECT_EQ(answer_to_starttls("450 4.7.1 try again\r\n"), refused(Refusal::later, "450 4.7.1 try again"));
  EXPECT_EQ(answer_to_starttls("550 5.7.1 not you\r\n"), refused(Refusal::us, "550 5.7.1 not you"));
}

TEST(Smtp, E20EhloUnknownMeansNoTls) {
  for (const char* reply : {"502 unknown command", "500 what?", "550 5.5.1 Command not recognized",
                            "501 EHLO Not Implemented", "503 unrecognized command"}) {
    EXPECT_EQ(smtp({std::string(greeting), std::string(reply) + "\r\n"}),
              ended(sent_ehlo, Stage::starttls, Fault::not_offered, reply))
        << reply;
  }
}

// RFC 5321 4.1.4, 4.2.1: it is our name or our address that is refused.
TEST(Smtp, ARefusalOfOurNameSaysNothingAboutTls) {
  for (const char* reply :
       {"550 5.7.1 Helo command rejected: your host name is not yours", "501 5.5.2 need fully-qualified hostname",
        "504 5.5.2 Helo command rejected: need fully-qualified hostname", "504 not implemented for that parameter",
        "503 5.5.1 not from here", "554 5.7.1 go away", "550 no", "502 5.7.1 Access denied"}) {
    EXPECT_EQ(smtp({std::string(greeting), std::string(reply) + "\r\n"}),
              (Played{std::string(sent_ehlo), refused_us(Stage::starttls, Refusal::us, reply)}))
        << reply;
  }
}

TEST(Smtp, GoingAwayAtEhloSaysNothingAboutTls) {
  for (const char* reply : {"421 too busy", "450 4.7.1 cannot find your reverse hostname", "451 not now"}) {
    EXPECT_EQ(smtp({std::string(greeting), std::string(reply) + "\r\n"}),
              (Played{std::string(sent_ehlo), refused_us(Stage::starttls, Refusal::later, reply)}))
        << reply;
  }
}

// Some clients go on after such a reply, others wait for its end: what it is, is kept.
TEST(Smtp, ACodeWithoutABlankIsGoneOnWithAndKept) {
  for (const char* line : {"220mx1 ESMTP", "220\tmx1 ESMTP", "220_"}) {
    EXPECT_EQ(smtp({std::string(line) + "\r\n", std::string(ehlo), "220 go\r\n"}),
              (Played{std::string(sent_all), upgraded()}));
    const auto dialogue = make_dialogue(smtp_service(), {"probe", ""});
    dialogue->feed(std::string(line) + "\r\n");
    EXPECT_EQ(dialogue->slip(), line);
  }
}

TEST(Smtp, WhatWasHeardOfAReplyThatDoesNotEndIsKept) {
  const auto dialogue = make_dialogue(smtp_service(), {"probe.example.net", ""});
  EXPECT_EQ(dialogue->heard(), "");
  EXPECT_EQ(dialogue->name_given(), "");
  dialogue->feed("220-mx1");
  EXPECT_EQ(dialogue->heard(), "220-mx1");
  dialogue->feed(" ESMTP\r\n220-no spam\r\n");
  EXPECT_EQ(dialogue->heard(), "220-mx1 ESMTP");
  dialogue->feed("220 please\r\n");
  EXPECT_EQ(dialogue->heard(), "");
  EXPECT_EQ(dialogue->name_given(), "probe.example.net");
  EXPECT_EQ(dialogue->slip(), "");
}

// Postfix reads the first line as the server's name (RFC 5321 4.1.1.1), so it finds no STARTTLS there.
TEST(Smtp, StarttlsInTheFirstLineIsToldAsSuch) {
  const auto dialogue = make_dialogue(smtp_service(), {"probe", ""});
  dialogue->feed("220 mx1\r\n");
  dialogue->feed("");
  EXPECT_EQ(dialogue->feed("250-STARTTLS\r\n250 8BITMIME\r\n").fault, Fault::not_offered);
  EXPECT_EQ(dialogue->heard(), "250-STARTTLS\n250 8BITMIME");
}

TEST(Smtp, E21NegativeGreeting) {
  for (const char* reply : {"421 come back later", "450 greylisted", "554 go away", "500 no"}) {
    const Refusal why = *reply == '4' ? Refusal::later : Refusal::unspecified;
    EXPECT_EQ(smtp({std::string(reply) + "\r\n"}), (Played{"", refused_us(Stage::greeting, why, reply)})) << reply;
  }
  EXPECT_EQ(smtp({"554-you are\r\n554 not welcome\r\n"}),
            (Played{"", refused_us(Stage::greeting, Refusal::unspecified, "554-you are\n554 not welcome")}));
}

TEST(Smtp, E23DifferingCodesBreakTheProtocol) {
  EXPECT_EQ(smtp({"220-mx1\r\n250 x\r\n"}), ended("", Stage::greeting, Fault::malformed, "250 x"));
  EXPECT_EQ(smtp({std::string(greeting), "250-mx1\r\n220 STARTTLS\r\n"}),
            ended(sent_ehlo, Stage::starttls, Fault::malformed, "220 STARTTLS"));
  EXPECT_EQ(answer_to_starttls("220-go\r\n250 ahead\r\n"),
            ended(sent_all, Stage::starttls, Fault::malformed, "250 ahead"));
}

TEST(Smtp, WhatIsNoReplyIsMalformed) {
  for (const char* line : {"", "22", "2200 x", "SSH-2.0-OpenSSH_9.2", "+OK POP3", "* OK IMAP", "120 wait", "620 x",
                           "2 0 x", "354 go", "\x16\x03\x01"}) {
    EXPECT_EQ(smtp({std::string(line) + "\r\n"}), ended("", Stage::greeting, Fault::malformed, line)) << line;
  }
  EXPECT_EQ(smtp({std::string(greeting), "350 x\r\n"}), ended(sent_ehlo, Stage::starttls, Fault::malformed, "350 x"));
}

TEST(Smtp, E13PlainTextAfterTheGoAheadIsInjected) {
  const Service& service = smtp_service();
  const Played played =
      play_packets(service, {std::string(greeting), std::string(ehlo), "220 go\r\n250 mx1 SIZE 1\r\n"});
  EXPECT_EQ(played, ended(sent_all, Stage::starttls, Fault::injected, "250 mx1 SIZE 1\r\n"));
  const Played one = play_packets(service, {std::string(greeting), std::string(ehlo), "220 go\r\nx"});
  EXPECT_EQ(one.last.fault, Fault::injected);
}

TEST(Smtp, E24LineLimit) {
  EXPECT_EQ(smtp({"220 " + std::string(2000, 'x') + "\r\n"}).sent, sent_ehlo);
  const Played endless = play_packets(smtp_service(), {"220 " + std::string(2100, 'x')});
  EXPECT_EQ(endless.last.fault, Fault::too_long);
  EXPECT_EQ(endless.last.stage, Stage::greeting);
  const Played whole = play_packets(smtp_service(), {"220 " + std::string(40000, 'x') + "\r\n"});
  EXPECT_EQ(whole.last.fault, Fault::too_long);
}

TEST(Smtp, A40KilobyteReplyOfShortLinesIsAccepted) {
  std::string long_ehlo = "250-mx1\r\n";
  for (int i = 0; i < 80; ++i) long_ehlo += "250-X" + std::string(500, 'x') + "\r\n";
  EXPECT_EQ(smtp({std::string(greeting), long_ehlo + "250 STARTTLS\r\n", "220 go\r\n"}),
            (Played{std::string(sent_all), upgraded()}));
}

TEST(Smtp, E25EndlessMultiLineIsBounded) {
  std::string endless;
  for (int i = 0; i < 300; ++i) endless += "220-still here\r\n";
  EXPECT_EQ(smtp({endless}), ended("", Stage::greeting, Fault::too_long, "more than 200 lines"));
}

TEST(Smtp, StageAndGoodbye) {
  const auto dialogue = make_dialogue(smtp_service(), {"probe", ""});
  EXPECT_EQ(dialogue->goodbye(), "QUIT\r\n");
  EXPECT_EQ(dialogue->stage(), Stage::greeting);
  dialogue->feed("220-mx1\r\n");
  EXPECT_EQ(dialogue->stage(), Stage::greeting);
  dialogue->feed("220 mx1\r\n");
  EXPECT_EQ(dialogue->stage(), Stage::starttls);
}

}  // namespace
}  // namespace danewatch
