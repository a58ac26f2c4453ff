#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "resolver/handle.hpp"
#include "resolver/wire/wire.hpp"

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::wire {
namespace {

using Name = Handle<ldns_rdf, ldns_rdf_deep_free>;

bool is_plain(std::uint8_t octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_';
}

void append_octet(std::string& text, std::uint8_t octet) {
  if (octet >= 'A' && octet <= 'Z') octet = static_cast<std::uint8_t>(octet + ('a' - 'A'));
  if (is_plain(octet)) {
    text += static_cast<char>(octet);
  } else {
    fmt::format_to(std::back_inserter(text), "\\{:03}", octet);
  }
}

// Labels as ldns keeps them: lengths and octets, no compression, ended by the root.
std::string to_text(const ldns_rdf* name) {
  const Bytes labels(ldns_rdf_data(name), ldns_rdf_size(name));
  std::string text;
  for (std::size_t at = 0; at < labels.size() && labels[at] != 0; at += labels[at] + 1U) {
    if (!text.empty()) text += '.';
    for (const auto octet : labels.subspan(at + 1, labels[at])) append_octet(text, octet);
  }
  return text.empty() ? "." : text;
}

}  // namespace

Parsed<std::string> canonical_name(std::string_view text) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return tl::unexpected(ParseError{"not a domain name"});
  const Name name(ldns_dname_new_frm_str(std::string(text).c_str()));
  if (!name) return tl::unexpected(ParseError{"not a domain name"});
  return to_text(name.get());
}

Parsed<std::vector<std::uint8_t>> name_to_wire(std::string_view text) {
  const auto lower = canonical_name(text);
  if (!lower) return tl::unexpected(lower.error());
  const Name name(ldns_dname_new_frm_str(lower->c_str()));
  if (!name) return tl::unexpected(ParseError{"not a domain name"});
  const Bytes octets(ldns_rdf_data(name.get()), ldns_rdf_size(name.get()));
  return std::vector<std::uint8_t>(octets.begin(), octets.end());
}

Parsed<NameAt> read_name(Bytes message, std::size_t offset) {
  offset = std::min(offset, message.size());
  ldns_rdf* raw = nullptr;
  std::size_t end = offset;
  const auto status = ldns_wire2dname(&raw, message.data(), message.size(), &end);
  const Name name(raw);
  if (status != LDNS_STATUS_OK || !name) return tl::unexpected(ParseError{"not a domain name", offset});
  return NameAt{to_text(name.get()), end - offset};
}

Parsed<NameAt> read_name(Bytes bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && bytes[at] != 0) {
    if (bytes[at] > LDNS_MAX_LABELLEN) return tl::unexpected(ParseError{"a compressed name where none may be", at});
    at += bytes[at] + 1U;
  }
  return read_name(bytes, 0);
}

namespace {

// Where RDATA holds names (RFC 1035 3.3, RFC 2782, RFC 6672): octets before them, and how many.
struct NamePlaces {
  std::size_t before = 0;
  std::size_t names = 0;
};

NamePlaces name_places(RrType type) {
  switch (type) {
    case RrType::ns:
    case RrType::cname:
    case RrType::dname:
      return {0, 1};
    case RrType::soa:
      return {0, 2};
    case RrType::mx:
      return {2, 1};
    case RrType::srv:
      return {6, 1};
    default:
      return {};
  }
}

}  // namespace

std::vector<std::uint8_t> plain_rdata(Bytes message, RrType type, std::size_t offset, std::size_t length) {
  const Bytes raw = message.subspan(offset, length);
  const auto [before, names] = name_places(type);
  std::size_t at = offset + before;
  std::vector<std::uint8_t> plain(raw.begin(), raw.begin() + static_cast<std::ptrdiff_t>(std::min(before, length)));
  for (std::size_t i = 0; i < names; ++i) {
    ldns_rdf* found = nullptr;
    const auto status = at < offset + length ? ldns_wire2dname(&found, message.data(), message.size(), &at)
                                             : LDNS_STATUS_PACKET_OVERFLOW;
    const Name name(found);
    if (status != LDNS_STATUS_OK || !name || at > offset + length) return {raw.begin(), raw.end()};
    const Bytes labels(ldns_rdf_data(name.get()), ldns_rdf_size(name.get()));
    plain.insert(plain.end(), labels.begin(), labels.end());
  }
  const Bytes rest = message.subspan(at, offset + length - at);
  plain.insert(plain.end(), rest.begin(), rest.end());
  return plain;
}

}  // namespace danewatch::wire
