#include "tests/support/finding_cases_dns.hpp"
#include "probe/judgement/judge.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

Answer expiring(std::string name, RrType type, int percent_left) {
  Answer result = answer(std::move(name), type, Status::secure, {"x"});
  const auto hour = std::chrono::hours(1);
  result.rrsig_expires = noon() + percent_left * hour;
  result.rrsig_inception = *result.rrsig_expires - 100 * hour;
  result.signer = "example.org";
  return result;
}

Answer no_such_name(std::string name) {
  Answer result = diagnostic(answer(std::move(name), RrType::a));
  result.denial = Denial::nxdomain;
  return result;
}

Report partly() {
  return ReportBuilder("example.org")
      .add(good())
      .add(HostBuilder("mx2.example.org", 20).located(Located::no_tlsa).add(shows("11.0.0.2", {}, 'b')))
      .judged();
}

Report of_target(Located located, TargetKind kind = TargetKind::mail_domain, std::vector<Answer> answers = {}) {
  ReportBuilder builder("example.org");
  builder.report.target.kind = kind;
  builder.report.target.srv_owner = kind == TargetKind::srv ? "_imaps._tcp.example.org" : "";
  builder.report.target.service = kind == TargetKind::srv ? find_service("imaps") : &smtp_service();
  for (Answer& each : answers) builder.add(std::move(each));
  return builder.located(located).judged();
}

// An absence that is not proven, in a zone whose keys are in this state.
Report bogus_denial_with(Status keys) {
  const Answer denial = answer("example.org", RrType::mx, Status::bogus);
  return of_target(Located::bogus, TargetKind::mail_domain,
                   {denial, diagnostic(answer("example.org", RrType::dnskey, keys, {"257 3 13 aa"})),
                    diagnostic(answer("org", RrType::dnskey, Status::secure, {"257 3 13 bb"}))});
}

std::vector<FindingCase> bogus_cases() {
  const std::string must_not = " Senders must not use this host.";
  const std::string resign = "Re-sign the zone of mx1.example.org, or make the DS record at its parent match its keys.";
  return {
      {"dnssec-bogus", report(ended(Located::bogus).add(bogus("mx1.example.org", RrType::a, "signature expired"))),
       Severity::critical, "mx1.example.org A",
       "The answer to mx1.example.org A fails DNSSEC validation." + must_not +
           " The resolver says: \"signature expired\".",
       resign},
      {"dnssec-bogus", of_target(Located::bogus, TargetKind::mail_domain, {bogus("example.org", RrType::mx)}),
       Severity::critical, "example.org MX",
       "The answer to example.org MX fails DNSSEC validation. Senders must not use it.",
       "Re-sign the zone of example.org, or make the DS record at its parent match its keys."},
      {"dnssec-bogus", bogus_denial_with(Status::secure), Severity::critical, "example.org MX",
       "The answer to example.org MX fails DNSSEC validation. Senders must not use it.",
       "Re-sign the zone example.org, with NSEC or NSEC3 records; its keys and its DS record are right."},
      {"dnssec-bogus", bogus_denial_with(Status::bogus), Severity::critical, "example.org MX",
       "The answer to example.org MX fails DNSSEC validation. Senders must not use it.",
       "Re-sign the zone example.org, with NSEC or NSEC3 records, including its DNSKEY records, or make the DS record "
       "at its parent "
       "match "
       "them."},
      {"dnssec-bogus", report(good().add(address()).add(bogus("mx1.example.org", RrType::aaaa))), Severity::warning,
       "mx1.example.org AAAA",
       "The IPv6 addresses of mx1.example.org cannot be used: the answer fails DNSSEC validation. Strict senders skip "
       "the "
       "whole host.",
       "Make every name server answer mx1.example.org AAAA with valid signatures."},
  };
}

