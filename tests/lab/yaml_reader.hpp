// A strict view of one YAML mapping: every key is asked for, or is an error with its line.
//
// yaml-cpp alone accepts unknown and duplicate keys in silence. Thread rule: short-lived values.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch::lab {

using YamlEntries = std::vector<std::pair<std::string, YAML::Node>>;

class YamlMap {
 public:
  // A null node is an empty mapping. Throws SceneError for anything but a mapping, for a key outside `known` (an empty
  // list: any key) and for a duplicate key.
  YamlMap(const YAML::Node& node, std::string file, std::initializer_list<std::string_view> known);

  const YamlEntries& entries() const { return entries_; }
  std::optional<YAML::Node> find(std::string_view key) const;
  YAML::Node need(std::string_view key) const;
  bool has(std::string_view key) const { return find(key).has_value(); }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  YAML::Node node_;
  YamlEntries entries_;
};

// Throws SceneError "FILE:LINE: MESSAGE".
[[noreturn]] void fail_at(const std::string& file, const YAML::Node& node, const std::string& message);

// A mapping with any keys, none twice. By value, so that a loop may run over the result.
YamlEntries yaml_entries(const YAML::Node& node, const std::string& file);

// Scalars and lists of scalars; a lone scalar stands for a list of one. Numbers are decimal, no octal surprises.
std::string yaml_text(const YAML::Node& node, const std::string& file);
std::vector<std::string> yaml_texts(const YAML::Node& node, const std::string& file);
int number_in(const std::string& text, const YAML::Node& where, const std::string& file, int low, int high);
int yaml_number(const YAML::Node& node, const std::string& file, int low, int high);
bool yaml_bool(const YAML::Node& node, const std::string& file);

}  // namespace danewatch::lab
