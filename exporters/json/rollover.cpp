#include "exporters/json/rollover.hpp"

#include "exporters/json/parts.hpp"
#include "probe/report/record_words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using namespace json;

Json object_of(const RolloverStep& step) {
  Json out;
  out["server"] = text_or_null(step.place);
  out["step"] = to_string(step.kind);
  out["state"] = to_string(step.state);
  out["at"] = time_or_null(step.at);
  out["at_may_move"] = step.may_move;
  out["why"] = text_or_null(step.why);
  out["records"] = Json::array();
  for (const TlsaRecord& each : step.records) out["records"].push_back(to_valid_utf8(full_line_of(each)));
  return out;
}

Json object_of(const RecordSpread& record) {
  Json out;
  out["server"] = to_valid_utf8(record.server);
  out["record"] = to_text(record.record);
  out["state"] = to_string(record.state);
  out["since"] = time_or_null(record.since);
  out["since_at_least"] = record.at_least;
  out["until"] = time_or_null(record.until);
  out["why"] = text_or_null(record.why);
  return out;
}

}  // namespace

std::string to_json(const Plan& plan, std::span<const RecordSpread> records, const RolloverStep* gate, SysTime now) {
  Json out;
  out["schema"] = "danewatch.rollover/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["at"] = format_time(now);
  out["gate"] = gate != nullptr ? object_of(*gate) : Json();
  out["keeps_the_key"] = plan.keeps_the_key;
  out["steps"] = Json::array();
  for (const RolloverStep& each : plan.steps) out["steps"].push_back(object_of(each));
  out["records"] = Json::array();
  for (const RecordSpread& each : records) out["records"].push_back(object_of(each));
  return out.dump(-1, ' ', true);
}

}  // namespace danewatch