std::vector<FindingCase> failure_cases() {
  return {
      {"dns-failed", report(good().add(failed("mx1.example.org", RrType::a))), Severity::warning, "mx1.example.org A",
       "The IPv4 addresses of mx1.example.org cannot be used: the answer did not come. Strict senders skip the whole "
       "host.",
       "Make every name server answer mx1.example.org A with valid signatures."},
      {"dns-failed", report(ended(Located::servfail).add(failed("mx1.example.org", RrType::a))), Severity::critical,
       "mx1.example.org A", "No name server gives a usable answer to mx1.example.org A.",
       "Check that every name server of mx1.example.org answers this question over UDP and TCP."},
      {"dns-failed", report(ended(Located::timeout).add(failed("mx1.example.org", RrType::a, Failure::timeout))),
       Severity::critical, "mx1.example.org A", "No name server answered mx1.example.org A in time.",
       "Check that every name server of mx1.example.org answers this question over UDP and TCP."},
      {"dns-failed", of_target(Located::malformed), Severity::critical, "example.org",
       "The answer to example.org is malformed.",
       "Check that every name server of example.org answers this question over UDP and TCP."},
      {"dns-broken-denial", report(ended(Located::servfail).add(address()).add(failed(owner, RrType::tlsa))),
       Severity::critical, owner + " TLSA",
       "No name server gives a usable answer to " + owner +
           " TLSA. The same servers do answer A and AAAA queries. "
           "Senders cannot tell this from an attack and must not use the host.",
       "Make every name server of mx1.example.org answer TLSA questions, or prove that there is no such record; old "
       "servers and DNS firewalls often do neither."},
      {"dns-broken-denial", report(ended(Located::insecure).add(diagnostic(failed(owner, RrType::tlsa)))),
       Severity::info, owner + " TLSA",
       "The question " + owner + " TLSA gets no usable answer, while address questions work.",
       "Make every name server answer TLSA questions before the zone is signed: until then senders do not ask."},
      {"dns-no-such-name", of_target(Located::nxdomain), Severity::critical, "example.org",
       "The name example.org does not exist.", "Check the spelling, or register the name."},
      {"dns-no-such-name", report(ended(Located::nxdomain)), Severity::critical, "mx1.example.org",
       "The name mx1.example.org does not exist.", "Add address records for mx1.example.org, or stop pointing to it."},
      {"dns-no-such-name", of_target(Located::nxdomain, TargetKind::srv), Severity::critical, "_imaps._tcp.example.org",
       "There is no SRV record at _imaps._tcp.example.org.", "Publish one, or name the host: imaps://HOST."},
      {"dns-no-address", report(ended(Located::no_address)), Severity::critical, "mx1.example.org",
       "mx1.example.org has neither an A nor an AAAA record.",
       "Add address records for mx1.example.org, or stop pointing to it."},
  };
}

Report typed_address() {
  ReportBuilder builder("11.0.0.1");
  builder.report.target.kind = TargetKind::address_literal;
  builder.add(HostBuilder("11.0.0.1").located(Located::address_literal));
  return builder.located(Located::address_literal).judged();
}

std::vector<FindingCase> absence_cases() {
  return {
      {"dns-no-tlsa", report(ended(Located::no_tlsa).add(shows("11.0.0.1", {}, 'd'))), Severity::critical, owner,
       "mx1.example.org has no TLSA record at " + owner + ".",
       "Publish `" + line("3 1 1 " + digest('d')) + "`, and change it with every new key."},
      {"dns-no-tlsa", report(ended(Located::no_tlsa).add(fails("11.0.0.1", Stage::connect, Fault::refused))),
       Severity::critical, owner, "mx1.example.org has no TLSA record at " + owner + ".",
       "Once the server offers TLS, publish a TLSA record at " + owner + " (danewatch tlsa makes one)."},
      {"dns-no-tlsa", report(ended(Located::no_tlsa)), Severity::critical, owner,
       "mx1.example.org has no TLSA record at " + owner + ".",
       "Publish a TLSA record at " + owner + " (danewatch tlsa makes one)."},
      {"dns-insecure-mx", ReportBuilder("example.org").located(Located::insecure_mx).add(good()).judged(),
       Severity::critical, "example.org MX",
       "The MX records of example.org are not signed, so anyone could name other hosts.",
       "Sign the zone of example.org" + sign_it},
      {"dns-insecure-srv", of_target(Located::insecure_srv, TargetKind::srv), Severity::critical,
       "_imaps._tcp.example.org", "The SRV records of example.org are not signed, so DANE does not apply.",
       "Sign the zone of example.org" + sign_it},
      {"dns-insecure-address", report(ended(Located::insecure)), Severity::critical, "mx1.example.org",
       "The address records of mx1.example.org are not signed, so DANE does not apply.",
       "Sign the zone of mx1.example.org" + sign_it},
      {"dns-insecure-address",
       report(ended(Located::insecure).add(address()).add(answer(owner, RrType::tlsa, Status::insecure, {"x"}))),
       Severity::critical, "mx1.example.org",
       "The TLSA records of mx1.example.org are not signed, so DANE does not apply.",
       "Sign the zone of " + owner + sign_it},
      {"address-literal", typed_address(), Severity::critical, "11.0.0.1",
       "11.0.0.1 is an address; TLSA records belong to names.", "Say for which name it stands: --name NAME."},
      {"no-service", of_target(Located::no_service), Severity::unknown, "example.org",
       "example.org says with a null MX that it accepts no mail.", ""},
      {"no-service", of_target(Located::no_service, TargetKind::srv), Severity::unknown, "example.org",
       "example.org says with the SRV target \".\" that it does not offer this service.", ""},
      {"mx-partly-protected", partly(), Severity::warning, "example.org",
       "Mail can reach example.org without DANE through mx2.example.org. Whoever blocks the protected hosts can force "
       "that.",
       "Publish usable TLSA records for mx2.example.org too, or remove it from the MX records."},
  };
}

Report with_null_mx() {
  ReportBuilder builder("example.org");
  builder.report.walk.null_mx_beside_others = true;
  return builder.located(Located::no_service).judged();
}

