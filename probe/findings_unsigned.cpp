// Why an answer that was not proven is not: nobody signed it, or a signature is there and does not count.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings_parts.hpp"

namespace danewatch {
namespace {

// "_25._tcp.mx.example.org" lies in the zone of mx.example.org.
std::string zone_owner(std::string_view name) {
  while (name.starts_with('_') && name.find('.') != std::string_view::npos) name.remove_prefix(name.find('.') + 1);
  return std::string(name);
}

const Answer* zone_answer(const Report& report, const std::string& zone, RrType type) {
  const Question question{zone, type};
  const auto found = std::ranges::find(report.dns.lookups, question, &Answer::question);
  return found == report.dns.lookups.end() ? nullptr : &*found;
}

Gap unsigned_gap(const std::string& name, const Answer* answer) {
  Gap gap;
  const bool alias = answer != nullptr && !answer->aliases.empty();
  const std::string end = zone_owner(alias ? answer->canonical_name : name);
  if (alias) gap.detail = fmt::format(" {} is an alias that leads to {}.", answer->question.name, end);
  gap.fix = fmt::format("Sign the zone of {} with DNSSEC and have its DS record published by the parent zone{}.", end,
                        alias ? ", or put the records where the alias is" : "");
  return gap;
}

}  // namespace

// RFC 4035 4.3: a chain of trust is missing at the DS, ends at a DS of unknown algorithms (5.2), or does not reach the
// denial, because clients may take NSEC3 with iterations for unsigned (RFC 9276 3.2) and opt-out for no proof.
Gap gap_of(const Report& report, const std::string& name, const Answer* answer) {
  if (answer == nullptr || !answer->signer) return unsigned_gap(name, answer);
  const std::string& zone = *answer->signer;
  const Answer* ds = zone_answer(report, zone, RrType::ds);
  const Answer* keys = zone_answer(report, zone, RrType::dnskey);
  if (ds == nullptr || keys == nullptr) return unsigned_gap(name, answer);
  Gap gap;
  gap.has_signatures = true;
  if (ds->data.empty()) {
    gap.detail = fmt::format(" The zone {} is signed, but its parent zone has no DS record for it.", zone);
    gap.fix = fmt::format("Have the DS record of {} published by its parent zone, through its registrar.", zone);
  } else if (keys->status != Status::secure) {
    gap.detail = fmt::format(
        " The DS record of {} names no algorithm and digest that resolvers know, so they take the zone for unsigned.",
        zone);
    gap.fix = fmt::format(
        "Sign {} with a common algorithm such as 13 (ECDSA P-256), and have a DS record of digest "
        "type 2 published by its parent zone.",
        zone);
  } else {
    gap.detail = fmt::format(
        " The zone {} is signed, but its NSEC3 records prove neither absence nor wildcards: they have too many "
        "iterations, or opt-out.",
        zone);
    gap.fix = fmt::format("Sign {} with NSEC, or with NSEC3 without iterations and opt-out (RFC 9276).", zone);
  }
  return gap;
}

std::string state_words(const Gap& gap) {
  return gap.has_signatures ? "not proven by DNSSEC" : "not signed";
}

}  // namespace danewatch
