// Inner: what the pieces of a report in JSON are made of.
//
// Unknown is null. Thread rule: pure functions.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/words/escape.hpp"
#include "probe/report/report.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::json {

using Json = nlohmann::ordered_json;

// Text that may hold anything; unknown is null.
inline Json text(std::string_view value) {
  return to_valid_utf8(value);
}

inline Json text_or_null(std::string_view value) {
  return value.empty() ? Json() : text(value);
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

template <class Enum>
Json word_or_null(const std::optional<Enum>& value) {
  return value ? Json(to_string(*value)) : Json();
}

inline Json time_or_null(const std::optional<SysTime>& time) {
  return time ? Json(format_time(*time)) : Json();
}

inline Json texts(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(text(value));
  return list;
}

// A tenth of a millisecond is all a reader can use.
inline Json milliseconds(const std::optional<double>& value) {
  return value ? Json(std::round(*value * 10) / 10) : Json();
}

// The name servers that were asked by themselves.
Json servers(const NameServers& all);

// What other mail servers reported, day by day.
Json senders(const SendersSaw& saw);

}  // namespace danewatch::json
