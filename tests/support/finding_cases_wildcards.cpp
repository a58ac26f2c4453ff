// Hosts whose address, or whose alias, was made from a wildcard: a TLSA record below such a name would end that.
#include "tests/support/finding_cases_dns.hpp"

namespace danewatch::test {
namespace {

const std::string wildcard = "*.example.org";
const std::string named = "`" + line("3 1 1 " + digest('d')) + "`";
const std::string none_here = "mx1.example.org has no TLSA record at " + owner + ".";
const std::string vanishes = " from the wildcard *.example.org and would vanish with a record below that name.";

Answer wild(Answer answer, const std::string& from = wildcard) {
  answer.wildcard = from;
  return answer;
}

HostBuilder without_tlsa(Answer found, bool seen = true) {
  HostBuilder host = ended(Located::no_tlsa).add(std::move(found));
  return seen ? host.add(shows("11.0.0.1", {}, 'd')) : host;
}

HostBuilder of_both_families() {
  Answer six = answer("mx1.example.org", RrType::aaaa, Status::secure, {"2a00:1::1"});
  return without_tlsa(wild(address())).add(wild(std::move(six))).add(shows("2a00:1::1", {}, 'e'));
}

// The host's name as an alias that nobody wrote for it.
Answer made_up(RrType type, std::optional<std::string> from) {
  Answer result = address();
  result.aliases = {{"mx1.example.org", "real.example.net", type, std::move(from)}};
  result.canonical_name = "real.example.net";
  return result;
}

Answer tlsa_alias(RrType type, std::optional<std::string> from) {
  Answer result = answer(owner, RrType::tlsa, Status::secure);
  result.aliases = {{owner, "tlsa.example.net", type, std::move(from)}};
  result.canonical_name = "tlsa.example.net";
  result.denial = Denial::nodata;
  return result;
}

Report imaps_service() {
  ReportBuilder builder("example.org");
  builder.report.target.kind = TargetKind::srv;
  builder.report.target.srv_owner = "_imaps._tcp.example.org";
  builder.report.target.service = find_service("imaps");
  HostBuilder host = without_tlsa(wild(address()));
  host.dns.port = 993;
  return builder.add(std::move(host)).judged();
}

HostBuilder existing_without_address() {
  Answer none = answer("mx1.example.org", RrType::a, Status::secure);
  none.denial = Denial::nodata;
  return ended(Located::no_address).add(std::move(none));
}

// A record below the name was published, and the name has no address any more.
HostBuilder after_the_accident(bool of_this_port = true, const std::string& from = wildcard) {
  HostBuilder host = existing_without_address();
  if (of_this_port) host.add(diagnostic(answer(owner, RrType::tlsa, Status::secure, {"3 1 1 " + digest('a')})));
  return host.add(diagnostic(wild(answer(from, RrType::a, Status::secure, {"11.0.0.1"}), from)));
}

std::vector<FindingCase> address_cases() {
  const std::string first = "irst give mx1.example.org address records of its own (A 11.0.0.1)";
  return {
      {"dns-no-tlsa", report(without_tlsa(wild(address()))), Severity::critical, owner,
       none_here + " Its address comes" + vanishes,
       "F" + first + ", and then publish " + named + ", and change it with every new key."},
      {"dns-no-tlsa", report(of_both_families()), Severity::critical, owner,
       none_here + " Its addresses come" + vanishes,
       "First give mx1.example.org address records of its own (A 11.0.0.1 and AAAA 2a00:1::1), and then publish " +
           named + ", and publish `" + line("3 1 1 " + digest('e')) + "`, and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(wild(address()), false)), Severity::critical, owner,
       none_here + " Its address comes" + vanishes,
       "F" + first + ", and then publish a TLSA record at " + owner + " (danewatch tlsa makes one)."},
      {"dns-no-tlsa",
       report(without_tlsa(wild(address()), false).add(fails("11.0.0.1", Stage::connect, Fault::refused))),
       Severity::critical, owner, none_here + " Its address comes" + vanishes,
       "Once the server offers TLS, f" + first + ", and then publish a TLSA record at " + owner +
           " (danewatch tlsa makes one)."},
      {"dns-no-tlsa", report(without_tlsa(wild(address(), "*.org"), false)), Severity::critical, owner,
       none_here + " Its address comes from the wildcard *.org and would vanish with a record below that name.",
       "F" + first + ", and example.org too if somebody needs an address there, and then publish a TLSA record at " +
           owner + " (danewatch tlsa makes one)."},
      {"dns-no-tlsa", imaps_service(), Severity::critical, "_993._tcp.mx1.example.org",
       "mx1.example.org has no TLSA record at _993._tcp.mx1.example.org. Its address comes" + vanishes,
       "F" + first + ", and then publish `_993._tcp.mx1.example.org. IN TLSA 3 1 1 " + digest('d') +
           "`, and change it with every new key."},
      {"dns-no-address", report(after_the_accident()), Severity::critical, "mx1.example.org",
       "mx1.example.org has neither an A nor an AAAA record. The wildcard *.example.org gives it none, because the "
       "TLSA record at " +
           owner + " makes it a name of its own.",
       "Add address records of its own to mx1.example.org (A 11.0.0.1), or stop pointing to it."},
      {"dns-no-address", report(after_the_accident(false)), Severity::critical, "mx1.example.org",
       "mx1.example.org has neither an A nor an AAAA record. The wildcard *.example.org gives it none, because a "
       "record at or below it makes it a name of its own.",
       "Add address records of its own to mx1.example.org (A 11.0.0.1), or stop pointing to it."},
      {"dns-no-address", report(after_the_accident(true, "*.org")), Severity::critical, "mx1.example.org",
       "mx1.example.org has neither an A nor an AAAA record. The wildcard *.org does not reach it, because it or a "
       "name between them exists.",
       "Add address records of its own to mx1.example.org (A 11.0.0.1), or stop pointing to it."},
  };
}

std::vector<FindingCase> made_up_alias_cases() {
  const std::string there = "`" + line("3 1 1 " + digest('d'), "real.example.net") + "`";
  const std::string none_there = "mx1.example.org has no TLSA record at _25._tcp.real.example.net.";
  const std::string of_a_dname =
      " mx1.example.org is an alias that comes from a DNAME record; no record can stand below its name.";
  return {
      {"dns-no-tlsa", report(without_tlsa(made_up(RrType::cname, wildcard))), Severity::critical,
       "_25._tcp.real.example.net",
       none_there +
           " mx1.example.org is an alias that comes from the wildcard *.example.org and would vanish with a record "
           "below its name.",
       "Publish " + there + ", and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(made_up(RrType::dname, std::nullopt))), Severity::critical,
       "_25._tcp.real.example.net", none_there + of_a_dname,
       "Publish " + there + ", and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(wild(made_up(RrType::dname, std::nullopt), "*.example.net"))),
       Severity::critical, "_25._tcp.real.example.net",
       none_there + of_a_dname +
           " The address of real.example.net comes from the wildcard *.example.net and would vanish with a record "
           "below that name.",
       "First give real.example.net address records of its own (A 11.0.0.1), and then publish " + there +
           ", and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(wild(made_up(RrType::cname, std::nullopt), "*.example.net"))),
       Severity::critical, owner, none_here, "Publish " + named + ", and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(address()).add(tlsa_alias(RrType::cname, wildcard))), Severity::critical,
       owner, none_here, "Publish " + named + ", and change it with every new key."},
      {"dns-no-tlsa", report(without_tlsa(address()).add(tlsa_alias(RrType::dname, std::nullopt))), Severity::critical,
       owner, "mx1.example.org has no TLSA record: " + owner + " is an alias of tlsa.example.net, which has none.",
       "Publish the TLSA record at tlsa.example.net (danewatch tlsa makes it)."},
  };
}

}  // namespace

std::vector<FindingCase> wildcard_cases() {
  std::vector<FindingCase> cases = address_cases();
  for (FindingCase& each : made_up_alias_cases()) cases.push_back(std::move(each));
  return cases;
}

}  // namespace danewatch::test
