// Servers that refuse us or let us wait, and zones or certificates beyond what we can take.
#include "tests/support/finding_cases.hpp"
#include "tests/support/finding_cases_dns.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

const std::string place = "11.0.0.1 (mx1.example.org)";
const std::string others = " It may let other senders in: that cannot be seen from here.";
const std::string look_at = "Check the server on mx1.example.org, and any proxy or firewall in front of it.";

Look replied(Stage stage, Refusal refusal, std::string words) {
  Look look = fails("11.0.0.1", stage, Fault::reply, std::move(words));
  look.tls.refusal = refusal;
  if (stage == Stage::starttls) look.tls.helo = "[192.0.2.1]";
  return look;
}

FindingCase refuses(Look look, const std::string& text, const std::string& fix) {
  return {"address-unreachable", report(mx1().add(std::move(look))), Severity::critical, place, place + text, fix};
}

Look silent(Stage stage, std::string heard) {
  Look look = fails("11.0.0.1", stage, Fault::timeout);
  look.tls.heard = std::move(heard);
  look.tls.waited = std::chrono::milliseconds(20000);
  return look;
}

Report xmpp(Refusal refusal, std::string words) {
  ReportBuilder builder("chat.example.org");
  builder.report.target.service = find_service("xmpp-client");
  Look look = replied(Stage::starttls, refusal, std::move(words));
  look.tls.helo.clear();
  return builder.add(mx1().add(std::move(look))).judged();
}

Report without_starttls(std::string heard) {
  Look look = fails("11.0.0.1", Stage::starttls, Fault::not_offered);
  look.tls.heard = std::move(heard);
  return report(mx1().add(std::move(look)));
}

Report with_slip() {
  Look look = shows("11.0.0.1", {match});
  look.tls.slip = "220mx1";
  return report(mx1().add(std::move(look)));
}

std::vector<FindingCase> refused_cases() {
  return {
      refuses(replied(Stage::greeting, Refusal::unspecified, "554 no"),
              " refuses the connection in its greeting. It said: \"554 no\"." + others,
              "Allow this machine's address, or check the load of mx1.example.org."),
      refuses(replied(Stage::greeting, Refusal::later, "421 busy"),
              " asks us in its greeting to come again later. It said: \"421 busy\"." + others,
              "Look again later. If it stays so, let this machine's address in, or look at the load of "
              "mx1.example.org."),
      refuses(
          replied(Stage::starttls, Refusal::us, "550 not yours"),
          " refuses our address, or the name we gave in EHLO, \"[192.0.2.1]\". It said: \"550 not yours\"." + others,
          "Give the name that this machine's address has in the DNS (--helo NAME, helo: in danewatch.yml), or let "
          "this machine in on mx1.example.org."),
      refuses(replied(Stage::starttls, Refusal::later, "450 no PTR"),
              " asks us after EHLO to come again later. It said: \"450 no PTR\"." + others,
              "Look again later. If it stays so, let this machine's address in, or give another name than "
              "\"[192.0.2.1]\" with --helo NAME, or look at the load of mx1.example.org."),
      {"address-unreachable", xmpp(Refusal::elsewhere, "stream error: see-other-host b.example.org"),
       Severity::critical, place,
       place + " sends clients to another server, before TLS. It said: \"stream error: see-other-host "
               "b.example.org\".",
       "Look at the server that it names."},
      {"address-unreachable", xmpp(Refusal::not_here, "stream error: host-unknown"), Severity::critical, place,
       place + " does not serve chat.example.org, the name we asked for. It said: \"stream error: host-unknown\".",
       "Ask for the domain that it serves: _xmpp-client._tcp.DOMAIN."},
      {"address-unreachable", xmpp(Refusal::us, "stream error: policy-violation"), Severity::critical, place,
       place + " refuses us before TLS. It said: \"stream error: policy-violation\".",
       "Let this machine's address in on mx1.example.org, or run danewatch where it is let in."},
  };
}

