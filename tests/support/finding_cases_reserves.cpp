// Records of certificate authorities that are not in use now.
#include "tests/support/finding_cases.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

Report report(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

const std::string a = "3 1 1 " + digest('a');
const std::string reserve = "2 1 1 " + digest('b');
const std::string keep =
    "If your next certificate may come from it, keep the record, and declare it (--next, or next: in danewatch.yml).";

// A leaf and the CA that signed it, whose key is digest('c').
Look issued(Look look) {
  Certificate authority = certificate('c', "Test CA");
  authority.issuer = "CN=Root";
  look.tls.chain.push_back(std::move(authority));
  return look;
}

// The CA in use, and one in reserve.
HostBuilder with_reserve(std::vector<Explanation> explanations = {}) {
  Look look = issued(shows("11.0.0.1", {match, no_match}));
  look.match.explanations = std::move(explanations);
  return HostBuilder("mx1.example.org").tlsa("2 1 1 " + digest('c')).tlsa(reserve).add(std::move(look));
}

// The same at another port, as whoever pins CAs publishes them.
HostBuilder with_reserve_everywhere() {
  Answer other = answer("_443._tcp.mx1.example.org", RrType::tlsa);
  other.data = {{record(reserve, "_443._tcp.mx1.example.org"), reserve, false}};
  other.diagnostic = true;
  return with_reserve().add(std::move(other));
}

// Both records are of CAs in reserve, and another one signed.
HostBuilder other_issuer(Certificate leaf = certificate('a'), const std::string& second = "2 1 1 " + digest('e')) {
  Look look = issued(shows("11.0.0.1", {no_match, no_match}).with(std::move(leaf)));
  look.match.explanations = {{0, Explanation::Kind::ta_not_sent, 1, 2, 1, 1},
                             {1, Explanation::Kind::ta_not_sent, 1, 2, 1, 1}};
  return HostBuilder("mx1.example.org").tlsa(reserve).tlsa(second).add(std::move(look));
}

HostBuilder incomplete_authority() {
  Look look = issued(shows("11.0.0.1", {match, no_match}));
  look.match.incomplete = {1};
  return mx1().tlsa(reserve).add(look);
}

HostBuilder shadowed_by_reserve() {
  Look look = issued(shows("11.0.0.1", {shadowed, no_match, match}));
  look.match.shadowed_by = {1};
  return HostBuilder("mx1.example.org")
      .tlsa("2 1 1 " + digest('c'))
      .tlsa("2 1 2 " + digest('b') + digest('b'))
      .tlsa(a)
      .add(look);
}

}  // namespace

std::vector<FindingCase> reserve_cases() {
  const std::string subject = "_25._tcp.mx1.example.org TLSA 2 1 1 bbbbbbbbbbbbbbbb…";
  const std::string unseen =
      "TLSA 2 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org names a certificate authority that signed nothing shown on any "
      "address.";
  const std::string ours = line("2 1 1 " + digest('c'));
  const std::string guess =
      "TLSA 2 1 1 bbbbbbbbbbbbbbbb… may name the CA above the last certificate sent by 11.0.0.1 (mx1.example.org). "
      "Clients match a usage 2 record only with certificates the server sends.";
  return {
      {"tlsa-extra-record", report(with_reserve()), Severity::warning, subject, unseen, keep},
      {"tlsa-extra-record", report(with_reserve_everywhere()), Severity::warning, subject, unseen, keep},
      {"tlsa-explained", report(with_reserve({{1, Explanation::Kind::other_authority, 0, 2, 1, 1, "CN=Reserve"}})),
       Severity::info, subject,
       "TLSA 2 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org names a CA that signed none of the certificates sent. It is "
       "\"CN=Reserve\".",
       keep},
      {"tlsa-extra-record", report(with_reserve({{1, Explanation::Kind::hash_of_nothing, 0, 2, 1, 1}})),
       Severity::warning, subject,
       "TLSA 2 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches no certificate shown on any address.",
       "If it is an old key (also behind any load balancer), remove `" + line(reserve) +
           "`. If it is your next key, declare it (--next, or next: in danewatch.yml)."},
      {"tlsa-incomplete-combination", report(incomplete_authority()), Severity::warning, subject,
       "No 2 1 1 record matches 11.0.0.1 (mx1.example.org), only other kinds do. Clients that know only this kind "
       "fail.",
       "Publish `" + ours + "`."},
      {"tlsa-shadowed", report(shadowed_by_reserve()), Severity::warning,
       "_25._tcp.mx1.example.org TLSA 2 1 2 bbbbbbbbbbbbbbbb…",
       "TLSA 2 1 2 bbbbbbbbbbbbbbbb… hides TLSA 2 1 1 cccccccccccccccc…, the right one for 11.0.0.1 "
       "(mx1.example.org). Clients use only the strongest digest of a usage and selector, and that one matches "
       "nothing.",
       "Publish the CA in use with matching type 2 too; remove nothing."},
      {"tlsa-mismatch", report(other_issuer()), Severity::critical, "11.0.0.1 (mx1.example.org)",
       "No TLSA record matches the certificate of 11.0.0.1 (mx1.example.org). Its key corresponds to TLSA 3 1 1 " +
           digest('a') + ".",
       "If that certificate is the right one, add `" + ours + "`: its CA, or add `" + line(a) +
           "`; otherwise go back to the certificate whose record is published."},
      {"tlsa-mismatch", report(other_issuer(certificate('a'), "3 1 1 " + digest('e'))), Severity::critical,
       "11.0.0.1 (mx1.example.org)",
       "No TLSA record matches the certificate of 11.0.0.1 (mx1.example.org). Its key corresponds to TLSA 3 1 1 " +
           digest('a') + ".",
       "If that certificate is the right one, add `" + line(a) +
           "`; otherwise go back to the certificate whose record is published."},
      {"tlsa-ta-not-sent", report(other_issuer()), Severity::info, subject, guess,
       "Add `" + ours +
           "`: the CA that signed. If this record names the CA above it, send the CA's certificate at the end of the "
           "chain, even if it is a root, or in the place of one of the same name."},
      {"tlsa-ta-not-sent", report(other_issuer(certificate('a', "other.example.net"))), Severity::info, subject, guess,
       "Send the CA's certificate at the end of the chain, even if it is a root, or in the place of one of the same "
       "name."},
  };
}

}  // namespace danewatch::test
