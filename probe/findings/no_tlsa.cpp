// The finding about a host without TLSA records: what would make DANE apply.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/dns_parts.hpp"
#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/wildcards.hpp"

namespace danewatch {
namespace {

// One for each certificate the host shows, at the name where they take nothing away.
std::vector<Step> records_to_publish(const Report& report, const HostReport& host, const std::string& owner) {
  std::vector<Step> steps = publish_in_use(report, host);
  for (Step& step : steps) {
    if (step.record) step.record->owner = owner;
  }
  return steps;
}

std::string in_words(const HostReport& host, const PublishingPlace& place) {
  std::string words = host.endpoints.empty() ? "P" : "Once the server offers TLS, p";
  if (!place.before_it.empty()) {
    words = host.endpoints.empty() ? "F" : "Once the server offers TLS, f";
    words += place.before_it.substr(1) + ", and then p";
  }
  return words + fmt::format("ublish a TLSA record at {} (danewatch tlsa makes one).", place.owner);
}

Remedies publication(const Report& report, const HostReport& host, const PublishingPlace& place) {
  std::vector<Step> steps = records_to_publish(report, host, place.owner);
  if (steps.empty()) return advice(Step::Do::zone, in_words(host, place));
  if (!place.before_it.empty()) {
    const auto first = std::ranges::find(steps, Step::Do::add, &Step::what);
    if (first != steps.end()) first->words = "then publish";
    steps.insert(steps.begin(), in_zone(place.before_it));
  }
  steps.push_back(in_zone("change it with every new key"));
  return {always(std::move(steps))};
}

}  // namespace

Finding no_tlsa_finding(const Report& report, const HostReport& host) {
  const PublishingPlace place = publishing_place(host);
  if (auto finding = dangling_alias_finding(host, place.owner)) return std::move(*finding);
  return also(
      make_finding("dns-no-tlsa", place.owner, fmt::format("{} has no TLSA record at {}.", host.dns.host, place.owner),
                   publication(report, host, place)),
      place.reason);
}

// It changes nothing for senders: no records, proven or not, are no DANE (RFC 7672 2.2).
std::optional<Finding> opt_out_finding(const HostReport& host) {
  if (host.dns.located != Located::no_tlsa) return std::nullopt;
  const auto unproven = std::ranges::find_if(host.dns.lookups, [](const Answer& answer) {
    return !answer.diagnostic && answer.question.type == RrType::tlsa && answer.opt_out && answer.signer;
  });
  if (unproven == host.dns.lookups.end()) return std::nullopt;
  const std::string zone = unproven->signer.value_or("");
  return about_host(
      host, make_finding("dns-opt-out", zone,
                         fmt::format("The NSEC3 records of {} have opt-out, so they do not prove that {} has none.",
                                     zone, unproven->question.name),
                         fmt::format("Sign {} with NSEC, or with NSEC3 without opt-out.", zone)));
}

}  // namespace danewatch
