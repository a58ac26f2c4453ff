#include "tests/support/zone_signer.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string_view>

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::zones {

struct ZoneKey {
  ldns_key* key = nullptr;
  Algorithm algorithm = Algorithm::ecdsa_p256;

  ZoneKey() = default;
  ZoneKey(const ZoneKey&) = delete;
  ZoneKey& operator=(const ZoneKey&) = delete;
  ~ZoneKey() { ldns_key_deep_free(key); }
};

namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using Name = std::unique_ptr<ldns_rdf, Deleter<ldns_rdf_deep_free>>;
using Record = std::unique_ptr<ldns_rr, Deleter<ldns_rr_free>>;
using Zone = std::unique_ptr<ldns_dnssec_zone, Deleter<ldns_dnssec_zone_deep_free>>;
using Borrowed = std::unique_ptr<ldns_rr_list, Deleter<ldns_rr_list_free>>;  // the list, not the records in it
using File = std::unique_ptr<std::FILE, Deleter<std::fclose>>;
using Text = std::unique_ptr<char, Deleter<std::free>>;

constexpr std::uint16_t ksk_flags = 257;
constexpr std::uint32_t default_ttl = 3600;

void require(ldns_status status, std::string_view what) {
  if (status != LDNS_STATUS_OK) throw std::runtime_error(fmt::format("{}: {}", what, ldns_get_errorstr_by_id(status)));
}

ldns_signing_algorithm signing(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rsa_sha256:
      return LDNS_SIGN_RSASHA256;
    case Algorithm::ed25519:
      return LDNS_SIGN_ED25519;
    case Algorithm::ed448:
      return LDNS_SIGN_ED448;
    case Algorithm::ecdsa_p256:
      break;
  }
  return LDNS_SIGN_ECDSAP256SHA256;
}

Name make_name(const std::string& text) {
  Name name(ldns_dname_new_frm_str(text.c_str()));
  if (!name) throw std::runtime_error(fmt::format("not a domain name: {}", text));
  return name;
}

// "www" in "example.lab" and "www.example.lab" mean the same.
Name resolve_owner(const std::string& owner, const std::string& origin) {
  if (owner == "@" || owner == origin) return make_name(origin);
  if (owner.ends_with('.') || owner.ends_with("." + origin)) return make_name(owner);
  return make_name(origin == "." ? owner : owner + "." + origin);
}

// ldns prints TLSA data of less than three octets as a line that nobody reads: RFC 3597 has a form for it.
std::string short_tlsa_line(const ldns_rr* record) {
  std::string hex;
  for (std::size_t i = 0; i < ldns_rr_rd_count(record); ++i)
    hex += fmt::format("{:02x}", *ldns_rdf_data(ldns_rr_rdf(record, i)));
  Text owner(ldns_rdf2str(ldns_rr_owner(record)));
  return fmt::format("{}\t{}\tIN\tTYPE52\t\\# {} {}", owner.get(), ldns_rr_ttl(record), hex.size() / 2, hex);
}

std::string to_line(const ldns_rr* record) {
  if (ldns_rr_get_type(record) == LDNS_RR_TYPE_TLSA && ldns_rr_rd_count(record) < 4) return short_tlsa_line(record);
  Text text(ldns_rr2str(record));
  std::string line(text ? text.get() : "");
  if (const auto comment = line.find(" ;"); comment != std::string::npos) line.erase(comment);  // ";{id = …}" of keys
  while (!line.empty() && line.back() == '\n') line.pop_back();
  return line;
}

// One zone's use of a key: ldns keeps owner and dates in the key itself, so every zone wraps the key material anew.
class Signer {
 public:
  Signer(const ZoneKey& key, const std::string& origin) : list_(ldns_key_list_new()), key_(ldns_key_new()) {
    ldns_key_set_algorithm(key_, signing(key.algorithm));
    ldns_key_set_evp_key(key_, ldns_key_evp_key(key.key));
    ldns_key_set_flags(key_, ksk_flags);
    ldns_key_set_use(key_, 1);
    ldns_key_set_origttl(key_, default_ttl);
    ldns_key_set_pubkey_owner(key_, make_name(origin).release());
    public_key_.reset(ldns_key2rr(key_));
    if (!public_key_) throw std::runtime_error("ldns cannot export the public key");
    ldns_rr_set_ttl(public_key_.get(), default_ttl);
    ldns_key_set_keytag(key_, ldns_calc_keytag(public_key_.get()));
    ldns_key_list_push_key(list_, key_);
  }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer() {
    ldns_key_set_evp_key(key_, nullptr);  // borrowed; the list frees the rest
    ldns_key_list_free(list_);
  }

