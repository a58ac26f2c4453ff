#include "tests/support/finding_cases.hpp"

#include "tests/support/sample_reports.hpp"

namespace danewatch::test {
namespace {

using enum Cell;

Report report(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

const std::string a = "3 1 1 " + digest('a');
const std::string b = "3 1 1 " + digest('b');
const std::string strong = "3 1 2 " + digest('b') + digest('b');

HostBuilder stale() {
  return mx1().tlsa(b).add(shows("11.0.0.1", {match, no_match}));
}

HostBuilder stale_at(const std::string& owner) {
  HostBuilder host = stale();
  for (TlsaRecord& record : host.dns.tlsa) record.owner = owner;
  return host;
}

std::string careful_removal(const std::string& owner, const std::string& record) {
  return "look at every port and host that " + owner + " answers for, and if none needs it, remove `" + owner +
         ". IN TLSA " + record + "`";
}

FindingCase stale_elsewhere(const std::string& owner) {
  return {"tlsa-extra-record",
          report(stale_at(owner)),
          Severity::warning,
          owner + " TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
          "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches no certificate shown on any address. It stands at " +
              owner + ", so other ports or hosts may use it.",
          "If it is an old key (also behind any load balancer), " + careful_removal(owner, b) +
              ". If it is your next key, declare it (--next, or next: in danewatch.yml)."};
}

// The web server's record, by a wildcard also the mail server's.
FindingCase pkix_elsewhere() {
  const std::string wildcard = "*._tcp.mx1.example.org";
  const std::string web = "1 1 1 " + digest('b');
  HostBuilder host = mx1().unusable(web, "PKIX").add(shows("11.0.0.1", {match, unusable}));
  for (TlsaRecord& record : host.dns.tlsa) record.owner = wildcard;
  return {"tlsa-pkix-usage-smtp",
          report(host),
          Severity::info,
          wildcard + " TLSA 1 1 1 bbbbbbbbbbbbbbbb…",
          "TLSA 1 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org does not count: mail servers ignore usages 0 and 1. With "
          "usage 3 it would not match either.",
          "Mail needs usage 3 or 2: " + careful_removal(wildcard, web) + "."};
}

Report next_is_missing(const std::string& owner) {
  ReportBuilder builder("example.org");
  builder.report.policy.next = {NextKey{"", {record("3 1 1 " + digest('e'), owner)}}};
  return builder.add(stale()).judged();
}

Report declared_next() {
  ReportBuilder builder("example.org");
  builder.report.policy.next = {NextKey{"", {record(b, "")}}};
  return builder.add(stale()).judged();
}

Report one_view_only() {
  ReportBuilder builder("example.org");
  builder.report.policy.views = Views::standard;
  return builder.add(stale()).judged();
}

Look shadowed_look() {
  Look look = shows("11.0.0.1", {shadowed, no_match});
  look.match.shadowed_by = {1};
  return look;
}

HostBuilder shadowed_but_saved() {
  Look look = shows("11.0.0.1", {shadowed, no_match, match});
  look.match.shadowed_by = {1};
  return mx1().tlsa(strong).tlsa("2 1 1 " + digest('c')).add(look);
}

HostBuilder incomplete() {
  Look look = shows("11.0.0.1", {match, no_match});
  look.match.incomplete = {1};
  return mx1().tlsa("3 0 1 " + digest('c')).add(look);
}

HostBuilder with_records(int count) {
  HostBuilder host("mx1.example.org");
  std::vector<Cell> cells(static_cast<std::size_t>(count), no_match);
  for (int i = 0; i < count; ++i) host.tlsa("3 1 1 " + std::string(62, '0') + std::to_string(10 + i));
  cells[0] = match;
  return host.add(shows("11.0.0.1", cells));
}

HostBuilder only(std::string_view record) {
  return HostBuilder("mx1.example.org").tlsa(record).add(shows("11.0.0.1", {match}));
}

HostBuilder with_ttl(std::uint32_t ttl) {
  Answer tlsa = answer("_25._tcp.mx1.example.org", RrType::tlsa, Status::secure, {a});
  tlsa.original_ttl = ttl;
  return mx1().add(shows("11.0.0.1", {match})).add(tlsa);
}

// rows.md A-24.
HostBuilder pkix_that_would_match() {
  Look look = shows("11.0.0.1", {unusable});
  look.match.explanations = {{0, Explanation::Kind::other_parameters, 0, 3, 1, 1}};
  return HostBuilder("mx1.example.org").unusable("1 1 1 " + digest('b'), "PKIX").add(std::move(look));
}

std::vector<FindingCase> mismatch_cases() {
  return {
      {"tlsa-mismatch", report(mx1().add(shows("11.0.0.1", {no_match}, 'd')).add(shows("2a00:1::1", {no_match}, 'd'))),
       Severity::critical, "11.0.0.1 and 2a00:1::1 (mx1.example.org)",
       "No TLSA record matches the certificate of 11.0.0.1 and 2a00:1::1 (mx1.example.org). Its key "
       "corresponds to TLSA 3 1 1 " +
           digest('d') + ".",
       "If that certificate is the right one, add `" + line("3 1 1 " + digest('d')) +
           "`; otherwise go back to the certificate whose record is published."},
      {"cert-type-mismatch",
       report(mx1().add(shows("11.0.0.1", {match})).add(shows("11.0.0.1", {no_match}, 'd').on(View::rsa).with([] {
         Certificate leaf = certificate('d');
         leaf.key = "rsa-2048";
         return leaf;
       }()))),
       Severity::critical, "11.0.0.1 (mx1.example.org)",
       "The rsa-2048 certificate of 11.0.0.1 (mx1.example.org) matches no TLSA record. The ecdsa-p256 certificate "
       "does; "
       "clients that are given the other one fail.",
       "Add `" + line("3 1 1 " + digest('d')) + "`, or stop serving that certificate."},
      {"tlsa-shadowed", report(mx1().tlsa(strong).add(shadowed_look())), Severity::critical,
       "_25._tcp.mx1.example.org TLSA 3 1 2 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 2 bbbbbbbbbbbbbbbb… hides TLSA 3 1 1 aaaaaaaaaaaaaaaa…, the right one for 11.0.0.1 (mx1.example.org). "
       "Clients use only the strongest digest of a usage and selector, and that one matches nothing.",
       "If it is an old key (also behind any load balancer), remove `" + line(strong) +
           "`. If it is your next key, publish the current key with matching type 2 too."},
      {"tlsa-shadowed", report(shadowed_but_saved()), Severity::warning,
       "_25._tcp.mx1.example.org TLSA 3 1 2 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 2 bbbbbbbbbbbbbbbb… hides TLSA 3 1 1 aaaaaaaaaaaaaaaa…, the right one for 11.0.0.1 (mx1.example.org). "
       "Clients use only the strongest digest of a usage and selector, and that one matches nothing.",
       "If it is an old key (also behind any load balancer), remove `" + line(strong) +
           "`. If it is your next key, publish the current key with matching type 2 too."},
  };
}

std::vector<FindingCase> state_cases() {
  return {
      {"tlsa-extra-record", report(stale()), Severity::warning, "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches no certificate shown on any address.",
       "If it is an old key (also behind any load balancer), remove `" + line(b) +
           "`. If it is your next key, declare it (--next, or next: in danewatch.yml)."},
      stale_elsewhere("*._tcp.mx1.example.org"),
      stale_elsewhere("tlsa.example.net"),
      pkix_elsewhere(),
      {"tlsa-next", declared_next(), Severity::info, "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org is declared as next and not in use yet.", ""},
      {"tlsa-next", next_is_missing(""), Severity::info, "TLSA 3 1 1 eeeeeeeeeeeeeeee…",
       "TLSA 3 1 1 eeeeeeeeeeeeeeee… is declared as next and not in the DNS.",
       "Publish it beside the others, and wait twice their TTL before you use its key."},
      {"tlsa-partial-record", report(mx1().add(shows("11.0.0.1", {match})).add(shows("11.0.0.2", {no_match}, 'd'))),
       Severity::warning, "_25._tcp.mx1.example.org TLSA 3 1 1 aaaaaaaaaaaaaaaa…",
       "TLSA 3 1 1 aaaaaaaaaaaaaaaa… matches 11.0.0.1 (mx1.example.org), but no record matches 11.0.0.2 "
       "(mx1.example.org).",
       "Bring the same certificate to every address of mx1.example.org, or add a record for each."},
      {"tlsa-partial-record",
       report(mx1().add(shows("11.0.0.1", {match})).add(shows("11.0.0.1", {no_match}, 'd').on(View::rsa))),
       Severity::warning, "_25._tcp.mx1.example.org TLSA 3 1 1 aaaaaaaaaaaaaaaa…",
       "TLSA 3 1 1 aaaaaaaaaaaaaaaa… matches one certificate of 11.0.0.1 (mx1.example.org), but no record matches its "
       "other one.",
       "Add a record for each certificate of mx1.example.org."},
      {"tlsa-unconfirmed-record", report(stale().add(fails("11.0.0.2", Stage::connect, Fault::timeout))),
       Severity::info, "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches nothing seen so far, but 11.0.0.2 did not answer.",
       "Do not delete it yet: look again when everything answers."},
      {"tlsa-unconfirmed-record", one_view_only(), Severity::info,
       "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org matches nothing seen so far, but only one certificate type was "
       "looked at.",
       "Do not delete it yet: look again with --views auto."},
  };
}

std::vector<FindingCase> unusable_cases() {
  return {
      {"tlsa-unusable-record",
       report(mx1().unusable("4 1 1 " + digest('b'), "unknown usage 4").add(shows("11.0.0.1", {match, unusable}))),
       Severity::warning, "_25._tcp.mx1.example.org TLSA 4 1 1 bbbbbbbbbbbbbbbb…",
       "No client can use TLSA 4 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org: unknown usage 4.",
       "Remove `" + line("4 1 1 " + digest('b')) + "`, or replace it with a correct one."},
      {"tlsa-unusable-record",
       report(HostBuilder("mx1.example.org")
                  .unusable("4 1 1 " + digest('b'), "unknown usage 4")
                  .add(shows("11.0.0.1", {unusable}))),
       Severity::critical, "_25._tcp.mx1.example.org TLSA 4 1 1 bbbbbbbbbbbbbbbb…",
       "No client can use TLSA 4 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org: unknown usage 4.",
       "Replace `" + line("4 1 1 " + digest('b')) + "` by `" + line("3 1 1 " + digest('a')) + "`."},
      {"tlsa-pkix-usage-smtp",
       report(mx1().unusable("1 1 1 " + digest('b'), "PKIX").add(shows("11.0.0.1", {match, unusable}))), Severity::info,
       "_25._tcp.mx1.example.org TLSA 1 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 1 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org does not count: mail servers ignore usages 0 and 1. With usage "
       "3 "
       "it would not match either.",
       "Mail needs usage 3 or 2: remove `" + line("1 1 1 " + digest('b')) + "`."},
      {"tlsa-pkix-usage-smtp", report(pkix_that_would_match()), Severity::critical,
       "_25._tcp.mx1.example.org TLSA 1 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 1 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org does not count: mail servers ignore usages 0 and 1. Its data "
       "is "
       "right: 3 1 1 would match.",
       "Replace `" + line("1 1 1 " + digest('b')) + "` by `" + line("3 1 1 " + digest('a')) + "`."},
      {"tlsa-pkix-usage-smtp",
       report(
           HostBuilder("mx1.example.org").unusable("1 1 1 " + digest('b'), "PKIX").add(shows("11.0.0.1", {unusable}))),
       Severity::critical, "_25._tcp.mx1.example.org TLSA 1 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 1 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org does not count: mail servers ignore usages 0 and 1. With usage "
       "3 "
       "it would not match either.",
       "Replace `" + line("1 1 1 " + digest('b')) + "` by `" + line("3 1 1 " + digest('a')) + "`."},
      {"tlsa-incomplete-combination", report(incomplete()), Severity::warning,
       "_25._tcp.mx1.example.org TLSA 3 0 1 cccccccccccccccc…",
       "No 3 0 1 record matches 11.0.0.1 (mx1.example.org), only other kinds do. Clients that know only this kind "
       "fail.",
       "Publish a 3 0 1 record for the certificate in use, or remove `" + line("3 0 1 " + digest('c')) + "`."},
  };
}

std::vector<FindingCase> rrset_cases() {
  const std::string full = "3 1 0 3059" + std::string(178, 'e');
  return {
      {"tlsa-too-many", report(with_records(13)), Severity::warning, "_25._tcp.mx1.example.org TLSA",
       "_25._tcp.mx1.example.org TLSA has 13 records.",
       "Remove those no certificate needs: answers this large are lost where TCP does not work."},
      {"tlsa-sha512-only", report(only("3 1 2 " + digest('a') + digest('a'))), Severity::info,
       "_25._tcp.mx1.example.org TLSA", "_25._tcp.mx1.example.org TLSA holds SHA2-512 digests only.",
       "Publish SHA2-256 (matching type 1), which every client knows."},
      {"tlsa-full-in-dns", report(only(full)), Severity::info,
       "_25._tcp.mx1.example.org TLSA 3 1 0 3059eeeeeeeeeeee…eeeeeeeeeeeeeeee (91 bytes)",
       "TLSA 3 1 0 3059eeeeeeeeeeee…eeeeeeeeeeeeeeee (91 bytes) of mx1.example.org holds a whole key.",
       "Publish a digest (matching type 1): smaller answers arrive everywhere."},
      {"tlsa-full-in-dns", report(only("2 0 0 3059")), Severity::info, "_25._tcp.mx1.example.org TLSA 2 0 0 3059",
       "TLSA 2 0 0 3059 of mx1.example.org holds a whole certificate.",
       "Send that CA certificate with the chain, if the server can; then publish a digest (matching type 1)."},
      {"tlsa-certificate-pinned", report(only("3 0 1 " + digest('a'))), Severity::info,
       "_25._tcp.mx1.example.org TLSA 3 0 1 aaaaaaaaaaaaaaaa…",
       "TLSA 3 0 1 aaaaaaaaaaaaaaaa… of mx1.example.org names a certificate, so it must change at every renewal.",
       "Publish 3 1 1 (the key) and keep the key when renewing."},
      {"dns-ttl", report(with_ttl(604800)), Severity::info, "_25._tcp.mx1.example.org TLSA",
       "_25._tcp.mx1.example.org TLSA has a TTL of 7 days: a wrong record stays in use that long.",
       "Use a TTL between five minutes and a day."},
      {"dns-ttl", report(with_ttl(0)), Severity::info, "_25._tcp.mx1.example.org TLSA",
       "_25._tcp.mx1.example.org TLSA has a TTL of 0, so every connection asks again.",
       "Use a TTL between five minutes and a day."},
  };
}

}  // namespace

HostBuilder mx1() {
  return HostBuilder("mx1.example.org").tlsa(a);
}

std::string line(std::string_view record, std::string_view host) {
  return "_25._tcp." + std::string(host) + ". IN TLSA " + std::string(record);
}

std::vector<FindingCase> record_cases() {
  std::vector<FindingCase> cases = mismatch_cases();
  for (auto more : {state_cases(), unusable_cases(), rrset_cases()})
    cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

std::vector<FindingCase> all_finding_cases() {
  std::vector<FindingCase> cases;
  for (auto more : {record_cases(), explanation_cases(), reserve_cases(), certificate_cases(), server_cases(),
                    refusal_cases(), dns_cases(), name_server_cases(), sender_cases()}) {
    cases.insert(cases.end(), more.begin(), more.end());
  }
  return cases;
}

std::vector<Report> every_report() {
  std::vector<Report> all;
  for (auto& named : samples::reports()) all.push_back(std::move(named.report));
  for (auto& entry : all_finding_cases()) all.push_back(std::move(entry.report));
  return all;
}

}  // namespace danewatch::test
