// Names that are not what was meant: addresses in the place of hosts, final dots left out, records at another owner;
// and a denial that proves nothing.
#include "tests/support/finding_cases_dns.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

const std::string give_a_name =
    "Give the server a host name that has an address record, such as mx.example.org A 192.0.2.1, and name that in the "
    "MX record.";

Report named(const std::string& host, Located located) {
  return report(HostBuilder(host).located(located));
}

Report srv_literal() {
  ReportBuilder builder("example.org");
  builder.report.target.kind = TargetKind::srv;
  builder.report.target.srv_owner = "_imaps._tcp.example.org";
  builder.report.target.service = find_service("imaps");
  builder.add(answer("_imaps._tcp.example.org", RrType::srv, Status::secure, {"0 0 993 192.0.2.1."}));
  HostBuilder host = HostBuilder("192.0.2.1").located(Located::address_literal);
  host.dns.port = 993;
  return builder.add(host).judged();
}

Report opted_out() {
  Answer denial = answer(owner, RrType::tlsa, Status::insecure);
  denial.denial = Denial::nxdomain;
  denial.opt_out = true;
  denial.signer = "example.org";
  return report(ended(Located::no_tlsa).add(address()).add(denial).add(shows("11.0.0.1", {}, 'd')));
}

// A record that is right for the certificate, at a name where nobody looks for it.
Report misplaced(const std::string& at) {
  Answer found = diagnostic(answer(at, RrType::tlsa, Status::secure, {"3 1 1 " + digest('d')}));
  found.data.front().value = record("3 1 1 " + digest('d'), at);
  return report(ended(Located::no_tlsa).add(address()).add(found).add(shows("11.0.0.1", {}, 'd')));
}

// The zone below the host is signed, and the zone of the host, which is proven, has no DS record for it.
Report cut_below() {
  Answer host = address();
  host.signer = "example.org";
  Answer tlsa = answer(owner, RrType::tlsa, Status::insecure, {"3 1 1 " + digest('a')});
  tlsa.signer = "_tcp.mx1.example.org";
  Answer ds = diagnostic(answer("_tcp.mx1.example.org", RrType::ds));
  ds.signer = "example.org";
  Answer keys = diagnostic(answer("_tcp.mx1.example.org", RrType::dnskey, Status::insecure, {"257 3 13 aa"}));
  return ReportBuilder("example.org").add(ds).add(keys).add(ended(Located::insecure).add(host).add(tlsa)).judged();
}

Report another_answer() {
  Answer other = diagnostic(answer(owner, RrType::tlsa, Status::insecure, {"3 1 1 " + digest('d')}));
  other.data.front().value = record("3 1 1 " + digest('d'), owner);
  return report(ended(Located::no_tlsa).add(answer(owner, RrType::tlsa)).add(other).add(shows("11.0.0.1", {}, 'd')));
}

// The MX host is an alias, and the certificate is for the one of its names that senders without DANE compare.
Report named_by_mx(const std::string& name) {
  Answer found = address();
  found.aliases = {{"mx1.example.org", "real.example.net", RrType::cname}};
  HostBuilder host("mx1.example.org");
  host.dns.base_domain = "real.example.net";
  host.dns.names = {"real.example.net", "example.org"};
  host.tlsa("3 1 1 " + digest('a')).add(found);
  return report(host.add(shows("11.0.0.1", {match}).with(certificate('a', name))));
}

