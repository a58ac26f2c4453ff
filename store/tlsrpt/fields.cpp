#include "store/tlsrpt/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "store/tlsrpt/json_text.hpp"

namespace danewatch::tlsrpt {
namespace {

constexpr std::size_t most_texts = 200;  // of one list

std::string shortened(const std::string& text) {
  return text.substr(0, longest_text);
}

}  // namespace

void Notes::add(std::string note) {
  if (notes_.size() < most_notes && std::ranges::count(notes_, note) == 0) notes_.push_back(std::move(note));
}

const nlohmann::json* Fields::find(const char* key) const {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::string Fields::text(const char* key) const {
  const auto* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return shortened(value->get_ref<const std::string&>());
  if (value->is_array() && value->size() == 1 && value->front().is_string()) {
    notes_.add(fmt::format("{} is a list", key));
    return shortened(value->front().get_ref<const std::string&>());
  }
  notes_.add(fmt::format("{} is not text", key));
  return value->is_number() ? value->dump() : std::string{};
}

std::string Fields::text(const char* key, const char* other) const {
  std::string value = text(key);
  if (!value.empty()) return value;
  value = text(other);
  if (!value.empty()) notes_.add(fmt::format("{} instead of {}", other, key));
  return value;
}

std::optional<std::uint64_t> Fields::number(const char* key) const {
  const auto* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  std::uint64_t result = 0;
  if (value->is_string()) {
    const auto& text = value->get_ref<const std::string&>();
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (!text.empty() && wrong == std::errc{} && end == text.data() + text.size()) {
      notes_.add(fmt::format("{} is a text", key));
      return result;
    }
  }
  constexpr double most = 1e15;  // what a double counts exactly, and then some
  const double real = value->is_number_float() ? value->get<double>() : -1;
  if (real >= 0 && real <= most) {
    notes_.add(fmt::format("{} is not a whole number", key));
    return static_cast<std::uint64_t>(real);
  }
  notes_.add(fmt::format("{} is not a number of sessions", key));
  return std::nullopt;
}

void Fields::add_texts(const std::string& key, const nlohmann::json& value, std::vector<std::string>& into) const {
  if (into.size() == most_texts) return notes_.add(fmt::format("{} has more than {} entries", key, most_texts));
  if (!value.is_string()) return notes_.add(fmt::format("{} holds something that is not text", key));
  const auto& text = value.get_ref<const std::string&>();
  if (!text.starts_with('[')) return into.push_back(shortened(text));
  std::vector<std::string> inner_notes;
  const auto inner = parse_json(text, inner_notes);
  if (!inner || !inner->is_array()) return into.push_back(shortened(text));
  notes_.add(fmt::format("{} is a list written as text", key));
  for (const auto& item : *inner) {
    if (item.is_string() && into.size() < most_texts) into.push_back(shortened(item.get_ref<const std::string&>()));
  }
}

std::vector<std::string> Fields::texts(const char* key) const {
  std::vector<std::string> result;
  const auto* value = find(key);
  if (value == nullptr) return result;
  if (!value->is_array()) {
    if (value->is_string()) notes_.add(fmt::format("{} is a text, not a list", key));
    add_texts(key, *value, result);
    return result;
  }
  for (const auto& item : *value) add_texts(key, item, result);
  return result;
}

}  // namespace danewatch::tlsrpt
