#include "resolver/wire/message.hpp"

#include <utility>

namespace danewatch::wire {
namespace {

constexpr std::uint16_t class_in = 1;

ParseError cut_short(Bytes message) {
  return {"the DNS message ends too early", message.size()};
}

Parsed<std::size_t> skip_questions(Bytes message, std::size_t count) {
  std::size_t at = header_octets;
  for (; count > 0; --count) {
    const auto name = read_name(message, at);
    if (!name) return tl::unexpected(name.error());
    at += name->length + 4;
  }
  return at;
}

Parsed<std::size_t> read_section(Bytes message, std::size_t at, std::size_t count, std::vector<WireRecord>& section) {
  for (; count > 0; --count) {
    auto owner = read_name(message, at);
    if (!owner) return tl::unexpected(owner.error());
    at += owner->length;
    if (message.size() < at + 10) return tl::unexpected(cut_short(message));
    const WireRecord record{std::move(owner->name), read_u16(message, at), read_u32(message, at + 4), at + 10,
                            read_u16(message, at + 8)};
    const auto record_class = read_u16(message, at + 2);
    at += 10 + record.length;
    if (message.size() < at) return tl::unexpected(cut_short(message));
    if (record.type == type_opt) {
      section.insert(section.begin(), record);
    } else if (record_class == class_in) {
      section.push_back(record);
    }
  }
  return at;
}

// RFC 4034 3.1.5: times are serial numbers of 32 bits, so the one nearest to now is meant.
SysTime nearest(std::uint32_t time, SysTime now) {
  const auto base = static_cast<std::uint32_t>(now.time_since_epoch().count());
  return now + std::chrono::seconds{static_cast<std::int32_t>(time - base)};
}

}  // namespace

Parsed<Message> parse(Bytes bytes) {
  if (bytes.size() < header_octets) return tl::unexpected(cut_short(bytes));
  Message message{bytes, {}, {}, 0};
  const auto answers = skip_questions(bytes, read_u16(bytes, 4));
  if (!answers) return tl::unexpected(answers.error());
  const auto authorities = read_section(bytes, *answers, read_u16(bytes, 6), message.answer);
  if (!authorities) return tl::unexpected(authorities.error());
  const auto end = read_section(bytes, *authorities, read_u16(bytes, 8), message.authority);
  if (!end) return tl::unexpected(end.error());
  message.additional = *end;
  return message;
}

Parsed<std::vector<WireRecord>> additional_of(const Message& message) {
  std::vector<WireRecord> records;
  const auto end = read_section(message.bytes, message.additional, read_u16(message.bytes, 10), records);
  if (!end) return tl::unexpected(end.error());
  return records;
}

std::optional<Signature> read_signature(Bytes message, const WireRecord& record, SysTime now) {
  constexpr std::size_t fixed = 18;
  if (record.length <= fixed) return std::nullopt;
  auto signer = read_name(message, record.rdata + fixed);
  if (!signer || signer->length > record.length - fixed) return std::nullopt;
  const auto at = record.rdata;
  return Signature{read_u16(message, at),
                   message[at + 3],
                   read_u32(message, at + 4),
                   nearest(read_u32(message, at + 12), now),
                   nearest(read_u32(message, at + 8), now),
                   std::move(signer->name),
                   read_u16(message, at + 16)};
}

std::optional<Signature> read_signature(Bytes rdata, SysTime now) {
  return read_signature(rdata, {{}, type_rrsig, 0, 0, rdata.size()}, now);
}

}  // namespace danewatch::wire
