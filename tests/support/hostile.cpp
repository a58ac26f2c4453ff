#include "tests/support/hostile.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <utility>

#include "resolver/servers/zones_to_ask.hpp"
#include "tests/support/report_builder.hpp"

namespace danewatch::test {
namespace {

const std::vector<std::string>& tricks() {
  static const std::vector<std::string> all{"\nOWNED | x=1",
                                            "\r\nDANE OK - fine",
                                            "\r\nOK  all.example  authenticated",
                                            "|days=1;;",
                                            "\x1b[2J\x1b]0;t\x07",
                                            "\x1b[31m",
                                            "\x07\x08\x0b\x0c",
                                            "$(reboot)",
                                            "`reboot`",
                                            "\\x1b[31m",
                                            "\\n",
                                            "\xc2\x9b"
                                            "31m",
                                            "\x9b"
                                            "31m",
                                            "\xc2\x85",
                                            "\xe2\x80\xae",
                                            "\xe2\x81\xa6\xd8\x9c",
                                            "\xe2\x80\xa8",
                                            "\xff\xfe",
                                            "\xc0\xaf\xed\xa0\x80",
                                            "'; rm",
                                            "<script>alert(1)</script>",
                                            "\"quoted\" onload=x",
                                            "\"} 1\ndane_up{x=\"",
                                            "</title><!--",
                                            std::string("\0x", 2),
                                            "\x7f",
                                            "-> ",
                                            "\t",
                                            "%n%s",
                                            "m\xc3\xbcller \xf0\x9f\x90\x9f"};
  return all;
}

Certificate hostile_certificate(Junk& junk) {
  Certificate leaf = certificate('a', junk.text());
  leaf.subject = leaf.subject_cn = junk.text();
  leaf.issuer = leaf.issuer_cn = leaf.serial = junk.text();
  if (junk.number(2) == 0) leaf.error = junk.text();
  leaf.key = junk.text();
  leaf.names = {junk.text(), junk.text()};
  return leaf;
}

Answer hostile_answer(Junk& junk, RrType type, Status status) {
  Answer result = answer("_25._tcp." + junk.text(), type, status, {junk.text(), junk.text()});
  result.data.back().malformed = true;
  if (status == Status::bogus) result.why_bogus = junk.text();
  result.aliases = {{junk.text(), junk.text(), RrType::cname}, {junk.text(), junk.text(), RrType::dname}};
  result.canonical_name = junk.text();
  result.signer = junk.text();
  result.diagnostic = junk.number(2) == 0;
  return result;
}

Fault any_fault(Junk& junk) {
  static constexpr Fault faults[] = {Fault::reply,     Fault::starttls_refused, Fault::injected, Fault::alert,
                                     Fault::malformed, Fault::tls_error,        Fault::timeout,  Fault::plaintext,
                                     Fault::too_long,  Fault::not_offered,      Fault::local};
  return faults[junk.number(std::size(faults))];
}

// The record that the certificate matches, with an owner and data of the attacker's.
TlsaRecord hostile_record(Junk& junk) {
  TlsaRecord result = record("3 1 1 " + digest('a'), junk.text());
  result.usage = static_cast<std::uint8_t>(junk.number(256));
  result.data = junk.octets();
  result.truncated = junk.number(4) == 0;
  return result;
}

ZoneServers hostile_zone(Junk& junk, const std::string& owner) {
  ServerAnswers server;
  server.name = junk.text();
  server.nsid = junk.text();
  server.at_child = true;
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    ServerReply reply;
    reply.question = {owner, RrType::tlsa};
    reply.transport = transport;
    reply.contact = Contact::answered;
    reply.authoritative = true;
    reply.rcode = static_cast<int>(junk.number(7));
    reply.extended_error = ExtendedError{static_cast<int>(junk.number(30)), junk.text()};
    reply.data = {{hostile_record(junk), junk.text(), false}};
    reply.signatures = {{junk.text(), RrType::tlsa, SignatureCheck::right, noon(), noon(), 1}};
    reply.serial = 1;
    server.replies.push_back(reply);
    reply.question = {junk.text(), RrType::soa};
    server.replies.push_back(std::move(reply));
  }
  return {junk.text(), true, {junk.text()}, {server.name}, {server, server}, 0};
}

HostBuilder hostile_host(Junk& junk) {
  static constexpr Cell cells[] = {Cell::match, Cell::no_match, Cell::shadowed, Cell::unusable};
  static constexpr Stage stages[] = {Stage::greeting, Stage::starttls, Stage::handshake};
  HostBuilder host("mx1.example.org" + junk.text());
  host.tlsa("3 1 1 " + digest('b')).unusable("3 1 9 " + digest('c'), junk.text());
  host.dns.tlsa.front() = hostile_record(junk);
  host.dns.unicode = junk.text();
  host.dns.base_domain = junk.text();
  host.dns.names = {junk.text(), junk.text()};
  const Cell cell = cells[junk.number(4)];
  host.add(shows("11.0.0.1", {cell, Cell::unusable}).with(hostile_certificate(junk)));
  host.endpoints.back().seen.tls = TlsParameters{junk.text(), junk.text(), junk.text(), junk.text()};
  ChainMatch& match = host.endpoints.back().match;
  match.error = match.pkix_error = junk.text();
  match.pkix_ok = false;
  if (match.match) match.match->name = junk.text();
  host.add(fails("11.0.0.2", stages[junk.number(3)], any_fault(junk), junk.text()));
  host.add(hostile_answer(junk, RrType::tlsa, Status::bogus)).add(hostile_answer(junk, RrType::a, Status::failed));
  if (junk.number(4) == 0) host.located(Located::bogus);
  return host;
}

// C1 controls and the characters that turn the direction, break the line or hide text, as UTF-8 writes them.
bool is_forbidden(std::string_view three) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(i < three.size() ? three[i] : 0); };
  const unsigned first = octet(0), second = octet(1), third = octet(2);
  if (first < 0x20 || first == 0x7f) return first != '\n';
  if (first == 0xc2) return second >= 0x80 && second <= 0x9f;
  if (first == 0xd8) return second == 0x9c;  // U+061C
  if (first != 0xe2) return false;
  if (second == 0x80) return (third >= 0x8e && third <= 0x8f) || (third >= 0xa8 && third <= 0xae);
  return second == 0x81 && third >= 0xa6 && third <= 0xa9;
}

}  // namespace

