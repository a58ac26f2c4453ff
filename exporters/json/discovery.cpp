#include "exporters/json/discovery.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "exporters/words/escape.hpp"

namespace danewatch {
namespace {

std::string group(const BoardEntry& entry) {
  auto labels = nlohmann::ordered_json::object();
  labels["__param_module"] = to_valid_utf8(entry.module);
  labels["__meta_danewatch_name"] = to_valid_utf8(entry.name);
  for (const Label& label : entry.labels) labels[label.name] = label.value;
  auto one = nlohmann::ordered_json::object();
  one["targets"] = {to_valid_utf8(entry.target.text)};
  one["labels"] = std::move(labels);
  return one.dump();
}

}  // namespace

std::function<std::string()> discovery_pieces(BoardView targets) {
  auto next = std::make_shared<std::size_t>(0);
  return [targets = std::move(targets), next] {
    constexpr std::size_t enough = 65536;
    std::string piece;
    if (*next > targets.size()) return piece;
    if (*next == 0) piece += '[';
    while (*next < targets.size() && piece.size() < enough) {
      if (*next > 0) piece += ',';
      piece += group(*targets[(*next)++]);
    }
    if (*next == targets.size()) {
      piece += ']';
      ++*next;
    }
    return piece;
  };
}

std::string to_discovery(const BoardView& targets) {
  std::string whole;
  const auto next = discovery_pieces(targets);
  for (std::string piece = next(); !piece.empty(); piece = next()) whole += piece;
  return whole;
}

}  // namespace danewatch
