#include "tests/support/finding_cases.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

const std::string place = "11.0.0.1 (mx1.example.org)";

Report report(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

// A firewall wrote over the reply.
Look written_over(std::string reply) {
  Look look = fails("11.0.0.1", Stage::starttls, Fault::not_offered, "STARTTLS is not among the capabilities");
  look.tls.heard = std::move(reply);
  return look;
}

Report fails_with(Stage stage, Fault fault, std::string error = "") {
  return report(mx1().add(fails("11.0.0.1", stage, fault, std::move(error))));
}

// Of a service with TLS from the first octet.
Report fails_at_once(Fault fault) {
  ReportBuilder builder("example.org");
  builder.report.target.service = find_service("submissions");
  return builder.add(mx1().add(fails("11.0.0.1", Stage::handshake, fault))).judged();
}

FindingCase unreachable(Stage stage, Fault fault, const std::string& words) {
  return {"address-unreachable",
          fails_with(stage, fault),
          Severity::critical,
          place,
          place + " " + words + ".",
          "Start the service on " + place + ", open its firewall, or remove the address from the DNS."};
}

// The connection was taken: neither the address nor a closed port is to blame.
FindingCase broken_off(Stage stage, Fault fault, const std::string& words, const std::string& files = "") {
  auto broken = unreachable(stage, fault, words);
  broken.fix = "Check the " + files + "log of the server on " + place + ", and any proxy or firewall in front of it.";
  return broken;
}

std::vector<FindingCase> unreachable_cases() {
  FindingCase beside = unreachable(Stage::connect, Fault::refused, "refuses connections to port 25");
  beside.report = report(mx1().add(fails("11.0.0.1", Stage::connect, Fault::refused)).add(shows("11.0.0.2", {match})));
  beside.severity = Severity::warning;
  return {
      beside,
      unreachable(Stage::connect, Fault::refused, "refuses connections to port 25"),
      unreachable(Stage::connect, Fault::unreachable, "cannot be reached"),
      unreachable(Stage::connect, Fault::timeout, "does not answer on port 25"),
      broken_off(Stage::greeting, Fault::eof, "closes the connection before its greeting"),
      broken_off(Stage::starttls, Fault::reset, "closes the connection during STARTTLS"),
      broken_off(Stage::handshake, Fault::eof, "closes the connection during the TLS handshake",
                 "certificate and key files and the "),
  };
}

std::vector<FindingCase> tls_cases() {
  return {
      {"starttls-not-offered", fails_with(Stage::starttls, Fault::not_offered), Severity::critical, place,
       place + " does not offer STARTTLS, which its TLSA records demand.",
       "Enable STARTTLS on " + place + ", or find the firewall or proxy that strips it from the replies."},
      {"starttls-not-offered",
       report(HostBuilder("mx1.example.org")
                  .located(Located::no_tlsa)
                  .add(fails("11.0.0.1", Stage::starttls, Fault::not_offered))),
       Severity::info, place, place + " does not offer STARTTLS.",
       "Enable STARTTLS on " + place + ", or find the firewall or proxy that strips it from the replies."},
      {"starttls-not-offered", report(mx1().add(written_over("250-XXXXXXXA"))), Severity::critical, place,
       place + " does not offer STARTTLS, which its TLSA records demand. It said: \"250-XXXXXXXA\". A firewall writes "
               "over its replies, as Cisco's does.",
       "Switch the inspection of ESMTP off in the firewall before " + place +
           ", or let it allow TLS (Cisco: no inspect esmtp, or allow-tls)."},
      {"starttls-refused", fails_with(Stage::starttls, Fault::starttls_refused, "454 TLS not available"),
       Severity::critical, place, place + " refuses STARTTLS. It said: \"454 TLS not available\".",
       "Switch TLS on in the server on " + place +
           "; if it is on, look at its certificate and key files and at its log."},
      {"tls-handshake-failed", fails_with(Stage::handshake, Fault::alert, "handshake failure"), Severity::critical,
       place, place + " aborts the TLS handshake. The reason given: \"handshake failure\".",
       "Look at the TLS settings and the key of the server on " + place + ", and at its log."},
      {"tls-handshake-failed", fails_with(Stage::handshake, Fault::unrecognized_name, "TLS alert: unrecognized name"),
       Severity::critical, place,
       place + " aborts because it wants another server name. The reason given: \"TLS alert: unrecognized name\".",
       "Let the server on " + place +
           " answer clients that ask for mx1.example.org, and for any name it does not know."},
      {"tls-handshake-failed", fails_with(Stage::handshake, Fault::plaintext, "* BYE no TLS\r\n"), Severity::critical,
       place, place + " answers in plain text where TLS should start. The reason given: \"* BYE no TLS\".",
       "Check the certificate and key files and the log of the server on " + place +
           ", and any proxy or firewall in front of it."},
      {"tls-handshake-failed", fails_at_once(Fault::plaintext), Severity::critical, place,
       place + " answers in plain text where TLS should start.",
       "Make port 25 of mx1.example.org speak TLS, or use a service word that starts TLS in the dialogue."},
      {"tls-handshake-failed", fails_with(Stage::handshake, Fault::no_common_version), Severity::critical, place,
       place + " knows no TLS version that clients use.", "Enable TLS 1.2 and 1.3 on " + place + "."},
      {"protocol-error", fails_with(Stage::starttls, Fault::injected), Severity::critical, place,
       place + " sends plain text after agreeing to TLS: a fault, or an injection.",
       "Check the certificate and key files and the log of the server on " + place +
           ", and any proxy or firewall in front of it."},
      {"protocol-error", fails_with(Stage::greeting, Fault::malformed, "hello?"), Severity::critical, place,
       place + " violates its protocol. It said: \"hello?\".",
       "Check the server on " + place + ", and any proxy or firewall in front of it."},
      {"protocol-error", fails_with(Stage::greeting, Fault::too_long), Severity::critical, place,
       place + " sends longer replies than its protocol allows.",
       "Check the server on " + place + ", and any proxy or firewall in front of it."},
  };
}

Report old_version() {
  Look look = shows("11.0.0.1", {match});
  look.tls.tls->version = "TLSv1.1";
  return report(mx1().add(look));
}

Report not_run() {
  ReportBuilder builder("example.org");
  builder.report.run.complete = false;
  return builder.add(mx1().add(shows("11.0.0.1", {match})).add(fails("11.0.0.2", Stage::not_started, Fault::not_run)))
      .judged();
}

Report cut(Cell cell) {
  HostBuilder host = mx1();
  host.dns.tlsa_total = 401;
  host.dns.cuts = {{"records", 1, 401}};
  return report(host.add(shows("11.0.0.1", {cell})));
}

Report excluded() {
  HostBuilder host = mx1();
  host.dns.excluded_addresses = 2;
  return report(host.add(shows("11.0.0.1", {match})));
}

Report all_excluded() {
  HostBuilder host = mx1();
  host.dns.excluded_addresses = 2;
  return report(host);
}

Report unobserved_view(LookEnd end) {
  Look look = shows("11.0.0.1", {match});
  look.tls.unobserved_views = {View::rsa};
  look.tls.unobserved_by = std::move(end);
  return report(mx1().add(look));
}

Look asked_for_certificate(Stage stage, Fault fault) {
  Look look = shows("11.0.0.1", {match});
  look.tls.stage = stage;
  look.tls.fault = fault;
  look.tls.client_certificate_requested = true;
  return look;
}

Report insisting(std::string_view service) {
  ReportBuilder builder("example.org");
  builder.report.target.service = find_service(service);
  return builder.add(mx1().add(asked_for_certificate(Stage::handshake, Fault::alert))).judged();
}

Report session(bool closed_uncleanly, bool offered_again) {
  Look look = shows("11.0.0.1", {match});
  look.tls.closed_uncleanly = closed_uncleanly;
  look.tls.starttls_offered_again = offered_again;
  return report(mx1().add(look));
}

std::vector<FindingCase> session_cases() {
  const std::string insists = place + " ends the handshake because we do not present a client certificate.";
  return {
      {"client-certificate-required", insisting("smtp"), Severity::critical, place, insists,
       "Do not demand client certificates on port 25: other mail servers have none to show."},
      {"client-certificate-required", insisting("imap"), Severity::info, place, insists,
       "Ask for client certificates without insisting on them, unless every client has one."},
      {"client-certificate-requested", report(mx1().add(asked_for_certificate(Stage::done, Fault::none))),
       Severity::info, place, place + " asks for a client certificate and goes on without one.", ""},
      {"tls-unclean-close", session(true, false), Severity::info, place,
       place + " drops the connection right after the TLS handshake, without a word.",
       "Look at the server's log if clients complain; what danewatch came for it had shown by then."},
      {"starttls-offered-again", session(false, true), Severity::info, place,
       place + " offers STARTTLS again inside TLS.", "Leave STARTTLS out of the capabilities once TLS has begun."},
  };
}

Look costly() {
  Look look = shows("11.0.0.1", {unobserved}).concluding({Verdict::unknown, Reason::local_limit});
  look.match.too_costly = MatchLoad{std::chrono::milliseconds(31200), 4980, 30, 58, 16, 16384, 64};
  return look;
}

FindingCase too_costly(HostBuilder host, Severity severity) {
  return {"chain-too-costly",
          report(std::move(host)),
          severity,
          place,
          "The certificates of " + place +
              " take more work than danewatch does for one chain. 30 certificates, keys of up to 16384 bits with an "
              "exponent of 64, and 58 TLSA records need up to 4980 checks of a signature, 31200 ms of work; danewatch "
              "does 250 ms.",
          "Send only the certificates between the server's own and the trust anchor."};
}

std::vector<FindingCase> remark_cases() {
  return {
      {"tls-legacy", old_version(), Severity::info, place, place + " speaks TLSv1.1 at best.",
       "Enable TLS 1.2 and 1.3."},
      {"sni-differs",
       report(mx1().add(shows("11.0.0.1", {match})).add(shows("11.0.0.1", {no_match}, 'd').on(View::no_sni))),
       Severity::info, place, place + " shows another certificate to clients that send no server name.", ""},
      {"reserved-address", report(mx1().add(shows("192.168.1.1", {match}))), Severity::info,
       "192.168.1.1 (mx1.example.org)",
       "192.168.1.1 (mx1.example.org) cannot be reached from the Internet: the address is reserved.",
       "Remove it from the public DNS unless only your own network should reach it."},
      {"no-ipv6-here",
       report(mx1().add(shows("11.0.0.1", {match})).add(fails("2a00:1::1", Stage::connect, Fault::no_ipv6))),
       Severity::info, "2a00:1::1 (mx1.example.org)",
       "This machine has no IPv6, so 2a00:1::1 (mx1.example.org) could not be looked at.",
       "Run danewatch where IPv6 works."},
      {"no-ipv6-here", report(mx1().add(fails("2a00:1::1", Stage::connect, Fault::no_ipv6))), Severity::unknown,
       "2a00:1::1 (mx1.example.org)",
       "This machine has no IPv6, so 2a00:1::1 (mx1.example.org) could not be looked at.",
       "Run danewatch where IPv6 works."},
      {"addresses-excluded", excluded(), Severity::info, "mx1.example.org",
       "2 more addresses of mx1.example.org were not looked at, as -4, -6 or --ip asked.", ""},
      {"addresses-excluded", all_excluded(), Severity::unknown, "mx1.example.org",
       "2 addresses of mx1.example.org were not looked at, as -4, -6 or --ip asked.",
       "Leave the option out: the host has no address that it allows."},
      {"views-unobserved", unobserved_view({Stage::not_started, Fault::not_run, ""}), Severity::warning,
       "11.0.0.1 (mx1.example.org)", "Not every certificate type of 11.0.0.1 (mx1.example.org) could be looked at.",
       "Give the run more time with --timeout, or look again later."},
      {"views-unobserved", unobserved_view({Stage::greeting, Fault::reply, "421 4.7.0 Too many connections"}),
       Severity::warning, "11.0.0.1 (mx1.example.org)",
       "Not every certificate type of 11.0.0.1 (mx1.example.org) could be looked at. To a further connection it said: "
       "\"421 4.7.0 Too many connections\".",
       "Let this machine connect several times in a row, or look again later."},
      {"views-unobserved", unobserved_view({Stage::greeting, Fault::reset, "Connection reset by peer"}),
       Severity::warning, "11.0.0.1 (mx1.example.org)",
       "Not every certificate type of 11.0.0.1 (mx1.example.org) could be looked at. A further connection failed: "
       "\"Connection reset by peer\".",
       "Look again later."},
      {"local-limit",
       report(mx1()
                  .add(shows("11.0.0.1", {match}))
                  .add(fails("11.0.0.2", Stage::connect, Fault::no_descriptor, "EMFILE"))),
       Severity::info, "11.0.0.2 (mx1.example.org)",
       "A limit of this machine kept danewatch from looking at 11.0.0.2 (mx1.example.org). It says: \"EMFILE\".",
       "Allow more open files, or look at the log."},
      {"run-incomplete", not_run(), Severity::warning, "11.0.0.2 (mx1.example.org)",
       "Timed out before 11.0.0.2 (mx1.example.org) was checked.", "Give the run more time with --timeout."},
      too_costly(mx1().add(costly()), Severity::unknown),
      too_costly(mx1().add(shows("11.0.0.2", {match})).add(costly()), Severity::warning),
      {"limits-reached", cut(match), Severity::warning, "records of mx1.example.org",
       "Only 1 of 401 records of mx1.example.org were looked at.", "Remove some, or raise the limit for records."},
      {"limits-reached", cut(no_match), Severity::unknown, "records of mx1.example.org",
       "Only 1 of 401 records of mx1.example.org were looked at.", "Remove some, or raise the limit for records."},
  };
}

}  // namespace

std::vector<FindingCase> server_cases() {
  std::vector<FindingCase> cases = unreachable_cases();
  for (auto more : {tls_cases(), session_cases(), remark_cases()}) cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace danewatch::test
