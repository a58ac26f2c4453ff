#include "exporters/json/memory.hpp"

#include "exporters/json/parts.hpp"
#include "exporters/words/memory_words.hpp"
#include "probe/life/name_servers.hpp"
#include "probe/life/record_life.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using namespace json;

Json object_of(const KeptEvent& kept) {
  const Event& event = kept.event;
  Json out;
  out["at"] = format_time(event.at);
  out["target"] = to_valid_utf8(kept.target);
  out["code"] = to_string(event.code);
  out["place"] = text_or_null(event.place);
  out["was"] = text_or_null(event.was);
  out["now"] = text_or_null(event.now);
  out["addresses"] = text_or_null(event.at_addresses);
  out["since"] = time_or_null(event.since);
  out["since_at_least"] = event.at_least;
  out["until"] = time_or_null(event.until);
  out["known_before"] = event.known_before;
  out["text"] = words::happened(event);
  out["meaning"] = text_or_null(words::meaning(event));
  return out;
}

Json object_of(const RecordLife& record) {
  Json out;
  out["server"] = to_valid_utf8(record.server);
  out["record"] = record.record;
  out["owner"] = text_or_null(record.owner);
  out["state"] = to_string(record.state);
  out["first_seen"] = format_time(record.first_seen);
  out["first_seen_at_least"] = record.at_least;
  out["last_seen"] = format_time(record.last_seen);
  out["first_matched"] = time_or_null(record.first_matched);
  out["last_matched"] = time_or_null(record.last_matched);
  out["gone_at"] = time_or_null(record.gone_at);
  return out;
}

Json object_of(const NameServerLife& server) {
  Json out;
  out["server"] = to_valid_utf8(server.server);
  out["name_server"] = to_valid_utf8(server.name_server);
  out["address"] = server.address;
  out["agrees"] = server.agrees;
  out["since"] = format_time(server.since);
  out["since_at_least"] = server.at_least;
  out["last_answered"] = format_time(server.last_asked);
  out["records"] = Json::array();
  for (const GivenRecord& each : server.records) {
    Json record;
    record["record"] = each.record;
    record["first_seen"] = format_time(each.first_seen);
    record["first_seen_at_least"] = each.at_least;
    out["records"].push_back(std::move(record));
  }
  return out;
}

Json object_of(const Life& life, const Interval& interval) {
  Json out;
  out["kind"] = to_string(interval.thing.place.kind);
  out["place"] = text_or_null(interval.thing.place.name);
  out["name"] = text_or_null(interval.thing.name);
  out["first_seen"] = format_time(interval.first_seen);
  out["first_seen_at_least"] = interval.at_least;
  out["last_seen"] = format_time(last_seen(life, interval));
  out["gone_at"] = time_or_null(interval.gone_at);
  return out;
}

std::string dumped(const Json& out) {
  return out.dump(-1, ' ', true);
}

}  // namespace

std::string to_json(const KeptEvent& event) {
  Json out;
  out["schema"] = "danewatch.event/1";
  out.update(object_of(event));
  return dumped(out);
}

std::string to_json(const std::string& target, const Life& life, std::span<const KeptEvent> events) {
  Json out;
  out["schema"] = "danewatch.history/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["target"] = to_valid_utf8(target);
  out["first_looked"] = format_time(life.head.first_looked);
  out["last_looked"] = format_time(life.head.last_looked);
  out["looks"] = life.head.looks;
  out["blind_since"] = time_or_null(life.head.blind_since);
  out["records"] = Json::array();
  for (const RecordLife& each : record_lives(life)) out["records"].push_back(object_of(each));
  out["name_servers"] = Json::array();
  for (const NameServerLife& each : name_server_lives(life)) out["name_servers"].push_back(object_of(each));
  out["intervals"] = Json::array();
  for (const auto* intervals : {&life.open, &life.past}) {
    for (const Interval& each : *intervals) out["intervals"].push_back(object_of(life, each));
  }
  out["events"] = Json::array();
  for (const KeptEvent& each : events) out["events"].push_back(object_of(each));
  return dumped(out);
}

}  // namespace danewatch