std::vector<FindingCase> host_cases() {
  const std::string absent = " does not exist.";
  return {
      {"dns-host-is-address", named("192.0.2.1", Located::address_literal), Severity::critical, "192.0.2.1",
       "The MX record of example.org names the address 192.0.2.1, where a host name belongs. Some connect to it all "
       "the same, others do not.",
       give_a_name},
      {"dns-host-is-address", srv_literal(), Severity::critical, "192.0.2.1",
       "The SRV record of example.org names the address 192.0.2.1, where a host name belongs. Some connect to it all "
       "the same, others do not.",
       "Give the server a host name that has an address record, such as mx.example.org A 192.0.2.1, and name that in "
       "the SRV record."},
      {"dns-no-such-name", named("192.0.2.1.example.org", Located::nxdomain), Severity::critical,
       "192.0.2.1.example.org",
       "The name 192.0.2.1.example.org" + absent +
           " The MX record of example.org holds an address, where a host name belongs.",
       give_a_name},
      {"dns-no-such-name", named("mx.example.org.example.org", Located::nxdomain), Severity::critical,
       "mx.example.org.example.org",
       "The name mx.example.org.example.org" + absent +
           " It ends in example.org twice, as where the final dot is missing.",
       "Write the name with a final dot in the MX record: mx.example.org."},
      {"dns-no-such-name", named("mx.example.net.example.org", Located::nxdomain), Severity::critical,
       "mx.example.net.example.org", "The name mx.example.net.example.org" + absent,
       "If mx.example.net is meant, write it with a final dot in the MX record: mx.example.net. If not, add address "
       "records for mx.example.net.example.org, or stop pointing to it."},
      {"dns-no-such-name", named("mx.eu.example.org", Located::nxdomain), Severity::critical, "mx.eu.example.org",
       "The name mx.eu.example.org" + absent, "Add address records for mx.eu.example.org, or stop pointing to it."},
  };
}

std::vector<FindingCase> owner_cases() {
  const std::string twice = owner + ".example.org";
  const std::string publish = "Publish `" + line("3 1 1 " + digest('d')) + "`.";
  return {
      {"dns-no-tlsa", opted_out(), Severity::critical, owner, "mx1.example.org has no TLSA record at " + owner + ".",
       "Publish `" + line("3 1 1 " + digest('d')) + "`, and change it with every new key."},
      {"dns-opt-out", opted_out(), Severity::info, "example.org",
       "The NSEC3 records of example.org have opt-out, so they do not prove that " + owner + " has none.",
       "Sign example.org with NSEC, or with NSEC3 without opt-out."},
      {"dns-answers-differ", another_answer(), Severity::info, owner + " TLSA",
       "Asked once more, the name servers gave another answer to " + owner + " TLSA: TLSA 3 1 1 dddddddddddddddd….",
       "Compare what each name server of that zone answers before you change records: one may lag behind."},
      {"tlsa-explained", misplaced("_25._tcp.example.org"), Severity::critical, "_25._tcp.example.org",
       "A record for the certificate of 11.0.0.1 (mx1.example.org) stands at _25._tcp.example.org, but port 25 is "
       "looked up at " +
           owner + ".",
       publish},
      {"tlsa-explained", misplaced(twice), Severity::critical, twice,
       "A record for the certificate of 11.0.0.1 (mx1.example.org) stands at " + twice +
           ", but port 25 is looked up at " + owner + ". The final dot of its name is missing in the zone file.",
       publish},
      {"dns-insecure-address", cut_below(), Severity::critical, "mx1.example.org",
       "The TLSA records of mx1.example.org are not proven by DNSSEC, so DANE does not apply. The zone "
       "_tcp.mx1.example.org is signed, but its parent zone has no DS record for it.",
       "Put a DS record of _tcp.mx1.example.org into the zone above it, example.org."},
      {"cert-name", named_by_mx("other.example.net"), Severity::info, "11.0.0.1 (mx1.example.org)",
       "The certificate of 11.0.0.1 (mx1.example.org) is not for mx1.example.org, real.example.net and example.org; "
       "DANE clients ignore this with usage 3.",
       "Get a certificate for mx1.example.org with the same key, for clients that do not use DANE."},
  };
}

}  // namespace

std::vector<FindingCase> name_cases() {
  std::vector<FindingCase> cases = host_cases();
  for (FindingCase& each : owner_cases()) cases.push_back(std::move(each));
  return cases;
}

Report certificate_for_the_mx_name() {
  return named_by_mx("mx1.example.org");
}

}  // namespace danewatch::test
