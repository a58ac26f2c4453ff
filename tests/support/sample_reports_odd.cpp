#include <utility>

#include "tests/support/sample_parts.hpp"
#include "tests/support/sample_reports.hpp"

namespace danewatch::samples {
namespace {

constexpr Conclusion authenticated{Verdict::authenticated, Reason::none};
constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};

// It answers with authority, validly, by UDP and by TCP.
ServerAnswers server(std::string name, const char* address, std::uint32_t serial, const std::string& owner,
                     const std::vector<TlsaRecord>& records) {
  ServerAnswers result;
  result.name = std::move(name);
  result.address = parse_address(address).value();
  result.at_parent = result.at_child = result.by_name = true;
  for (const Transport transport : {Transport::udp, Transport::tcp}) {
    ServerReply reply;
    reply.question = {"servers.example", RrType::soa};
    reply.transport = transport;
    reply.contact = Contact::answered;
    reply.authoritative = true;
    reply.serial = serial;
    reply.milliseconds = 1.5;
    result.replies.push_back(reply);
    reply.question = {owner, RrType::tlsa};
    reply.serial.reset();
    reply.ttl = 3600;
    for (const TlsaRecord& each : records) reply.data.push_back({each, to_text(each), false});
    reply.signatures = {{owner, RrType::tlsa, SignatureCheck::right, now - 10 * day, now + 20 * day, 1}};
    result.replies.push_back(std::move(reply));
  }
  return result;
}

ServerAnswers hostile_server() {
  ServerAnswers result = server("ns\\027.hostile.example", "192.0.2.53", 1, "_25._tcp.mx1.hostile.example", {});
  result.nsid = hostile_text();
  for (ServerReply& reply : result.replies) {
    reply.extended_error = ExtendedError{18, hostile_text()};
    reply.alias = hostile_text();
    reply.data = {{{}, hostile_text(), true}};
  }
  return result;
}

Answer hostile_answer(RrType type, Status status) {
  Answer answer;
  answer.question = {"hostile\\027[2J.example", type};
  answer.status = status;
  answer.failure = status == Status::failed ? Failure::timeout : Failure::none;
  answer.data = {{{}, hostile_text(), true}};
  answer.aliases = {{"a.example", "b\\009.example", RrType::cname}};
  answer.canonical_name = answer.question.name;
  answer.why_bogus = status == Status::bogus ? hostile_text() : "";
  answer.diagnostic = status == Status::failed;
  return answer;
}

HostEvidence hostile_host() {
  HostEvidence host = mail_host("mx1.hostile.example", "hostile.example",
                                {record("_25._tcp.mx1.hostile.example", 3, 1, 1, 1), record("", 0, 0, 0, 2)});
  host.unicode = hostile_text();
  host.names.push_back(hostile_text());
  host.tlsa[1].truncated = true;
  host.tlsa[1].data = {0x03, 0x1b};
  host.lookups.push_back(hostile_answer(RrType::tlsa, Status::bogus));
  host.lookups.push_back(hostile_answer(RrType{65280}, Status::failed));
  return host;
}

Certificate hostile_certificate() {
  Certificate leaf = certificate("x", "rsa-1024", 1);
  leaf.subject = leaf.issuer = leaf.subject_cn = leaf.issuer_cn = hostile_text();
  leaf.names = {hostile_text(), "ok.example"};
  leaf.not_before = SysTime{std::chrono::seconds{-62167219201}};  // before the year 0
  leaf.not_after = SysTime{std::chrono::seconds{253402300800}};   // after the year 9999
  return leaf;
}

VerifyReport verify_base(Conclusion conclusion, Severity severity, std::string summary) {
  Report report;
  report.at = now;
  report.run.origin = Origin::predicted;
  HostReport& host = report.hosts.emplace_back();
  host.dns.names = {"mx1.good.example"};
  EndpointReport& endpoint = host.endpoints.emplace_back();
  endpoint.seen.chain = {certificate("mx1.good.example", "ecdsa-p256", 1)};
  endpoint.conclusion = endpoint.match.conclusion = conclusion;
  report.severity = severity;
  report.summary = std::move(summary);
  return {std::move(report)};
}

void add_record(VerifyReport& report, TlsaRecord record, Cell cell, RecordState state,
                std::optional<std::string> why = {}) {
  record.owner.clear();
  HostReport& host = report.report.hosts.front();
  host.endpoints.front().cells.push_back(cell);
  host.records.push_back({std::move(record), state, std::move(why), host.records.size()});
}

// The two findings of wide_matrix().
Finding odd_one(const std::string& owner) {
  Finding finding;
  finding.code = "tlsa-mismatch";
  finding.severity = Severity::critical;
  finding.subject = "192.0.2.5 (mx.farm.example)";
  finding.host = "mx.farm.example";
  finding.place.host = 0;
  finding.address = parse_address("192.0.2.5").value();
  finding.text =
      "No TLSA record matches the certificate of 192.0.2.5 (mx.farm.example). Its key corresponds to TLSA 3 1 "
      "1 " +
      to_hex(digest(9)) + ".";
  finding.remedies = {
      if_so("that certificate is the right one", {add_record(record(owner, 3, 1, 1, 9))}),
      if_not({at_server("go back to the certificate whose record is published", "192.0.2.5 (mx.farm.example)")})};
  return finding;
}

Finding all_but_one(const std::string& owner) {
  Finding partial;
  partial.code = "tlsa-partial-record";
  partial.severity = Severity::warning;
  partial.subject = owner + " TLSA 3 1 1 0aec7e0c07984adb…";
  partial.host = "mx.farm.example";
  partial.place.host = 0;
  partial.record = 0;
  partial.text =
      "TLSA 3 1 1 0aec7e0c07984adb… matches 192.0.2.1, 192.0.2.2, 192.0.2.3 and 7 more (mx.farm.example), but no "
      "record matches 192.0.2.5 (mx.farm.example).";
  partial.remedies = {
      always({at_server("bring the same certificate to every address of mx.farm.example", "mx.farm.example")}),
      always({in_zone("add a record for each")})};
  return partial;
}

}  // namespace

