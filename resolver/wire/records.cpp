#include "resolver/wire/records.hpp"

#include <fmt/format.h>

#include "resolver/wire/message.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch::wire {

std::string to_line(const Record& record) {
  const std::string_view dot = record.owner == "." ? "" : ".";
  const std::string data = read_rdata(record.type, record.owner, record.rdata).text;
  return fmt::format("{}{} {} IN {} {}", record.owner, dot, record.ttl, to_string(record.type), data);
}

Parsed<MessageRecords> read_records(Bytes bytes) {
  const auto message = parse(bytes);
  if (!message) return tl::unexpected(message.error());
  const auto copy = [&](const std::vector<WireRecord>& section) {
    std::vector<Record> records;
    for (const WireRecord& each : section) {
      const auto type = static_cast<RrType>(each.type);
      records.push_back({each.owner, type, each.ttl, plain_rdata(bytes, type, each.rdata, each.length)});
    }
    return records;
  };
  return MessageRecords{copy(message->answer), copy(message->authority)};
}

}  // namespace danewatch::wire
