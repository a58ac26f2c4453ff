#include "resolver/wire/signatures.hpp"

#include <algorithm>
#include <tuple>

#include "resolver/dns/name.hpp"
#include "resolver/handle.hpp"
#include "resolver/wire/message.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

constexpr std::size_t most_signatures = 8, most_keys = 16;

using LdnsRecord = Handle<ldns_rr, ldns_rr_free>;
using List = Handle<ldns_rr_list, ldns_rr_list_deep_free>;
using Borrowed = Handle<ldns_rr_list, ldns_rr_list_free>;  // of records that another list owns

// As ldns has it: read from the form it has on the wire.
LdnsRecord from_record(const Record& record) {
  auto wire = name_to_wire(record.owner);
  if (!wire || record.rdata.size() > UINT16_MAX) return nullptr;
  const auto put16 = [&](std::size_t value) {
    wire->push_back(static_cast<std::uint8_t>(value >> 8));
    wire->push_back(static_cast<std::uint8_t>(value));
  };
  put16(static_cast<std::uint16_t>(record.type));
  put16(LDNS_RR_CLASS_IN);
  put16(record.ttl >> 16);
  put16(record.ttl & 0xFFFFU);
  put16(record.rdata.size());
  wire->insert(wire->end(), record.rdata.begin(), record.rdata.end());
  ldns_rr* read = nullptr;
  std::size_t at = 0;
  if (ldns_wire2rr(&read, wire->data(), wire->size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) return nullptr;
  return LdnsRecord(read);
}

List from_records(std::span<const Record> records) {
  List list(ldns_rr_list_new());
  for (const Record& record : records) {
    LdnsRecord read = from_record(record);
    if (list && read) ldns_rr_list_push_rr(list.get(), read.release());
  }
  return list;
}

// The facts of a signature, whatever it is worth.
SignatureWorth facts_of(const Signature& terms) {
  SignatureWorth facts;
  facts.inception = terms.inception;
  facts.expires = terms.expires;
  facts.original_ttl = terms.original_ttl;
  facts.signer = terms.signer;
  facts.key_tag = terms.key_tag;
  facts.labels = terms.labels;
  return facts;
}

// An algorithm that is beyond us proves nothing, for or against.
SignatureCheck meaning_of(ldns_status status) {
  switch (status) {
    case LDNS_STATUS_OK:
      return SignatureCheck::right;
    case LDNS_STATUS_CRYPTO_UNKNOWN_ALGO:
    case LDNS_STATUS_CRYPTO_ALGO_NOT_IMPL:
      return SignatureCheck::unchecked;
    case LDNS_STATUS_CRYPTO_NO_MATCHING_KEYTAG_DNSKEY:
    case LDNS_STATUS_CRYPTO_NO_DNSKEY:
      return SignatureCheck::no_key;
    default:
      return SignatureCheck::wrong;
  }
}

// Dates are ours to see: ldns takes those after 2038-01-19 for negative.
ldns_status meaning_of_dates(const Signature& terms, SysTime at) {
  if (at < terms.inception) return LDNS_STATUS_CRYPTO_SIG_NOT_INCEPTED;
  return at > terms.expires ? LDNS_STATUS_CRYPTO_SIG_EXPIRED : LDNS_STATUS_OK;
}

SignatureWorth check_one(const ldns_rr_list* rrset, const std::string& owner, const ldns_rr* signature,
                         const Signature& terms, std::span<const Record> keys, const ldns_rr_list* key_list,
                         SysTime at) {
  SignatureWorth worth = facts_of(terms);
  if (keys.empty() || ldns_rr_list_rr_count(key_list) == 0) {
    worth.check = SignatureCheck::unchecked;
    worth.why = "no key of the zone is proven";
    return worth;
  }
  if (terms.signer != keys.front().owner || !is_at_or_below(owner, terms.signer)) {
    worth.check = SignatureCheck::wrong;
    worth.why = "the signature is another zone's";
    return worth;
  }
  const Borrowed good(ldns_rr_list_new());
  const List copy(ldns_rr_list_clone(rrset));  // it is put in order and given other TTLs
  const auto status = ldns_verify_rrsig_keylist_notime(copy.get(), signature, key_list, good.get());
  const auto dates = meaning_of_dates(terms, at);
  worth.check = meaning_of(status);
  worth.valid = status == LDNS_STATUS_OK && dates == LDNS_STATUS_OK;
  if (!worth.valid) worth.why = ldns_get_errorstr_by_id(status == LDNS_STATUS_OK ? dates : status);
  return worth;
}

auto rank(const SignatureWorth& worth) {
  return std::tuple(worth.valid, worth.check, worth.expires);
}

}  // namespace

SignatureWorth check_signatures(std::span<const Record> rrset, std::span<const Record> signatures,
                                std::span<const Record> keys, SysTime at) {
  SignatureWorth best;
  best.why = "there is no signature";
  if (rrset.empty()) return best;
  keys = keys.first(std::min(keys.size(), most_keys));
  const List set = from_records(rrset);
  const List key_list = from_records(keys);
  const bool readable = set && key_list && ldns_rr_list_rr_count(set.get()) == rrset.size();
  std::size_t tried = 0;
  for (const Record& each : signatures) {
    if (each.type != rr_type_rrsig || each.owner != rrset.front().owner) continue;
    const auto terms = read_signature(each.rdata, at);
    if (!terms || terms->covers != static_cast<std::uint16_t>(rrset.front().type)) continue;
    const LdnsRecord signature = from_record(each);
    if (!signature || !readable) continue;
    auto worth = check_one(set.get(), each.owner, signature.get(), *terms, keys, key_list.get(), at);
    if (best.check == SignatureCheck::missing || rank(worth) > rank(best)) best = std::move(worth);
    if (++tried == most_signatures) break;
  }
  return best;
}

bool is_named_by(const Record& key, std::span<const Record> ds) {
  const LdnsRecord one = from_record(key);
  return one && std::ranges::any_of(ds, [&](const Record& each) {
           const LdnsRecord other = from_record(each);
           return other && ldns_rr_compare_ds(one.get(), other.get()) != 0;
         });
}

}  // namespace danewatch::wire
