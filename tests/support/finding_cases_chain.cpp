#include "tests/support/finding_cases.hpp"

namespace danewatch::test {
namespace {

using enum Cell;
using Kind = Explanation::Kind;

Report report(HostBuilder host) {
  return ReportBuilder("example.org").add(std::move(host)).judged();
}

const std::string stranger = "3 1 1 " + digest('b');
const std::string right = line("3 1 1 " + digest('a'));

// The record `stranger` (or another one) beside nothing that matches, explained.
Report explained(Explanation explanation, std::string_view text = stranger) {
  Look look = shows("11.0.0.1", {no_match});
  look.match.explanations = {explanation};
  return report(HostBuilder("mx1.example.org").tlsa(text).add(look));
}

// Beside a record with a stronger digest, which would hide what the explanation offers (RFC 7671 9).
Report explained_beside(const std::string& other) {
  Look look = shows("11.0.0.1", {no_match, no_match});
  look.match.explanations = {{0, Kind::other_parameters, 0, 3, 1, 1}};
  return report(HostBuilder("mx1.example.org").tlsa(stranger).tlsa(other).add(look));
}

FindingCase mistake(Kind kind, const std::string& words) {
  return {"tlsa-explained",
          explained({0, kind, 0, 0, 0, 0}),
          Severity::critical,
          "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…",
          "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org " + words + ".",
          "Replace `" + line(stranger) + "` by `" + right + "`."};
}

Report extra_explained() {
  Look look = shows("11.0.0.1", {match, no_match});
  look.match.explanations = {{1, Kind::hash_of_nothing, 0, 0, 0, 0}};
  return report(mx1().tlsa(stranger).add(look));
}

// A usage 2 record that authenticates, so that dates and names count.
HostBuilder anchored(SysTime not_after) {
  Look look = shows("11.0.0.1", {match});
  look.match.date_matters = true;
  look.match.earliest_not_after = not_after;
  look.tls.chain[0].not_after = not_after;
  return HostBuilder("mx1.example.org").tlsa("2 1 1 " + digest('c')).add(look);
}

Report failing(Reason reason, Certificate leaf = certificate('a'), std::string error = "") {
  Look look = shows("11.0.0.1", {no_match}).with(std::move(leaf)).concluding({Verdict::mismatch, reason});
  look.match.nearest = MatchedRecord{0, 1, "", false};
  look.match.error = std::move(error);
  return report(HostBuilder("mx1.example.org").tlsa("2 1 1 " + digest('c')).add(look));
}

Certificate expired() {
  Certificate leaf = certificate('a');
  leaf.not_after = at_day(2026, 1, 30);
  return leaf;
}

// A valid leaf, the valid CA that signed it, and above that one whose time is over.
Report expired_above(bool authority_sent = true) {
  Look look = shows("11.0.0.1", {no_match}).concluding({Verdict::mismatch, Reason::expired});
  Certificate authority = certificate('d', "Test CA");
  authority.issuer = "CN=Root";
  if (!authority_sent) authority.subject = "CN=Another";
  Certificate root = certificate('c', "Root");
  root.not_after = at_day(2026, 1, 30);
  look.tls.chain.insert(look.tls.chain.end(), {authority, root});
  look.match.nearest = MatchedRecord{0, 2, "", false};
  return report(HostBuilder("mx1.example.org").tlsa("2 1 1 " + digest('c')).add(look));
}

// The record is of a CA's own certificate; another CA signed for it too, and that is what is sent.
Report cross_signed() {
  Look look = shows("11.0.0.1", {no_match});
  Certificate cross = certificate('c', "Root");
  cross.issuer = "CN=Elder";
  look.tls.chain.push_back(std::move(cross));
  look.match.explanations = {{0, Kind::ta_not_sent, 0, 2, 0, 1, "CN=Root"}};
  return report(HostBuilder("mx1.example.org").tlsa("2 0 1 " + digest('b')).add(look));
}

Certificate future() {
  Certificate leaf = certificate('a');
  leaf.not_before = at_day(2026, 2, 1);
  return leaf;
}

Report bare_key() {
  Look look = shows("11.0.0.1", {match});
  look.match.match->bare_key = true;
  return report(HostBuilder("mx1.example.org").tlsa("2 1 0 3059").add(look));
}

Report ambiguous(const std::vector<std::string>& issuers) {
  Look look = shows("11.0.0.1", {match});
  for (std::size_t index = 1; index <= issuers.size(); ++index) {
    look.tls.chain.push_back(certificate('c'));
    look.tls.chain[index].issuer = issuers[index - 1];
    look.match.namesakes.push_back(index);
  }
  return report(HostBuilder("mx1.example.org").tlsa("2 0 1 " + digest('c')).add(look));
}

FindingCase rejected(Reason reason, const std::string& words, const std::string& fix) {
  return {"cert-rejected",
          failing(reason, certificate('a'), "some error"),
          Severity::critical,
          "11.0.0.1 (mx1.example.org)",
          "The chain of 11.0.0.1 (mx1.example.org) matches TLSA 2 1 1 cccccccccccccccc…, but is not valid: " + words +
              ". OpenSSL says: \"some error\".",
          fix + ", or publish `" + right + "`: usage 3 looks at the key alone."};
}

Report too_weak_for_some() {
  Look look = shows("11.0.0.1", {match});
  look.match.weak = "EE certificate key too weak";
  return report(mx1().add(look));
}

Report strong_enough_for_some() {
  Look look = shows("11.0.0.1", {no_match});
  look.match.conclusion = {Verdict::mismatch, Reason::weak};
  look.match.accepted_at_level_0 = true;
  return report(mx1().add(look));
}

const std::string place = "11.0.0.1 (mx1.example.org)";
const std::string stronger =
    "Use a key of at least RSA 2048 or ECDSA P-256, signed with SHA-256 or better, and publish "
    "the record of a new key before it is used.";
const std::string replace = "Replace the certificate that is at fault";

std::vector<FindingCase> rejected_cases() {
  return {
      rejected(Reason::ca, "an issuing certificate in the chain is not a CA certificate", replace),
      rejected(Reason::pathlen, "the chain is longer than a CA certificate in it allows", replace),
      rejected(Reason::name_constraint, "a CA certificate in it is not allowed to vouch for this name", replace),
      rejected(Reason::purpose, "the certificate is not meant for servers", replace),
      rejected(Reason::chain, "the chain is incomplete or broken", "Send every intermediate certificate"),
      rejected(Reason::pkix_untrusted, "the chain does not lead to a CA that is trusted here", replace),
      rejected(Reason::weak, "a key or a signature in it is too weak", replace),
  };
}

std::vector<FindingCase> date_cases() {
  return {
      {"cert-expiring", report(anchored(at_day(2026, 2, 10))), Severity::warning, place,
       "A certificate of 11.0.0.1 (mx1.example.org) expires in 9 days, on 2026-02-10, and its TLSA record needs the "
       "date.",
       "Renew it now, and publish the new record first if the key or the CA changes."},
      {"cert-expiring", report(anchored(at_day(2026, 2, 1))), Severity::critical, place,
       "A certificate of 11.0.0.1 (mx1.example.org) expires in 12 hours, on 2026-02-01, and its TLSA record needs the "
       "date.",
       "Renew it now, and publish the new record first if the key or the CA changes."},
      {"cert-expired", failing(Reason::expired, expired()), Severity::critical, place,
       "A certificate of 11.0.0.1 (mx1.example.org) has expired, and TLSA 2 1 1 cccccccccccccccc… needs its date. The "
       "server's own expired on 2026-01-30.",
       "Renew the certificate, or publish `" + right + "`: usage 3 needs no date."},
      {"cert-expired", report(mx1().add(shows("11.0.0.1", {match}).with(expired()))), Severity::info, place,
       "The certificate of 11.0.0.1 (mx1.example.org) expired on 2026-01-30; DANE clients ignore this with usage 3.",
       "Renew it with the same key, for clients that do not use DANE."},
      {"cert-expired",
       report(
           HostBuilder("mx1.example.org").tlsa("3 0 1 " + digest('a')).add(shows("11.0.0.1", {match}).with(expired()))),
       Severity::info, place,
       "The certificate of 11.0.0.1 (mx1.example.org) expired on 2026-01-30; DANE clients ignore this with usage 3.",
       "First publish `" + right +
           "` and let two TTLs pass. Renew it with the same key, for clients that do not use DANE, and remove `" +
           line("3 0 1 " + digest('a')) + "`."},
      {"cert-not-yet-valid", failing(Reason::not_yet_valid, future()), Severity::critical, place,
       "A certificate of 11.0.0.1 (mx1.example.org) is not valid yet, and TLSA 2 1 1 cccccccccccccccc… needs its date. "
       "The "
       "server's own is valid from 2026-02-01.",
       "Wait until it is valid or check its dates, or publish `" + right + "`: usage 3 needs no date."},
      {"cert-name", failing(Reason::name, certificate('a', "other.example.net")), Severity::critical, place,
       "The certificate of 11.0.0.1 (mx1.example.org) is not for mx1.example.org. It is for: \"other.example.net\".",
       "Get a certificate for mx1.example.org, or publish `" + right + "`: usage 3 checks no names."},
      {"cert-name", report(mx1().add(shows("11.0.0.1", {match}).with(certificate('a', "other.example.net")))),
       Severity::info, place,
       "The certificate of 11.0.0.1 (mx1.example.org) is not for mx1.example.org; DANE clients ignore this "
       "with usage 3.",
       "Get a certificate for mx1.example.org with the same key, for clients that do not use DANE."},
      {"cert-weak", too_weak_for_some(), Severity::info, place,
       "The chain of 11.0.0.1 (mx1.example.org) is too weak for clients with OpenSSL's security level 2: EE "
       "certificate "
       "key too weak.",
       stronger},
      {"cert-weak", strong_enough_for_some(), Severity::info, place,
       "Clients without a floor for keys and signatures accept the chain of 11.0.0.1 (mx1.example.org).", stronger},
      {"tlsa-bare-key", bare_key(), Severity::info, "_25._tcp.mx1.example.org TLSA 2 1 0 3059",
       "Only TLSA 2 1 0 3059 matches 11.0.0.1 (mx1.example.org), through a CA key that the server does not send. Some "
       "clients cannot do that.",
       "Send the CA's certificate with the chain."},
  };
}

std::vector<FindingCase> cases_above_the_leaf() {
  const std::string end =
      "Certificate 3 of the chain of 11.0.0.1 (mx1.example.org) expired on 2026-01-30, and TLSA 2 1 1 "
      "cccccccccccccccc… needs its date. It is \"CN=Root\". To renew the server's own certificate would not help.";
  return {
      {"cert-expired", expired_above(), Severity::critical, place, end,
       "Add `" + line("2 1 1 " + digest('d')) + "`: the CA that signed, or publish `" + right +
           "`: usage 3 needs no date."},
      {"cert-expired", expired_above(false), Severity::critical, place, end,
       "Publish `" + right + "`: usage 3 needs no date."},
      {"tlsa-ta-not-sent", cross_signed(), Severity::critical, "_25._tcp.mx1.example.org TLSA 2 0 1 bbbbbbbbbbbbbbbb…",
       "TLSA 2 0 1 bbbbbbbbbbbbbbbb… names a CA that signed for 11.0.0.1 (mx1.example.org) and is not sent by it. It "
       "is \"CN=Root\". Clients match a usage 2 record only with certificates the server sends.",
       "Send the CA's certificate in the place of certificate 2 of the chain, which has the same name."},
  };
}

std::vector<FindingCase> ambiguous_cases() {
  return {
      {"chain-ambiguous", ambiguous({"CN=Older Root"}), Severity::critical, place,
       "11.0.0.1 (mx1.example.org) sends several certificates of one name. Senders that use OpenSSL, Postfix among "
       "them, take the path through certificate 2 of the chain (issued by \"CN=Older Root\"), find no TLSA record on "
       "it, and deliver nothing; others may find the way.",
       "Do not send certificate 2 of the chain (issued by \"CN=Older Root\"), or publish `" + right +
           "`: usage 3 needs no path."},
      {"chain-ambiguous", ambiguous({"CN=Older Root", "CN=Oldest Root"}), Severity::critical, place,
       "11.0.0.1 (mx1.example.org) sends several certificates of one name. Senders that use OpenSSL, Postfix among "
       "them, take the path through certificate 2 of the chain (issued by \"CN=Older Root\") and certificate 3 of the "
       "chain (issued by \"CN=Oldest Root\"), find no TLSA record on it, and deliver nothing; others may find the way.",
       "Do not send certificate 2 of the chain (issued by \"CN=Older Root\") and certificate 3 of the chain (issued by "
       "\"CN=Oldest Root\"), or publish `" +
           right + "`: usage 3 needs no path."},
  };
}

}  // namespace

std::vector<FindingCase> explanation_cases() {
  const std::string subject = "_25._tcp.mx1.example.org TLSA 3 1 1 bbbbbbbbbbbbbbbb…";
  const std::string named = "TLSA 3 1 1 bbbbbbbbbbbbbbbb… of mx1.example.org ";
  return {
      {"tlsa-explained", explained({0, Kind::other_parameters, 1, 2, 1, 1}), Severity::critical, subject,
       named + "is right for certificate 2 of the chain as 2 1 1.",
       "Replace `" + line(stranger) + "` by `" + line("2 1 1 " + digest('b')) + "`."},
      {"tlsa-explained", explained({0, Kind::other_parameters, 1, 2, 1, 1, "", false}), Severity::critical, subject,
       named + "is right for certificate 2 of the chain as 2 1 1, but the chain would fail the checks of that usage.",
       "Replace `" + line(stranger) + "` by `" + right + "`."},
      {"tlsa-explained", explained_beside("3 1 2 " + digest('c') + digest('c')), Severity::critical, subject,
       named + "is right for the server's own certificate as 3 1 1.",
       "Replace `" + line(stranger) + "` by `" + line("3 1 2 " + digest('a') + digest('a')) + "`."},
      {"tlsa-mismatch", explained_beside("3 1 2 " + digest('c') + digest('c')), Severity::critical,
       "11.0.0.1 (mx1.example.org)",
       "No TLSA record matches the certificate of 11.0.0.1 (mx1.example.org). Its key corresponds to TLSA 3 1 "
       "2 " +
           digest('a') + digest('a') + ".",
       "If that certificate is the right one, add `" + line("3 1 2 " + digest('a') + digest('a')) +
           "`; otherwise go back to the certificate whose record is published."},
      {"tlsa-explained", explained({0, Kind::same_key_renewed, 0, 0, 0, 0}), Severity::critical, subject,
       named + "names an earlier certificate with the same key.",
       "Replace `" + line(stranger) + "` by `" + right + "`: a key outlives renewals."},
      {"tlsa-explained", explained({0, Kind::not_an_issuer, 1, 0, 0, 0}), Severity::critical, subject,
       named + "names certificate 2 of the chain, which signed nothing in the chain.",
       "Add a record for the CA that signed, or add `" + right + "`."},
      {"tlsa-explained", explained({0, Kind::leaf_not_first, 1, 0, 0, 0}), Severity::critical, subject,
       named + "is right for certificate 2 of the chain, but the server sends another certificate first.",
       "Put the server's own certificate first in its certificate file."},
      mistake(Kind::hash_of_nothing, "is the digest of nothing: the command that made it read no input"),
      mistake(Kind::hex_of_hex, "is hex written as hex: it was encoded twice"),
      mistake(Kind::truncated_digest, "is only the beginning of the right digest"),
      mistake(Kind::pem_text, "was made from the PEM text instead of the DER form"),
      mistake(Kind::other_digest_length, "has the length of the other digest: the matching type is wrong"),
      mistake(Kind::digest_as_full, "looks like a digest, but its matching type says that it is the thing itself"),
      mistake(Kind::wrong_selector,
              "holds a certificate where its selector says key, or a key where it says certificate"),
      {"tlsa-explained", extra_explained(), Severity::info, subject,
       named + "is the digest of nothing: the command that made it read no input.",
       "Replace `" + line(stranger) + "` by `" + right + "`."},
      {"tlsa-explained", explained({0, Kind::other_authority, 0, 2, 1, 1, "CN=Old CA"}), Severity::critical, subject,
       named + "names a CA that signed none of the certificates sent. It is \"CN=Old CA\".",
       "Add a record for the CA that signed, or add `" + right + "`."},
      {"tlsa-ta-not-sent", explained({0, Kind::ta_not_sent, 0, 2, 1, 1, "CN=Root"}, "2 1 1 " + digest('b')),
       Severity::critical, "_25._tcp.mx1.example.org TLSA 2 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 2 1 1 bbbbbbbbbbbbbbbb… names a CA that signed for 11.0.0.1 (mx1.example.org) and is not sent by it. It "
       "is "
       "\"CN=Root\". Clients match a usage 2 record only with certificates the server sends.",
       "Send the CA's certificate at the end of the chain, even if it is a root."},
      {"tlsa-ta-not-sent", explained({0, Kind::ta_not_sent, 0, 0, 0, 0}, "2 1 1 " + digest('b')), Severity::critical,
       "_25._tcp.mx1.example.org TLSA 2 1 1 bbbbbbbbbbbbbbbb…",
       "TLSA 2 1 1 bbbbbbbbbbbbbbbb… may name the CA above the last certificate sent by 11.0.0.1 (mx1.example.org). "
       "Clients "
       "match a usage 2 record only with certificates the server sends.",
       "Send the CA's certificate at the end of the chain, even if it is a root."},
  };
}

std::vector<FindingCase> certificate_cases() {
  std::vector<FindingCase> cases = date_cases();
  for (FindingCase& each : cases_above_the_leaf()) cases.push_back(std::move(each));
  for (FindingCase& each : ambiguous_cases()) cases.push_back(std::move(each));
  for (FindingCase& each : rejected_cases()) cases.push_back(std::move(each));
  return cases;
}

}  // namespace danewatch::test
