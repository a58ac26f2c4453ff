#include "probe/report/findings.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace danewatch {
namespace {

using enum Severity;
using enum AdviceFor;

// Explaining codes stand here with the severity they usually explain; the verdict's own severity replaces it.
constexpr std::array table{
    // TLSA records
    FindingRow{"tlsa-mismatch", critical, "RFC 6698 §4.1", "No TLSA record matches the certificate of a server."},
    FindingRow{
        "cert-type-mismatch", critical, "RFC 7671 §8.1",
        "One of a server's certificates matches a TLSA record, its certificate of another key type matches none."},
    FindingRow{"tlsa-shadowed", warning, "RFC 7671 §9",
               "A record that matches is ignored because a record with a stronger digest stands beside it."},
    FindingRow{
        "tlsa-extra-record", warning, "RFC 7671 §8.1",
        "A record matches no certificate shown on any address: a left-over, a reserve, or a key not yet in use."},
    FindingRow{"tlsa-partial-record", warning, "RFC 7671 §8.1",
               "A record matches on some addresses or certificate types while others are matched by no record."},
    FindingRow{"tlsa-unusable-record", warning, "RFC 6698 §4.1", "No client may use this record."},
    FindingRow{"tlsa-incomplete-combination", warning, "RFC 7671 §8",
               "None of the records with this usage, selector and matching type matches the certificate in use."},
    FindingRow{"tlsa-too-many", warning, "RFC 7671 §10.1.1",
               "So many TLSA records that answers grow beyond what UDP carries."},
    FindingRow{"tlsa-explained", info, "RFC 6698 §2.1", "What the data of a record really is."},
    FindingRow{"tlsa-ta-not-sent", info, "RFC 7671 §5.2.2",
               "A usage 2 record may name a trust anchor that the server does not send."},
    FindingRow{"tlsa-unconfirmed-record", info, "RFC 7671 §8.1",
               "A record without a match so far, while something of the host was not observed."},
    FindingRow{"tlsa-next", info, "RFC 7671 §8.1", "A record declared as the next key, not in use yet."},
    FindingRow{"tlsa-pkix-usage-smtp", info, "RFC 7672 §3.1.3", "Mail servers ignore usages 0 and 1."},
    FindingRow{"tlsa-full-in-dns", info, "RFC 7671 §10.1.2",
               "A whole certificate or key is published instead of a digest."},
    FindingRow{"tlsa-sha512-only", info, "RFC 7671 §2",
               "Only SHA2-512 digests are published; not every client knows them."},
    FindingRow{"tlsa-certificate-pinned", info, "RFC 7671 §5.1",
               "The record names a certificate and not its key, so it must change at every renewal."},
    FindingRow{"tlsa-bare-key", info, "RFC 7671 §5.2.3",
               "The match depends on clients that can use a trust anchor's bare key."},
    // Certificates
    FindingRow{"cert-expired", info, "RFC 7671 §5.1", "The certificate has expired; clients ignore this with usage 3.",
               server},
    FindingRow{"cert-not-yet-valid", info, "RFC 7671 §5.1",
               "The certificate is not valid yet; clients ignore this with usage 3.", server},
    FindingRow{"cert-name", info, "RFC 7672 §3.2",
               "The certificate is for other names; clients ignore this with usage 3.", server},
    FindingRow{"cert-expiring", warning, "RFC 7671 §5.2", "A certificate whose date matters expires soon.", server},
    FindingRow{"cert-weak", info, "RFC 9325 §4.5",
               "Whether a client accepts a key or signature this weak depends on its own settings.", server},
    FindingRow{"chain-ambiguous", critical, "RFC 6698 B.2",
               "A record matches on a path that clients of OpenSSL do not try: two certificates of one name are sent.",
               server},
    FindingRow{"cert-rejected", critical, "RFC 7671 §5.2",
               "A record matches, but the chain fails the checks of its usage.", server},
    // The server
    FindingRow{"address-unreachable", warning, "RFC 7672 §2.2", "TLS on an address could not be judged now.", server},
    FindingRow{"starttls-not-offered", critical, "RFC 7672 §2.2", "The server does not offer STARTTLS.", server},
    FindingRow{"starttls-refused", critical, "RFC 7672 §2.2", "The server refuses STARTTLS.", server},
    FindingRow{"tls-handshake-failed", critical, "RFC 7672 §2.2", "The TLS handshake fails.", server},
    FindingRow{"protocol-error", critical, "", "The server violates its protocol on the way to TLS.", server},
    FindingRow{"client-certificate-required", info, "RFC 8446 §4.3.2",
               "The server ends the handshake of clients that show no certificate; critical for mail servers.", server},
    FindingRow{"client-certificate-requested", info, "RFC 8446 §4.3.2",
               "The server asks for a client's certificate and goes on without one.", server},
    FindingRow{"tls-unclean-close", info, "RFC 8446 §6.1",
               "The server drops the connection right after the TLS handshake, without a word.", server},
    FindingRow{"starttls-offered-again", info, "RFC 9051 §6.2.1", "The server offers STARTTLS once more inside TLS.",
               server},
    FindingRow{"tls-legacy", info, "RFC 8996", "The server speaks no newer TLS version than 1.1.", server},
    FindingRow{"sni-differs", info, "RFC 7671 §3", "Without a server name the server shows another certificate.",
               server},
    FindingRow{"reserved-address", info, "RFC 6890", "The address cannot be reached from the Internet."},
    FindingRow{"no-ipv6-here", info, "", "This machine has no IPv6, so some addresses were not looked at.", here},
    FindingRow{"addresses-excluded", info, "", "Addresses were left out because the operator asked for others.", here},
    FindingRow{"views-unobserved", warning, "", "Not every certificate type could be looked at.", here},
    FindingRow{"local-limit", info, "", "A limit of this machine kept danewatch from looking.", here},
    FindingRow{"chain-too-costly", warning, "",
               "Comparing a chain with the records takes more work than danewatch does for one chain.", server},
    FindingRow{"run-incomplete", warning, "", "Timed out before everything was checked.", here},
    FindingRow{"limits-reached", warning, "", "There is more than danewatch's limits allow it to look at.", here},
    // DNS
    FindingRow{"dnssec-bogus", critical, "RFC 7672 §2.1.2", "An answer fails DNSSEC validation."},
    FindingRow{"dns-failed", critical, "RFC 7672 §2.1.2", "No usable answer came from any name server."},
    FindingRow{"dns-broken-denial", warning, "RFC 7672 §2.1.2",
               "Name servers that answer other questions fail at the TLSA question."},
    FindingRow{"dns-no-such-name", critical, "RFC 5321 §5.1", "The name does not exist."},
    FindingRow{"dns-no-address", critical, "RFC 5321 §5.1", "The name has neither an A nor an AAAA record."},
    FindingRow{"mail-domain", info, "RFC 5321 §5.1", "The host that was asked for is a mail domain.", here},
    FindingRow{"dns-no-tlsa", critical, "RFC 7672 §2.2", "There is no TLSA record, so DANE does not apply."},
    FindingRow{"dns-opt-out", info, "RFC 5155 §9.2",
               "NSEC3 records with opt-out do not prove that there are no TLSA records."},
    FindingRow{"dns-answers-differ", info, "RFC 1034 §4.3.5", "Two answers to one question hold different records."},
    FindingRow{"dns-host-is-address", critical, "RFC 5321 §5.1", "A record names an address in the place of a host."},
    FindingRow{"dns-insecure-mx", info, "RFC 7672 §2.2.1", "The MX records are not signed."},
    FindingRow{"dns-insecure-srv", critical, "RFC 7673 §3.1", "The SRV records are not signed."},
    FindingRow{"dns-insecure-address", info, "RFC 7672 §2.2.2",
               "The host's records are not signed, so its TLSA records do not count."},
    FindingRow{"dns-mx-is-alias", info, "RFC 2181 §10.3", "An MX record points to an alias."},
    FindingRow{"dns-srv-is-alias", info, "RFC 2782", "An SRV record points to an alias."},
    FindingRow{
        "dns-empty-non-terminal", warning, "RFC 8020 §2",
        "A name server denies a name that has names below it, which hides the TLSA records from some resolvers."},
    FindingRow{"dns-ttl", info, "RFC 7671 §13", "The TTL of the TLSA records is unwise."},
    FindingRow{"dnssec-signature-expiring", warning, "RFC 7671 §13", "DNSSEC signatures on the path expire soon."},
    FindingRow{"zone-assumed-signed", info, "RFC 4035 §2",
               "A prediction is made of a zone file without signatures, of a zone that is taken as signed."},
    // Each name server, asked by itself
    FindingRow{"server-old-records", critical, "RFC 7671 §8.1",
               "A name server gives TLSA records that match no certificate in use, while another gives right ones.",
               server},
    FindingRow{"server-bogus", critical, "RFC 4035 §5.3",
               "A name server gives an answer that fails DNSSEC validation, while another gives a valid one.", server},
    FindingRow{"server-differs", warning, "RFC 1034 §4.3.5", "A name server gives other TLSA records than the others.",
               server},
    FindingRow{"server-refuses", warning, "RFC 8906 §3.1.2",
               "A name server answers, but not the question for TLSA records; critical where none does.", server},
    FindingRow{"server-lame", warning, "RFC 1912 §2.8", "A name server of the zone does not answer for it.", server},
    FindingRow{"server-silent", warning, "RFC 8906 §3.1.1", "A name server does not answer, or not by UDP.", server},
    FindingRow{"server-no-tcp", warning, "RFC 7766 §5", "A name server does not answer by TCP.", server},
    FindingRow{"servers-parent-child", info, "RFC 1034 §4.2.2",
               "The zone above names other name servers, or other addresses of them, than the zone itself."},
    FindingRow{"serial-behind", info, "RFC 1982 §3.2",
               "A name server has an older serial of the zone, and the same TLSA records.", server},
    FindingRow{"servers-not-asked", info, "", "The name servers could not be asked one by one.", here},
    FindingRow{"null-mx-not-alone", warning, "RFC 7505 §3", "A null MX stands beside other MX records."},
    FindingRow{"mx-partly-protected", warning, "RFC 7672 §2.2.1",
               "Some MX hosts are protected by DANE, others are not."},
    // Nothing to look at
    FindingRow{"no-service", unknown, "RFC 7505 §3", "The domain says that it does not offer this service."},
    FindingRow{"address-literal", critical, "RFC 7672 §2.2", "An address without a name has no TLSA records.", here},
    FindingRow{"no-network", unknown, "", "The DNS root did not answer.", here},
    FindingRow{"trust-anchor", unknown, "", "The DNS root is not proven by the trust anchor.", here},
    FindingRow{"not-run", unknown, "", "The target was not checked.", here},
    FindingRow{"bad-target", unknown, "", "The text is not a valid target.", here},
    FindingRow{"refused-by-policy", unknown, "", "The configuration forbids looking at this target.", here},
};

Remedies advice_of(const FindingRow& row, const std::string& subject, std::string sentences) {
  if (row.advice == zone) return advice(Step::Do::zone, std::move(sentences));
  return advice(Step::Do::server, std::move(sentences), row.advice == server ? subject : "this machine");
}

}  // namespace

std::span<const FindingRow> finding_table() {
  return table;
}

const FindingRow& finding_row(std::string_view code) {
  const auto* row = std::ranges::find(table, code, &FindingRow::code);
  if (row == table.end()) throw std::logic_error("no such finding code: " + std::string(code));
  return *row;
}

Finding make_finding(std::string_view code, std::string subject, std::string headline, Remedies remedies) {
  const FindingRow& row = finding_row(code);
  Finding finding;
  finding.code = row.code;
  finding.severity = row.severity;
  finding.subject = std::move(subject);
  finding.text = headline;
  finding.headline = std::move(headline);
  finding.remedies = std::move(remedies);
  finding.ref = row.ref;
  return finding;
}

Finding make_finding(std::string_view code, std::string subject, std::string headline, std::string sentences) {
  Remedies remedies = advice_of(finding_row(code), subject, std::move(sentences));
  return make_finding(code, std::move(subject), std::move(headline), std::move(remedies));
}

}  // namespace danewatch
