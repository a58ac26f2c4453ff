// Reports as they come by mail, packed and unpacked, and mail that holds none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/tlsrpt/reader.hpp"
#include "tests/support/packed.hpp"

namespace danewatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view report =
    R"({"organization-name":"Sender","report-id":"1","contact-info":"c","date-range":{"start-datetime":"2026-05-22T00:00:00Z",)"
    R"("end-datetime":"2026-05-22T23:59:59Z"},"policies":[{"policy":{"policy-type":"sts"},"summary":{)"
    R"("total-successful-session-count":1,"total-failure-session-count":0}}]})";

struct MailParts {
  std::string headers{};
  std::string type = "application/tlsrpt+gzip";
  std::string name = "filename=\"sender.example!example.org!1!2!001.json.gz\"";
  std::string content = gzipped(report);
  std::string outer = "multipart/report; report-type=\"tlsrpt\"";
};

std::string mail(const MailParts& parts) {
  return "From: TLS <tls@sender.example>\r\nSubject: Report\r\n" + parts.headers +
         "MIME-Version: 1.0\r\nContent-Type: " + parts.outer +
         ";\r\n\tboundary=\"--b (1)\"\r\n\r\npreamble\r\n----b (1)\r\nContent-Type: text/plain\r\n\r\nExternal Email! "
         "{\"policies\"\r\n"
         "----b (1)\r\nContent-Type: " +
         parts.type + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; " + parts.name +
         "\r\n\r\n" + base64(parts.content) + "\r\n----b (1)--\r\nepilogue\r\n";
}

Reading read(const std::string& text, std::string_view authserv_id = "") {
  return read_sender_reports(text, "cur/1.mail", authserv_id);
}

std::vector<std::string> domains(const Reading& reading) {
  std::vector<std::string> result;
  for (const auto& one : reading.reports) result.push_back(one.policies.at(0).domain);
  return result;
}

std::vector<std::string> reasons(const Reading& reading) {
  std::vector<std::string> result;
  for (const auto& one : reading.rejected) result.push_back(one.why);
  return result;
}

TEST(MailReport, GzipInMultipartReport) {
  const auto reading = read(mail({}));
  EXPECT_THAT(reading.rejected, IsEmpty());
  EXPECT_THAT(domains(reading), ElementsAre("example.org"));
}

TEST(MailReport, TheHeaderOfTheMailTellsTheDomainFirst) {
  EXPECT_THAT(domains(read(mail({.headers = "TLS-Report-Domain:\r\n  Other.example\r\n"}))),
              ElementsAre("other.example"));
}

TEST(MailReport, OctetsDecideAndNotTheType) {
  for (const auto* type : {"application/tlsrpt+json", "application/gzip", "application/x-gzip",
                           "application/octet-stream", "application/json", "application/zip", "text/plain"}) {
    for (const auto& content : {std::string(report), gzipped(report), zipped({{"r.json", std::string(report)}}),
                                zipped({{"folder/", ""}, {"r.json.gz", gzipped(report), true}})}) {
      MailParts parts;
      parts.type = type;
      parts.content = content;
      parts.outer = "multipart/mixed";
      EXPECT_THAT(domains(read(mail(parts))), ElementsAre("example.org")) << type;
    }
  }
}

TEST(MailReport, ANameInPieces) {
  EXPECT_THAT(
      domains(read(mail({.name = "filename*0=\"sender.example!exam\";\r\n filename*1=\"ple.net!1!2!001.json.gz\""}))),
      ElementsAre("example.net"));
  EXPECT_THAT(domains(read(mail({.name = "filename*1*=ple.com%211!2.json.gz; filename*0*=utf-8'en'sender%21exam"}))),
              ElementsAre("example.com"));
}

