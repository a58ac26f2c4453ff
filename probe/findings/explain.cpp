// What the data of a record that does not match really is (finding tlsa-explained).

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/authority.hpp"
#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

struct Case {
  Explanation explanation;
  Endpoints endpoints;
};

// The same explanation on several addresses is one case; a record that matches somewhere needs none.
std::vector<Case> cases_of(const HostReport& host) {
  std::vector<Case> cases;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (!decides(endpoint.seen)) continue;
    for (const Explanation& explanation : endpoint.match.explanations) {
      const RecordState state = host.records[explanation.record].state;
      if (state == RecordState::current || state == RecordState::next) continue;
      const auto same = std::ranges::find(cases, explanation, &Case::explanation);
      if (same != cases.end()) {
        same->endpoints.push_back(&endpoint);
      } else {
        cases.push_back({explanation, {&endpoint}});
      }
    }
  }
  return cases;
}

std::string position_words(int depth, const std::vector<Certificate>& chain) {
  if (depth == 0) return "the server's own certificate";
  const auto position = fmt::format("certificate {} of the chain", depth + 1);
  const auto index = static_cast<std::size_t>(depth);
  if (index >= chain.size() || chain[index].subject.empty()) return position;
  const bool root = chain[index].subject == chain[index].issuer;
  return fmt::format("the {} ({})", root ? "root CA" : "intermediate CA", position);
}

TlsaRecord corrected(const TlsaRecord& record, const Explanation& explanation) {
  TlsaRecord result = record;
  result.usage = static_cast<std::uint8_t>(explanation.usage);
  result.selector = static_cast<std::uint8_t>(explanation.selector);
  result.matching_type = static_cast<std::uint8_t>(explanation.matching_type);
  return result;
}

struct Told {
  std::string what;
  Remedies remedies;
};

// A record of a weaker digest would be hidden by the stronger ones beside it (RFC 7671 9).
bool would_be_hidden(const HostReport& host, const Explanation& explanation) {
  for (const RecordReport& each : host.records) {
    const TlsaRecord& other = each.record;
    const bool group = other.usage == explanation.usage && other.selector == explanation.selector;
    const bool stronger = explanation.matching_type != 0 && other.matching_type > explanation.matching_type;
    if (each.place != explanation.record && group && stronger && is_usable(each)) return true;
  }
  return false;
}

// A record of a stronger digest would hide weaker ones that match (RFC 7671 9).
bool would_hide(const HostReport& host, const Explanation& explanation) {
  for (const RecordReport& each : host.records) {
    const TlsaRecord& other = each.record;
    const bool group = other.usage == explanation.usage && other.selector == explanation.selector;
    const bool weaker = other.matching_type != 0 && other.matching_type < explanation.matching_type;
    if (group && weaker && matches_somewhere(host, each)) return true;
  }
  return false;
}

Told parameters_told(const Report& report, const HostReport& host, const Explanation& explanation,
                     const std::vector<Certificate>& chain, const Step& right) {
  const RecordReport& record = host.records[explanation.record];
  const bool good = explanation.holds && !would_be_hidden(host, explanation) && !would_hide(host, explanation);
  std::string what = fmt::format("is right for {} as {} {} {}", position_words(explanation.depth, chain),
                                 explanation.usage, explanation.selector, explanation.matching_type);
  if (!explanation.holds) what += ", but the chain would fail the checks of that usage";
  return {std::move(what),
          {replacement(report, host, record, good ? add_record(corrected(record.record, explanation)) : right)}};
}

// What was hashed or pasted instead of the certificate or key in DER form.
std::string_view mistake(Explanation::Kind kind) {
  switch (kind) {
    case Explanation::Kind::hash_of_nothing:
      return "is the digest of nothing: the command that made it read no input";
    case Explanation::Kind::hex_of_hex:
      return "is hex written as hex: it was encoded twice";
    case Explanation::Kind::truncated_digest:
      return "is only the beginning of the right digest";
    case Explanation::Kind::pem_text:
      return "was made from the PEM text instead of the DER form";
    case Explanation::Kind::other_digest_length:
      return "has the length of the other digest: the matching type is wrong";
    case Explanation::Kind::digest_as_full:
      return "looks like a digest, but its matching type says that it is the thing itself";
    case Explanation::Kind::wrong_selector:
      return "holds a certificate where its selector says key, or a key where it says certificate";
    default:
      return "is not what its numbers say";
  }
}

Step of_the_authority_in_use(const Report& report, const HostReport& host, const Case& c) {
  const auto authority = authority_record(report, host, *c.endpoints.front());
  return authority ? add_record(*authority) : some_record("a record for the CA that signed");
}

// The record of a CA that is not in use stays: it may be next. What is missing is one for what is in use.
Remedies about_authority(const Report& report, const HostReport& host, const Case& c, const Step& right) {
  const bool in_need = std::ranges::any_of(
      c.endpoints, [](const EndpointReport* each) { return each->conclusion.verdict == Verdict::mismatch; });
  if (!in_need) return reserve_remedies(host, host.records[c.explanation.record]);
  return {always({of_the_authority_in_use(report, host, c)}), always({right})};
}

