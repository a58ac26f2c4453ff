// Inner: a value of a JSON text, read strictly: what is missing, of another kind or out of range is an error that names
// its place.
//
// The first error is kept (Trouble); after it everything reads as nothing, so that a reader need not ask each time.
// Thread rule: values of one thread.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resolver/dns/answer.hpp"
#include "resolver/dns/parse_error.hpp"
#include "store/bundle/words.hpp"

namespace danewatch::bundle {

struct Trouble {
  std::optional<ParseError> first;
};

class Node {
 public:
  Node(const nlohmann::json* json, std::string place, Trouble& trouble)
      : json_(json), place_(std::move(place)), trouble_(&trouble) {}

  Node at(const char* key) const;    // which must be there
  Node find(const char* key) const;  // which may be missing or null: then is_there() is false
  bool is_there() const { return json_ != nullptr; }

  std::string text() const;  // any octets: text, or {"base64": TEXT} where they are no UTF-8
  std::vector<std::uint8_t> octets() const;
  bool flag() const;
  double decimal() const;
  std::vector<Node> items(std::size_t most) const;
  std::vector<std::pair<std::string, Node>> members(std::size_t most) const;

  template <class Integer>
  Integer number() const {
    using Limits = std::numeric_limits<Integer>;
    const auto value = integer();
    const bool fits = value && std::in_range<Integer>(*value);
    if (value && !fits) fail(fmt::format("is not from {} to {}", Limits::min(), Limits::max()));
    return fits ? static_cast<Integer>(*value) : Integer{};
  }

  template <class Enum>
  Enum word() const {
    const std::string name = text();
    const auto value = value_of<Enum>(name);
    if (!value) fail("is not a word that may stand here");
    return value.value_or(Enum{});
  }

  SysTime time() const;                        // seconds since 1970, of the years 0 to 9999
  std::chrono::milliseconds duration() const;  // at most 49 days

  // As `read` gives it, or nothing where there is nothing.
  template <class Read>
  auto optional(Read read) const {
    using Value = decltype(std::invoke(read, *this));
    return is_there() ? std::optional<Value>(std::invoke(read, *this)) : std::nullopt;
  }

  template <class Read>
  auto list(std::size_t most, Read read) const {
    std::vector<decltype(std::invoke(read, *this))> values;
    for (const Node& item : items(most)) values.push_back(std::invoke(read, item));
    return values;
  }

  void fail(std::string why) const;
  bool failed() const { return trouble_->first.has_value(); }

 private:
  std::optional<std::int64_t> integer() const;
  Node member(const char* key, bool needed) const;

  const nlohmann::json* json_;  // null: there is nothing
  std::string place_;
  Trouble* trouble_;
};

}  // namespace danewatch::bundle
