#include "exporters/json/parts.hpp"

namespace danewatch::json {
namespace {

Json signatures(const std::vector<SignedSet>& sets) {
  Json list = Json::array();
  for (const SignedSet& set : sets) {
    list.push_back(Json{{"name", text(set.owner)},
                        {"type", to_string(set.type)},
                        {"check", to_string(set.check)},
                        {"inception", time_or_null(set.inception)},
                        {"expires", time_or_null(set.expires)}});
  }
  return list;
}

Json reply(const ServerReply& reply) {
  const bool answered = reply.contact == Contact::answered;
  Json data = Json::array();
  for (const auto& rdata : reply.data) data.push_back(text(rdata.text));
  Json out;
  out["name"] = text(reply.question.name);
  out["type"] = to_string(reply.question.type);
  out["transport"] = to_string(reply.transport);
  out["contact"] = to_string(reply.contact);
  out["rcode"] = answered ? Json(rcode_name(reply.rcode)) : Json();
  out["authoritative"] = answered ? Json(reply.authoritative) : Json();
  out["truncated"] = answered ? Json(reply.truncated) : Json();
  out["extended_error"] = reply.extended_error ? Json(reply.extended_error->code) : Json();
  out["extended_text"] = reply.extended_error ? text_or_null(reply.extended_error->text) : Json();
  out["alias"] = reply.alias ? text(*reply.alias) : Json();
  out["data"] = std::move(data);
  out["ttl"] = or_null(reply.ttl);
  out["serial"] = or_null(reply.serial);
  out["signatures"] = signatures(reply.signatures);
  out["time_ms"] = milliseconds(reply.milliseconds);
  return out;
}

Json server(const std::string& zone, const ServerAnswers& server) {
  Json replies = Json::array();
  for (const auto& each : server.replies) replies.push_back(reply(each));
  Json out;
  out["zone"] = text(zone);
  out["name"] = text(server.name);
  out["address"] = to_string(server.address);
  out["at_parent"] = server.at_parent;
  out["at_child"] = server.at_child;
  out["by_glue"] = server.by_glue;
  out["by_name"] = server.by_name;
  out["not_asked"] = text_or_null(to_string(server.unasked));
  out["nsid"] = text_or_null(server.nsid);
  out["serial"] = or_null(serial_of(server));
  out["replies"] = std::move(replies);
  return out;
}

}  // namespace

Json servers(const NameServers& all) {
  Json list = Json::array();
  for (const auto& zone : all.zones) {
    for (const auto& each : zone.servers) list.push_back(server(zone.zone, each));
  }
  return list;
}

}  // namespace danewatch::json