std::string hostile_text() {
  return "\x1b[2J\x1b]0;owned\x07 250-OK\r\nOK  all.example  authenticated\x9b"
         "31m \xe2\x80\xae"
         "evil\xe2\x81\xa6 \xe2\x80\xa8"
         "\xff\xfe\xc0\xaf \xed\xa0\x80 \x7f `tick` b\xc3\xbc"
         "cher \xc2\x85 \\ \"quoted\" \xf0\x9f\x90\x9f";
}

Report internationalized() {
  constexpr Conclusion conclusion{Verdict::mismatch, Reason::name};
  Report report =
      report_of("https://m\xc3\xbcller.example", conclusion, Severity::critical, "the certificate is for another name");
  report.target.kind = TargetKind::host;
  report.target.name = "xn--mller-kva.example";
  report.target.unicode = "m\xc3\xbcller.example";
  report.target.service = find_service("https");
  report.target.port = 443;
  HostEvidence host;
  host.host = "xn--mller-kva.example";
  host.unicode = "m\xc3\xbcller.example";
  host.port = 443;
  host.located = Located::dane;
  host.base_domain = "www.hosting.example";
  host.names = {"www.hosting.example", "xn--mller-kva.example"};
  host.tlsa = {record("_443._tcp.www.hosting.example", 2, 0, 1, 7)};
  host.tlsa_total = 1;
  Answer address = secure(host.host, RrType::aaaa, {"2001:db8:0:1::443"}, "example");
  address.aliases = {{"xn--mller-kva.example", "www.hosting.example", RrType::cname}};
  address.canonical_name = "www.hosting.example";
  address.ttl = 60;
  host.lookups = {denied("www.hosting.example", RrType::a, "hosting.example"), address,
                  secure("_443._tcp.www.hosting.example", RrType::tlsa, {to_text(host.tlsa[0])}, "hosting.example")};
  TlsEvidence evidence = seen("2001:db8:0:1::443", 443, certificate("other.hosting.example", "rsa-2048", 3));
  Certificate issuer = certificate("Example Intermediate", "rsa-4096", 7);
  issuer.issuer = "CN=Example Root,O=Example Trust";
  issuer.names.clear();
  evidence.chain.push_back(std::move(issuer));
  evidence.timings.starttls = std::nullopt;
  evidence.unobserved_views = {View::ecdsa, View::ed25519};
  add_host(report, std::move(host), {std::move(evidence)},
           {conclusion,
            ResultType::certificate_host_mismatch,
            {RecordState::unmatched},
            {{conclusion, ResultType::certificate_host_mismatch, {Cell::no_match}}}});
  report.hosts[0].endpoints[0].match.pkix_ok = false;
  report.hosts[0].endpoints[0].match.pkix_error = "unable to get local issuer certificate";
  return report;
}

