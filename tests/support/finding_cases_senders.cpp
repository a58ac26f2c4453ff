// What other mail servers reported of example.org, whose one server has one record, beside what danewatch sees.
#include "tests/support/finding_cases.hpp"

namespace danewatch::test {
namespace {

const std::string right = "3 1 1 " + digest('a');
const std::string nothing_to_do =
    "Nothing, if it was mended since: then the reports of the next days do not tell of it. Otherwise others meet a "
    "server "
    "or a name server that danewatch does not: look at each one behind a load balancer, and at what secondary name "
    "servers give.";

SendersSaw told(SenderTrouble trouble) {
  SendersDay day;
  day.day = std::chrono::floor<std::chrono::days>(noon()) - std::chrono::days(1);
  day.reports = 2;
  day.sessions = {100, 12};
  day.senders = {{"google.example", {90, 11}}, {"mail.example", {10, 1}}};
  day.troubles = {{std::move(trouble), 12, {"google.example", "mail.example"}}};
  return {true, {std::move(day)}};
}

Report judged(const SenderTrouble& trouble, HostBuilder host) {
  ReportBuilder builder("example.org");
  builder.add(std::move(host));
  builder.report.senders = told(trouble);
  return builder.judged();
}

HostBuilder good() {
  return HostBuilder("mx1.example.org").tlsa(right).add(shows("11.0.0.1", {Cell::match}));
}

HostBuilder bad() {
  return HostBuilder("mx1.example.org").tlsa(right).add(shows("11.0.0.1", {Cell::no_match}));
}

}  // namespace

std::vector<FindingCase> sender_cases() {
  const auto tlsa = SenderPolicyType::tlsa;
  const std::string sessions = " It is about 12 sessions, the last on 2026-01-30.";
  const std::string by = " Told by \"google.example and mail.example\".";
  const std::string host = "mx1.example.org";
  const std::string invalid =
      "Other mail servers report that TLS with mx1.example.org failed: tlsa-invalid, no usable "
      "TLSA record, or none that matched the certificate.";
  const std::string went_by = " They went by 3 1 1 aaaaaaaaaaaaaaaa…, which is published now.";
  return {
      {"senders-see-failures", judged({"tlsa-invalid", host, tlsa, {"3 1 1 " + std::string(64, 'A')}}, good()),
       Severity::warning, host, invalid + sessions + went_by + " danewatch sees no fault there." + by, nothing_to_do},
      {"senders-see-failures", judged({"tlsa-invalid", host, tlsa, {right}}, bad()), Severity::warning, host,
       invalid + sessions + went_by + " danewatch sees the same." + by, ""},
      {"senders-see-failures", judged({"starttls-not-supported", host, tlsa, {"3 1 1 " + digest('b')}}, bad()),
       Severity::warning, host,
       "Other mail servers report that TLS with mx1.example.org failed: starttls-not-supported, the server did not "
       "offer "
       "STARTTLS." +
           sessions + " They went by records that are not published now. danewatch sees another fault there." + by,
       "First mend what danewatch sees."},
      {"senders-see-failures", judged({"out-of-tea", "mx9.example.org", tlsa, {}}, good()), Severity::warning,
       "example.org",
       "Other mail servers report that TLS with a server that example.org does not name now failed." + sessions +
           " They call it \"out-of-tea\"." + by + " They name it \"mx9.example.org\".",
       "Nothing, if that server takes no mail for it any more: senders may know its name until the TTL of the old "
       "records "
       "has passed. Otherwise look at it, too."},
  };
}

}  // namespace danewatch::test
