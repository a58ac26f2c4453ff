// Findings about where the walk through the DNS ended, for the target and for each host.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/algorithm.hpp"
#include "probe/findings/dns_parts.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/mail_domain.hpp"

namespace danewatch {
namespace {

// The subject of a walk: the target itself or one of its hosts.
struct Walk {
  std::string name;
  Located located;
  const std::vector<Answer>& lookups;
  const Report& report;
  bool of_target = false;
};

bool failed(const Answer& answer) {
  return !answer.diagnostic && (answer.status == Status::bogus || answer.status == Status::failed);
}

bool asks_address(const Answer& answer) {
  return answer.question.type == RrType::a || answer.question.type == RrType::aaaa;
}

// The answer that ended the walk is the last one that failed; ". DNSKEY", which only tells us from the world, is not
// it.
const Answer* culprit(const std::vector<Answer>& lookups, Status status) {
  const auto found = std::ranges::find_if(lookups.rbegin(), lookups.rend(), [&](const Answer& answer) {
    return !answer.diagnostic && answer.status == status && answer.question.name != ".";
  });
  return found == lookups.rend() ? nullptr : &*found;
}

std::string_view users_of(const Report& report) {
  return report.target.service == &smtp_service() ? "Senders" : "Clients";
}

std::string question_of(const Answer* answer, const Walk& walk) {
  if (answer == nullptr) return walk.name;
  return fmt::format("{} {}", answer->question.name, to_string(answer->question.type));
}

// The keys of the zone that should have signed the answer, as the diagnosis saw them.
const Answer* zone_keys(const Report& report, std::string_view name) {
  const Answer* deepest = nullptr;
  for (const Answer& answer : report.walk.lookups) {
    const std::string& zone = answer.question.name;
    const bool above = name == zone || name.ends_with("." + zone);
    if (answer.question.type != RrType::dnskey || !above || zone == ".") continue;
    if (deepest == nullptr || zone.size() > deepest->question.name.size()) deepest = &answer;
  }
  return deepest;
}

// Of a forged answer only its question can be trusted, and the aliases that validate by themselves.
std::string bogus_fix(const Walk& walk, const Answer* answer) {
  const Alias* alias = answer == nullptr ? nullptr : unproven_alias(walk.lookups, *answer);
  std::string name = walk.name;
  if (answer != nullptr) name = alias != nullptr ? alias->from : answer->canonical_name;
  const Answer* keys = zone_keys(walk.report, name);
  const bool absence = answer != nullptr && alias == nullptr && answer->data.empty();
  const std::string_view proofs = absence ? ", with NSEC or NSEC3 records" : "";
  if (keys == nullptr) {
    return fmt::format("Re-sign the zone of {}{}, or make the DS record at its parent match its keys.",
                       zone_owner(name), proofs);
  }
  const std::string& zone = keys->question.name;
  if (keys->status == Status::secure) {
    return fmt::format("Re-sign the zone {}{}; its keys and its DS record are right.", zone, proofs);
  }
  return fmt::format(
      "Re-sign the zone {}{}, including its DNSKEY records, or make the DS record at its parent match them.", zone,
      proofs);
}

Finding bogus_finding(const Walk& walk, const Answer* answer) {
  const std::string what = question_of(answer, walk);
  Finding finding = make_finding("dnssec-bogus", what, fmt::format("The answer to {} fails DNSSEC validation.", what),
                                 bogus_fix(walk, answer));
  finding.text += fmt::format(" {} must not use {}.", users_of(walk.report), walk.of_target ? "it" : "this host");
  return answer == nullptr ? finding : quoting(std::move(finding), "The resolver says:", answer->why_bogus);
}

bool addresses_are_fine(const std::vector<Answer>& lookups) {
  return std::ranges::any_of(lookups, [](const Answer& answer) {
    return asks_address(answer) && !answer.diagnostic && !failed(answer) && !answer.data.empty();
  });
}

std::string failure_words(Located located, const std::string& question) {
  switch (located) {
    case Located::timeout:
      return fmt::format("No name server answered {} in time.", question);
    case Located::malformed:
      return fmt::format("The answer to {} is malformed.", question);
    default:
      return fmt::format("No name server gives a usable answer to {}.", question);
  }
}

Finding failed_finding(const Walk& walk, const Answer* answer) {
  const std::string what = question_of(answer, walk);
  if (auto finding = failed_alias_finding(walk.lookups, answer)) return std::move(*finding);
  const std::string text = failure_words(walk.located, what);
  const bool tlsa = answer != nullptr && answer->question.type == RrType::tlsa;
  if (tlsa && addresses_are_fine(walk.lookups)) {
    return also(
        make_finding("dns-broken-denial", what, text,
                     fmt::format("Make every name server of {} answer TLSA questions, or prove that there is no "
                                 "such record; old servers and DNS firewalls often do neither.",
                                 walk.name)),
        fmt::format(" The same servers do answer A and AAAA queries. {} cannot tell this from an attack and "
                    "must not use the host.",
                    users_of(walk.report)));
  }
  return make_finding("dns-failed", what, text,
                      fmt::format("Check that every name server of {} answers this question over UDP and TCP.",
                                  answer != nullptr ? answer->question.name : walk.name));
}

Finding no_service_finding(const Walk& walk) {
  const bool mail = walk.report.target.kind == TargetKind::mail_domain;
  return make_finding(
      "no-service", walk.name,
      mail ? fmt::format("{} says with a null MX that it accepts no mail.", walk.name)
           : fmt::format("{} says with the SRV target \".\" that it does not offer this service.", walk.name),
      "");
}

const Answer* unproven(const std::vector<Answer>& lookups, RrType type) {
  const auto found = std::ranges::find_if(lookups, [&](const Answer& answer) {
    return !answer.diagnostic && answer.question.type == type && answer.status == Status::insecure;
  });
  return found == lookups.end() ? nullptr : &*found;
}

Finding insecure_srv_finding(const Walk& walk) {
  const Gap gap =
      gap_of(walk.report, walk.report.walk.lookups, walk.name, unproven(walk.report.walk.lookups, RrType::srv));
  return also(
      without_subject(make_finding(
          "dns-insecure-srv", walk.report.target.srv_owner,
          fmt::format("The SRV records of {} are {}, so DANE does not apply.", walk.name, state_words(gap)), gap.fix)),
      gap.detail);
}

Finding not_run_finding(const Walk& walk) {
  if (walk.report.run.complete) {
    return make_finding("not-run", walk.name, fmt::format("{} was not looked at.", walk.name), "");
  }
  return make_finding("run-incomplete", walk.name, fmt::format("Timed out before {} was checked.", walk.name),
                      "Give the run more time with --timeout.");
}

Finding trust_anchor_finding(const Walk& walk) {
  const std::string& anchor = walk.report.run.trust_anchor;
  return make_finding("trust-anchor", anchor,
                      fmt::format("The DNS root is not proven by the trust anchor {}, so nothing can be said.", anchor),
                      "Update the trust anchor, name a good one with --trust-anchor, and check this machine's clock.");
}

// RFC 7673 3.1: for a service that is only found by SRV, no SRV record means no service.
Finding no_srv_finding(const Walk& walk) {
  const std::string& owner = walk.report.target.srv_owner;
  return make_finding("dns-no-such-name", owner, fmt::format("There is no SRV record at {}.", owner),
                      fmt::format("Publish one, or name the host: {}://HOST.", walk.report.target.service->name));
}

// Whose question the finding about the walk names; null: it names the walk itself.
const Answer* failed_answer(const Walk& walk) {
  switch (walk.located) {
    case Located::bogus:
      return culprit(walk.lookups, Status::bogus);
    case Located::servfail:
    case Located::timeout:
    case Located::malformed:
      return culprit(walk.lookups, Status::failed);
    default:
      return nullptr;
  }
}

std::optional<Finding> failure_finding(const Walk& walk) {
  if (walk.located == Located::nxdomain || walk.located == Located::no_address) {
    if (auto finding = empty_alias_finding(walk.lookups, walk.name, walk.located)) return finding;
  }
  switch (walk.located) {
    case Located::bogus:
      return bogus_finding(walk, failed_answer(walk));
    case Located::servfail:
    case Located::timeout:
    case Located::malformed:
      return failed_finding(walk, failed_answer(walk));
    case Located::nxdomain:
      if (walk.of_target && walk.report.target.kind == TargetKind::srv) return no_srv_finding(walk);
      return make_finding("dns-no-such-name", walk.name, fmt::format("The name {} does not exist.", walk.name),
                          walk.of_target
                              ? "Check the spelling, or register the name."
                              : fmt::format("Add address records for {}, or stop pointing to it.", walk.name));
    case Located::no_address:
      return make_finding("dns-no-address", walk.name,
                          fmt::format("{} has neither an A nor an AAAA record.", walk.name),
                          fmt::format("Add address records for {}, or stop pointing to it.", walk.name));
    default:
      return std::nullopt;
  }
}

// Made of zone files alone: what is in none of them nobody was asked for.
Finding zone_not_given(const std::string& name) {
  return make_finding("local-limit", name, fmt::format("The zone that holds {} was not given.", name),
                      "Give its file with --zone.");
}

std::optional<Finding> finding_of(const Walk& walk) {
  if (auto finding = failure_finding(walk)) return finding;
  switch (walk.located) {
    case Located::no_service:
      return no_service_finding(walk);
    case Located::insecure_srv:
      return insecure_srv_finding(walk);
    case Located::no_tlsa:
      return make_finding("dns-no-tlsa", walk.name, fmt::format("{} has no TLSA record.", walk.name),
                          "Publish one (danewatch tlsa makes it).");
    case Located::insecure:
      return make_finding("dns-insecure-address", walk.name,
                          fmt::format("The records of {} are not signed, so DANE does not apply.", walk.name),
                          fmt::format("Sign the zone of {} with DNSSEC.", walk.name));
    case Located::address_literal:
      return make_finding("address-literal", walk.name,
                          fmt::format("{} is an address; TLSA records belong to names.", walk.name),
                          "Say for which name it stands: --name NAME.");
    case Located::algorithm:
      return algorithm_finding(walk.report, walk.of_target ? std::string() : walk.name);
    case Located::local_failure:
      if (walk.report.run.origin == Origin::predicted) return zone_not_given(walk.name);
      return make_finding("local-limit", walk.name, fmt::format("The resolver here failed at {}.", walk.name),
                          "Look at the log, and at this machine's memory and open descriptors.");
    case Located::no_network:
      return make_finding("no-network", walk.name, "The DNS root did not answer, so nothing can be said.",
                          "Check this machine's network, and that its questions get through by UDP and TCP: to the "
                          "--forwarder if there "
                          "is one, else to port 53 everywhere. danewatch doctor tells more.");
    case Located::trust_anchor:
      return trust_anchor_finding(walk);
    case Located::not_run:
      return not_run_finding(walk);
    default:
      return std::nullopt;
  }
}

bool same_for_all(Located located) {
  return located == Located::algorithm || located == Located::no_network || located == Located::trust_anchor ||
         located == Located::insecure_srv || located == Located::address_literal;
}

std::string name_of(const Target& target) {
  if (!target.name.empty()) return target.name;
  return target.address ? to_string(*target.address) : target.text;
}

bool has_ignored_tlsa(const HostReport& host) {
  return std::ranges::any_of(host.dns.lookups, [](const Answer& answer) {
    return answer.question.type == RrType::tlsa && !failed(answer) && !answer.data.empty();
  });
}

// RFC 2782: the port is what the record is for.
Finding port_zero_finding(const Report& report, const HostReport& host) {
  const std::string& owner = report.target.srv_owner;
  return make_finding("dns-failed", owner + " SRV",
                      fmt::format("The SRV record of {} names port 0 of {}.", owner, host.dns.host),
                      "Name the service's port there; to say that there is no service, use the target \".\".");
}

Finding insecure_finding(const Report& report, const HostReport& host) {
  const bool addresses = std::ranges::none_of(host.dns.lookups, [](const Answer& answer) {
    return asks_address(answer) && !answer.diagnostic && answer.status == Status::secure;
  });
  const Answer* answer = unproven(host.dns.lookups, addresses ? RrType::a : RrType::tlsa);
  if (answer == nullptr && addresses) answer = unproven(host.dns.lookups, RrType::aaaa);
  const Gap gap = gap_of(report, host.dns.lookups, addresses ? host.dns.host : tlsa_owner(host), answer);
  const bool denied = !addresses && answer != nullptr && answer->denial != Denial::none;
  std::string text =
      denied ? fmt::format("{} has no TLSA record at {}, so DANE does not apply.", host.dns.host, answer->question.name)
             : fmt::format("The {} records of {} are {}, so DANE does not apply.", addresses ? "address" : "TLSA",
                           host.dns.host, state_words(gap));
  const bool ignored = addresses && has_ignored_tlsa(host);
  return also(make_finding("dns-insecure-address", host.dns.host, std::move(text), gap.fix),
              gap.detail + (ignored ? " Its TLSA records are ignored." : ""));
}

std::string_view family_word(const Answer& answer) {
  return answer.question.type == RrType::a ? "IPv4" : "IPv6";
}

// RFC 7672 2.1.2, rows.md D-22: judged by the addresses that resolved, but strict senders skip the whole host.
void find_half_failed(const Report& report, const HostReport& host, Findings& found) {
  const Located located = host.dns.located;
  if (located != Located::dane && located != Located::no_tlsa && located != Located::insecure) return;
  for (const Answer& answer : host.dns.lookups) {
    if (!asks_address(answer) || !failed(answer)) continue;
    const bool bogus = answer.status == Status::bogus;
    Finding finding =
        make_finding(bogus ? "dnssec-bogus" : "dns-failed",
                     fmt::format("{} {}", answer.question.name, to_string(answer.question.type)),
                     fmt::format("The {} addresses of {} cannot be used: the answer {}.", family_word(answer),
                                 host.dns.host, bogus ? "fails DNSSEC validation" : "did not come"),
                     fmt::format("Make every name server answer {} {} with valid signatures.", answer.question.name,
                                 to_string(answer.question.type)));
    finding.severity = Severity::warning;
    finding.text +=
        fmt::format(" Strict {} skip the whole host.", users_of(report) == "Senders" ? "senders" : "clients");
    found.push_back(about_host(host, std::move(finding)));
  }
}

Finding insecure_mx_finding(const Report& report) {
  const std::string& name = report.target.name;
  const Gap gap = gap_of(report, report.walk.lookups, name, unproven(report.walk.lookups, RrType::mx));
  const std::string text =
      report.walk.implicit_mx
          ? fmt::format("{} is {}, so anyone could give it MX records.", name, state_words(gap))
          : fmt::format("The MX records of {} are {}, so anyone could name other hosts.", name, state_words(gap));
  return also(without_subject(make_finding("dns-insecure-mx", name + " MX", text, gap.fix)), gap.detail);
}

bool partly_protected(const Report& report) {
  const auto count = [&](Verdict verdict) {
    return std::ranges::count(report.hosts, verdict, [](const HostReport& h) { return h.conclusion.verdict; });
  };
  const auto open = count(Verdict::not_applicable) + count(Verdict::unusable);
  return report.target.kind == TargetKind::mail_domain && count(Verdict::authenticated) > 0 && open > 0;
}

Finding partly_protected_finding(const Report& report) {
  std::vector<std::string> open;
  for (const HostReport& host : report.hosts) {
    const Verdict verdict = host.conclusion.verdict;
    if (verdict == Verdict::not_applicable || verdict == Verdict::unusable) open.push_back(host.dns.host);
  }
  return also(make_finding(
                  "mx-partly-protected", report.target.name,
                  fmt::format("Mail can reach {} without DANE through {}.", report.target.name, list(open)),
                  fmt::format("Publish usable TLSA records for {} too, or remove it from the MX records.", list(open))),
              " Whoever blocks the protected hosts can force that.");
}

}  // namespace

void find_in_target(const Report& report, Findings& found) {
  const Walk walk{name_of(report.target), report.walk.located, report.walk.lookups, report, true};
  if (auto finding = finding_of(walk)) {
    finding->severity = explaining(report.conclusion, report.policy);
    found.push_back(std::move(*finding));
  }
  if (report.walk.located == Located::insecure_mx) {
    Finding finding = insecure_mx_finding(report);
    finding.severity = explaining({Verdict::not_applicable, Reason::insecure_mx}, report.policy);
    found.push_back(std::move(finding));
  }
  if (report.walk.null_mx_beside_others) {
    found.push_back(
        without_subject(make_finding("null-mx-not-alone", report.target.name + " MX",
                                     fmt::format("{} has a null MX beside other MX records.", report.target.name),
                                     "Remove the record `MX 0 .`, or all the others.")));
  }
  if (partly_protected(report)) found.push_back(partly_protected_finding(report));
}

void find_in_dns(const Report& report, const HostReport& host, Findings& found) {
  const Located located = host.dns.located;
  const Walk walk{host.dns.host, located, host.dns.lookups, report};
  find_mail_domain(report, host, found);
  std::optional<Finding> finding;
  if (located == Located::malformed && host.dns.port == 0) finding = port_zero_finding(report, host);
  if (located == Located::no_tlsa) finding = no_tlsa_finding(report, host);
  if (located == Located::insecure) finding = insecure_finding(report, host);
  if (!finding) finding = no_host_finding(report, host);
  if (!finding && !(same_for_all(located) && report.walk.located == located)) finding = finding_of(walk);
  if (finding) {
    finding->severity = explaining(host.conclusion, report.policy);
    const Answer* answer = failed_answer(walk);
    if (answer != nullptr) finding = naming(host, answer->question.name, std::move(*finding));
    found.push_back(about_host(host, std::move(*finding)));
  }
  if (auto opt_out = opt_out_finding(host)) found.push_back(std::move(*opt_out));
  find_half_failed(report, host, found);
}

}  // namespace danewatch
