#include "tests/support/sample_reports.hpp"

#include <utility>

#include "tests/support/sample_parts.hpp"

namespace danewatch::samples {
namespace {

constexpr Conclusion authenticated{Verdict::authenticated, Reason::none};
constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};

Answer mx(const std::string& domain, std::vector<std::string> data) {
  return secure(domain, RrType::mx, std::move(data), domain);
}

Finding about_record(std::string_view code, Severity severity, const HostEvidence& host, std::size_t index) {
  Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.subject = host.tlsa[index].owner + " TLSA " + to_text(host.tlsa[index]);
  finding.host = host.host;
  finding.place.host = 0;
  finding.record = index;
  return finding;
}

}  // namespace

Report all_good() {
  Report report = report_of("good.example", authenticated, Severity::ok,
                            "mx1.good.example: every certificate shown (2) matches a TLSA record");
  report.impact = Impact::protected_;
  report.walk.lookups = {mx("good.example", {"10 mx1.good.example."})};
  HostEvidence host = mail_host("mx1.good.example", "good.example", {record("_25._tcp.mx1.good.example", 3, 1, 1, 1)});
  host.lookups[1] = secure("mx1.good.example", RrType::aaaa, {"2001:db8::1"}, "good.example");
  const Certificate leaf = certificate("mx1.good.example", "ecdsa-p256", 1);
  auto first = seen("192.0.2.1", 25, leaf);
  first.absent_views = {View::rsa, View::rsa_pss, View::ed25519, View::ed448};
  add_host(report, std::move(host), {std::move(first), seen("2001:db8::1", 25, leaf)},
           {authenticated,
            {},
            {RecordState::current},
            {{authenticated, {}, {Cell::match}}, {authenticated, {}, {Cell::match}}}});
  return report;
}

Report stale_duplicate() {
  Report report = report_of("stale.example", authenticated, Severity::warning,
                            "TLSA 3 1 1 10d472762513152a… matches no certificate shown on any address");
  report.impact = Impact::protected_;
  report.walk.lookups = {mx("stale.example", {"10 mx1.stale.example."})};
  const std::string owner = "_25._tcp.mx1.stale.example";
  HostEvidence host =
      mail_host("mx1.stale.example", "stale.example", {record(owner, 3, 1, 1, 1), record(owner, 3, 1, 1, 2)});
  Finding extra = about_record("tlsa-extra-record", Severity::warning, host, 1);
  extra.text = "TLSA 3 1 1 10d472762513152a… matches no certificate shown on any address.";
  extra.remedies = {if_it_is("an old key, also behind any load balancer", {remove_record(host.tlsa[1])}),
                    if_it_is("your next key", {announce_record(host.tlsa[1])})};
  extra.ref =
      "RFC 7671 \xc2\xa7"
      "8.1";
  report.findings = {extra};
  report.findings.front().headline = report.summary + ".";
  add_host(report, std::move(host), {seen("192.0.2.1", 25, certificate("mx1.stale.example", "ecdsa-p256", 1))},
           {authenticated,
            {},
            {RecordState::current, RecordState::unmatched},
            {{authenticated, {}, {Cell::match, Cell::no_match}}}});
  return report;
}

Report shadowed() {
  constexpr Conclusion conclusion{Verdict::mismatch, Reason::shadowed};
  Report report = report_of(
      "shadowed.example", conclusion, Severity::critical,
      "TLSA 3 1 2 10d472762513152a… matches nothing and hides TLSA 3 1 1 0aec7e0c07984adb…, which would match …");
  report.impact = Impact::deferred;
  report.walk.lookups = {mx("shadowed.example", {"10 mx1.shadowed.example."})};
  const std::string owner = "_25._tcp.mx1.shadowed.example";
  HostEvidence host =
      mail_host("mx1.shadowed.example", "shadowed.example", {record(owner, 3, 1, 1, 1), record(owner, 3, 1, 2, 2)});
  Finding finding = about_record("tlsa-shadowed", Severity::critical, host, 1);
  finding.text =
      "TLSA 3 1 2 10d472762513152a… matches nothing and hides TLSA 3 1 1 0aec7e0c07984adb…, which would match "
      "192.0.2.1 "
      "(mx1.shadowed.example). Clients use only the strongest digest of a usage and selector.";
  finding.remedies = {always({remove_record(host.tlsa[1])}),
                      if_so("it is your next key", {in_zone("publish the current key with matching type 2 too")})};
  finding.ref =
      "RFC 7671 \xc2\xa7"
      "9";
  report.findings = {finding};
  report.findings.front().headline = report.summary + ".";
  add_host(report, std::move(host), {seen("192.0.2.1", 25, certificate("mx1.shadowed.example", "rsa-2048", 1))},
           {conclusion,
            ResultType::certificate_not_trusted,
            {RecordState::shadowed, RecordState::unmatched},
            {{conclusion, ResultType::certificate_not_trusted, {Cell::shadowed, Cell::no_match}}}});
  return report;
}

