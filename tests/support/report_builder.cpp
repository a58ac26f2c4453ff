#include "tests/support/report_builder.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "tests/support/recalling_matcher.hpp"

namespace danewatch::test {
namespace {

Address address_of(std::string_view text) {
  const auto parsed = parse_address(text);
  if (!parsed) throw std::invalid_argument("no address: " + std::string(text));
  return *parsed;
}

Conclusion conclusion_of(const std::vector<Cell>& cells) {
  const auto has = [&](Cell cell) { return std::ranges::find(cells, cell) != cells.end(); };
  if (has(Cell::match)) return {Verdict::authenticated, Reason::none};
  if (has(Cell::shadowed)) return {Verdict::mismatch, Reason::shadowed};
  if (has(Cell::no_match)) return {Verdict::mismatch, Reason::no_match};
  return {Verdict::unusable, Reason::none};
}

}  // namespace

SysTime at_day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

SysTime noon() {
  return at_day(2026, 1, 31) + std::chrono::hours(12);
}

std::string digest(char key) {
  if (std::isxdigit(static_cast<unsigned char>(key)) != 0) return std::string(64, key);
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += fmt::format("{:02x}", static_cast<unsigned char>(key));
  return hex;
}

TlsaRecord record(std::string_view text, std::string owner) {
  auto parsed = parse_tlsa(text);
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  parsed->owner = std::move(owner);
  return *parsed;
}

Certificate certificate(char letter, std::string name) {
  Certificate result;
  result.der = {static_cast<std::uint8_t>(letter)};
  result.subject = "CN=" + name;
  result.issuer = "CN=Test CA";
  result.subject_cn = name;
  result.issuer_cn = "Test CA";
  result.serial = "01";
  result.not_before = at_day(2025, 1, 1);
  result.not_after = at_day(2035, 1, 1);
  result.sha256 = std::string(63, letter) + "0";
  result.spki_sha256 = digest(letter);
  result.spki_sha512 = digest(letter) + digest(letter);
  result.names = {std::move(name)};
  result.key = "ecdsa-p256";
  return result;
}

Look shows(std::string_view address, std::vector<Cell> cells, char letter) {
  Look look;
  look.tls.address = address_of(address);
  look.tls.port = 25;
  look.tls.stage = Stage::done;
  look.tls.fault = Fault::none;
  look.tls.tls = TlsParameters{"TLSv1.3", "TLS_AES_256_GCM_SHA384", "x25519", "ecdsa-p256"};
  look.tls.chain = {certificate(letter)};
  look.tls.absent_views = {View::second};
  look.tls.attempts = 1;
  look.match.conclusion = conclusion_of(cells);
  const auto matched = std::ranges::find(cells, Cell::match);
  if (matched != cells.end()) {
    look.match.match = MatchedRecord{static_cast<std::size_t>(matched - cells.begin()), 0, "", false};
  }
  look.match.cells = std::move(cells);
  return look;
}

Look fails(std::string_view address, Stage stage, Fault fault, std::string error) {
  Look look;
  look.tls.address = address_of(address);
  look.tls.port = 25;
  look.tls.stage = stage;
  look.tls.fault = fault;
  look.tls.error = std::move(error);
  look.tls.attempts = 1;
  return look;
}

Answer answer(std::string name, RrType type, Status status, std::vector<std::string> texts) {
  Answer result;
  result.question = {name, type};
  result.canonical_name = std::move(name);
  result.status = status;
  result.rcode = 0;
  result.ttl = 3600;
  result.original_ttl = 3600;
  for (std::string& text : texts) result.data.push_back({{}, std::move(text), false});
  if (result.data.empty() && status != Status::failed) result.denial = Denial::nodata;
  return result;
}

HostBuilder::HostBuilder(std::string name, std::uint16_t preference) {
  dns.host = name;
  dns.unicode = name;
  dns.preference = preference;
  dns.located = Located::dane;
  dns.base_domain = name;
  dns.names = {std::move(name)};
}

HostBuilder& HostBuilder::tlsa(std::string_view text) {
  dns.tlsa.push_back(record(text, "_25._tcp." + dns.host));
  dns.tlsa_total = static_cast<std::uint32_t>(dns.tlsa.size());
  records.push_back({dns.tlsa.back(), RecordState::unknown, std::nullopt, records.size()});
  return *this;
}

HostBuilder& HostBuilder::unusable(std::string_view text, std::string why) {
  tlsa(text);
  records.back().unusable = std::move(why);
  return *this;
}

HostBuilder& HostBuilder::add(Look look) {
  look.tls.port = dns.port;
  const bool known = std::ranges::any_of(dns.addresses, [&](const auto& a) { return a.address == look.tls.address; });
  if (!known) dns.addresses.push_back({look.tls.address, Status::secure});
  const std::size_t place = endpoints.size();
  EndpointReport& endpoint = endpoints.emplace_back();
  endpoint.place = place;
  endpoint.seen = std::move(look.tls);
  endpoint.cells = std::move(look.match.cells);
  endpoint.match = std::move(look.match);
  return *this;
}

HostBuilder& HostBuilder::add(Answer answer) {
  dns.lookups.push_back(std::move(answer));
  return *this;
}

HostBuilder& HostBuilder::located(Located where) {
  dns.located = where;
  return *this;
}

ReportBuilder::ReportBuilder(std::string mail_domain) {
  report.target.text = mail_domain;
  report.target.unicode = mail_domain;
  report.target.name = std::move(mail_domain);
  report.at = noon();
  report.run.trust_anchor = "built-in";
  report.walk.located = Located::dane;
  report.walk.service_status = Status::secure;
}

ReportBuilder& ReportBuilder::add(HostBuilder host) {
  HostReport& added = report.hosts.emplace_back();
  added.dns = std::move(host.dns);
  added.records = std::move(host.records);
  added.endpoints = std::move(host.endpoints);
  return *this;
}

ReportBuilder& ReportBuilder::add(Answer answer) {
  report.walk.lookups.push_back(std::move(answer));
  return *this;
}

ReportBuilder& ReportBuilder::located(Located where) {
  report.walk.located = where;
  return *this;
}

Report ReportBuilder::judged() const {
  return judged_again(report);
}

Finding finding(const Report& report, std::string_view code) {
  const auto& findings = report.findings;
  const auto found = std::ranges::find(findings, code, &Finding::code);
  if (found != findings.end()) return *found;
  ADD_FAILURE() << "no finding " << code << " but " << ::testing::PrintToString(codes(report));
  return {};
}

std::vector<std::string> codes(const Report& report) {
  std::vector<std::string> result;
  for (const Finding& each : report.findings) result.emplace_back(each.code);
  return result;
}

}  // namespace danewatch::test
