#include "tests/support/finding_cases_dns.hpp"

namespace danewatch::test {
namespace {

// The host's name as an alias, followed step by step.
HostBuilder aliased(const std::vector<std::string>& steps) {
  HostBuilder host = ended(Located::servfail).add(failed("mx1.example.org", RrType::a));
  std::string from = "mx1.example.org";
  for (const std::string& to : steps) {
    host.add(diagnostic(answer(from, RrType::cname, Status::secure, {to + "."})));
    from = to;
  }
  return host;
}

Answer aliased_tlsa(Status status, const std::vector<std::string>& data = {}) {
  Answer result = answer(owner, RrType::tlsa, status, data);
  result.aliases = {{owner, "tlsa.example.net", RrType::cname}};
  result.canonical_name = "tlsa.example.net";
  return result;
}

// A signed address behind an alias that is not.
Answer unsigned_link() {
  Answer result = answer("mx1.example.org", RrType::a, Status::insecure, {"11.0.0.1"});
  result.aliases = {{"mx1.example.org", "b.example.com", RrType::cname},
                    {"b.example.com", "c.example.net", RrType::cname}};
  result.canonical_name = "c.example.net";
  result.signer = "example.net";
  return result;
}

// What following the aliases of unsigned_link() shows.
HostBuilder with_steps(HostBuilder host) {
  host.add(diagnostic(answer("mx1.example.org", RrType::cname, Status::secure, {"b.example.com."})));
  return host.add(diagnostic(answer("b.example.com", RrType::cname, Status::insecure, {"c.example.net."})));
}

Answer empty_alias(Denial denial) {
  Answer result = address();
  result.data.clear();
  result.denial = denial;
  result.aliases = {{"mx1.example.org", "gone.example.net", RrType::cname}};
  result.canonical_name = "gone.example.net";
  return result;
}

Report bogus_alias() {
  Answer forged = bogus("mx1.example.org", RrType::a);
  forged.aliases = {{"mx1.example.org", "mx.evil.example", RrType::cname}};
  forged.canonical_name = "mx.evil.example";
  return ReportBuilder("example.org")
      .add(diagnostic(answer("example.org", RrType::dnskey, Status::secure, {"257 3 13 aa"})))
      .add(diagnostic(answer("evil.example", RrType::dnskey, Status::secure, {"257 3 13 bb"})))
      .add(ended(Located::bogus)
               .add(forged)
               .add(diagnostic(answer("mx1.example.org", RrType::cname, Status::bogus, {"mx.evil.example."}))))
      .judged();
}

Report srv_to(HostBuilder host) {
  ReportBuilder builder("example.org");
  builder.report.target.kind = TargetKind::srv;
  builder.report.target.srv_owner = "_imaps._tcp.example.org";
  builder.report.target.service = find_service("imaps");
  return builder.add(std::move(host)).judged();
}

HostBuilder port_zero() {
  HostBuilder host = ended(Located::malformed);
  host.dns.port = 0;
  return host;
}

Answer dangling() {
  Answer result = aliased_tlsa(Status::secure);
  result.denial = Denial::nxdomain;
  return result;
}

// MX records with a signature that did not count, and what the parent says.
Report insecure_mx_with(std::vector<std::string> ds, Status keys = Status::insecure, Status parent = Status::secure) {
  Answer mx = answer("example.org", RrType::mx, Status::insecure, {"10 mx1.example.org."});
  mx.signer = "example.org";
  return ReportBuilder("example.org")
      .add(std::move(mx))
      .add(diagnostic(answer("example.org", RrType::ds, parent, std::move(ds))))
      .add(diagnostic(answer("example.org", RrType::dnskey, keys, {"257 3 13 aa"})))
      .located(Located::insecure_mx)
      .add(good())
      .judged();
}

std::vector<FindingCase> broken_cases() {
  return {
      {"dns-failed", report(aliased({"b.example.org", "c.example.org", "b.example.org"})), Severity::critical,
       "mx1.example.org A",
       "mx1.example.org is an alias in a loop: it leads to b.example.org and c.example.org, and then to b.example.org "
       "again.",
       "Give mx1.example.org records of its own in the place of the alias."},
      {"dns-failed", report(aliased({"mx1.example.org"})), Severity::critical, "mx1.example.org A",
       "mx1.example.org is an alias of itself.", "Give mx1.example.org records of its own in the place of the alias."},
      {"dns-failed", report(aliased({"b.example.org", "c.example.org"})), Severity::critical, "mx1.example.org A",
       "mx1.example.org has too long an alias chain: it leads to b.example.org and c.example.org, and further.",
       "Give mx1.example.org records of its own in the place of the alias."},
      {"dns-no-such-name", report(ended(Located::nxdomain).add(empty_alias(Denial::nxdomain))), Severity::critical,
       "mx1.example.org", "mx1.example.org is an alias that leads to gone.example.net, a name that does not exist.",
       "Let the alias lead to a name that has address records, or add some for gone.example.net."},
      {"dns-no-address", report(ended(Located::no_address).add(empty_alias(Denial::nodata))), Severity::critical,
       "mx1.example.org",
       "mx1.example.org is an alias that leads to gone.example.net, which has neither an A nor an AAAA record.",
       "Let the alias lead to a name that has address records, or add some for gone.example.net."},
      {"dns-failed", report(aliased({"b.example.org"}).add(diagnostic(failed("b.example.org", RrType::cname)))),
       Severity::critical, "mx1.example.org A",
       "mx1.example.org is an alias that leads to b.example.org, where no name server gives a usable answer.",
       "Check that every name server of b.example.org answers this question over UDP and TCP."},
      {"dns-failed", srv_to(port_zero()), Severity::critical, "_imaps._tcp.example.org SRV",
       "The SRV record of _imaps._tcp.example.org names port 0 of mx1.example.org.",
       "Name the service's port there; to say that there is no service, use the target \".\"."},
      {"dnssec-bogus", bogus_alias(), Severity::critical, "mx1.example.org A",
       "The answer to mx1.example.org A fails DNSSEC validation. Senders must not use this host.",
       "Re-sign the zone example.org; its keys and its DS record are right."},
      {"dns-no-tlsa", report(ended(Located::no_tlsa).add(dangling())), Severity::critical, owner,
       "mx1.example.org has no TLSA record: " + owner + " is an alias of tlsa.example.net, which has none.",
       "Publish the TLSA record at tlsa.example.net, or in the place of the alias (danewatch tlsa makes it)."},
      {"dns-srv-is-alias", srv_to(good().add(alias())), Severity::info, "mx1.example.org",
       "The SRV target mx1.example.org is an alias of real.example.net.",
       "Give mx1.example.org address records of its own."},
  };
}

std::vector<FindingCase> unproven_cases() {
  return {
      {"dns-insecure-mx", insecure_mx_with({}), Severity::critical, "example.org MX",
       "The MX records of example.org are not proven by DNSSEC, so anyone could name other hosts. The zone example.org "
       "is "
       "signed, but its parent zone has no DS record for it.",
       "Have the DS record of example.org published by its parent zone, through its registrar."},
      {"dns-insecure-mx", insecure_mx_with({"1 99 2 aa"}), Severity::critical, "example.org MX",
       "The MX records of example.org are not proven by DNSSEC, so anyone could name other hosts. The DS record of "
       "example.org names no algorithm and digest that resolvers know, so they take the zone for unsigned.",
       "Sign example.org with a common algorithm such as 13 (ECDSA P-256), and have a DS record of digest type 2 "
       "published by its parent zone."},
      {"dns-insecure-mx", insecure_mx_with({"1 13 2 aa"}, Status::secure), Severity::critical, "example.org MX",
       "The MX records of example.org are not proven by DNSSEC, so anyone could name other hosts. The zone example.org "
       "is "
       "signed, but its NSEC3 records prove neither absence nor wildcards: they have too many iterations, or opt-out.",
       "Sign example.org with NSEC, or with NSEC3 without iterations and opt-out (RFC 9276)."},
      {"dns-insecure-address",
       report(ended(Located::insecure).add(address()).add(aliased_tlsa(Status::insecure, {"x"}))), Severity::critical,
       "mx1.example.org",
       "The TLSA records of mx1.example.org are not signed, so DANE does not apply. " + owner +
           " is an alias that leads to tlsa.example.net.",
       "Sign the zone of tlsa.example.net with DNSSEC and have its DS record published by the parent zone, or put the "
       "records where the alias is."},
      {"dns-insecure-address", report(with_steps(ended(Located::insecure).add(unsigned_link()))), Severity::critical,
       "mx1.example.org",
       "The address records of mx1.example.org are not signed, so DANE does not apply. b.example.com is an alias that "
       "is "
       "not signed.",
       "Sign the zone of b.example.com" + sign_it},
      {"dns-insecure-mx", insecure_mx_with({"1 13 2 aa"}, Status::insecure, Status::insecure), Severity::critical,
       "example.org MX",
       "The MX records of example.org are not proven by DNSSEC, so anyone could name other hosts. The zone example.org "
       "is "
       "signed, but the zone above it is not, so nothing proves its keys.",
       "Sign the zone above example.org too, and have its DS record published by its own parent."},
  };
}

}  // namespace

std::vector<FindingCase> alias_cases() {
  std::vector<FindingCase> cases = broken_cases();
  const std::vector<FindingCase> more = unproven_cases();
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace danewatch::test
