// What the finding cases about the DNS share: hosts that end somewhere, and the answers that ended them.
//
// Never asks anybody. Thread rule: pure functions.
#pragma once

#include "tests/support/finding_cases.hpp"

namespace danewatch::test {

inline const std::string owner = "_25._tcp.mx1.example.org";
inline const std::string sign_it = " with DNSSEC and have its DS record published by the parent zone.";

inline Report report(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

inline HostBuilder good(std::string name = "mx1.example.org") {
  return HostBuilder(std::move(name)).tlsa("3 1 1 " + digest('a')).add(shows("11.0.0.1", {Cell::match}));
}

inline HostBuilder ended(Located located) {
  return HostBuilder("mx1.example.org").located(located);
}

inline Answer failed(std::string name, RrType type, Failure failure = Failure::servfail) {
  Answer result = answer(std::move(name), type, Status::failed);
  result.failure = failure;
  return result;
}

inline Answer bogus(std::string name, RrType type, std::string why = "") {
  Answer result = answer(std::move(name), type, Status::bogus, {"forged"});
  result.why_bogus = std::move(why);
  return result;
}

inline Answer diagnostic(Answer result) {
  result.diagnostic = true;
  return result;
}

inline Answer address() {
  return answer("mx1.example.org", RrType::a, Status::secure, {"11.0.0.1"});
}

inline Answer alias() {
  Answer result = address();
  result.aliases = {{"mx1.example.org", "real.example.net", RrType::cname}};
  return result;
}

// Aliases, and answers that are not proven.
std::vector<FindingCase> alias_cases();

// Names that are not what was meant.
std::vector<FindingCase> name_cases();
// The MX host is an alias, and its certificate is for the name that the MX record gives.
Report certificate_for_the_mx_name();

// Names that a wildcard or a DNAME record made.
std::vector<FindingCase> wildcard_cases();

}  // namespace danewatch::test