// Of a zone file without signatures.
Report predicted() {
  Answer mx = answer("example.org", RrType::mx, Status::secure, {"10 mx1.example.org."});
  mx.signer = "example.org";
  ReportBuilder builder("example.org");
  builder.report.run.origin = Origin::predicted;
  return builder.add(good()).add(mx).judged();
}

std::vector<FindingCase> answer_cases() {
  const Answer tlsa = answer(owner, RrType::tlsa, Status::secure, {"x"});
  return {
      {"dnssec-signature-expiring",
       report(good().add(expiring("mx1.example.org", RrType::a, 9)).add(expiring(owner, RrType::tlsa, 8))),
       Severity::warning, "example.org",
       "Signatures in the zone example.org expire in 8 hours: mx1.example.org A and " + owner + " TLSA.",
       "Sign example.org again now, and find out why its signer did not."},
      {"dnssec-signature-expiring",
       ReportBuilder("example.org").add(good()).add(diagnostic(expiring("example.org", RrType::dnskey, 2))).judged(),
       Severity::critical, "example.org", "Signatures in the zone example.org expire in 2 hours: example.org DNSKEY.",
       "Sign example.org again now, and find out why its signer did not."},
      {"dnssec-signature-expiring", report(good().add(expiring("mx1.example.org", RrType::a, -3))), Severity::critical,
       "example.org", "Signatures in the zone example.org ended on 2026-01-31 09:00 UTC: mx1.example.org A.",
       "Sign example.org again now, and find out why its signer did not."},
      {"zone-assumed-signed", predicted(), Severity::info, "example.org",
       "The file of the zone example.org holds no signatures. This takes it that example.org will be signed and that "
       "its parent has the DS record.",
       ""},
      {"dns-empty-non-terminal", report(good().add(tlsa).add(no_such_name("_tcp.mx1.example.org"))), Severity::warning,
       "_tcp.mx1.example.org",
       "The answer to _tcp.mx1.example.org A says that the name does not exist, although TLSA records lie below. "
       "Resolvers "
       "that minimise their questions miss those records.",
       "Make the name servers answer NOERROR without data for _tcp.mx1.example.org."},
      {"dns-mx-is-alias", report(good().add(alias())), Severity::info, "mx1.example.org",
       "The MX host mx1.example.org is an alias of real.example.net.",
       "Give mx1.example.org address records of its own."},
      {"null-mx-not-alone", with_null_mx(), Severity::warning, "example.org MX",
       "example.org has a null MX beside other MX records.", "Remove the record `MX 0 .`, or all the others."},
  };
}

Report never_run(NotLooked::Why why) {
  Target target;
  target.text = target.name = "example.org";
  return not_run_report(target, why, noon());
}

Report predicted_without_zone() {
  ReportBuilder builder("example.org");
  builder.report.run.origin = Origin::predicted;
  return builder.located(Located::local_failure).judged();
}

std::vector<FindingCase> unknown_cases() {
  return {
      {"no-network", of_target(Located::no_network), Severity::unknown, "example.org",
       "The DNS root did not answer, so nothing can be said.",
       "Check this machine's network, and that its questions get through by UDP and TCP: to the --forwarder if there "
       "is one, else to port 53 everywhere. danewatch doctor tells more."},
      {"trust-anchor", of_target(Located::trust_anchor), Severity::unknown, "built-in",
       "The DNS root is not proven by the trust anchor built-in, so nothing can be said.",
       "Update the trust anchor, name a good one with --trust-anchor, and check this machine's clock."},
      {"local-limit", of_target(Located::local_failure), Severity::unknown, "example.org",
       "The resolver here failed at example.org.",
       "Look at the log, and at this machine's memory and open descriptors."},
      {"local-limit", predicted_without_zone(), Severity::unknown, "example.org",
       "The zone that holds example.org was not given.", "Give its file with --zone."},
      {"not-run", never_run(NotLooked::Why::not_run), Severity::unknown, "example.org", "The target was not checked.",
       ""},
      {"run-incomplete", never_run(NotLooked::Why::deadline), Severity::unknown, "example.org",
       "Timed out before the target was checked.", "Give the run more time with --timeout."},
      {"refused-by-policy", never_run(NotLooked::Why::refused_by_policy), Severity::unknown, "example.org",
       "The configuration forbids looking at this target.", "Allow it under allow_targets."},
      {"bad-target", bad_target_report("example..org", {"an empty label", 8}, noon()), Severity::unknown,
       "example..org", "This is not a valid target: an empty label (at character 9).",
       "Write a mail domain, host:port, protocol://host, or _service._tcp.domain."},
  };
}

}  // namespace

std::vector<FindingCase> dns_cases() {
  std::vector<FindingCase> cases = bogus_cases();
  for (auto more : {failure_cases(), alias_cases(), wildcard_cases(), name_cases(), absence_cases(), answer_cases(),
                    unknown_cases()})
    cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace danewatch::test