Report bogus() {
  constexpr Conclusion conclusion{Verdict::dns_bogus, Reason::none};
  Report report = report_of("bogus.example", conclusion, Severity::critical,
                            "The answer to _25._tcp.mx1.bogus.example TLSA fails DNSSEC validation");
  report.impact = Impact::deferred;
  report.walk.lookups = {mx("bogus.example", {"10 mx1.bogus.example."})};
  HostEvidence host = mail_host("mx1.bogus.example", "bogus.example", {});
  host.located = Located::bogus;
  Answer& answer = host.lookups.back();
  answer = Answer{};
  answer.question = {"_25._tcp.mx1.bogus.example", RrType::tlsa};
  answer.status = Status::bogus;
  answer.rcode = 0;
  answer.canonical_name = answer.question.name;
  answer.why_bogus = "validation failure <_25._tcp.mx1.bogus.example. TLSA IN>: signature expired from 192.0.2.53";
  Finding finding;
  finding.code = "dnssec-bogus";
  finding.severity = Severity::critical;
  finding.subject = "_25._tcp.mx1.bogus.example TLSA";
  finding.host = host.host;
  finding.place.host = 0;
  finding.text =
      "The answer to _25._tcp.mx1.bogus.example TLSA fails DNSSEC validation. Senders must not use this host. "
      "The resolver says: \"" +
      answer.why_bogus + "\".";
  finding.remedies = advice(Step::Do::zone,
                            "Re-sign the zone of _25._tcp.mx1.bogus.example, or make the DS record at its parent "
                            "match its keys.");
  finding.ref =
      "RFC 7672 \xc2\xa7"
      "2.1.2";
  report.findings = {finding};
  report.findings.front().headline = report.summary + ".";
  add_host(report, std::move(host), {not_seen("192.0.2.1", 25, Stage::not_started, Fault::not_run, "")},
           {conclusion, ResultType::dnssec_invalid, {}, {{{Verdict::unknown, Reason::not_run}, {}, {}}}});
  return report;
}

Report no_starttls() {
  constexpr Conclusion conclusion{Verdict::tls_missing, Reason::not_offered};
  Report report = report_of("half.example", conclusion, Severity::critical,
                            "192.0.2.2 (mx2.half.example) does not offer STARTTLS, which its TLSA records demand");
  report.impact = Impact::partly_deferred;
  report.walk.lookups = {mx("half.example", {"10 mx1.half.example.", "20 mx2.half.example."})};
  HostEvidence first = mail_host("mx1.half.example", "half.example", {record("_25._tcp.mx1.half.example", 3, 1, 1, 1)});
  HostEvidence second =
      mail_host("mx2.half.example", "half.example", {record("_25._tcp.mx2.half.example", 3, 1, 1, 2)});
  second.preference = 20;
  Finding finding;
  finding.code = "starttls-not-offered";
  finding.severity = Severity::critical;
  finding.subject = "mx2.half.example 192.0.2.2";
  finding.host = second.host;
  finding.place.host = 0;
  finding.address = parse_address("192.0.2.2").value();
  finding.text = "192.0.2.2 (mx2.half.example) does not offer STARTTLS, which its TLSA records demand.";
  finding.place = {1, {0}};
  finding.remedies = advice(Step::Do::server,
                            "Enable STARTTLS on 192.0.2.2 (mx2.half.example), or find the firewall or proxy that "
                            "strips it from the replies.",
                            "192.0.2.2 (mx2.half.example)");
  finding.ref =
      "RFC 7672 \xc2\xa7"
      "2.2";
  report.findings = {finding};
  report.findings.front().headline = report.summary + ".";
  add_host(report, std::move(first), {seen("192.0.2.1", 25, certificate("mx1.half.example", "ecdsa-p256", 1))},
           {authenticated, {}, {RecordState::current}, {{authenticated, {}, {Cell::match}}}});
  add_host(
      report, std::move(second),
      {not_seen("192.0.2.2", 25, Stage::starttls, Fault::not_offered, "250-mx2.half.example\r\n250 SIZE 10240000")},
      {conclusion,
       ResultType::starttls_not_supported,
       {RecordState::unknown},
       {{conclusion, ResultType::starttls_not_supported, {Cell::unobserved}}}});
  return report;
}

Report blackhole() {
  constexpr Conclusion conclusion{Verdict::tempfail, Reason::connect};
  Report report = report_of("silent.example", conclusion, Severity::critical,
                            "192.0.2.1 (mx1.silent.example) does not answer on port 25");
  report.impact = Impact::deferred;
  report.run.complete = false;
  report.walk.lookups = {mx("silent.example", {"10 mx1.silent.example."})};
  Finding finding;
  finding.code = "address-unreachable";
  finding.severity = Severity::critical;
  finding.subject = "192.0.2.1 (mx1.silent.example)";
  finding.host = "mx1.silent.example";
  finding.place.host = 0;
  finding.address = parse_address("192.0.2.1").value();
  finding.text = "192.0.2.1 (mx1.silent.example) does not answer on port 25.";
  finding.remedies = advice(
      Step::Do::server,
      "Start the service on 192.0.2.1 (mx1.silent.example), open its firewall, or remove the address from the DNS.",
      "192.0.2.1 (mx1.silent.example)");
  Finding signature;
  signature.code = "dnssec-signature-expiring";
  signature.severity = Severity::warning;
  signature.subject = "silent.example MX";
  signature.text = "The signature over silent.example MX expires in 20 hours.";
  signature.remedies = advice(Step::Do::zone, "Look why the signer of silent.example has stopped.");
  report.findings = {finding, signature};
  report.findings.front().headline = report.summary + ".";
  report.walk.lookups[0].rrsig_expires = now + std::chrono::hours{20};
  auto evidence = not_seen("192.0.2.1", 25, Stage::connect, Fault::timeout, "no reply within 5 s");
  evidence.attempts = 2;
  add_host(report,
           mail_host("mx1.silent.example", "silent.example", {record("_25._tcp.mx1.silent.example", 3, 1, 1, 1)}),
           {std::move(evidence)}, {conclusion, {}, {RecordState::unknown}, {{conclusion, {}, {Cell::unobserved}}}});
  return report;
}

