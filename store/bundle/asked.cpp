// What the operator asked for: the target, and the choices that judging hangs on.

#include "store/bundle/parts.hpp"

namespace danewatch::bundle {
namespace {

Json range_json(const Range& range) {
  Json out = Json::object();
  if (range.start) out["start"] = *range.start;
  if (range.end) out["end"] = *range.end;
  if (range.inside) out["inside"] = true;
  put_text(out, "text", range.text);
  return out;
}

Range read_range(const Node& node) {
  const Node inside = node.find("inside");
  return {node.find("start").optional(&Node::decimal), node.find("end").optional(&Node::decimal),
          inside.is_there() && inside.flag(), node.find("text").text()};
}

Json thresholds_json(const Thresholds& thresholds) {
  Json out = Json::object();
  if (thresholds.warning) out["warning"] = range_json(*thresholds.warning);
  if (thresholds.critical) out["critical"] = range_json(*thresholds.critical);
  return out;
}

Thresholds read_thresholds(const Node& node) {
  return {node.find("warning").optional(read_range), node.find("critical").optional(read_range)};
}

Json next_json(const NextKey& next) {
  Json out{{"file", text_json(next.file)}, {"records", Json::array()}};
  for (const TlsaRecord& record : next.records) out["records"].push_back(record_json(record));
  return out;
}

NextKey read_next(const Node& node) {
  return {node.at("file").text(), node.at("records").list(most_records, read_record)};
}

Json limit_json(const TimeLimit& limit) {
  return {{"whole_ms", limit.whole.count()}, {"when_over", word_of(limit.when_over)}, {"hurried", limit.hurried}};
}

TimeLimit read_limit(const Node& node) {
  return {node.at("whole_ms").duration(), node.at("when_over").word<Severity>(), node.at("hurried").flag()};
}

const Service* read_service(const Node& node) {
  const Service* service = find_service(node.text());
  if (service == nullptr) node.fail("is not a service that is known here");
  return service == nullptr ? &smtp_service() : service;
}

}  // namespace

Json target_json(const Target& target) {
  Json out{{"text", text_json(target.text)},       {"kind", word_of(target.kind)},    {"name", text_json(target.name)},
           {"unicode", text_json(target.unicode)}, {"service", target.service->name}, {"port", target.port}};
  put_text(out, "srv_owner", target.srv_owner);
  if (target.address) out["address"] = address_json(*target.address);
  return out;
}

Target read_target(const Node& node) {
  Target target;
  target.text = node.at("text").text();
  target.kind = node.at("kind").word<TargetKind>();
  target.name = node.at("name").text();
  target.unicode = node.at("unicode").text();
  target.service = read_service(node.at("service"));
  target.port = node.at("port").number<std::uint16_t>();
  target.srv_owner = node.find("srv_owner").text();
  target.address = node.find("address").optional(read_address);
  return target;
}

Json policy_json(const Policy& policy) {
  Json out{{"views", word_of(policy.views)},
           {"if_present", policy.if_present},
           {"extra_records", word_of(policy.extra_records)},
           {"next", Json::array()},
           {"attempts", policy.attempts},
           {"days", thresholds_json(policy.days)},
           {"rrsig_days", thresholds_json(policy.rrsig_days)}};
  for (const NextKey& next : policy.next) out["next"].push_back(next_json(next));
  if (policy.time_limit) out["time_limit"] = limit_json(*policy.time_limit);
  return out;
}

Policy read_policy(const Node& node) {
  Policy policy;
  policy.views = node.at("views").word<Views>();
  policy.if_present = node.at("if_present").flag();
  policy.extra_records = node.at("extra_records").word<Severity>();
  policy.next = node.at("next").list(most_words, read_next);
  policy.attempts = node.at("attempts").number<int>();
  policy.days = read_thresholds(node.at("days"));
  policy.rrsig_days = read_thresholds(node.at("rrsig_days"));
  policy.time_limit = node.find("time_limit").optional(read_limit);
  return policy;
}

}  // namespace danewatch::bundle
