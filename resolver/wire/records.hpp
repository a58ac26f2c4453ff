// Records as zones hold and messages carry them.
//
// As resolver/wire/wire.hpp: hostile text in, values out; reads no clock. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"
#include "resolver/dns/parse_error.hpp"

namespace danewatch::wire {

inline constexpr auto rr_type_rrsig = static_cast<RrType>(46);
inline constexpr auto rr_type_nsec = static_cast<RrType>(47);
inline constexpr auto rr_type_nsec3 = static_cast<RrType>(50);

inline constexpr std::string_view wildcard_label = "\\042";  // "*", as names have it here

struct Record {
  std::string owner;  // as answers have names
  RrType type = RrType::a;
  std::uint32_t ttl = 0;
  std::vector<std::uint8_t> rdata;  // without compression

  bool operator==(const Record&) const = default;
};

// The records of a zone file, absolute as `origin` makes them until a $ORIGIN says otherwise. Of other classes than IN
// none. $INCLUDE is an error. The position of an error is a line number, from 1.
Parsed<std::vector<Record>> read_zone(std::string_view text, const std::string& origin);

// In presentation form, in one line.
std::string to_line(const Record& record);

// The records of a message in their order; of other classes than IN none.
struct MessageRecords {
  std::vector<Record> answer;
  std::vector<Record> authority;
};
Parsed<MessageRecords> read_records(std::span<const std::uint8_t> message);

}  // namespace danewatch::wire