Told told(const Report& report, const HostReport& host, const Case& c) {
  const RecordReport& record = host.records[c.explanation.record];
  const auto& chain = c.endpoints.front()->seen.chain;
  Step right = chain.empty() ? some_record("a right one") : add_record(right_record(host, chain.front()));
  switch (c.explanation.kind) {
    case Explanation::Kind::other_parameters:
      return parameters_told(report, host, c.explanation, chain, right);
    case Explanation::Kind::same_key_renewed:
      right.why = "a key outlives renewals";
      return {"names an earlier certificate with the same key", {replacement(report, host, record, right)}};
    case Explanation::Kind::not_an_issuer:
      return {fmt::format("names {}, which signed nothing in the chain", position_words(c.explanation.depth, {})),
              about_authority(report, host, c, right)};
    case Explanation::Kind::other_authority:
      return {"names a CA that signed none of the certificates sent", about_authority(report, host, c, right)};
    case Explanation::Kind::leaf_not_first:
      return {fmt::format("is right for {}, but the server sends another certificate first",
                          position_words(c.explanation.depth, {})),
              advice(Step::Do::server, "Put the server's own certificate first in its certificate file.",
                     place_of(host, c.endpoints))};
    default:
      return {std::string(mistake(c.explanation.kind)), {replacement(report, host, record, right)}};
  }
}

// Two certificates of one name, as where another CA signed for this one too, are two ways, of which clients take the
// wrong one (RFC 6698 B.2).
std::string where_to_send_it(const Case& c) {
  const auto& chain = c.endpoints.front()->seen.chain;
  const auto twin = std::ranges::find(chain, c.explanation.authority, &Certificate::subject);
  if (c.explanation.authority.empty() || twin == chain.end()) {
    const bool may_be_a_twin = c.explanation.authority.empty() && chain.size() > 1;
    return fmt::format("send the CA's certificate at the end of the chain, even if it is a root{}",
                       may_be_a_twin ? ", or in the place of one of the same name" : "");
  }
  return fmt::format("send the CA's certificate in the place of certificate {} of the chain, which has the same name",
                     twin - chain.begin() + 1);
}

// Which CA it is may be a guess; then the record of the one that is sent is the surer way.
Remedies sending(const Report& report, const HostReport& host, const Case& c, const std::string& place) {
  const auto authority = authority_record(report, host, *c.endpoints.front());
  Step send = at_server(where_to_send_it(c), place);
  if (!authority) return {always({std::move(send)})};
  if (!c.explanation.authority.empty()) return {always({std::move(send)}), always({add_record(*authority)})};
  return {always({add_record(*authority, "the CA that signed")}),
          if_so("this record names the CA above it", {std::move(send)})};
}

// The CA's name comes from this machine's bundle, by its own account.
Finding ta_not_sent_finding(const Report& report, const HostReport& host, const Case& c) {
  const TlsaRecord& record = host.records[c.explanation.record].record;
  const std::string place = place_of(host, c.endpoints);
  const std::string& authority = c.explanation.authority;
  Finding finding = make_finding(
      "tlsa-ta-not-sent", "",
      authority.empty()
          ? fmt::format("TLSA {} may name the CA above the last certificate sent by {}.", short_text(record), place)
          : fmt::format("TLSA {} names a CA that signed for {} and is not sent by it.", short_text(record), place),
      sending(report, host, c, place));
  return also(quoting(std::move(finding), "It is", authority),
              " Clients match a usage 2 record only with certificates the server sends.");
}

// Where no record counts, one that does would make everything be refused that it is not for.
bool is_for_all(const Report& report, const HostReport& host) {
  return !all_unusable(host) || publish_all_in_use(report, host).size() < 2;
}

Finding explained_finding(const Report& report, const HostReport& host, const Case& c) {
  const RecordReport& record = host.records[c.explanation.record];
  Told said = told(report, host, c);
  const bool replaces = c.explanation.kind != Explanation::Kind::leaf_not_first;
  if (replaces && !is_for_all(report, host)) said.remedies = {replacement_by_all_in_use(report, host, record)};
  Finding finding = make_finding("tlsa-explained", "", fmt::format("{} {}.", named(host, record), said.what),
                                 std::move(said.remedies));
  finding.says.address = false;
  return quoting(std::move(finding), "It is", c.explanation.authority);
}

// Several records cannot all name the one CA above: then none of them explains anything for sure.
bool is_mere_guess(const Case& c) {
  const auto guessed = [](const Explanation& each) {
    return each.kind == Explanation::Kind::ta_not_sent && each.authority.empty();
  };
  return guessed(c.explanation) && std::ranges::all_of(c.endpoints, [&](const EndpointReport* each) {
           return std::ranges::count_if(each->match.explanations, guessed) > 1;
         });
}

// It explains a verdict where nothing else saves the endpoint.
Severity severity_in(const Report& report, const Case& c) {
  Severity severity = Severity::info;
  if (is_mere_guess(c)) return severity;
  for (const EndpointReport* each : c.endpoints) {
    const Conclusion& conclusion = each->conclusion;
    const bool bad = conclusion.verdict == Verdict::mismatch || conclusion.verdict == Verdict::unusable;
    if (bad) severity = explaining(conclusion, report.policy);
  }
  return severity;
}

}  // namespace

void find_explanations(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.located != Located::dane) return;
  for (const Case& c : cases_of(host)) {
    const bool ta = c.explanation.kind == Explanation::Kind::ta_not_sent;
    Finding finding = ta ? ta_not_sent_finding(report, host, c) : explained_finding(report, host, c);
    finding.severity = severity_in(report, c);
    finding = about_endpoints(host, c.endpoints, std::move(finding));
    found.push_back(about_record(host, host.records[c.explanation.record], std::move(finding)));
  }
}

}  // namespace danewatch
