// Inner: reading YAML strictly: every wrong key, type and value is an error with its place, and reading goes on.
//
// Thread rule: one owner.
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config/config.hpp"

namespace danewatch {

// A node and how an operator would name it: "targets[2].interval".
struct Place {
  YAML::Node node;
  std::string path;
};

class ConfigReader {
 public:
  explicit ConfigReader(std::string file) : file_(std::move(file)) {}

  void fail(const YAML::Mark& mark, const std::string& path, const std::string& message);
  void fail(const Place& place, const std::string& message) { fail(place.node.Mark(), place.path, message); }
  void fail_word(const Place& place, const std::string& what, std::span<const std::string_view> words);

  // Calls `read` for every key that is known, once; other and repeated keys are errors.
  void map(const Place& place, std::span<const std::string_view> known,
           const std::function<void(const std::string& key, const Place&)>& read);
  // The same for keys the operator chose.
  void any_map(const Place& place, const std::function<void(const std::string& key, const Place&)>& read);
  void list(const Place& place, const std::function<void(const Place&)>& read);

  std::optional<std::string> text(const Place& place);
  std::optional<std::size_t> integer(const Place& place, std::size_t least, std::size_t most);
  std::optional<bool> boolean(const Place& place);
  std::optional<std::chrono::milliseconds> duration(const Place& place, std::chrono::milliseconds least,
                                                    std::chrono::milliseconds most);
  // One of these words.
  std::optional<std::string> word(const Place& place, std::span<const std::string_view> words);

  template <class Value>
  void into(Value& value, const std::optional<Value>& read) {
    if (read) value = *read;
  }

  // Reads the whole text: calls `read` with its root, and text that is no YAML is an error like any other. Every error,
  // in the order of the file.
  ConfigErrors document(std::string_view text, const std::function<void(const YAML::Node& root)>& read);

  static YAML::Mark begin();  // line 1, column 1

 private:
  struct Error {
    int line = 0;
    int column = 0;
    std::string text;
  };

  bool is_scalar(const Place& place, const std::string& wanted);
  std::optional<std::string> key_of(const YAML::Node& key, const std::string& path);
  ConfigErrors errors() const;

  std::string file_;
  std::vector<Error> errors_;
};

void read_module(ConfigReader& reader, const Place& place, ModuleConfig& module);

struct TargetPlaces {
  Place targets;
  Place defaults;
  const ReadNext& read_next;
};
void read_targets(ConfigReader& reader, const TargetPlaces& places, Config& config);

}  // namespace danewatch
