#include "resolver/wire/proofs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/dns/name.hpp"
#include "resolver/wire/denial.hpp"
#include "resolver/wire/signatures.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch::wire {
namespace {

constexpr std::size_t most_steps = 64;  // from zone to zone, or alias to alias

std::vector<Record> rrset_of(std::span<const Record> section, const std::string& owner, RrType type) {
  std::vector<Record> rrset;
  for (const Record& record : section) {
    if (record.owner == owner && record.type == type) rrset.push_back(record);
  }
  return rrset;
}

// The DNAME that the alias of a name is made from (RFC 6672 3.1).
std::vector<Record> dname_of(std::span<const Record> section, const std::string& name) {
  for (const Record& record : section) {
    if (record.type == RrType::dname && is_below(name, record.owner))
      return rrset_of(section, record.owner, RrType::dname);
  }
  return {};
}

// What the DNAME makes of a name below it; empty where it is no name.
std::string made_from(const Record& dname, const std::string& name) {
  const auto target = read_name(dname.rdata);
  if (!target) return "";
  const std::string rest = dname.owner == "." ? name : name.substr(0, name.size() - dname.owner.size() - 1);
  return target->name == "." ? rest : rest + "." + target->name;
}

// As a signature counts them: without "*" and the root (RFC 4034 3.1.3).
std::size_t labels_of(const std::string& owner) {
  const auto labels = owner == "." ? 0 : 1 + std::ranges::count(owner, '.');
  return static_cast<std::size_t>(owner.substr(0, owner.find('.')) == wildcard_label ? labels - 1 : labels);
}

bool has_signature(std::span<const Record> section, const std::string& owner, RrType type) {
  const auto code = static_cast<std::uint16_t>(type);
  return std::ranges::any_of(section, [&](const Record& record) {
    return record.type == rr_type_rrsig && record.owner == owner && record.rdata.size() > 2 &&
           (record.rdata[0] << 8 | record.rdata[1]) == code;
  });
}

}  // namespace

KeyChain::KeyChain(std::span<const std::string> anchors) {
  std::string text;
  for (const std::string& line : anchors) text += line + "\n";
  anchors_ = read_zone(text, ".").value_or(std::vector<Record>());
}

bool KeyChain::is_anchored(const Record& key) const {
  return std::ranges::find_if(anchors_,
                              [&](const Record& anchor) {
                                return anchor.type == RrType::dnskey && anchor.owner == key.owner &&
                                       anchor.rdata == key.rdata;
                              }) != anchors_.end() ||
         is_named_by(key, anchors_);
}

// The zone's own signature over its keys counts by a key that something above it names.
bool KeyChain::learn_one(const Answer& answer) {
  if (!answer.received) return false;
  const auto records = read_records(answer.received->packet);
  const SysTime at = answer.received->at;
  const std::string& name = answer.question.name;
  if (!records) return false;
  const auto rrset = rrset_of(records->answer, name, answer.question.type);
  if (rrset.empty()) return false;
  if (answer.question.type == RrType::ds) {
    if (ds_.contains(name) || !why_not_signed(rrset, *records, at).empty()) return false;
    return ds_.emplace(name, rrset).second;
  }
  if (answer.question.type != RrType::dnskey || keys_.contains(name)) return false;
  std::vector<Record> entries;
  const auto named = ds_.find(name);
  std::ranges::copy_if(rrset, std::back_inserter(entries), [&](const Record& key) {
    return is_anchored(key) || (named != ds_.end() && is_named_by(key, named->second));
  });
  const bool proven = !entries.empty() && check_signatures(rrset, records->answer, entries, at).valid;
  return proven && keys_.emplace(name, rrset).second;
}

void KeyChain::learn(std::span<const Answer> answers) {
  for (std::size_t step = 0; step < most_steps; ++step) {
    const auto learnt = std::ranges::count_if(answers, [this](const Answer& answer) { return learn_one(answer); });
    if (learnt == 0) return;
  }
}

// By a zone above that has proven keys and signed it.
KeyChain::Signed KeyChain::check(std::span<const Record> rrset, std::span<const Record> section, SysTime at) const {
  const std::string& owner = rrset.front().owner;
  Signed result{fmt::format("no proven key of the zone of {} was kept", owner), 0};
  for (const auto& [zone, keys] : keys_) {
    if (!is_at_or_below(owner, zone)) continue;
    const auto worth = check_signatures(rrset, section, keys, at);
    if (worth.valid) return {"", worth.labels};
    if (worth.signer == zone) result.why = fmt::format("{} {}: {}", owner, to_string(rrset.front().type), worth.why);
  }
  return result;
}

// Those whose own signature holds, and that were not made from a wildcard themselves (RFC 4035 5.4).
std::vector<Record> KeyChain::proven_denials(std::span<const Record> authority, SysTime at) const {
  std::vector<Record> proven;
  for (const Record& record : authority) {
    if (record.type != rr_type_nsec && record.type != rr_type_nsec3) continue;
    const auto rrset = rrset_of(authority, record.owner, record.type);
    const Signed is = check(rrset, authority, at);
    if (is.why.empty() && is.labels == labels_of(record.owner)) proven.push_back(record);
  }
  return proven;
}

std::string KeyChain::why_not_signed(std::span<const Record> rrset, const MessageRecords& records, SysTime at) const {
  const Signed is = check(rrset, records.answer, at);
  const std::string& owner = rrset.front().owner;
  if (!is.why.empty() || is.labels == labels_of(owner)) return is.why;
  const auto why = why_not_expanded(owner, is.labels, proven_denials(records.authority, at));
  return why.empty() ? "" : fmt::format("{} is made from a wildcard: {}", owner, why);
}

std::string KeyChain::why_not(const Answer& answer) const {
  if (!answer.received) return "its message was not kept";
  const auto records = read_records(answer.received->packet);
  if (!records) return "its message cannot be read";
  const SysTime at = answer.received->at;
  std::string name = answer.question.name;
  for (std::size_t step = 0; step < most_steps; ++step) {
    const auto data = rrset_of(records->answer, name, answer.question.type);
    const bool made =
        !data.empty() && answer.question.type == RrType::cname && !has_signature(records->answer, name, RrType::cname);
    if (!data.empty() && !made) return why_not_signed(data, *records, at);
    const auto alias = rrset_of(records->answer, name, RrType::cname);
    if (alias.empty()) {
      const auto why = why_not_denied({name, answer.question.type}, proven_denials(records->authority, at));
      return why.empty() ? "" : fmt::format("the denial of {} {}: {}", name, to_string(answer.question.type), why);
    }
    const auto dname = has_signature(records->answer, name, RrType::cname) ? alias : dname_of(records->answer, name);
    if (dname.empty()) return fmt::format("{} CNAME: there is no signature", name);
    if (auto why = why_not_signed(dname, *records, at); !why.empty() || made) return why;
    const auto target = read_name(alias.front().rdata);
    if (!target || (dname != alias && target->name != made_from(dname.front(), name)))
      return "an alias is not as it was made";
    name = target->name;
  }
  return "too many aliases";
}

}  // namespace danewatch::wire
