// Zone-file text, read by ldns record by record.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "resolver/handle.hpp"
#include "resolver/wire/records.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

using LdnsRecord = Handle<ldns_rr, ldns_rr_free>;
using File = Handle<std::FILE, std::fclose>;
using Text = Handle<char, std::free>;
using Buffer = Handle<ldns_buffer, ldns_buffer_free>;

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

// Counted here: ldns counts one too many where a record goes on over several lines, and after a SOA record.
std::size_t line_at(std::string_view text, std::size_t position) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, position), '\n'));
}

}  // namespace

std::string ldns_version_in_use() {
  return ldns_version();
}

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

}  // namespace danewatch::wire
