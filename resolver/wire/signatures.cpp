// Signatures of one reply, held against the keys of its zone.
#include <algorithm>
#include <map>
#include <memory>

#include "resolver/handle.hpp"
#include "resolver/wire/message.hpp"
#include "resolver/wire/reply.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

// What a hostile reply may make us compute: sets × signatures × keys of one tag.
constexpr std::size_t most_sets = 16, most_signatures = 4, most_keys = 16;

using Record = Handle<ldns_rr, ldns_rr_free>;
using Packet = Handle<ldns_pkt, ldns_pkt_free>;
using Records = Handle<ldns_rr_list, ldns_rr_list_deep_free>;
using Borrowed = Handle<ldns_rr_list, ldns_rr_list_free>;  // of records that another list owns

bool is_at_or_below(const std::string& name, const std::string& zone) {
  return zone == "." || name == zone || name.ends_with("." + zone);
}

Records read_keys(const std::string& zone, std::span<const std::string> keys) {
  Records list(ldns_rr_list_new());
  for (const std::string& key : keys.first(std::min(keys.size(), most_keys))) {
    ldns_rr* raw = nullptr;
    const std::string line = (zone == "." ? zone : zone + ".") + " 1 IN DNSKEY " + key;
    if (ldns_rr_new_frm_str(&raw, line.c_str(), 0, nullptr, nullptr) == LDNS_STATUS_OK)
      ldns_rr_list_push_rr(list.get(), raw);
  }
  return list;
}

struct Set {
  Borrowed records;
  std::vector<const ldns_rr*> signatures;
  std::vector<Signature> terms;  // one for each of them
};

// By owner and type, in the order of the message.
struct Sets {
  std::vector<std::pair<std::string, std::uint16_t>> order;
  std::map<std::pair<std::string, std::uint16_t>, Set> sets;

  Set* at(const std::string& owner, std::uint16_t type) {
    const auto key = std::pair(owner, type);
    const auto found = sets.find(key);
    if (found != sets.end()) return &found->second;
    if (sets.size() >= most_sets) return nullptr;
    order.push_back(key);
    return &sets.emplace(key, Set{Borrowed(ldns_rr_list_new()), {}, {}}).first->second;
  }
};

// The same record in our own reading and in ldns's stand at the same place of a section.
struct Section {
  const std::vector<WireRecord>& ours;
  const ldns_rr_list* theirs;
  bool authority;
};

void gather(Bytes message, const Section& section, const std::string& zone, SysTime now, Sets& sets) {
  const std::size_t count = std::min(section.ours.size(), ldns_rr_list_rr_count(section.theirs));
  for (std::size_t i = 0; i < count; ++i) {
    const WireRecord& record = section.ours[i];
    ldns_rr* same = ldns_rr_list_rr(section.theirs, i);
    if (!is_at_or_below(record.owner, zone) || ldns_rr_get_type(same) != record.type) continue;
    const auto signature = record.type == type_rrsig ? read_signature(message, record, now) : std::nullopt;
    if (record.type == type_rrsig && !signature) continue;
    const std::uint16_t type = signature ? signature->covers : record.type;
    if (section.authority && type == static_cast<std::uint16_t>(RrType::ns)) continue;
    Set* set = sets.at(record.owner, type);
    if (set == nullptr) continue;
    if (!signature) {
      ldns_rr_list_push_rr(set->records.get(), same);
    } else if (signature->signer == zone && set->signatures.size() < most_signatures) {
      set->signatures.push_back(same);
      set->terms.push_back(*signature);
    }
  }
}

SignatureCheck check_one(const Set& set, const ldns_rr* signature, const ldns_rr_list* keys) {
  if (ldns_rr_list_rr_count(keys) == 0) return SignatureCheck::unchecked;
  const Borrowed good(ldns_rr_list_new());
  const Records copy(ldns_rr_list_clone(set.records.get()));  // it is put in order and given other TTLs
  const auto status = ldns_verify_rrsig_keylist_notime(copy.get(), signature, keys, good.get());
  if (status == LDNS_STATUS_OK) return SignatureCheck::right;
  // An algorithm that is beyond us proves nothing, for or against.
  if (status == LDNS_STATUS_CRYPTO_UNKNOWN_ALGO || status == LDNS_STATUS_CRYPTO_ALGO_NOT_IMPL)
    return SignatureCheck::unchecked;
  const bool unknown = status == LDNS_STATUS_CRYPTO_NO_MATCHING_KEYTAG_DNSKEY || status == LDNS_STATUS_CRYPTO_NO_DNSKEY;
  return unknown ? SignatureCheck::no_key : SignatureCheck::wrong;
}

SignedSet judge_set(const std::string& owner, std::uint16_t type, const Set& set, const ldns_rr_list* keys) {
  SignedSet best{owner, static_cast<RrType>(type), SignatureCheck::missing, {}, {}, 0};
  for (std::size_t i = 0; i < set.signatures.size(); ++i) {
    const SignatureCheck check = check_one(set, set.signatures[i], keys);
    const Signature& terms = set.terms[i];
    const bool better = check > best.check || (check == best.check && terms.expires > best.expires);
    if (!better) continue;
    best.check = check;
    best.inception = terms.inception;
    best.expires = terms.expires;
    best.key_tag = terms.key_tag;
  }
  return best;
}

// RFC 6672 5.3.1: the CNAME that a DNAME makes has no signature.
bool is_made_by_a_dname(const std::pair<std::string, std::uint16_t>& key, const Sets& sets) {
  if (key.second != static_cast<std::uint16_t>(RrType::cname)) return false;
  return std::ranges::any_of(sets.order, [&](const auto& other) {
    return other.second == static_cast<std::uint16_t>(RrType::dname) && key.first.ends_with("." + other.first);
  });
}

}  // namespace

std::vector<SignedSet> check_signatures(Bytes bytes, const std::string& zone, std::span<const std::string> keys,
                                        SysTime now) {
  std::vector<SignedSet> result;
  const auto message = parse(bytes);
  ldns_pkt* raw = nullptr;
  if (!message || ldns_wire2pkt(&raw, bytes.data(), bytes.size()) != LDNS_STATUS_OK) return result;
  const Packet packet(raw);
  const Records list = read_keys(zone, keys);
  Sets sets;
  gather(bytes, {message->answer, ldns_pkt_answer(raw), false}, zone, now, sets);
  gather(bytes, {message->authority, ldns_pkt_authority(raw), true}, zone, now, sets);
  for (const auto& key : sets.order) {
    const Set& set = sets.sets.at(key);
    if (ldns_rr_list_rr_count(set.records.get()) == 0 || is_made_by_a_dname(key, sets)) continue;
    result.push_back(judge_set(key.first, key.second, set, list.get()));
  }
  return result;
}

}  // namespace danewatch::wire