  void set_dates(SysTime inception, SysTime expiration) {
    ldns_key_set_inception(key_, static_cast<std::uint32_t>(inception.time_since_epoch().count()));
    ldns_key_set_expiration(key_, static_cast<std::uint32_t>(expiration.time_since_epoch().count()));
  }
  ldns_key_list* list() const { return list_; }
  const ldns_rr* public_key() const { return public_key_.get(); }

 private:
  ldns_key_list* list_;
  ldns_key* key_;
  Record public_key_;
};

bool no_record_on_line(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_EMPTY || status == LDNS_STATUS_SYNTAX_TTL || status == LDNS_STATUS_SYNTAX_ORIGIN;
}

void parse_records(const std::string& text, const std::string& origin, const std::function<void(Record)>& take) {
  if (text.empty()) return;
  File file(fmemopen(const_cast<char*>(text.data()), text.size(), "r"));
  std::uint32_t ttl = default_ttl;
  ldns_rdf* relative_to = make_name(origin).release();  // ldns replaces both at $ORIGIN and at each owner
  ldns_rdf* previous = nullptr;
  int line = 0;
  ldns_status status = LDNS_STATUS_OK;
  while (!std::feof(file.get())) {
    ldns_rr* record = nullptr;
    status = ldns_rr_new_frm_fp_l(&record, file.get(), &ttl, &relative_to, &previous, &line);
    if (status == LDNS_STATUS_OK) take(Record(record));
    if (status != LDNS_STATUS_OK && !no_record_on_line(status)) break;
    status = LDNS_STATUS_OK;
  }
  ldns_rdf_deep_free(relative_to);
  ldns_rdf_deep_free(previous);
  require(status, fmt::format("zone {}, line {}", origin, line));
}

void add(ldns_dnssec_zone* zone, Record record) {
  require(ldns_dnssec_zone_add_rr(zone, record.get()), "adding " + to_line(record.get()));
  static_cast<void>(record.release());  // the zone's now
}

Zone load(const ZoneSpec& spec) {
  Zone zone(ldns_dnssec_zone_new());
  bool has_soa = 0;
  parse_records(spec.text, spec.origin, [&](Record record) {
    has_soa = has_soa || ldns_rr_get_type(record.get()) == LDNS_RR_TYPE_SOA;
    add(zone.get(), std::move(record));
  });
  if (!has_soa) {
    parse_records("@ 3600 IN SOA ns hostmaster 1 3600 900 1209600 300\n", spec.origin,
                  [&](Record record) { add(zone.get(), std::move(record)); });
  }
  return zone;
}

int keep_no_signature(ldns_rr*, void*) {
  return LDNS_SIGNATURE_REMOVE_ADD_NEW;
}

void sign(ldns_dnssec_zone* zone, const ZoneSpec& spec, const Signer& signer) {
  add(zone, Record(ldns_rr_clone(signer.public_key())));
  Borrowed created(ldns_rr_list_new());
  const auto status =
      spec.nsec3_iterations
          ? ldns_dnssec_zone_sign_nsec3_flg(zone, created.get(), signer.list(), keep_no_signature, nullptr, LDNS_SHA1,
                                            spec.nsec3_opt_out ? 1 : 0, *spec.nsec3_iterations, 0, nullptr, 0)
          : ldns_dnssec_zone_sign_flg(zone, created.get(), signer.list(), keep_no_signature, nullptr, 0);
  require(status, "signing " + spec.origin);
}

// Every record of the zone, in no order that matters; the zone keeps them.
Borrowed all_records(const ldns_dnssec_zone* zone) {
  Borrowed all(ldns_rr_list_new());
  const auto push = [&all](const ldns_dnssec_rrs* records) {
    for (; records; records = records->next) ldns_rr_list_push_rr(all.get(), records->rr);
  };
  for (auto* node = ldns_rbtree_first(zone->names); node != LDNS_RBTREE_NULL; node = ldns_rbtree_next(node)) {
    const auto* name = static_cast<const ldns_dnssec_name*>(node->data);
    for (const auto* rrset = name->rrsets; rrset; rrset = rrset->next) {
      push(rrset->rrs);
      push(rrset->signatures);
    }
    if (name->nsec) ldns_rr_list_push_rr(all.get(), name->nsec);
    push(name->nsec_signatures);
  }
  return all;
}

// The type a record belongs to: for a signature the type it covers.
ldns_rr_type type_of(const ldns_rr* record) {
  if (ldns_rr_get_type(record) != LDNS_RR_TYPE_RRSIG) return ldns_rr_get_type(record);
  return ldns_rdf2rr_type(ldns_rr_rrsig_typecovered(record));
}

bool is_signature(const ldns_rr* record) {
  return ldns_rr_get_type(record) == LDNS_RR_TYPE_RRSIG;
}

bool refers_to(const RrsetRef& ref, const std::string& origin, const ldns_rr* record) {
  if (!ref.type.empty() && ldns_get_rr_type_by_name(ref.type.c_str()) != type_of(record)) return 0;
  return ref.owner.empty() || ldns_dname_compare(resolve_owner(ref.owner, origin).get(), ldns_rr_owner(record)) == 0;
}

