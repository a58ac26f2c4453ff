// Findings about single records: what each is to its host.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/authority.hpp"
#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

bool has_state(const HostReport& host, RecordState state) {
  return std::ranges::find(host.records, state, &RecordReport::state) != host.records.end();
}

bool is_pkix(const Report& report, const TlsaRecord& record) {
  return !report.target.service->pkix_usages_count && !record.truncated && record.usage <= 1;
}

// RFC 7673 4.1: without a usable record clients of most services go by public CAs. Mail servers authenticate nobody
// then (RFC 7672 2.2).
std::string what_is_left(const Report& report, const HostReport& host) {
  if (!report.target.service->pkix_usages_count) return "";
  Endpoints asked, rejected;
  for (const EndpointReport& endpoint : host.endpoints) {
    const auto& pkix_ok = endpoint.match.pkix_ok;
    if (!pkix_ok || !decides(endpoint.seen)) continue;
    asked.push_back(&endpoint);
    if (!*pkix_ok) rejected.push_back(&endpoint);
  }
  if (asked.empty()) return "";
  if (rejected.empty())
    return fmt::format(" Clients go by public CAs then, which vouch for {}.", place_of(host, asked));
  std::string text = fmt::format(" Clients go by public CAs then, which do not vouch for {}", place_of(host, rejected));
  const std::string& error = rejected.front()->match.pkix_error;
  return text + (error.empty() ? "." : ": " + in_quotes(error) + ".");
}

// RFC 7672 3.1.3, rows.md A-24: the same data under the usage that counts.
std::string would_have_matched(const HostReport& host, const RecordReport& of) {
  const TlsaRecord& record = of.record;
  const auto right = [&](const Explanation& explanation) {
    return explanation.record == of.place && explanation.kind == Explanation::Kind::other_parameters &&
           explanation.usage == record.usage + 2 && explanation.selector == record.selector &&
           explanation.matching_type == record.matching_type;
  };
  bool looked = false;
  for (const EndpointReport& endpoint : host.endpoints) {
    looked = looked || (decides(endpoint.seen) && shows_chain(endpoint.seen));
    const auto& explanations = endpoint.match.explanations;
    const auto found = std::ranges::find_if(explanations, right);
    if (found == explanations.end()) continue;
    const std::string fits = fmt::format(" Its data is right: {} {} {} would match", record.usage + 2, record.selector,
                                         record.matching_type);
    return fits + (found->holds ? "." : ", but the chain would fail the checks of that usage.");
  }
  return looked ? fmt::format(" With usage {} it would not match either.", record.usage + 2) : "";
}

// Alone it explains that TLS is not authenticated; beside a usable one it is only litter.
Finding unusable_finding(const Report& report, const HostReport& host, const RecordReport& of) {
  const TlsaRecord& record = of.record;
  Finding finding;
  if (is_pkix(report, record)) {
    Remedy remedy =
        all_unusable(host) ? replacement_by_all_in_use(report, host, of) : always({removal(report, host, of)});
    remedy.why = "mail needs usage 3 or 2";
    finding = make_finding("tlsa-pkix-usage-smtp", "",
                           fmt::format("{} does not count: mail servers ignore usages 0 and 1.", named(host, of)),
                           {std::move(remedy)});
    finding.text += would_have_matched(host, of);
  } else {
    finding = make_finding("tlsa-unusable-record", "",
                           fmt::format("No client can use {}: {}.", named(host, of), of.unusable.value_or("unusable")),
                           all_unusable(host) ? Remedies{replacement_by_all_in_use(report, host, of)}
                                              : Remedies{always({remove_record(record)}),
                                                         always({in_zone("replace it with a correct one")})});
  }
  if (all_unusable(host)) {
    finding.severity = explaining({Verdict::unusable, Reason::none}, report.policy);
    finding.text += what_is_left(report, host);
  }
  return about_record(host, of, std::move(finding));
}

Severity extra_severity(const Policy& policy) {
  return policy.extra_records == Severity::ok ? Severity::info : policy.extra_records;
}

Finding shared_finding(const HostReport& host, const RecordReport& record, const HostReport& other) {
  return about_record(host, record,
                      make_finding("tlsa-unconfirmed-record", "",
                                   fmt::format("{} matches no certificate of this host, but {} has the same record.",
                                               named(host, record), other.dns.host),
                                   fmt::format("Do not delete it as long as {} may use it.", other.dns.host)));
}

// RFC 7671 5.2, 8.1: a CA issues from another of its keys without asking, so whoever names CAs names those too. Who
// removes such a record waits for mail after the renewal that comes from it.
Finding reserve_finding(const Report& report, const HostReport& host, const RecordReport& record) {
  const std::string_view where = was_dialled(host) ? "shown on any address" : "in this chain";
  Finding finding =
      make_finding("tlsa-extra-record", "",
                   fmt::format("{} names a certificate authority that signed nothing {}.", named(host, record), where),
                   reserve_remedies(host, record));
  finding.severity = extra_severity(report.policy);
  return about_record(host, record, std::move(finding));
}

