#include "store/bundle/node.hpp"

#include "store/bundle/base64.hpp"

namespace danewatch::bundle {

void Node::fail(std::string why) const {
  if (failed()) return;
  const std::string where = place_.empty() ? "it" : place_;
  trouble_->first = ParseError{fmt::format("{} {}", where, why), 0};
}

Node Node::member(const char* key, bool needed) const {
  const std::string place = place_.empty() ? key : fmt::format("{}.{}", place_, key);
  if (json_ == nullptr || failed()) return {nullptr, place, *trouble_};
  if (!json_->is_object()) fail("is not an object");
  const auto found = json_->is_object() ? json_->find(key) : json_->end();
  const bool there = json_->is_object() && found != json_->end() && !found->is_null();
  if (needed && !there) fail(fmt::format("has no {}", key));
  return {there ? &*found : nullptr, place, *trouble_};
}

Node Node::at(const char* key) const {
  return member(key, true);
}

Node Node::find(const char* key) const {
  return member(key, false);
}

std::string Node::text() const {
  if (json_ == nullptr || failed()) return {};
  if (json_->is_object()) {
    const auto bytes = at("base64").octets();
    return {bytes.begin(), bytes.end()};
  }
  if (!json_->is_string()) fail("is not text");
  return json_->is_string() ? json_->get<std::string>() : "";
}

std::vector<std::uint8_t> Node::octets() const {
  if (json_ == nullptr || failed()) return {};
  const auto value = json_->is_string() ? from_base64(json_->get_ref<const std::string&>()) : std::nullopt;
  if (!value) fail("is not base64");
  return value.value_or(std::vector<std::uint8_t>());
}

bool Node::flag() const {
  if (json_ == nullptr || failed()) return false;
  if (!json_->is_boolean()) fail("is neither true nor false");
  return json_->is_boolean() && json_->get<bool>();
}

double Node::decimal() const {
  if (json_ == nullptr || failed()) return 0;
  if (!json_->is_number()) fail("is not a number");
  return json_->is_number() ? json_->get<double>() : 0;
}

SysTime Node::time() const {
  constexpr std::int64_t first = -62167219200, last = 253402300799;  // of the years 0 and 9999
  const auto seconds = number<std::int64_t>();
  if (seconds < first || seconds > last) fail("is not a time of the years 0 to 9999");
  return SysTime(std::chrono::seconds(failed() ? 0 : seconds));
}

std::chrono::milliseconds Node::duration() const {
  return std::chrono::milliseconds(number<std::uint32_t>());
}

std::optional<std::int64_t> Node::integer() const {
  if (json_ == nullptr || failed()) return std::nullopt;
  if (!json_->is_number_integer()) fail("is not a whole number");
  const bool fits = !json_->is_number_unsigned() ||
                    json_->get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!fits) fail("is a number too large");
  return failed() ? std::nullopt : std::optional(json_->get<std::int64_t>());
}

std::vector<Node> Node::items(std::size_t most) const {
  std::vector<Node> nodes;
  if (json_ == nullptr || failed()) return nodes;
  if (!json_->is_array()) fail("is not a list");
  if (json_->is_array() && json_->size() > most) fail(fmt::format("has more than {} entries", most));
  if (failed()) return nodes;
  for (std::size_t i = 0; i < json_->size(); ++i) {
    nodes.emplace_back(&(*json_)[i], fmt::format("{}[{}]", place_, i), *trouble_);
  }
  return nodes;
}

std::vector<std::pair<std::string, Node>> Node::members(std::size_t most) const {
  std::vector<std::pair<std::string, Node>> members;
  if (json_ == nullptr || failed()) return members;
  if (!json_->is_object()) fail("is not an object");
  if (json_->is_object() && json_->size() > most) fail(fmt::format("has more than {} members", most));
  if (failed()) return members;
  for (const auto& [key, value] : json_->items()) members.emplace_back(key, Node(&value, place_ + ".*", *trouble_));
  return members;
}

}  // namespace danewatch::bundle