Report wide_matrix() {
  Report report = report_of("farm.example", no_match, Severity::critical,
                            "No TLSA record matches the certificate of 192.0.2.5 (mx.farm.example)");
  report.impact = Impact::partly_deferred;
  report.walk.lookups = {secure("farm.example", RrType::mx, {"10 mx.farm.example."}, "farm.example")};
  const std::string owner = "_25._tcp.mx.farm.example";
  HostEvidence host = mail_host("mx.farm.example", "farm.example",
                                {record(owner, 3, 1, 1, 1), record(owner, 3, 1, 1, 2), record(owner, 2, 0, 1, 3),
                                 record(owner, 3, 1, 1, 4), record(owner, 3, 1, 2, 5)});
  host.tlsa[3].data.pop_back();
  report.findings = {odd_one(owner), all_but_one(owner)};
  report.findings.front().headline = report.summary + ".";
  HostVerdict judgement{no_match,
                        ResultType::certificate_not_trusted,
                        {RecordState::partial, RecordState::unmatched, RecordState::partial, RecordState::unusable,
                         RecordState::shadowed},
                        {}};
  std::vector<TlsEvidence> all;
  for (int i = 1; i <= 12; ++i) {
    const std::string address = "192.0.2." + std::to_string(i);
    const bool bad = i == 5, silent = i == 9;
    const Conclusion conclusion = bad      ? no_match
                                  : silent ? Conclusion{Verdict::tempfail, Reason::connect}
                                           : authenticated;
    const Cell good = silent ? Cell::unobserved : bad ? Cell::no_match : Cell::match;
    const Cell other = silent ? Cell::unobserved : Cell::no_match;
    const Cell last = i == 12 ? Cell::shadowed : other;
    judgement.endpoints.push_back({conclusion, {}, {good, other, good, Cell::unusable, last}});
    all.push_back(silent ? not_seen(address.c_str(), 25, Stage::connect, Fault::refused, "connection refused")
                         : seen(address.c_str(), 25, certificate("mx.farm.example", "ecdsa-p256", bad ? 9 : 1)));
  }
  add_host(report, std::move(host), std::move(all), std::move(judgement));
  report.hosts[0].records[3].unusable = "a SHA-256 digest has 32 octets, this one 31";
  return report;
}

Report name_servers() {
  const std::string owner = "_25._tcp.mx1.servers.example";
  const TlsaRecord right = record(owner, 3, 1, 1, 1), old = record(owner, 3, 1, 1, 2);
  Report report = report_of("servers.example", authenticated, Severity::critical,
                            "ns2.servers.example (192.0.2.54) gives TLSA records that match no certificate of "
                            "mx1.servers.example (asked …");
  report.impact = Impact::partly_deferred;
  report.walk.lookups = {secure("servers.example", RrType::mx, {"10 mx1.servers.example."}, "servers.example")};
  HostEvidence host = mail_host("mx1.servers.example", "servers.example", {right});
  host.lookups[2].data = {{right, to_text(right), false}};
  add_host(report, std::move(host), {seen("192.0.2.1", 25, certificate("mx1.servers.example", "ecdsa-p256", 1))},
           {authenticated, {}, {RecordState::current}, {{authenticated, {}, {Cell::match}}}});
  report.hosts[0].other_sets = {{{old}, no_match}};
  ServerAnswers refuses = server("ns3.servers.example", "192.0.2.55", 2026013107, owner, {});
  for (ServerReply& reply : refuses.replies) {
    if (reply.question.type == RrType::tlsa) reply.rcode = 4;
  }
  ServerAnswers far = server("ns4.servers.example", "2001:db8::53", 0, owner, {});
  far.replies.clear();
  far.unasked = Unasked::no_route;
  ServerAnswers late = server("ns2.servers.example", "192.0.2.54", 2026013106, owner, {old});
  late.nsid = "fra2";
  ZoneServers zone{"servers.example", true, {}, {}, {}, 0};
  zone.servers = {server("ns1.servers.example", "192.0.2.53", 2026013107, owner, {right}), late, refuses, far};
  zone.at_parent =
      zone.at_child = {"ns1.servers.example", "ns2.servers.example", "ns3.servers.example", "ns4.servers.example"};
  report.servers = {NameServers::Asked::yes, now, {std::move(zone)}};
  report.run.timings.servers = 12.5;
  Finding finding = make_finding("server-old-records", "ns2.servers.example (192.0.2.54)",
                                 "ns2.servers.example (192.0.2.54) gives TLSA records that match no certificate of "
                                 "mx1.servers.example (asked from "
                                 "here).",
                                 "Make it take over the zone as ns1.servers.example (192.0.2.53) has it, and look at "
                                 "its log for zone transfers that "
                                 "are refused or fail.");
  finding.host = "mx1.servers.example";
  finding.place.host = 0;
  finding.text += " Senders whose resolver asks it defer mail.";
  report.findings = {finding};
  return report;
}