Finding extra_finding(const Report& report, const HostReport& host, const RecordReport& record) {
  const std::string_view where = was_dialled(host) ? "certificate shown on any address" : "certificate of this chain";
  std::string more;
  if (may_serve_others(report, host, record)) {
    more = fmt::format(" It stands at {}, so other ports or hosts may use it.", record.record.owner);
  }
  // An option of check and check_dane, a key of serve; a chain judged offline has neither.
  Step next = was_dialled(host) ? announce_record(record.record) : in_zone("let it stand");
  Finding finding = make_finding("tlsa-extra-record", "", fmt::format("{} matches no {}.", named(host, record), where),
                                 {if_it_is(std::string(old_key(host)), {removal(report, host, record)}),
                                  if_it_is("your next key", {std::move(next)})});
  finding.text += more;
  finding.severity = extra_severity(report.policy);
  return about_record(host, record, std::move(finding));
}

Finding next_finding(const HostReport& host, const RecordReport& record) {
  const std::string text = fmt::format("{} is declared as next and not in use yet.", named(host, record));
  return about_record(host, record, make_finding("tlsa-next", "", text, ""));
}

Finding partial_finding(const HostReport& host, const RecordReport& of) {
  Endpoints good, bad;
  for (const EndpointReport& endpoint : host.endpoints) {
    const bool anything = std::ranges::find(endpoint.cells, Cell::match) != endpoint.cells.end();
    if (cell_of(endpoint, of) == Cell::match) good.push_back(&endpoint);
    if (!anything && was_observed(endpoint.seen) && decides(endpoint.seen)) bad.push_back(&endpoint);
  }
  const std::string there = place_of(host, good);
  const std::string elsewhere = place_of(host, bad);
  const std::string record = "TLSA " + short_text(of.record);
  if (there == elsewhere) {
    return about_record(
        host, of,
        make_finding(
            "tlsa-partial-record", "",
            fmt::format("{} matches one certificate of {}, but no record matches its other one.", record, there),
            fmt::format("Add a record for each certificate of {}.", host.dns.host)));
  }
  return about_record(
      host, of,
      make_finding(
          "tlsa-partial-record", "", fmt::format("{} matches {}, but no record matches {}.", record, there, elsewhere),
          {always({at_server("bring the same certificate to every address of " + host.dns.host, host.dns.host)}),
           always({in_zone("add a record for each")})}));
}

struct Missing {
  std::string what;
  std::string until = "everything answers";
  std::string then = "look again when everything answers";
};

// "rsa and ed25519 certificates of 192.0.2.1"; nothing where every type was looked at.
std::string types_not_seen(const TlsEvidence& evidence) {
  std::vector<std::string> types;
  for (const View view : evidence.unobserved_views) {
    if (view != View::no_sni && view != View::second) types.emplace_back(to_string(view));
  }
  if (types.empty()) return "";
  return fmt::format("{} certificate{} of {}", list(types), types.size() == 1 ? "" : "s", to_string(evidence.address));
}

// Of the looks that a verdict needs.
std::string what_did_not_answer(const HostReport& host) {
  std::vector<std::string> silent, types;
  for (const TlsEvidence& evidence : looks(host)) {
    if (!decides(evidence)) continue;
    if (!was_observed(evidence)) silent.push_back(to_string(evidence.address));
    if (std::string unseen = types_not_seen(evidence); !unseen.empty()) types.push_back(std::move(unseen));
  }
  if (!silent.empty()) return list(silent) + " did not answer";
  return types.empty() ? "" : fmt::format("the {} could not be looked at", list(types));
}

// Connections to one address that showed different certificates, or of which there was but one.
std::optional<Missing> missing_connections(const HostReport& host) {
  const auto address_where = [&](auto holds) {
    const auto seen = looks(host);
    const auto found = std::ranges::find_if(seen, holds);
    return found == seen.end() ? std::string() : to_string((*found).address);
  };
  const auto is_second = [](const TlsEvidence& evidence) { return evidence.view == View::second; };
  if (const std::string address = address_where(is_second); !address.empty()) {
    return Missing{fmt::format("{} shows another certificate on another connection, and there may be more", address),
                   "every server behind " + address + " was looked at", "look at each server behind " + address};
  }
  const auto is_alone = [](const TlsEvidence& evidence) {
    return evidence.view == View::standard && was_observed(evidence) && !was_seen_again(std::span(&evidence, 1));
  };
  const auto has_failed = [&](const TlsEvidence& evidence) {
    const auto& views = evidence.unobserved_views;
    const bool in_time = evidence.unobserved_by.fault != Fault::not_run;
    return is_alone(evidence) && in_time && std::ranges::find(views, View::second) != views.end();
  };
  if (const std::string address = address_where(has_failed); !address.empty()) {
    return Missing{fmt::format("further connections to {} failed, and another server may answer them", address),
                   "further connections work", "look again later"};
  }
  const std::string address = address_where(is_alone);
  if (address.empty()) return std::nullopt;
  return Missing{fmt::format("there was no time to ask {} again, where another server may answer", address),
                 "there is more time", "look again with a longer --timeout"};
}