TEST(MailReport, TheWholeMailMayBeTheReport) {
  const std::string head =
      "From: a@b.example\nTLS-Report-Domain: example.org\nContent-Type: "
      "application/tlsrpt+gzip\nContent-Transfer-Encoding: base64\n\n";
  EXPECT_THAT(domains(read(head + base64(gzipped(report)))), ElementsAre("example.org"));
  const std::string plain =
      "From: a@b.example\nTLS-Report-Domain: example.org\nContent-Type: application/tlsrpt+json\n\n";
  EXPECT_THAT(domains(read(plain + std::string(report))), ElementsAre("example.org"));
}

TEST(MailReport, SeveralReportsInOneMailAreAllRead) {
  EXPECT_EQ(read(mail({.content = zipped({{"1", std::string(report)}, {"2", std::string(report)}, {"3", "no"}})}))
                .reports.size(),
            2U);
}

TEST(MailReport, AForwardedMailIsRead) {
  const std::string forwarded =
      "From: me@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" +
      mail({}) + "\n--x--\n";
  EXPECT_EQ(read(forwarded).reports.size(), 1U);
}

// A report about failures to deliver reports would be an endless affair: what came back is no news from a sender.
TEST(MailReport, AnUndeliveredReportThatComesBackIsNone) {
  const std::string bounce =
      "From: MAILER-DAEMON\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\n"
      "could not\n--x\nContent-Type: message/delivery-status\n\nStatus: 5.0.0\n--x\nContent-Type: message/rfc822\n\n" +
      mail({}) + "\n--x--\n";
  const auto reading = read(bounce);
  EXPECT_THAT(reading.reports, IsEmpty());
  EXPECT_THAT(reading.rejected, IsEmpty());
}

TEST(MailReport, OtherMailIsNobodysFault) {
  MailParts dmarc;
  dmarc.type = "application/zip";
  dmarc.outer = "multipart/mixed";
  dmarc.content = zipped({{"r.xml", "<?xml version=\"1.0\"?><feedback/>"}});
  MailParts broken = dmarc;
  broken.content = "PK\3\4 but no archive";
  MailParts json = dmarc;
  json.content = R"({"name":"package.json"})";
  for (const auto& text : {mail(dmarc), mail(broken), mail(json), std::string("From: a@b.example\n\nHello {\n"),
                           std::string("Subject: x\n")}) {
    const auto reading = read(text);
    EXPECT_THAT(reading.reports, IsEmpty());
    EXPECT_THAT(reading.rejected, IsEmpty()) << reasons(reading).front();
  }
}

TEST(MailReport, APromiseThatIsNotKeptIsNamed) {
  EXPECT_THAT(reasons(read(mail({.content = "nothing"}))), ElementsAre("is not a TLS report: it is not a JSON object"));
  EXPECT_THAT(reasons(read(mail({.content = gzipped(report).substr(0, 60)}))),
              ElementsAre(HasSubstr("is packed and ends too early")));
  EXPECT_THAT(reasons(read("From: a@b.example\nTLS-Report-Domain: example.org\n\ntext\n")),
              ElementsAre("is the mail of a TLS report, but holds none"));
  std::string damaged = gzipped(report);
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_THAT(reasons(read(mail({.content = damaged}))), ElementsAre(HasSubstr("is packed and damaged")));
  EXPECT_THAT(reasons(read(mail({.content = zipped({{"r", std::string(report), false, true}})}))),
              ElementsAre(HasSubstr("is encrypted")));
  const std::string zip = zipped({{"r", std::string(report)}});
  EXPECT_THAT(reasons(read(mail({.content = zip.substr(0, 80)}))), ElementsAre(HasSubstr("cut short")));
}

TEST(MailReport, WhatUnpacksToTooMuchCostsANote) {
  const std::string bomb = gzipped(std::string(std::size_t{64} << 20U, ' '));
  for (const auto& content :
       {bomb, zipped({{"b", bomb, true}}), zipped({{"b", std::string(std::size_t{64} << 20U, ' ')}})}) {
    const auto reading = read(content);
    ASSERT_EQ(reading.rejected.size(), 1U);
    EXPECT_EQ(reading.rejected.front().reason, RejectReason::too_large);
    EXPECT_THAT(reading.rejected.front().why, HasSubstr("unpacks to more than 20 MiB"));
  }
}

