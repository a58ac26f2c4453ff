#include "resolver/wire/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "resolver/handle.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

using LdnsRecord = Handle<ldns_rr, ldns_rr_free>;
using List = Handle<ldns_rr_list, ldns_rr_list_deep_free>;
using File = Handle<std::FILE, std::fclose>;
using Text = Handle<char, std::free>;
using Buffer = Handle<ldns_buffer, ldns_buffer_free>;
using Name = Handle<ldns_rdf, ldns_rdf_deep_free>;

constexpr std::uint32_t default_ttl = 3600;

// What ldns carries from line to line; it replaces the names itself.
struct Context {
  explicit Context(const std::string& name) : origin(ldns_dname_new_frm_str(name.c_str())) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(previous);
  }

  std::uint32_t ttl = default_ttl;
  ldns_rdf* origin;
  ldns_rdf* previous = nullptr;
  int line = 0;
};

bool no_record_on_line(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_EMPTY || status == LDNS_STATUS_SYNTAX_TTL || status == LDNS_STATUS_SYNTAX_ORIGIN;
}

bool is_include(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_INCLUDE || status == LDNS_STATUS_SYNTAX_INCLUDE_ERR_NOTIMPL;
}

std::vector<std::uint8_t> rdata_of(const ldns_rr* record) {
  const Buffer buffer(ldns_buffer_new(LDNS_MAX_PACKETLEN));
  if (!buffer || ldns_rr_rdata2buffer_wire(buffer.get(), record) != LDNS_STATUS_OK) return {};
  const auto* begin = ldns_buffer_begin(buffer.get());
  return {begin, begin + ldns_buffer_position(buffer.get())};
}

std::optional<Record> to_record(const ldns_rr* record) {
  const Text owner(ldns_rdf2str(ldns_rr_owner(record)));
  auto name = owner ? canonical_name(owner.get()) : tl::unexpected(ParseError{});
  if (!name) return std::nullopt;
  return Record{std::move(*name), static_cast<RrType>(ldns_rr_get_type(record)), ldns_rr_ttl(record), rdata_of(record)};
}

