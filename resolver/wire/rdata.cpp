#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "resolver/handle.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

using Record = Handle<ldns_rr, ldns_rr_free>;
using Text = Handle<char, std::free>;

std::uint16_t read_u16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::string with_dot(const std::string& name) {
  return name == "." ? name : name + ".";
}

// RFC 3597 5: the form that holds anything.
Rdata malformed(Bytes rdata) {
  auto text = rdata.empty() ? std::string("\\# 0") : fmt::format("\\# {} {}", rdata.size(), to_hex(rdata));
  return {std::monostate{}, std::move(text), 1};
}

Rdata read_address(RrType type, Bytes rdata) {
  const auto address = address_from_rdata(rdata);
  if (!address || address->v6 != (type == RrType::aaaa)) return malformed(rdata);
  return {*address, to_string(*address), 0};
}

// A name that must fill the rest of the RDATA.
std::optional<std::string> last_name(Bytes rdata, std::size_t offset) {
  if (rdata.size() <= offset) return std::nullopt;
  const auto name = read_name(rdata.subspan(offset));
  if (!name || name->length != rdata.size() - offset) return std::nullopt;
  return name->name;
}

Rdata read_mx(Bytes rdata) {
  const auto host = last_name(rdata, 2);
  if (!host) return malformed(rdata);
  const Mx mx{read_u16(rdata, 0), *host};
  return {mx, fmt::format("{} {}", mx.preference, with_dot(mx.host)), 0};
}

Rdata read_srv(Bytes rdata) {
  const auto target = last_name(rdata, 6);
  if (!target) return malformed(rdata);
  const Srv srv{read_u16(rdata, 0), read_u16(rdata, 2), read_u16(rdata, 4), *target};
  return {srv, fmt::format("{} {} {} {}", srv.priority, srv.weight, srv.port, with_dot(srv.target)), 0};
}

Rdata read_tlsa(const std::string& owner, Bytes rdata) {
  const auto record = tlsa_from_rdata(owner, rdata);
  return {record, to_text(record), 0};
}

// A record of the root with this RDATA, so that ldns can read and print it.
Record parse_alone(RrType type, Bytes rdata) {
  const auto code = static_cast<std::uint16_t>(type);
  std::vector<std::uint8_t> wire{
      0, static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code), 0, 1, 0, 0, 0, 0};
  wire.push_back(static_cast<std::uint8_t>(rdata.size() >> 8));
  wire.push_back(static_cast<std::uint8_t>(rdata.size()));
  wire.insert(wire.end(), rdata.begin(), rdata.end());
  ldns_rr* record = nullptr;
  std::size_t at = 0;
  if (ldns_wire2rr(&record, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK) return nullptr;
  return Record(record);
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// A field in ldns's words; names in our own form.
std::optional<std::string> field_text(const ldns_rdf* field) {
  if (!field) return std::nullopt;
  if (ldns_rdf_get_type(field) == LDNS_RDF_TYPE_DNAME) {
    const auto name = read_name(Bytes(ldns_rdf_data(field), ldns_rdf_size(field)));
    return name ? std::optional(with_dot(name->name)) : std::nullopt;
  }
  const Text word(ldns_rdf2str(field));
  if (!word || !is_printable(word.get())) return std::nullopt;
  return std::string(word.get());
}

// Types nobody interprets.
Rdata read_other(RrType type, Bytes rdata) {
  const auto record = rdata.size() > UINT16_MAX ? nullptr : parse_alone(type, rdata);
  const auto fields = record ? ldns_rr_rd_count(record.get()) : 0;
  const auto needed = ldns_rr_descriptor_minimum(ldns_rr_descript(static_cast<std::uint16_t>(type)));
  if (fields == 0 || fields < needed) return malformed(rdata);  // ldns stops quietly where the RDATA ends
  std::string text;
  for (std::size_t i = 0; i < fields; ++i) {
    const auto field = field_text(ldns_rr_rdf(record.get(), i));
    if (!field) return malformed(rdata);
    text += (text.empty() ? "" : " ") + *field;
  }
  return {std::monostate{}, text, 0};
}

}  // namespace

Rdata read_rdata(RrType type, const std::string& owner, Bytes rdata) {
  switch (type) {
    case RrType::a:
    case RrType::aaaa:
      return read_address(type, rdata);
    case RrType::mx:
      return read_mx(rdata);
    case RrType::srv:
      return read_srv(rdata);
    case RrType::tlsa:
      return read_tlsa(owner, rdata);
    default:
      return read_other(type, rdata);
  }
}

}  // namespace danewatch::wire