Missing what_is_missing(const Report& report, const HostReport& host) {
  if (std::string silent = what_did_not_answer(host); !silent.empty()) return {std::move(silent)};
  if (report.policy.views == Views::standard) {
    return {"only one certificate type was looked at", "danewatch has looked with --views auto",
            "look again with --views auto"};
  }
  return missing_connections(host).value_or(Missing{"not every address was looked at"});
}

Finding unconfirmed_finding(const Report& report, const HostReport& host, const RecordReport& record) {
  const Missing missing = what_is_missing(report, host);
  return about_record(
      host, record,
      make_finding("tlsa-unconfirmed-record", "",
                   fmt::format("{} matches nothing seen so far, but {}.", named(host, record), missing.what),
                   {always({wait_until(missing.until, "do not delete it yet: " + missing.then)})}));
}

bool something_observed(const HostReport& host) {
  return std::ranges::any_of(looks(host), [](const TlsEvidence& evidence) { return was_observed(evidence); });
}

// Worst news first, whatever the order of the records: the first finding becomes the summary.
constexpr RecordState by_news[] = {RecordState::unmatched, RecordState::partial, RecordState::unusable,
                                   RecordState::unknown, RecordState::next};

std::optional<Finding> finding_of(const Report& report, const HostReport& host, const RecordReport& record) {
  switch (record.state) {
    case RecordState::unusable:
      return unusable_finding(report, host, record);
    case RecordState::next:
      return next_finding(host, record);
    case RecordState::partial:
      return partial_finding(host, record);
    case RecordState::unknown:
      // Where nothing was seen at all, the unreachable addresses are the news.
      if (something_observed(host)) return unconfirmed_finding(report, host, record);
      return std::nullopt;
    case RecordState::unmatched:
      if (const auto* other = shared_with(report, host, record)) return shared_finding(host, record, *other);
      if (!has_state(host, RecordState::current)) return std::nullopt;
      return is_reserve(host, record) ? reserve_finding(report, host, record) : extra_finding(report, host, record);
    case RecordState::current:
    case RecordState::shadowed:
      break;
  }
  return std::nullopt;
}

void find_by_state(const Report& report, const HostReport& host, Findings& found) {
  for (const RecordState state : by_news) {
    for (const RecordReport& record : host.records) {
      if (record.state != state) continue;
      if (auto finding = finding_of(report, host, record)) found.push_back(std::move(*finding));
    }
  }
}

// Only of a record that is of no use anywhere: it may be another address's, or that of one that was not seen.
bool is_useless(const Report& report, const HostReport& host, const RecordReport& record) {
  const bool unmatched = record.state == RecordState::unmatched && !is_reserve(host, record);
  return unmatched && shared_with(report, host, record) == nullptr;
}

// The combination of a record once more, for what is in use.
Step sibling_in_use(const Report& report, const HostReport& host, const TlsaRecord& record,
                    const EndpointReport& endpoint) {
  const auto same = [&](const TlsaRecord& other) {
    return other.usage == record.usage && other.selector == record.selector &&
           other.matching_type == record.matching_type;
  };
  if (const auto authority = authority_record(report, host, endpoint); authority && same(*authority)) {
    return publish_record(*authority);
  }
  return in_zone(fmt::format("publish a {} {} {} record for the certificate in use", record.usage, record.selector,
                             record.matching_type));
}

// RFC 7671 8, rows.md B-13: every combination published must have a record for the certificate in use.
void find_incomplete(const Report& report, const HostReport& host, Findings& found) {
  for (const RecordReport& of : host.records) {
    Endpoints where;
    for (const EndpointReport& endpoint : host.endpoints) {
      const bool good = endpoint.conclusion.verdict == Verdict::authenticated;
      const auto& incomplete = endpoint.match.incomplete;
      const bool here = std::ranges::find(incomplete, of.place) != incomplete.end();
      if (good && here && decides(endpoint.seen)) where.push_back(&endpoint);
    }
    if (where.empty()) continue;
    const TlsaRecord& record = of.record;
    Remedies remedies{always({sibling_in_use(report, host, record, *where.front())})};
    if (is_useless(report, host, of)) remedies.push_back(always({removal(report, host, of)}));
    Finding finding = make_finding("tlsa-incomplete-combination", "",
                                   fmt::format("No {} {} {} record matches {}, only other kinds do.", record.usage,
                                               record.selector, record.matching_type, place_of(host, where)),
                                   std::move(remedies));
    finding = about_endpoints(host, where, also(std::move(finding), " Clients that know only this kind fail."));
    found.push_back(about_record(host, of, std::move(finding)));
  }
}

}  // namespace

void find_in_records(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.located != Located::dane) return;
  find_by_state(report, host, found);
  find_incomplete(report, host, found);
}

}  // namespace danewatch