Report hostile() {
  Report report = report_of(hostile_text(), no_match, Severity::critical, hostile_text());
  report.target.name = "hostile.example";
  report.target.unicode = hostile_text();
  report.run.trust_anchor = hostile_text();
  report.impact = Impact::deferred;
  report.walk.lookups = {hostile_answer(RrType::mx, Status::bogus)};
  ZoneServers zone{hostile_text(), true, {hostile_text()}, {}, {hostile_server()}, 1};
  report.servers = {NameServers::Asked::yes, now, {std::move(zone)}};
  Finding finding;
  finding.code = "tlsa-explained";
  finding.severity = Severity::critical;
  finding.subject = finding.text = hostile_text();
  finding.quotes = {hostile_text()};
  finding.remedies = advice(Step::Do::zone, hostile_text(), hostile_text());
  finding.host = "mx1.hostile.example";
  finding.place.host = 0;
  finding.record = 1;
  Finding nowhere = finding;
  nowhere.host.reset();
  nowhere.record.reset();
  report.findings = {finding, nowhere};
  report.findings.front().headline = report.summary + ".";
  TlsEvidence first = seen("192.0.2.1", 25, hostile_certificate());
  first.error = hostile_text();
  first.tls->version = first.tls->cipher = first.tls->group = hostile_text();
  Certificate broken;
  broken.der = {0x30};
  broken.sha256 = to_hex(digest(5));
  broken.error = "not a certificate";
  first.chain.push_back(std::move(broken));
  add_host(report, hostile_host(),
           {std::move(first), not_seen("2001:db8::1", 25, Stage::greeting, Fault::reply, "554 " + hostile_text())},
           {no_match,
            ResultType::certificate_not_trusted,
            {RecordState::unmatched, RecordState::unusable},
            {{no_match, ResultType::certificate_not_trusted, {Cell::no_match, Cell::unusable}},
             {{Verdict::tempfail, Reason::greeting}, {}, {Cell::unobserved, Cell::unusable}}}});
  report.hosts[0].records[1].unusable = hostile_text();
  report.hosts[0].endpoints[0].match.pkix_ok = false;
  report.hosts[0].endpoints[0].match.pkix_error = hostile_text();
  return report;
}

Report bad_target() {
  Report report = report_of("exa mple\x1b..org:70000", {Verdict::unknown, Reason::bad_target}, Severity::unknown,
                            "not a target: a name holds no blank (at octet 3)");
  report.target.name.clear();
  report.target.unicode.clear();
  report.run.trust_anchor.clear();
  report.walk.located = Located::not_run;
  report.run.duration = std::chrono::milliseconds{0};
  return report;
}

std::vector<NamedVerify> verify_reports() {
  VerifyReport good =
      verify_base(authenticated, Severity::ok, "This chain: every certificate shown (1) matches a TLSA record");
  add_record(good, record("", 3, 1, 1, 1), Cell::match, RecordState::current);
  good.report.hosts.front().endpoints.front().match.match = MatchedRecord{0, 0, "", false};

  VerifyReport bad = verify_base(no_match, Severity::critical, "No TLSA record matches the certificate of this chain");
  add_record(bad, record("", 3, 1, 1, 2), Cell::no_match, RecordState::unmatched);
  add_record(bad, record("", 3, 0, 1, 3), Cell::no_match, RecordState::unmatched);
  Finding finding;
  finding.code = "tlsa-explained";
  finding.severity = Severity::critical;
  finding.subject = "TLSA 3 0 1 15bc65e0448fe178…";
  finding.record = 1;
  finding.text = "TLSA 3 0 1 15bc65e0448fe178… is the digest of the public key, not of the certificate.";
  finding.remedies = advice(Step::Do::zone, "Change the selector to 1.");
  finding.ref =
      "RFC 6698 \xc2\xa7"
      "2.1.2";
  bad.report.findings = {finding};

  VerifyReport unusable = verify_base({Verdict::unusable, Reason::none}, Severity::critical, "no record is usable");
  add_record(unusable, record("", 4, 1, 1, 2), Cell::unusable, RecordState::unusable, "usage 4 is not assigned");
  unusable.report.target.service = find_service("tls");
  return {{"verify-good", good}, {"verify-mismatch", bad}, {"verify-unusable", unusable}};
}

}  // namespace danewatch::samples
