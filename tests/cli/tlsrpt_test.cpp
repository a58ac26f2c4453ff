// danewatch tlsrpt as an operator meets it: files and mailboxes in, a summary and an exit status out.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/system/mail_files.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/packed.hpp"

namespace danewatch {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Sample {
  std::string sender = "Sender";
  std::string day = "2026-05-22";
  std::string domain = "example.org";
  unsigned successful = 5;
  unsigned failed = 0;
  std::string failures = "[]";
};

std::string report(const Sample& sample = {}) {
  return fmt::format(
      R"({{"organization-name":"{0}","contact-info":"c","report-id":"{0}-{1}","date-range":{{"start-datetime":"{1}T00:00:00Z",)"
      R"("end-datetime":"{1}T23:59:59Z"}},"policies":[{{"policy":{{"policy-type":"tlsa","policy-string":["3 1 1 {2}"],"policy-domain":"{3}"}},)"
      R"("summary":{{"total-successful-session-count":{4},"total-failure-session-count":{5}}},"failure-details":{6}}}]}})",
      sample.sender, sample.day, std::string(64, 'a'), sample.domain, sample.successful, sample.failed,
      sample.failures);
}

constexpr auto two_failed =
    R"([{"result-type":"validation-failure","receiving-mx-hostname":"mx.example.org","failed-session-count":2}])";

std::string mail(const std::string& text, const std::string& headers = "") {
  return headers +
         "From: tls@sender.example\nTLS-Report-Domain: example.org\nContent-Type: "
         "application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n" +
         base64(gzipped(text));
}

Finished tlsrpt(std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), {"tlsrpt", "--at", "2026-05-24T12:00:00Z"});
  return danewatch(std::move(arguments), std::move(input));
}

nlohmann::json json_of(std::vector<std::string> arguments, std::string input = {}) {
  arguments.emplace_back("--json");
  return nlohmann::json::parse(tlsrpt(std::move(arguments), std::move(input)).out);
}

class Mailboxes : public testing::Test {
 protected:
  std::string directory(const std::string& name) {
    const auto path = std::filesystem::path(scratch_.file(".anchor", "")).parent_path() / name;
    std::filesystem::create_directories(path);
    return path;
  }

  std::string maildir() {
    for (const auto* part : {"/new", "/cur", "/tmp"}) directory(std::string("Maildir") + part);
    return directory("Maildir");
  }

  std::string file(const std::string& name, const std::string& content) const { return scratch_.file(name, content); }

 private:
  Scratch scratch_;
};

TEST_F(Mailboxes, NoFailuresAreExitStatusZero) {
  const auto result = tlsrpt({file("r.json.gz", gzipped(report()))});
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("ok        example.org, 2026-05-22: 5 sessions, none failed\n"));
  EXPECT_THAT(result.out, HasSubstr("1 report"));
}

TEST_F(Mailboxes, SomeFailuresAreExitStatusOneAndAreToldByTypeHostAndRecord) {
  const auto result = tlsrpt({file("r.json", report({.failed = 2, .failures = two_failed}))});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, HasSubstr("FAILED    example.org, 2026-05-22: 2 of 7 sessions failed\n"));
  EXPECT_THAT(result.out, HasSubstr("2 sessions: validation-failure at mx.example.org (DANE,"));
  EXPECT_THAT(result.out, HasSubstr("3 1 1 aaaaaaaaaaaaaaaa..."));
}

TEST_F(Mailboxes, MostOfOneSendersSessionsAreExitStatusTwo) {
  const auto result = tlsrpt({file("a.json", report({.successful = 1000})),
                              file("b.json", report({.sender = "Other", .successful = 1, .failed = 2}))});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.out, HasSubstr("Other: 2 of 3 sessions failed"));
}

TEST_F(Mailboxes, NothingReadIsExitStatusThree) {
  EXPECT_EQ(tlsrpt({"/does/not/exist"}).status, 3);
  EXPECT_EQ(tlsrpt({"/does/not/exist"}).err, "danewatch: /does/not/exist: cannot be read: No such file or directory\n");
  const auto empty = tlsrpt({maildir()});
  EXPECT_EQ(empty.err, "");
  EXPECT_EQ(empty.status, 3);
  EXPECT_THAT(empty.out, HasSubstr("0 reports"));
  EXPECT_THAT(tlsrpt({file("m", "From: a@b.example\n\nhello\n")}).err, HasSubstr("m: is mail without a TLS report"));
}

TEST_F(Mailboxes, AMaildirAndWhatCameTwice) {
  const auto path = maildir();
  file("Maildir/new/1", mail(report()));
  file("Maildir/cur/2:2,S", mail(report()));
  file("Maildir/cur/3:2,S", "From: a@b.example\n\nother mail\n");
  file("Maildir/tmp/4", mail(report({.sender = "Unfinished"})));
  const auto json = json_of({path});
  EXPECT_EQ(json["reports"], 1);
  EXPECT_EQ(json["repeated"], 1);
  EXPECT_EQ(json["others"], 1);
  EXPECT_EQ(json["days"][0]["successful"], 5);
  EXPECT_EQ(json["rejected"].size(), 0U);
}

