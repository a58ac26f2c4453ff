#include "tests/lab/yaml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "tests/lab/scene.hpp"

namespace danewatch::lab {

void fail_at(const std::string& file, const YAML::Node& node, const std::string& message) {
  throw SceneError(fmt::format("{}:{}: {}", file, node.Mark().line + 1, message));
}

YamlMap::YamlMap(const YAML::Node& node, std::string file, std::initializer_list<std::string_view> known)
    : file_(std::move(file)), node_(node) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) fail_at(file_, node, "expected a mapping (key: value)");
  for (const auto& entry : node) {
    auto key = yaml_text(entry.first, file_);
    if (known.size() != 0 && std::find(known.begin(), known.end(), key) == known.end()) {
      fail_at(file_, entry.first, fmt::format("unknown key '{}' (known: {})", key, fmt::join(known, ", ")));
    }
    if (find(key)) fail_at(file_, entry.first, fmt::format("key '{}' is listed twice", key));
    entries_.emplace_back(std::move(key), entry.second);
  }
}

std::optional<YAML::Node> YamlMap::find(std::string_view key) const {
  for (const auto& [name, value] : entries_) {
    if (name == key) return value;
  }
  return std::nullopt;
}

YAML::Node YamlMap::need(std::string_view key) const {
  auto value = find(key);
  if (!value) fail_at(file_, node_, fmt::format("key '{}' is missing", key));
  return *value;
}

YamlEntries yaml_entries(const YAML::Node& node, const std::string& file) {
  return YamlMap(node, file, {}).entries();
}

std::string yaml_text(const YAML::Node& node, const std::string& file) {
  if (!node.IsScalar()) fail_at(file, node, "expected a single value");
  return node.Scalar();
}

std::vector<std::string> yaml_texts(const YAML::Node& node, const std::string& file) {
  std::vector<std::string> texts;
  if (node.IsScalar()) return {node.Scalar()};
  if (node.IsNull()) return {};
  if (!node.IsSequence()) fail_at(file, node, "expected a list");
  for (const auto& item : node) texts.push_back(yaml_text(item, file));
  return texts;
}

int number_in(const std::string& text, const YAML::Node& node, const std::string& file, int low, int high) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    fail_at(file, node, fmt::format("expected a number from {} to {}, got '{}'", low, high, text));
  }
  return value;
}

int yaml_number(const YAML::Node& node, const std::string& file, int low, int high) {
  return number_in(yaml_text(node, file), node, file, low, high);
}

bool yaml_bool(const YAML::Node& node, const std::string& file) {
  auto text = yaml_text(node, file);
  if (text == "yes" || text == "true") return true;
  if (text == "no" || text == "false") return false;
  fail_at(file, node, fmt::format("expected yes or no, got '{}'", text));
}

}  // namespace danewatch::lab
