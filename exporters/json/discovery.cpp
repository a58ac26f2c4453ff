#include "exporters/json/discovery.hpp"

#include <nlohmann/json.hpp>

#include "exporters/words/escape.hpp"

namespace danewatch {

std::string to_discovery(const BoardView& targets) {
  auto all = nlohmann::ordered_json::array();
  for (const BoardEntryPtr& entry : targets) {
    auto labels = nlohmann::ordered_json::object();
    labels["__param_module"] = to_valid_utf8(entry->module);
    labels["__meta_danewatch_name"] = to_valid_utf8(entry->name);
    for (const Label& label : entry->labels) labels[label.name] = label.value;
    auto one = nlohmann::ordered_json::object();
    one["targets"] = {to_valid_utf8(entry->target.text)};
    one["labels"] = std::move(labels);
    all.push_back(std::move(one));
  }
  return all.dump();
}

}  // namespace danewatch
