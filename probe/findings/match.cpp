// Findings that explain a mismatch: what the server shows, and what to publish or to remove.

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "probe/findings/authority.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

// Endpoints that fail for the same reason with the same certificate.
struct Group {
  Reason reason;
  std::string leaf;  // SHA-256 of the leaf; empty: none was sent
  const RecordReport* nearest = nullptr;
  Endpoints endpoints;
};

const RecordReport* nearest_record(const HostReport& host, const EndpointReport& endpoint) {
  const auto& nearest = endpoint.match.nearest;
  return nearest ? &host.records[nearest->record] : nullptr;
}

std::vector<Group> groups_of(const HostReport& host) {
  std::vector<Group> groups;
  for (const EndpointReport& endpoint : host.endpoints) {
    const Conclusion& conclusion = endpoint.conclusion;
    if (conclusion.verdict != Verdict::mismatch || !decides(endpoint.seen)) continue;
    const auto& chain = endpoint.seen.chain;
    Group group{
        conclusion.reason, chain.empty() ? "" : chain.front().sha256, nearest_record(host, endpoint), {&endpoint}};
    const auto same = std::ranges::find_if(groups, [&](const Group& other) {
      return std::tie(other.reason, other.leaf, other.nearest) == std::tie(group.reason, group.leaf, group.nearest);
    });
    if (same != groups.end()) {
      same->endpoints.push_back(&endpoint);
    } else {
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

const Certificate* leaf_of(const Group& group) {
  const auto& chain = group.endpoints.front()->seen.chain;
  return chain.empty() ? nullptr : &chain.front();
}

std::string shows(const HostReport& host, const Group& group, std::string what) {
  return says_of(host, group.endpoints, {"shows", "show", std::move(what)});
}

std::string record_name(const Group& group) {
  return group.nearest == nullptr ? "the TLSA record" : "TLSA " + short_text(group.nearest->record);
}

// Another certificate of the same address is fine, so this is about the key type.
const EndpointReport* good_sibling(const HostReport& host, const EndpointReport& endpoint) {
  const auto is_good_one = [&](const EndpointReport& other) {
    const bool same_address = other.seen.address == endpoint.seen.address;
    const bool good = other.conclusion.verdict == Verdict::authenticated;
    return &other != &endpoint && same_address && good && decides(other.seen);
  };
  const auto found = std::ranges::find_if(host.endpoints, is_good_one);
  return found == host.endpoints.end() ? nullptr : &*found;
}

std::string key_of(const EndpointReport& endpoint) {
  const auto& chain = endpoint.seen.chain;
  return chain.empty() || chain.front().key.empty() ? "other" : chain.front().key;
}

Finding type_mismatch_finding(const HostReport& host, const Group& group, const EndpointReport& sibling) {
  const std::string place = place_of(host, group.endpoints);
  Finding finding = make_finding(
      "cert-type-mismatch", place,
      fmt::format("The {} certificate of {} matches no TLSA record.", key_of(*group.endpoints.front()), place),
      {always({add_record(right_record(host, *leaf_of(group)))}),
       always({at_server("stop serving that certificate", place)})});
  return also(std::move(finding),
              fmt::format(" The {} certificate does; clients that are given the other one fail.", key_of(sibling)));
}

// The same address shows both, on connections that ask for the same: servers take turns there.
Finding turns_finding(const HostReport& host, const Group& group) {
  const std::string place = place_of(host, group.endpoints);
  const TlsaRecord right = right_record(host, *leaf_of(group));
  Finding finding = make_finding(
      "tlsa-mismatch", place, shows(host, group, " a certificate that no TLSA record matches, on some connections."),
      {always({add_record(right)}), always({at_server("bring the same key to every server there", place)})});
  return also(std::move(finding),
              fmt::format(" On others it shows one that matches, as where a load balancer leads to several servers. As "
                          "a record its key would be {}.",
                          to_text(right)));
}

bool take_turns(const Group& group, const EndpointReport& sibling) {
  return group.endpoints.front()->seen.view == View::second || sibling.seen.view == View::second;
}

// Whoever pins authorities has a record less to change at every renewal.
Remedies records_or_certificate(const Report& report, const HostReport& host, const Group& group) {
  const std::string right = "that certificate is the right one";
  Remedies remedies;
  const auto authority = authority_record(report, host, *group.endpoints.front());
  if (authority && pins_authorities(host)) remedies.push_back(if_so(right, {add_record(*authority, "its CA")}));
  remedies.push_back(if_so(right, {add_record(right_record(host, *leaf_of(group)))}));
  remedies.push_back(
      if_not({at_server("go back to the certificate whose record is published", place_of(host, group.endpoints))}));
  return remedies;
}

Finding no_match_finding(const Report& report, const HostReport& host, const Group& group) {
  const Certificate* leaf = leaf_of(group);
  const std::string place = place_of(host, group.endpoints);
  if (leaf == nullptr) {
    return make_finding(
        "tlsa-mismatch", place, shows(host, group, " no certificate."),
        advice(Step::Do::server, "Configure a certificate, and switch anonymous cipher suites off.", place));
  }
  if (const EndpointReport* sibling = good_sibling(host, *group.endpoints.front())) {
    return take_turns(group, *sibling) ? turns_finding(host, group) : type_mismatch_finding(host, group, *sibling);
  }
  // A renewed certificate looks like this, an impostor's hardly ever.
  const bool public_ca = group.endpoints.front()->match.pkix_ok.value_or(false);
  Finding finding =
      make_finding("tlsa-mismatch", place, fmt::format("No TLSA record matches the certificate of {}.", place),
                   records_or_certificate(report, host, group));
  finding.text += fmt::format(" Its key corresponds to TLSA {}.", to_text(right_record(host, *leaf)));
  return also(std::move(finding), public_ca ? " Public CAs vouch for the certificate." : "");
}

Remedies or_usage_3(Step step, const HostReport& host, const Group& group, std::string_view what_it_spares) {
  Remedies remedies{always({std::move(step)})};
  const Certificate* leaf = leaf_of(group);
  if (leaf == nullptr) return remedies;
  remedies.push_back(always({publish_record(right_record(host, *leaf), fmt::format("usage 3 {}", what_it_spares))}));
  return remedies;
}

// Above the server's own: which certificate it is, and a record that does without it.
Finding expired_above_finding(const Report& report, const HostReport& host, const Group& group, std::size_t index) {
  const std::string place = place_of(host, group.endpoints);
  const Certificate& expired = group.endpoints.front()->seen.chain[index];
  Remedies remedies;
  const auto authority = authority_record(report, host, *group.endpoints.front());
  if (authority) remedies.push_back(always({add_record(*authority, "the CA that signed")}));
  remedies.push_back(always({publish_record(right_record(host, *leaf_of(group)), "usage 3 needs no date")}));
  Finding finding = make_finding("cert-expired", place,
                                 fmt::format("Certificate {} of the chain of {} expired on {}, and {} needs its date.",
                                             index + 1, place, date_of(expired.not_after), record_name(group)),
                                 std::move(remedies));
  return also(quoting(std::move(finding), "It is", expired.subject),
              " To renew the server's own certificate would not help.");
}

Finding expired_finding(const Report& report, const HostReport& host, const Group& group) {
  const std::string place = place_of(host, group.endpoints);
  const auto& chain = group.endpoints.front()->seen.chain;
  const auto expired = std::ranges::find_if(
      chain, [&](const Certificate& each) { return each.error.empty() && each.not_after < report.at; });
  if (expired != chain.end() && expired != chain.begin()) {
    return expired_above_finding(report, host, group, static_cast<std::size_t>(expired - chain.begin()));
  }
  std::string more;
  if (expired != chain.end()) more = fmt::format(" The server's own expired on {}.", date_of(expired->not_after));
  return also(
      make_finding("cert-expired", place,
                   fmt::format("A certificate of {} has expired, and {} needs its date.", place, record_name(group)),
                   or_usage_3(at_server("renew the certificate", place), host, group, "needs no date")),
      more);
}

Finding early_finding(const Report& report, const HostReport& host, const Group& group) {
  const std::string place = place_of(host, group.endpoints);
  const Certificate* leaf = leaf_of(group);
  std::string more;
  if (leaf != nullptr && leaf->not_before > report.at) {
    more = fmt::format(" The server's own is valid from {}.", date_of(leaf->not_before));
  }
  return also(make_finding("cert-not-yet-valid", place,
                           fmt::format("A certificate of {} is not valid yet, and {} needs its date.", place,
                                       record_name(group)),
                           or_usage_3(wait_until("it is valid", "wait until it is valid or check its dates"), host,
                                      group, "needs no date")),
              more);
}

Finding name_finding(const HostReport& host, const Group& group) {
  const std::string place = place_of(host, group.endpoints);
  const Certificate* leaf = leaf_of(group);
  Finding finding = make_finding(
      "cert-name", place, fmt::format("The certificate of {} is not for {}.", place, list(reference_names(host.dns))),
      or_usage_3(at_server("get a certificate for " + reference_names(host.dns).front(), place), host, group,
                 "checks no names"));
  return leaf == nullptr ? finding : quoting(std::move(finding), "It is for:", list(leaf->names));
}

std::string_view rejection(Reason reason) {
  switch (reason) {
    case Reason::ca:
      return "an issuing certificate in the chain is not a CA certificate";
    case Reason::pathlen:
      return "the chain is longer than a CA certificate in it allows";
    case Reason::name_constraint:
      return "a CA certificate in it is not allowed to vouch for this name";
    case Reason::purpose:
      return "the certificate is not meant for servers";
    case Reason::chain:
      return "the chain is incomplete or broken";
    case Reason::pkix_untrusted:
      return "the chain does not lead to a CA that is trusted here";
    case Reason::weak:
      return "a key or a signature in it is too weak";
    default:
      return "the chain is not valid";
  }
}

Finding rejected_finding(const HostReport& host, const Group& group) {
  const std::string place = place_of(host, group.endpoints);
  const bool incomplete = group.reason == Reason::chain;
  const std::string what =
      incomplete ? "send every intermediate certificate" : "replace the certificate that is at fault";
  Finding finding = make_finding("cert-rejected", place,
                                 fmt::format("The chain of {} matches {}, but is not valid: {}.", place,
                                             record_name(group), rejection(group.reason)),
                                 or_usage_3(at_server(what, place), host, group, "looks at the key alone"));
  return quoting(std::move(finding), "OpenSSL says:", group.endpoints.front()->match.error);
}

std::optional<Finding> finding_of(const Report& report, const HostReport& host, const Group& group) {
  switch (group.reason) {
    case Reason::shadowed:
      return std::nullopt;  // named record by record
    case Reason::expired:
      return expired_finding(report, host, group);
    case Reason::not_yet_valid:
      return early_finding(report, host, group);
    case Reason::name:
      return name_finding(host, group);
    case Reason::no_match:
    case Reason::no_cert:
    case Reason::none:
      return no_match_finding(report, host, group);
    default:
      return rejected_finding(host, group);
  }
}

// The records whose stronger digest hides a match, with the endpoints where they do and one record they hide.
struct Shadow {
  const RecordReport* by = nullptr;
  const RecordReport* hidden = nullptr;
  Endpoints endpoints;
  bool decides = false;  // the verdict of an endpoint is `shadowed`
};

const RecordReport* hidden_by(const HostReport& host, const EndpointReport& endpoint, const TlsaRecord& strong) {
  const auto is_hidden = [&](const RecordReport& weak) {
    const bool same_group = weak.record.usage == strong.usage && weak.record.selector == strong.selector;
    return cell_of(endpoint, weak) == Cell::shadowed && same_group;
  };
  const auto found = std::ranges::find_if(host.records, is_hidden);
  return found == host.records.end() ? nullptr : &*found;
}

std::vector<Shadow> shadows_of(const HostReport& host) {
  std::vector<Shadow> shadows;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (host.dns.located != Located::dane || !decides(endpoint.seen)) continue;
    for (const std::size_t index : endpoint.match.shadowed_by) {
      const RecordReport& by = host.records[index];
      auto same = std::ranges::find(shadows, &by, &Shadow::by);
      if (same == shadows.end()) {
        shadows.push_back({&by, hidden_by(host, endpoint, by.record), {}, false});
        same = shadows.end() - 1;
      }
      same->endpoints.push_back(&endpoint);
      same->decides |= endpoint.conclusion == Conclusion{Verdict::mismatch, Reason::shadowed};
    }
  }
  return shadows;
}

Remedies out_of_the_shadow(const Report& report, const HostReport& host, const Shadow& shadow) {
  const int type = shadow.by->record.matching_type;
  if (is_reserve(host, *shadow.by)) {
    return advice(Step::Do::zone,
                  fmt::format("Publish the CA in use with matching type {} too; remove nothing.", type));
  }
  if (shadow.by->state != RecordState::unmatched) {
    return advice(Step::Do::zone,
                  fmt::format("Publish the key shown there with matching type {} too; remove nothing yet.", type));
  }
  return {if_it_is(std::string(old_key(host)), {removal(report, host, *shadow.by)}),
          if_it_is("your next key", {in_zone(fmt::format("publish the current key with matching type {} too", type))})};
}

Finding shadow_finding(const Report& report, const HostReport& host, const Shadow& shadow) {
  const TlsaRecord& strong = shadow.by->record;
  const std::string hidden =
      shadow.hidden == nullptr ? std::string("a weaker record") : "TLSA " + short_text(shadow.hidden->record);
  const bool useless = shadow.by->state == RecordState::unmatched;
  Finding finding = make_finding("tlsa-shadowed", "",
                                 fmt::format("TLSA {} hides {}, the right one for {}.", short_text(strong), hidden,
                                             place_of(host, shadow.endpoints)),
                                 out_of_the_shadow(report, host, shadow));
  finding.text +=
      fmt::format(" Clients use only the strongest digest of a usage and selector, and that one matches nothing{}.",
                  useless ? "" : " there");
  finding.place.endpoints = places_of(shadow.endpoints);
  if (shadow.decides) finding.severity = Severity::critical;
  return about_record(host, *shadow.by, std::move(finding));
}

}  // namespace

void find_mismatches(const Report& report, const HostReport& host, Findings& found) {
  for (const Group& group : groups_of(host)) {
    if (auto finding = finding_of(report, host, group)) {
      finding->severity = Severity::critical;
      found.push_back(about_endpoints(host, group.endpoints, std::move(*finding)));
    }
  }
  for (const Shadow& shadow : shadows_of(host)) found.push_back(shadow_finding(report, host, shadow));
}

}  // namespace danewatch
