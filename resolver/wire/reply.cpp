#include "resolver/wire/reply.hpp"

#include <algorithm>
#include <utility>

#include "resolver/wire/message.hpp"

namespace danewatch::wire {
namespace {

constexpr std::size_t most_data = 256, most_servers = 32, most_glue = 64;
constexpr std::size_t longest_nsid = 128, longest_text = 256;
constexpr std::uint16_t option_nsid = 3, option_extended_error = 15;

// RFC 1035 4.1.1, and an OPT record without data but for the empty NSID option (RFC 6891 6.1.2, RFC 5001 2.1).
constexpr std::uint8_t opt_record[] = {0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 4, 0, 3, 0, 0};

void append_u16(std::vector<std::uint8_t>& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value));
}

struct AskedFor {
  std::string name;
  std::uint16_t type = 0;
};

std::optional<AskedFor> asked_in(Bytes message) {
  if (message.size() < header_octets || read_u16(message, 4) != 1) return std::nullopt;
  auto name = read_name(message, header_octets);
  if (!name || message.size() < header_octets + name->length + 4) return std::nullopt;
  return AskedFor{std::move(name->name), read_u16(message, header_octets + name->length)};
}

std::string text_at(Bytes message, std::size_t at, std::size_t length, std::size_t most) {
  const Bytes octets = message.subspan(at, std::min(length, most));
  return {octets.begin(), octets.end()};
}

// RFC 6891 6.1.2: pairs of a code and a length.
void read_options(Bytes message, const WireRecord& opt, Reply& reply) {
  reply.rcode |= static_cast<int>(opt.ttl >> 24) << 4;
  const std::size_t end = opt.rdata + opt.length;
  for (std::size_t at = opt.rdata; at + 4 <= end;) {
    const std::uint16_t code = read_u16(message, at);
    const std::size_t length = std::min<std::size_t>(read_u16(message, at + 2), end - at - 4);
    at += 4;
    if (code == option_nsid) reply.nsid = text_at(message, at, length, longest_nsid);
    if (code == option_extended_error && length >= 2 && !reply.extended_error)
      reply.extended_error = ExtendedError{read_u16(message, at), text_at(message, at + 2, length - 2, longest_text)};
    at += length;
  }
}

std::optional<std::string> name_at(Bytes message, const WireRecord& record, std::size_t offset) {
  if (record.length <= offset) return std::nullopt;
  auto name = read_name(message, record.rdata + offset);
  if (!name || name->length != record.length - offset) return std::nullopt;
  return std::move(name->name);
}

Rdata malformed_at(Bytes message, const WireRecord& record) {
  return {std::monostate{}, to_hex(message.subspan(record.rdata, record.length)), true};
}

std::string with_dot(const std::string& name) {
  return name == "." ? name : name + ".";
}

// Names in the data may be compressed for these types alone (RFC 3597 4).
Rdata data_at(Bytes message, const WireRecord& record) {
  const auto type = static_cast<RrType>(record.type);
  if (type == RrType::ns || type == RrType::cname) {
    const auto name = name_at(message, record, 0);
    return name ? Rdata{std::monostate{}, with_dot(*name), false} : malformed_at(message, record);
  }
  if (type == RrType::mx) {
    const auto host = name_at(message, record, 2);
    if (!host) return malformed_at(message, record);
    const Mx mx{read_u16(message, record.rdata), *host};
    return {mx, std::to_string(mx.preference) + " " + with_dot(mx.host), false};
  }
  return read_rdata(type, record.owner, message.subspan(record.rdata, record.length));
}

// RFC 1035 3.3.13: two names, then five numbers of which the first is the serial.
std::optional<std::uint32_t> serial_at(Bytes message, const WireRecord& soa) {
  constexpr std::size_t numbers = 20;
  const auto first = read_name(message, soa.rdata);
  if (!first || first->length >= soa.length) return std::nullopt;
  const auto second = read_name(message, soa.rdata + first->length);
  if (!second || first->length + second->length + numbers != soa.length) return std::nullopt;
  return read_u32(message, soa.rdata + first->length + second->length);
}