std::vector<FindingCase> patience_cases() {
  const std::string more_time =
      "Give the run more time with --timeout; if that does not help, check the log of the server on " + place + ".";
  return {
      refuses(silent(Stage::greeting, ""), " sends no greeting within 20 s.", more_time),
      refuses(silent(Stage::greeting, "220-mx1"),
              " begins its greeting and does not end it within 20 s. It said: \"220-mx1\".", more_time),
      {"starttls-not-offered", without_starttls("502 what?"), Severity::critical, place,
       place + " does not offer STARTTLS, which its TLSA records demand. It said: \"502 what?\".",
       "Enable STARTTLS on " + place + ", or find the firewall or proxy that strips it from the replies."},
      {"starttls-not-offered", without_starttls("250-STARTTLS"), Severity::critical, place,
       place + " does not offer STARTTLS, which its TLSA records demand. The first line of its reply to EHLO says "
               "STARTTLS, where only the server's name is read (RFC 5321 §4.1.1.1). It said: \"250-STARTTLS\".",
       "Let the server on " + place + " begin its reply to EHLO with its name, and say STARTTLS behind it."},
      {"protocol-error", with_slip(), Severity::critical, place,
       place + " breaks its protocol: a reply's code wants a blank or \"-\" behind it. It said: \"220mx1\". Some "
               "clients go on all the same; others, Postfix among them, wait for the rest of the reply.",
       look_at},
      {"protocol-error", report(mx1().add(fails("11.0.0.1", Stage::handshake, Fault::malformed, "HelloRequests"))),
       Severity::critical, place, place + " sends TLS messages without end in the handshake. Seen: \"HelloRequests\".",
       "Check the server on " + place + ", and any proxy or firewall in front of it."},
  };
}

Report beyond_us() {
  ReportBuilder builder("example.org");
  builder.located(Located::algorithm);
  builder.report.walk.lookups = {
      answer("example.org", RrType::ds, Status::secure, {"12345 16 2 " + std::string(64, 'a')})};
  return builder.add(ended(Located::algorithm)).judged();
}

Report asked_as_host(Located located, bool serves = false) {
  ReportBuilder builder("example.org");
  builder.report.target.kind = TargetKind::host;
  HostBuilder host("example.org");
  Answer mx = diagnostic(answer("example.org", RrType::mx, Status::secure));
  mx.data.push_back({Mx{10, "mx1.example.org"}, "10 mx1.example.org.", false});
  if (serves) host.add(shows("11.0.0.1", {}));
  return builder.add(host.located(located).add(mx)).judged();
}

std::vector<FindingCase> limit_cases() {
  const std::string domain =
      "example.org is a mail domain (MX mx1.example.org): check example.org, without smtp:// or a port.";
  return {
      {"local-limit", report(mx1().add(fails("11.0.0.1", Stage::handshake, Fault::too_large))), Severity::unknown,
       place, "The certificates that " + place + " sends are more than danewatch reads, 1 MB.",
       "Look at the chain file of the server: clients of OpenSSL read 100 kB, and a chain has 10 kB."},
      {"local-limit", beyond_us(), Severity::unknown, "example.org",
       "The zone example.org is signed with algorithm ED448 (16), which the resolver here (libunbound) cannot check.",
       "Run danewatch with a libunbound that knows it. Other resolvers may: whether senders use DANE for this zone "
       "depends on theirs."},
      {"dns-no-address", asked_as_host(Located::no_address), Severity::critical, "example.org", domain,
       "Name the domain alone: example.org."},
      {"mail-domain", asked_as_host(Located::no_tlsa), Severity::critical, "example.org", domain,
       "Name the domain alone: example.org."},
      {"mail-domain", asked_as_host(Located::no_tlsa, true), Severity::info, "example.org", domain,
       "Name the domain alone: example.org."},
  };
}

}  // namespace

std::vector<FindingCase> refusal_cases() {
  std::vector<FindingCase> cases = refused_cases();
  for (auto more : {patience_cases(), limit_cases()}) cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace danewatch::test