std::string Junk::text() {
  std::string out;
  const std::size_t pieces = random_() % 6;
  for (std::size_t i = 0; i < pieces; ++i) {
    if (random_() % 2 == 0) {
      out += tricks()[random_() % tricks().size()];
    } else {
      out += static_cast<char>(random_() % 256);
    }
  }
  return out;
}

std::vector<std::uint8_t> Junk::octets() {
  const std::string all = text();
  return {all.begin(), all.end()};
}

Report hostile_report(Junk& junk) {
  ReportBuilder builder("example.org");
  builder.add(hostile_host(junk));
  Answer mx = hostile_answer(junk, RrType::mx, Status::insecure);
  mx.data.front().value = Mx{10, junk.text()};
  Answer srv = hostile_answer(junk, RrType::srv, Status::secure);
  srv.data.front().value = Srv{0, 0, 25, junk.text()};
  builder.add(std::move(mx)).add(std::move(srv)).add(hostile_answer(junk, RrType::tlsa, Status::bogus));
  builder.report.target.unicode = junk.text();
  const auto question = tlsa_question(builder.report.hosts[0].dns);
  const std::string asked_name = question ? question->name : junk.text();
  builder.report.servers = {NameServers::Asked::yes, noon(), {hostile_zone(junk, asked_name)}};
  return builder.judged();
}

VerifyReport hostile_verify(Junk& junk) {
  static constexpr Conclusion conclusions[] = {
      {Verdict::mismatch, Reason::no_match}, {Verdict::mismatch, Reason::name}, {Verdict::unusable, Reason::none}};
  Report report;
  HostReport& host = report.hosts.emplace_back();
  host.dns.names = {junk.text(), junk.text()};
  host.records = {{hostile_record(junk), RecordState::unusable, junk.text()}};
  EndpointReport& endpoint = host.endpoints.emplace_back();
  endpoint.seen.chain = {hostile_certificate(junk)};
  endpoint.conclusion = conclusions[junk.number(3)];
  endpoint.cells = {Cell::unusable};
  report.severity = Severity::critical;
  report.summary = junk.text();
  Finding finding;
  finding.code = "tlsa-explained";
  finding.subject = finding.text = finding.headline = junk.text();
  finding.remedies = advice(Step::Do::zone, finding.text);
  report.findings = {finding};
  return {std::move(report)};
}

void expect_printable(const std::string& text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_forbidden(std::string_view(text).substr(at, 3))) continue;
    ADD_FAILURE() << "a control at octet " << at << " of\n" << testing::PrintToString(text);
    return;
  }
}

}  // namespace danewatch::test