// Like the well-known one of 42 kB: archives in archives, each a hundred times.
TEST(MailReport, AZipOfZipsOfZips) {
  std::string zip(std::size_t{1} << 20U, 'x');
  for (int depth = 0; depth < 5; ++depth) zip = zipped(std::vector<ZipEntry>(16, {"z", zip}));
  const auto reading = read(zip);
  EXPECT_THAT(reading.reports, IsEmpty());
  EXPECT_FALSE(reading.rejected.empty());
  EXPECT_LE(reading.rejected.size(), 100U);
}

TEST(MailReport, EntriesThatShareTheirOctetsAreBoundedToo) {
  std::vector<ZipEntry> entries(5000, {"r", ""});
  entries.push_back({"r", std::string(report)});
  EXPECT_THAT(reasons(read(zipped(entries))), ElementsAre(HasSubstr("more than 100 files")));
}

TEST(MailReport, PartsInPartsAreBounded) {
  std::string deep = "From: a@b.example\nTLS-Report-Domain: example.org\n";
  for (int i = 0; i < 10'000; ++i)
    deep += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
  EXPECT_EQ(read(deep).rejected.at(0).reason, RejectReason::too_large);
  std::string many = "From: a@b.example\nTLS-Report-Domain: example.org\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 100'000; ++i) many += "--b\n\n\n";
  EXPECT_EQ(read(many).rejected.at(0).reason, RejectReason::too_large);
}

TEST(MailReport, TooLargeIsSaidBeforeItIsRead) {
  EXPECT_EQ(read(std::string(largest_document + 1, ' ')).rejected,
            (std::vector<Rejected>{{RejectReason::too_large, "is larger than 10 MiB"}}));
}

// ---- whose word it is

constexpr auto passed =
    "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=x.example;\r\n\tdkim=pass (2048-bit; \"x\") "
    "header.d=sender.example header.s=s1\r\n";

std::string signer(const std::string& headers, std::string_view id = "mx.example.org") {
  const auto reading = read(mail({.headers = headers}), id);
  return reading.reports.empty() ? "none" : reading.reports.front().signed_by;
}

TEST(MailReport, BelievedWhereOurOwnServerCheckedTheSignature) {
  EXPECT_EQ(signer(passed), "sender.example");
  EXPECT_EQ(signer(passed, "MX.example.org"), "sender.example");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org 1; dkim=pass header.i=@Sender.Example\r\n"),
            "sender.example");
}

TEST(MailReport, NotBelievedOtherwise) {
  EXPECT_EQ(signer(passed, ""), "");
  EXPECT_EQ(signer(passed, "other.example.org"), "");
  EXPECT_EQ(signer(""), "");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org; dkim=fail header.d=sender.example\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org; dkim=pass header.d=evil.example\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org; dkim=pass header.d=example\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org; spf=pass header.d=sender.example\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: evil; x=\"; mx.example.org; dkim=pass header.d=sender.example\"\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: (mx.example.org;) evil; dkim=pass header.d=sender.example\r\n"), "");
  EXPECT_EQ(signer("Authentication-Results: mx.example.org; dkim=fail (dkim=pass header.d=sender.example) "
                   "header.d=sender.example\r\n"),
            "");
}

// What our server added stands above what came with the mail.
TEST(MailReport, AForgedResultBelowOursIsNotBelieved) {
  EXPECT_EQ(signer(std::string("Authentication-Results: mx.example.org; dkim=none\r\n") + passed), "");
  EXPECT_EQ(signer(std::string("Authentication-Results: mx.example.org; spf=pass\r\n") + passed), "sender.example");
}

TEST(MailReport, TwoSendersAreNobody) {
  EXPECT_EQ(signer(std::string(passed) + "From: other@sender.example\r\n"), "");
}

}  // namespace
}  // namespace danewatch
