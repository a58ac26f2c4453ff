#include "exporters/json/checkup.hpp"

#include <nlohmann/json.hpp>

#include "exporters/words/escape.hpp"

namespace danewatch {

std::string to_json(const Checkup& checkup) {
  using Json = nlohmann::ordered_json;
  Json items = Json::array();
  for (const auto& item : checkup.items) {
    Json out;
    out["topic"] = item.topic;
    out["severity"] = to_string(item.severity);
    out["text"] = to_valid_utf8(item.text);
    out["fix"] = item.fix.empty() ? Json() : Json(to_valid_utf8(item.fix));
    items.push_back(std::move(out));
  }
  Json out;
  out["schema"] = "danewatch.doctor/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["severity"] = to_string(checkup.severity);
  out["trust_anchor"] = to_valid_utf8(checkup.trust_anchor);
  out["items"] = std::move(items);
  return out.dump(-1, ' ', true);
}

}  // namespace danewatch