void break_signature(const ldns_rr* signature) {
  const ldns_rdf* bytes = ldns_rr_rrsig_sig(signature);
  ldns_rdf_data(bytes)[ldns_rdf_size(bytes) / 2] ^= 1;
}

// Puts a fresh signature with the signer's dates in place of the old one.
void sign_again(ldns_rr* signature, const ldns_rr_list* records, const Signer& signer) {
  Borrowed rrset(ldns_rr_list_new());
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    ldns_rr* record = ldns_rr_list_rr(records, i);
    const bool same = !is_signature(record) && type_of(record) == type_of(signature) &&
                      ldns_dname_compare(ldns_rr_owner(record), ldns_rr_owner(signature)) == 0;
    if (same) ldns_rr_list_push_rr(rrset.get(), record);
  }
  std::unique_ptr<ldns_rr_list, Deleter<ldns_rr_list_deep_free>> fresh(ldns_sign_public(rrset.get(), signer.list()));
  if (!fresh || ldns_rr_list_rr_count(fresh.get()) != 1) throw std::runtime_error("signing " + to_line(signature));
  const ldns_rr* made = ldns_rr_list_rr(fresh.get(), 0);
  for (std::size_t i = 0; i < ldns_rr_rd_count(made); ++i) {
    ldns_rdf_deep_free(ldns_rr_set_rdf(signature, ldns_rdf_clone(ldns_rr_rdf(made, i)), i));
  }
}

void apply_defects(const ldns_rr_list* records, const ZoneSpec& spec, Signer& signer) {
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    ldns_rr* record = ldns_rr_list_rr(records, i);
    if (!is_signature(record)) continue;
    for (const auto& redated : spec.redate) {
      if (!refers_to(redated.rrset, spec.origin, record)) continue;
      signer.set_dates(redated.inception, redated.expiration);
      sign_again(record, records, signer);
    }
    for (const auto& ref : spec.break_signature_of) {
      if (refers_to(ref, spec.origin, record)) break_signature(record);
    }
  }
}

bool is_denial(const ldns_rr* record) {
  const auto type = type_of(record);
  return type == LDNS_RR_TYPE_NSEC || type == LDNS_RR_TYPE_NSEC3;
}

std::string to_text(const ldns_rr_list* records, bool strip_nsec) {
  std::string soa;
  std::string rest;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    const ldns_rr* record = ldns_rr_list_rr(records, i);
    if (strip_nsec && is_denial(record)) continue;
    (ldns_rr_get_type(record) == LDNS_RR_TYPE_SOA ? soa : rest) += to_line(record) + "\n";
  }
  return soa + rest;
}

std::string ds_line(const Signer& signer, const ZoneSpec& spec) {
  Record ds(ldns_key_rr2ds(signer.public_key(), LDNS_SHA256));
  if (!ds) throw std::runtime_error("making the DS record of " + spec.origin);
  ldns_rr_set_ttl(ds.get(), default_ttl);
  if (spec.ds_algorithm) ldns_rdf_data(ldns_rr_rdf(ds.get(), 1))[0] = *spec.ds_algorithm;
  if (spec.ds_digest_type) ldns_rdf_data(ldns_rr_rdf(ds.get(), 2))[0] = *spec.ds_digest_type;
  if (spec.break_ds_digest) ldns_rdf_data(ldns_rr_rdf(ds.get(), 3))[0] ^= 1;
  return to_line(ds.get());
}

}  // namespace

ZoneKeyPtr make_zone_key(Algorithm algorithm) {
  auto key = std::make_shared<ZoneKey>();
  key->algorithm = algorithm;
  key->key = ldns_key_new_frm_algorithm(signing(algorithm), algorithm == Algorithm::rsa_sha256 ? 2048 : 256);
  if (!key->key) throw std::runtime_error("ldns cannot make a key");
  return key;
}

std::string private_key_pem(const ZoneKey& key) {
  const std::unique_ptr<BIO, Deleter<BIO_free_all>> memory(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (PEM_write_bio_PrivateKey(memory.get(), ldns_key_evp_key(key.key), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot export the private key");
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

SignedZone sign_zone(const ZoneSpec& spec) {
  const auto key = spec.key ? spec.key : make_zone_key(spec.algorithm);
  Signer signer(*key, spec.origin);
  signer.set_dates(spec.inception, spec.expiration);
  const auto zone = load(spec);
  if (!spec.unsigned_zone) sign(zone.get(), spec, signer);
  const auto records = all_records(zone.get());
  apply_defects(records.get(), spec, signer);
  return {to_text(records.get(), spec.strip_nsec), {ds_line(signer, spec)}, {to_line(signer.public_key())}};
}

}  // namespace danewatch::zones