TEST_F(Mailboxes, ADirectoryIsReadWithWhatIsBelow) {
  directory("d/deeper");
  file("d/a.json", report());
  file("d/deeper/b.zip", zipped({{"b.json", report({.sender = "Other"})}}));
  file("d/notes.txt", "shopping list\n");
  file("d/.hidden", report({.sender = "Hidden"}));
  const auto json = json_of({directory("d")});
  EXPECT_EQ(json["reports"], 2);
  EXPECT_EQ(json["others"], 1);
}

TEST_F(Mailboxes, AnMboxAndStandardInput) {
  const std::string box = "From a@b Thu May 22 03:04:05 2026\n" + mail(report()) +
                          "\n\nFrom a@b Thu May 22 03:04:06 2026\n" + mail(report({.sender = "Other"})) +
                          "\n\nFrom a@b Thu May 22 03:04:07 2026\n" + mail("{ broken") + "\n";
  EXPECT_EQ(json_of({file("box", box)})["reports"], 2);
  EXPECT_THAT(tlsrpt({file("box", box)}).err, HasSubstr("box: mail 3: is JSON that ends in the middle"));
  EXPECT_EQ(json_of({"-"}, box)["reports"], 2);
  EXPECT_EQ(json_of({"-"}, report())["reports"], 1);
  EXPECT_EQ(json_of({"-"}, mail(report()))["reports"], 1);
  EXPECT_THAT(tlsrpt({"-"}, "").err, HasSubstr("standard input: is not a TLS report"));
}

TEST_F(Mailboxes, WhatIsMalformedIsNamedAndStopsNothing) {
  directory("d");
  file("d/a.json", "{\"policies\": oops}");
  file("d/b.gz", gzipped(report()).substr(0, 50));
  file("d/c.json", report());
  std::string deep = "{\"policies\":";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  file("d/d.json", deep);
  file("d/e\x1b[31m.json.gz", gzipped(std::string(std::size_t{64} << 20U, '{')));
  std::filesystem::create_symlink("nowhere", directory("d") + "/f");
  const auto result = tlsrpt({directory("d"), "/nowhere"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("a.json: is no JSON (octet 13)"), HasSubstr("b.gz: is packed and ends too early"),
                    HasSubstr("d.json: is JSON nested deeper than 16"), HasSubstr("unpacks to more than 20 MiB"),
                    HasSubstr("/nowhere: cannot be read"), Not(HasSubstr("\x1b"))));
  const auto json = json_of({directory("d")});
  EXPECT_EQ(json["rejected"].size(), 4U);
  EXPECT_EQ(json["rejected"][3]["reason"], "too-large");
}

TEST_F(Mailboxes, SinceLeavesOutWhatIsOlder) {
  const auto first = file("a.json", report({.day = "2026-05-10", .failed = 2, .failures = two_failed}));
  const auto second = file("b.json", report());
  EXPECT_EQ(tlsrpt({first, second}).status, 1);
  EXPECT_EQ(tlsrpt({first, second, "--since", "7d"}).status, 0);
  EXPECT_EQ(json_of({first, second, "--since", "2026-05-20"})["older"], 1);
  EXPECT_EQ(tlsrpt({first, "--since", "7d"}).status, 3);
}

TEST_F(Mailboxes, AReportFromTheFutureIsNamed) {
  const auto result = tlsrpt({file("a.json", report({.day = "2026-06-22"}))});
  EXPECT_THAT(result.err, HasSubstr("a.json: is from the future: check both clocks"));
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(tlsrpt({file("a.json", report({.day = "2026-05-25"}))}).status, 0);
}

TEST_F(Mailboxes, WithAnAuthservIdOnlyWhatIsVouchedForCounts) {
  const auto path = maildir();
  file("Maildir/new/1", mail(report({.failed = 2, .failures = two_failed}),
                             "Authentication-Results: evil; dkim=pass header.d=sender.example\n"));
  EXPECT_EQ(tlsrpt({path}).status, 1);
  const auto forged = tlsrpt({path, "--authserv-id", "mx.example.org"});
  EXPECT_EQ(forged.status, 3);
  EXPECT_THAT(forged.out, HasSubstr("not authenticated"));
  file("Maildir/new/2", mail(report({.sender = "Google"}),
                             "Authentication-Results: mx.example.org; dkim=pass header.d=sender.example\n"));
  const auto both = tlsrpt({path, "--authserv-id", "mx.example.org"});
  EXPECT_EQ(both.status, 0);
  EXPECT_THAT(both.out, HasSubstr("sender.example: 5 sessions, none failed"));
}