bool is_of(const WireRecord& record, RrType type) {
  return record.type == static_cast<std::uint16_t>(type);
}

void read_answers(const Message& message, const Question& question, Reply& reply) {
  for (const WireRecord& record : message.answer) {
    if (record.owner != question.name) continue;
    if (is_of(record, RrType::cname)) reply.alias = name_at(message.bytes, record, 0);
    if (!is_of(record, question.type) || reply.data.size() >= most_data) continue;
    reply.ttl = std::max(reply.ttl.value_or(0), record.ttl);
    if (question.type == RrType::soa) {
      reply.serial = serial_at(message.bytes, record);  // all that counts of it
    } else {
      reply.data.push_back(data_at(message.bytes, record));
    }
  }
}

void read_authority(const Message& message, const Question& question, Reply& reply) {
  for (const WireRecord& record : message.authority) {
    if (is_of(record, RrType::soa) && !reply.serial) reply.serial = serial_at(message.bytes, record);
    if (!is_of(record, RrType::ns) || record.owner != question.name || reply.delegation.size() >= most_servers)
      continue;
    if (auto name = name_at(message.bytes, record, 0)) reply.delegation.push_back(std::move(*name));
  }
}

void read_glue(Bytes message, const std::vector<WireRecord>& additional, Reply& reply) {
  for (const WireRecord& record : additional) {
    const bool address = is_of(record, RrType::a) || is_of(record, RrType::aaaa);
    const bool wanted = std::ranges::find(reply.delegation, record.owner) != reply.delegation.end();
    if (!address || !wanted || reply.glue.size() >= most_glue) continue;
    const auto value = address_from_rdata(message.subspan(record.rdata, record.length));
    if (value && value->v6 == is_of(record, RrType::aaaa)) reply.glue.push_back({record.owner, *value});
  }
}

}  // namespace

Parsed<std::vector<std::uint8_t>> write_question(std::uint16_t id, const Question& question, bool recursion) {
  const auto name = name_to_wire(question.name);
  if (!name) return tl::unexpected(name.error());
  std::vector<std::uint8_t> octets;
  append_u16(octets, id);
  octets.push_back(recursion ? 1 : 0);
  octets.push_back(0);
  for (const std::size_t count : {1, 0, 0, 1}) append_u16(octets, count);
  octets.insert(octets.end(), name->begin(), name->end());
  append_u16(octets, static_cast<std::uint16_t>(question.type));
  append_u16(octets, 1);
  octets.insert(octets.end(), std::begin(opt_record), std::end(opt_record));
  return octets;
}

bool is_reply_to(Bytes reply, Bytes question) {
  if (reply.size() < header_octets || question.size() < header_octets) return false;
  const bool is_reply = (reply[2] & 0x80) != 0 && read_u16(reply, 0) == read_u16(question, 0);
  if (!is_reply) return false;
  const auto asked = asked_in(question);
  const auto repeated = asked_in(reply);
  // Some servers that refuse leave the question out; the number and the source are all there is then.
  if (!repeated) return read_u16(reply, 4) == 0 && (reply[3] & 0x0f) != 0;
  return asked && asked->name == repeated->name && asked->type == repeated->type;
}

Parsed<Reply> read_reply(Bytes bytes, const Question& question) {
  const auto message = parse(bytes);
  if (!message) return tl::unexpected(message.error());
  Reply reply;
  reply.rcode = bytes[3] & 0x0f;
  reply.authoritative = (bytes[2] & 0x04) != 0;
  reply.truncated = (bytes[2] & 0x02) != 0;
  read_answers(*message, question, reply);
  read_authority(*message, question, reply);
  const auto additional = additional_of(*message);
  if (!additional) return tl::unexpected(additional.error());
  if (!additional->empty() && additional->front().type == type_opt) read_options(bytes, additional->front(), reply);
  read_glue(bytes, *additional, reply);
  return reply;
}

}  // namespace danewatch::wire