Report not_applicable() {
  constexpr Conclusion conclusion{Verdict::not_applicable, Reason::no_tlsa};
  Report report = report_of("plain.example", conclusion, Severity::critical,
                            "mx1.plain.example has no TLSA record at _25._tcp.mx1.plain.example");
  report.impact = Impact::unprotected;
  report.walk.lookups = {mx("plain.example", {"10 mx1.plain.example."})};
  Finding finding;
  finding.code = "dns-no-tlsa";
  finding.severity = Severity::critical;
  finding.subject = "_25._tcp.mx1.plain.example";
  finding.host = "mx1.plain.example";
  finding.place.host = 0;
  finding.text = "mx1.plain.example has no TLSA record at _25._tcp.mx1.plain.example.";
  finding.remedies = {always(
      {publish_record(record("_25._tcp.mx1.plain.example", 3, 1, 1, 1)), in_zone("change it with every new key")})};
  Finding ttl;
  ttl.code = "dns-ttl";
  ttl.subject = "plain.example MX";
  ttl.text = "The answer is cached for 300 s.";
  ttl.says.subject = false;
  report.findings = {finding, ttl};
  report.findings.front().headline = report.summary + ".";
  add_host(report, mail_host("mx1.plain.example", "plain.example", {}),
           {seen("192.0.2.1", 25, certificate("mx1.plain.example", "rsa-2048", 1))},
           {conclusion, {}, {}, {{conclusion, {}, {}}}});
  return report;
}

Report dual_view() {
  Report report =
      report_of("dual.example", no_match, Severity::critical,
                "The rsa-2048 certificate of 192.0.2.1 (mx1.dual.example) matches no TLSA record, its ecdsa-p256 …");
  report.impact = Impact::partly_deferred;
  report.walk.lookups = {mx("dual.example", {"10 mx1.dual.example."})};
  HostEvidence host = mail_host("mx1.dual.example", "dual.example", {record("_25._tcp.mx1.dual.example", 3, 1, 1, 1)});
  Finding finding;
  finding.code = "cert-type-mismatch";
  finding.severity = Severity::critical;
  finding.subject = "mx1.dual.example 192.0.2.1 rsa";
  finding.host = host.host;
  finding.place.host = 0;
  finding.address = parse_address("192.0.2.1").value();
  finding.view = View::rsa;
  finding.text =
      "The rsa-2048 certificate of 192.0.2.1 (mx1.dual.example) matches no TLSA record, its ecdsa-p256 certificate "
      "does. Clients that are given the first one fail.";
  finding.place = {0, {1}};
  finding.remedies = {always({add_record(record("_25._tcp.mx1.dual.example", 3, 1, 1, 2))}),
                      always({at_server("stop serving that certificate", "192.0.2.1 (mx1.dual.example)")})};
  finding.ref =
      "RFC 7671 \xc2\xa7"
      "8.1";
  report.findings = {finding};
  report.findings.front().headline = report.summary + ".";
  auto standard = seen("192.0.2.1", 25, certificate("mx1.dual.example", "ecdsa-p256", 1));
  standard.absent_views = {View::rsa_pss, View::ed25519, View::ed448};
  add_host(report, std::move(host),
           {std::move(standard), seen("192.0.2.1", 25, certificate("mx1.dual.example", "rsa-2048", 2), View::rsa)},
           {no_match,
            ResultType::certificate_not_trusted,
            {RecordState::partial},
            {{authenticated, {}, {Cell::match}}, {no_match, ResultType::certificate_not_trusted, {Cell::no_match}}}});
  return report;
}

std::vector<NamedReport> reports() {
  return {{"all-good", all_good()},
          {"stale-duplicate", stale_duplicate()},
          {"shadowed", shadowed()},
          {"bogus", bogus()},
          {"no-starttls", no_starttls()},
          {"blackhole", blackhole()},
          {"not-applicable", not_applicable()},
          {"dual-view", dual_view()},
          {"internationalized", internationalized()},
          {"wide-matrix", wide_matrix()},
          {"name-servers", name_servers()},
          {"hostile", hostile()},
          {"bad-target", bad_target()}};
}

}  // namespace danewatch::samples