// Whoever forges a copy first must not hide the true one.
TEST_F(Mailboxes, AForgedCopyDoesNotHideTheTrueReport) {
  const auto path = maildir();
  const auto text = report({.failed = 2, .failures = two_failed});
  file("Maildir/new/1", mail(text));
  file("Maildir/new/2", mail(text, "Authentication-Results: mx.example.org; dkim=pass header.d=sender.example\n"));
  EXPECT_EQ(tlsrpt({path, "--authserv-id", "mx.example.org"}).status, 1);
}

TEST_F(Mailboxes, TextOfStrangersReachesNoTerminal) {
  const auto result = tlsrpt(
      {file("a.json", report({.sender = R"(\u001b[2J\u202e)",
                              .failed = 1,
                              .failures = R"([{"result-type":"\u001b[31m","receiving-mx-hostname":"\u009b"}])"}))});
  EXPECT_THAT(result.out, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\xe2\x80\xae")), Not(HasSubstr("\xc2\x9b"))));
}

// ---- the walk over files alone

struct Seen {
  std::vector<std::string> names;
  std::vector<std::string> troubles;
  MailFiles files;

  Seen() {
    files.document = [this](const std::string& name, std::string_view, bool) {
      names.push_back(std::filesystem::path(name).filename());
    };
    files.trouble = [this](const std::string&, const Rejected& why) { troubles.push_back(why.why); };
    files.patience = std::chrono::milliseconds{0};
  }
};

TEST_F(Mailboxes, AMailThatMovesWhileItIsReadIsFound) {
  const auto path = maildir();
  file("Maildir/new/1", "a");
  file("Maildir/new/2", "b");
  Seen seen;
  const auto note = seen.files.document;
  seen.files.document = [&](const std::string& name, std::string_view octets, bool named) {
    note(name, octets, named);
    std::filesystem::rename(path + "/new/2", path + "/cur/2:2,S");
    seen.files.document = note;
  };
  read_mail_files(path, seen.files);
  EXPECT_THAT(seen.names, testing::Contains("2:2,S"));
  EXPECT_THAT(seen.troubles, IsEmpty());
}

TEST_F(Mailboxes, AMaildirThatVanishesIsTold) {
  const auto path = maildir();
  file("Maildir/new/1", "a");
  file("Maildir/new/2", "b");
  Seen seen;
  const auto note = seen.files.document;
  seen.files.document = [&](const std::string& name, std::string_view octets, bool named) {
    note(name, octets, named);
    std::filesystem::remove_all(path);
  };
  read_mail_files(path, seen.files);
  EXPECT_THAT(seen.names, ElementsAre("1"));
  EXPECT_THAT(seen.troubles, testing::Contains("cannot be read: No such file or directory"));
}

TEST_F(Mailboxes, OfAFileThatGrowsOnlyWhatWasThereIsRead) {
  const std::string first = "From a@b Thu May 22 03:04:05 2026\nSubject: x\n\n" + std::string(200'000, 'x') + "\n\n";
  const auto path = file("box", first + first);
  Seen seen;
  const auto note = seen.files.document;
  seen.files.document = [&](const std::string& name, std::string_view octets, bool named) {
    note(name, octets, named);
    std::ofstream(path, std::ios::app) << first;
  };
  read_mail_files(path, seen.files);
  EXPECT_EQ(seen.names.size(), 2U);
}

TEST_F(Mailboxes, ALockedMboxIsNotReadHalfWritten) {
  const auto path = file("box", "From a@b Thu May 22 03:04:05 2026\n\nx\n");
  file("box.lock", "");
  Seen seen;
  read_mail_files(path, seen.files);
  EXPECT_THAT(seen.names, IsEmpty());
  EXPECT_THAT(seen.troubles, ElementsAre("is locked by another program: try again"));
  std::filesystem::remove(path + ".lock");
  read_mail_files(path, seen.files);
  EXPECT_EQ(seen.names.size(), 1U);
}

TEST_F(Mailboxes, WhatWasReadBeforeIsPassedOver) {
  file("Maildir/new/1", "");
  const auto path = maildir();
  file("Maildir/new/1", "a");
  Seen seen;
  seen.files.known = [](const struct stat& facts) { return facts.st_size == 1; };
  read_mail_files(path, seen.files);
  EXPECT_THAT(seen.names, IsEmpty());
}

TEST_F(Mailboxes, APipeInADirectoryHoldsNobodyUp) {
  directory("d");
  ASSERT_EQ(::mkfifo((directory("d") + "/pipe").c_str(), 0600), 0);
  Seen seen;
  read_mail_files(directory("d"), seen.files);
  EXPECT_THAT(seen.names, IsEmpty());
}

}  // namespace
}  // namespace danewatch
