// Makes reports and their evidence for tests, without a DNS, a network or certificates.
//
//   Report report = ReportBuilder("example.org")
//                       .add(HostBuilder("mx1.example.org").tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1",
//                       {Cell::match}))) .judged();
//
// Everything not said is good: secure answers, 2026-01-31 12:00, certificates valid for years, addresses that look
// global. Thread rule: values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch::test {

SysTime noon();  // 2026-01-31T12:00:00Z, the time of every report unless said otherwise
SysTime at_day(int year, unsigned month, unsigned day);

std::string digest(char key);  // of a hex digit: 64 times; the data of a SHA2-256 record
TlsaRecord record(std::string_view text, std::string owner = "_25._tcp.mx1.example.org");

// A certificate of its own for each letter; its key hashes to digest(letter).
Certificate certificate(char letter = 'a', std::string name = "mx1.example.org");

// One endpoint: what was seen and what became of matching it.
struct Look {
  TlsEvidence tls;
  MatchResult match;

  Look& on(View view) { return tls.view = view, *this; }
  Look& with(Certificate leaf) { return tls.chain = {std::move(leaf)}, *this; }
  Look& concluding(Conclusion conclusion) { return match.conclusion = conclusion, *this; }
};

// A finished handshake, and further connections showed the same. The conclusion follows from the cells: a match
// authenticates, else a shadowed or no-match cell is a mismatch, else all are unusable.
Look shows(std::string_view address, std::vector<Cell> cells, char letter = 'a');
Look fails(std::string_view address, Stage stage, Fault fault, std::string error = "");

Answer answer(std::string name, RrType type, Status status = Status::secure, std::vector<std::string> texts = {});

class HostBuilder {
 public:
  explicit HostBuilder(std::string name, std::uint16_t preference = 10);

  HostBuilder& tlsa(std::string_view text);  // "3 1 1 HEX"
  HostBuilder& unusable(std::string_view text, std::string why);
  HostBuilder& add(Look look);
  HostBuilder& add(Answer answer);
  HostBuilder& located(Located where);  // else dane

  HostEvidence dns;
  std::vector<RecordReport> records;
  std::vector<EndpointReport> endpoints;
};

class ReportBuilder {
 public:
  explicit ReportBuilder(std::string mail_domain);

  ReportBuilder& add(HostBuilder host);
  ReportBuilder& add(Answer answer);
  ReportBuilder& located(Located where);

  Report evidence() const { return report; }
  Report judged() const;

  Report report;
};

// The first finding with this code; fails the test and returns an empty one if there is none.
Finding finding(const Report& report, std::string_view code);
std::vector<std::string> codes(const Report& report);

}  // namespace danewatch::test