// As ldns has it: read from the form it has on the wire.
LdnsRecord from_record(const Record& record) {
  const Name owner(ldns_dname_new_frm_str((record.owner == "." ? "." : record.owner + ".").c_str()));
  if (!owner || record.rdata.size() > UINT16_MAX) return nullptr;
  std::vector<std::uint8_t> wire(ldns_rdf_data(owner.get()), ldns_rdf_data(owner.get()) + ldns_rdf_size(owner.get()));
  const auto put16 = [&](std::size_t value) {
    wire.push_back(static_cast<std::uint8_t>(value >> 8));
    wire.push_back(static_cast<std::uint8_t>(value));
  };
  put16(static_cast<std::uint16_t>(record.type));
  put16(LDNS_RR_CLASS_IN);
  put16(record.ttl >> 16);
  put16(record.ttl & 0xFFFFU);
  put16(record.rdata.size());
  wire.insert(wire.end(), record.rdata.begin(), record.rdata.end());
  ldns_rr* read = nullptr;
  std::size_t at = 0;
  if (ldns_wire2rr(&read, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) return nullptr;
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

// Counted here: ldns counts one too many where a record goes on over several lines, and after a SOA record.
std::size_t line_at(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

SysTime time_of(const ldns_rdf* time, SysTime near) {
  const auto base = static_cast<std::uint32_t>(near.time_since_epoch().count());
  const auto value = ldns_rdf2native_int32(time);
  return near + std::chrono::seconds{static_cast<std::int32_t>(value - base)};  // RFC 4034 3.1.5
}

bool covers(const ldns_rr* signature, const ldns_rr* record) {
  const ldns_rdf* covered = ldns_rr_rd_count(signature) == 9 ? ldns_rr_rrsig_typecovered(signature) : nullptr;
  return covered != nullptr && ldns_rdf2rr_type(covered) == ldns_rr_get_type(record) &&
         ldns_dname_compare(ldns_rr_owner(signature), ldns_rr_owner(record)) == 0;
}

// The facts of a signature, whatever it is worth.
SignatureWorth facts_of(const ldns_rr* signature, SysTime at) {
  SignatureWorth facts;
  facts.inception = time_of(ldns_rr_rrsig_inception(signature), at);
  facts.expires = time_of(ldns_rr_rrsig_expiration(signature), at);
  facts.original_ttl = ldns_rdf2native_int32(ldns_rr_rrsig_origttl(signature));
  const Text name(ldns_rdf2str(ldns_rr_rrsig_signame(signature)));
  const auto signer = name ? canonical_name(name.get()) : tl::unexpected(ParseError{});
  if (signer) facts.signer = *signer;
  return facts;
}

// ldns checks dates and the signature; that a zone signs only what is its own is for us to see (RFC 4035 5.3.1).
SignatureWorth check_one(const ldns_rr_list* rrset, const ldns_rr* signature, const ldns_rr_list* keys, SysTime at) {
  SignatureWorth check = facts_of(signature, at);
  const ldns_rr* first = ldns_rr_list_rr(rrset, 0);
  const ldns_rr* key = ldns_rr_list_rr(keys, 0);
  const ldns_rdf* signer = ldns_rr_rrsig_signame(signature);
  const bool own = ldns_dname_compare(signer, ldns_rr_owner(key)) == 0 &&
                   (ldns_dname_compare(ldns_rr_owner(first), signer) == 0 ||
                    ldns_dname_is_subdomain(ldns_rr_owner(first), signer) != 0);
  const auto status = ldns_verify_rrsig_keylist_time(rrset, signature, keys, at.time_since_epoch().count(), nullptr);
  check.valid = own && status == LDNS_STATUS_OK;
  if (!check.valid) check.why = own ? ldns_get_errorstr_by_id(status) : "the signature is another zone's";
  return check;
}

bool better(const SignatureWorth& one, const SignatureWorth& other) {
  return one.valid != other.valid ? one.valid : one.expires > other.expires;
}

}  // namespace

Parsed<std::vector<Record>> read_zone(std::string_view text, const std::string& origin) {
  std::vector<Record> records;
  if (text.find('\0') != std::string_view::npos) return error_at(1, "this is not text");
  std::string copy(text);
  copy += '\n';
  const File file(fmemopen(copy.data(), copy.size(), "r"));
  if (!file) return error_at(1, "out of memory");
  Context context(origin);
  while (!std::feof(file.get())) {
    const auto begun = std::min(static_cast<std::size_t>(std::max(std::ftell(file.get()), 0L)), copy.size());
    ldns_rr* raw = nullptr;
    const auto status =
        ldns_rr_new_frm_fp_l(&raw, file.get(), &context.ttl, &context.origin, &context.previous, &context.line);
    const LdnsRecord record(status == LDNS_STATUS_OK ? raw : nullptr);
    if (no_record_on_line(status)) continue;
    const auto line = line_at(copy, begun);
    if (is_include(status)) return error_at(line, "$INCLUDE is not followed");
    auto read = record ? to_record(record.get()) : std::nullopt;
    if (!read) return error_at(line, "not a DNS record");
    if (ldns_rr_get_class(record.get()) == LDNS_RR_CLASS_IN) records.push_back(std::move(*read));
  }
  return records;
}

SignatureWorth check_signatures(std::span<const Record> rrset, std::span<const Record> signatures,
                                std::span<const Record> keys, SysTime at) {
  SignatureWorth best;
  best.why = "there is no signature";
  const List set = from_records(rrset);
  const List key_set = from_records(keys);
  const bool readable = set && ldns_rr_list_rr_count(set.get()) == rrset.size() && !rrset.empty();
  if (!readable || !key_set || ldns_rr_list_rr_count(key_set.get()) == 0) return best;
  for (const Record& each : signatures) {
    const LdnsRecord signature = each.type == rr_type_rrsig ? from_record(each) : nullptr;
    if (!signature || !covers(signature.get(), ldns_rr_list_rr(set.get(), 0))) continue;
    auto check = check_one(set.get(), signature.get(), key_set.get(), at);
    if (!best.expires || better(check, best)) best = std::move(check);
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
