// Why an answer that was not proven is not: nobody signed it, or a signature is there and does not count.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/dns_parts.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/wildcards.hpp"

namespace danewatch {
namespace {

const Answer* zone_answer(const Report& report, const std::string& zone, RrType type) {
  const Question question{zone, type};
  const auto found = std::ranges::find(report.walk.lookups, question, &Answer::question);
  return found == report.walk.lookups.end() ? nullptr : &*found;
}

std::string sign_words(const std::string& name) {
  return fmt::format("Sign the zone of {} with DNSSEC and have its DS record published by the parent zone", name);
}

// Where the address of the host is proven and its TLSA record is not, the labels between them are a zone of their own.
Gap unsigned_gap(const std::string& name, const Answer* answer) {
  const bool alias = answer != nullptr && !answer->aliases.empty();
  const bool tlsa = answer != nullptr && answer->question.type == RrType::tlsa;
  if (!alias) return {false, "", sign_words(tlsa ? name : zone_owner(name)) + "."};
  const std::string end = zone_owner(answer->canonical_name);
  const bool made_up = is_made_up(answer->aliases.front());
  return {false, fmt::format(" {} is an alias that leads to {}.", answer->question.name, end),
          sign_words(end) + (made_up ? "." : ", or put the records where the alias is.")};
}

bool is_proven_zone(const Report& report, const std::optional<std::string>& zone) {
  const auto signs = [&](const Answer& answer) {
    const bool of_chain = answer.question.type == RrType::ds || answer.question.type == RrType::dnskey;
    return !answer.diagnostic && !of_chain && answer.status == Status::secure && answer.signer == zone;
  };
  return zone && (std::ranges::any_of(report.walk.lookups, signs) ||
                  std::ranges::any_of(report.hosts, [&](const HostReport& host) {
                    return std::ranges::any_of(host.dns.lookups, signs);
                  }));
}

// Where the zone above holds records of the same mail domain, no registrar stands between the two.
std::string ds_words(const Report& report, const std::string& zone, const Answer& ds) {
  if (is_proven_zone(report, ds.signer)) {
    return fmt::format("Put a DS record of {} into the zone above it, {}.", zone, ds.signer.value_or(""));
  }
  return fmt::format("Have the DS record of {} published by its parent zone, through its registrar.", zone);
}

// The answer carries a signature of this zone, but the chain of trust does not reach it, or ends there.
Gap signed_gap(const Report& report, const std::string& zone, const Answer& ds, const Answer& keys) {
  const bool parent_is_signed = ds.status == Status::secure || (ds.data.empty() && ds.signer);
  if (!parent_is_signed) {
    return {true,
            fmt::format(" The zone {} is signed, but the zone above it is not, so nothing proves its keys.", zone),
            fmt::format("Sign the zone above {} too, and have its DS record published by its own parent.", zone)};
  }
  if (ds.data.empty()) {
    return {true, fmt::format(" The zone {} is signed, but its parent zone has no DS record for it.", zone),
            ds_words(report, zone, ds)};
  }
  if (keys.status != Status::secure) {
    return {true,
            fmt::format(" The DS record of {} names no algorithm and digest that resolvers know, so they take the zone "
                        "for unsigned.",
                        zone),
            fmt::format("Sign {} with a common algorithm such as 13 (ECDSA P-256), and have a DS record of digest type "
                        "2 published by its parent zone.",
                        zone)};
  }
  return {
      true,
      fmt::format(" The zone {} is signed, but its NSEC3 records prove neither absence nor wildcards: they have too "
                  "many iterations, or opt-out.",
                  zone),
      fmt::format("Sign {} with NSEC, or with NSEC3 without iterations and opt-out (RFC 9276).", zone)};
}

}  // namespace

// "_25._tcp.mx.example.org" lies in the zone of mx.example.org.
std::string zone_owner(std::string_view name) {
  while (name.starts_with('_') && name.find('.') != std::string_view::npos) name.remove_prefix(name.find('.') + 1);
  return std::string(name);
}

const Alias* unproven_alias(const std::vector<Answer>& lookups, const Answer& answer) {
  for (const Alias& alias : answer.aliases) {
    const auto step = std::ranges::find(lookups, Question{alias.from, RrType::cname}, &Answer::question);
    if (step != lookups.end() && step->status != Status::secure) return &alias;
  }
  return nullptr;
}

// RFC 4035 4.3: a chain of trust is missing at the DS, ends at a DS of unknown algorithms (5.2), or does not reach the
// denial, because clients may take NSEC3 with iterations for unsigned (RFC 9276 3.2) and opt-out for no proof.
Gap gap_of(const Report& report, const std::vector<Answer>& lookups, const std::string& name, const Answer* answer) {
  if (answer == nullptr) return unsigned_gap(name, answer);
  if (const Alias* alias = unproven_alias(lookups, *answer)) {
    return {false, fmt::format(" {} is an alias that is not signed.", alias->from),
            sign_words(zone_owner(alias->from)) + "."};
  }
  if (!answer->signer) return unsigned_gap(name, answer);
  const Answer* ds = zone_answer(report, *answer->signer, RrType::ds);
  const Answer* keys = zone_answer(report, *answer->signer, RrType::dnskey);
  if (ds == nullptr || keys == nullptr) return unsigned_gap(name, answer);
  return signed_gap(report, *answer->signer, *ds, *keys);
}

std::string state_words(const Gap& gap) {
  return gap.has_signatures ? "not proven by DNSSEC" : "not signed";
}

}  // namespace danewatch
