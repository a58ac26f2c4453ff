#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "resolver/handle.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

using Record = Handle<ldns_rr, ldns_rr_free>;
using File = Handle<std::FILE, std::fclose>;
using Text = Handle<char, std::free>;

constexpr std::uint32_t default_ttl = 3600;

// What ldns carries from line to line; it replaces the names itself.
struct Context {
  std::uint32_t ttl = default_ttl;
  ldns_rdf* origin = ldns_dname_new_frm_str(".");
  ldns_rdf* previous = nullptr;
  int line = 0;

  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    ldns_rdf_deep_free(origin);
    ldns_rdf_deep_free(previous);
  }
};

bool no_record_on_line(ldns_status status) {
  return status == LDNS_STATUS_SYNTAX_EMPTY || status == LDNS_STATUS_SYNTAX_TTL || status == LDNS_STATUS_SYNTAX_ORIGIN;
}

std::optional<FileRecord> to_file_record(const ldns_rr* record) {
  const Text owner(ldns_rdf2str(ldns_rr_owner(record)));
  const Text line(ldns_rr2str_fmt(ldns_output_format_nocomments, record));
  if (!owner || !line) return std::nullopt;
  auto name = canonical_name(owner.get());
  if (!name) return std::nullopt;
  std::string text(line.get());
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (auto& c : text) {
    if (c == '\t') c = ' ';
  }
  return FileRecord{std::move(*name), static_cast<RrType>(ldns_rr_get_type(record)), std::move(text)};
}

}  // namespace

std::string ldns_version_in_use() {
  return ldns_version();
}

Parsed<std::vector<FileRecord>> read_zone_file(std::string_view text) {
  std::vector<FileRecord> records;
  if (text.empty()) return records;
  if (text.find('\0') != std::string_view::npos) return tl::unexpected(ParseError{"this is not text", 1});
  std::string copy(text);
  const File file(fmemopen(copy.data(), copy.size(), "r"));
  if (!file) return tl::unexpected(ParseError{"out of memory"});
  Context context;
  while (!std::feof(file.get())) {
    ldns_rr* raw = nullptr;
    const auto status =
        ldns_rr_new_frm_fp_l(&raw, file.get(), &context.ttl, &context.origin, &context.previous, &context.line);
    const Record record(status == LDNS_STATUS_OK ? raw : nullptr);
    if (no_record_on_line(status)) continue;
    auto read = record ? to_file_record(record.get()) : std::nullopt;
    if (!read) return tl::unexpected(ParseError{"not a DNS record", static_cast<std::size_t>(context.line)});
    records.push_back(std::move(*read));
  }
  return records;
}

}  // namespace danewatch::wire
