// What each name server said, asked by its address. Its messages are not kept: what they said is its word and ours.

#include "store/bundle/name_server_words.hpp"
#include "store/bundle/parts.hpp"

namespace danewatch::bundle {
namespace {

Json signed_set_json(const SignedSet& set) {
  Json out{{"owner", text_json(set.owner)},
           {"type", static_cast<std::uint16_t>(set.type)},
           {"check", word_of(set.check)},
           {"key_tag", set.key_tag}};
  put_time(out, "inception", set.inception);
  put_time(out, "expires", set.expires);
  return out;
}

SignedSet read_signed_set(const Node& node) {
  SignedSet set;
  set.owner = node.at("owner").text();
  set.type = static_cast<RrType>(node.at("type").number<std::uint16_t>());
  set.check = node.at("check").word<SignatureCheck>();
  set.inception = node.find("inception").optional(&Node::time);
  set.expires = node.find("expires").optional(&Node::time);
  set.key_tag = node.at("key_tag").number<std::uint16_t>();
  return set;
}

Json extended_error_json(const ExtendedError& error) {
  Json out{{"code", error.code}};
  put_text(out, "text", error.text);
  return out;
}

ExtendedError read_extended_error(const Node& node) {
  return {node.at("code").number<int>(), node.find("text").text()};
}

Json reply_json(const ServerReply& reply) {
  Json out{{"name", text_json(reply.question.name)},
           {"type", static_cast<std::uint16_t>(reply.question.type)},
           {"transport", word_of(reply.transport)},
           {"contact", word_of(reply.contact)},
           {"rcode", reply.rcode}};
  put_flag(out, "authoritative", reply.authoritative);
  put_flag(out, "truncated", reply.truncated);
  if (reply.extended_error) out["extended_error"] = extended_error_json(*reply.extended_error);
  if (!reply.data.empty()) out["data"] = list_json(reply.data, rdata_json);
  if (reply.alias) out["alias"] = text_json(*reply.alias);
  if (reply.ttl) out["ttl"] = *reply.ttl;
  if (reply.serial) out["serial"] = *reply.serial;
  if (!reply.signatures.empty()) out["signatures"] = list_json(reply.signatures, signed_set_json);
  if (reply.milliseconds) out["ms"] = *reply.milliseconds;
  return out;
}

ServerReply read_reply(const Node& node) {
  ServerReply reply;
  reply.question = {node.at("name").text(), static_cast<RrType>(node.at("type").number<std::uint16_t>())};
  reply.transport = node.at("transport").word<Transport>();
  reply.contact = node.at("contact").word<Contact>();
  reply.rcode = node.at("rcode").number<int>();
  reply.authoritative = flag_of(node.find("authoritative"));
  reply.truncated = flag_of(node.find("truncated"));
  reply.extended_error = node.find("extended_error").optional(read_extended_error);
  reply.data = node.find("data").list(most_records, read_rdata);
  reply.alias = node.find("alias").optional(&Node::text);
  reply.ttl = node.find("ttl").optional(&Node::number<std::uint32_t>);
  reply.serial = node.find("serial").optional(&Node::number<std::uint32_t>);
  reply.signatures = node.find("signatures").list(most_words, read_signed_set);
  reply.milliseconds = node.find("ms").optional(&Node::decimal);
  return reply;
}

Json server_json(const ServerAnswers& server) {
  Json out{{"name", text_json(server.name)}, {"address", address_json(server.address)}};
  put_flag(out, "at_parent", server.at_parent);
  put_flag(out, "at_child", server.at_child);
  put_flag(out, "by_glue", server.by_glue);
  put_flag(out, "by_name", server.by_name);
  if (server.unasked != Unasked::none) out["unasked"] = word_of(server.unasked);
  put_text(out, "nsid", server.nsid);
  out["replies"] = list_json(server.replies, reply_json);
  return out;
}

ServerAnswers read_server(const Node& node) {
  ServerAnswers server;
  server.name = node.at("name").text();
  server.address = read_address(node.at("address"));
  server.at_parent = flag_of(node.find("at_parent"));
  server.at_child = flag_of(node.find("at_child"));
  server.by_glue = flag_of(node.find("by_glue"));
  server.by_name = flag_of(node.find("by_name"));
  if (const Node unasked = node.find("unasked"); unasked.is_there()) server.unasked = unasked.word<Unasked>();
  server.nsid = node.find("nsid").text();
  server.replies = node.at("replies").list(most_replies, read_reply);
  return server;
}

Json zone_json(const ZoneServers& zone) {
  return {{"zone", text_json(zone.zone)},
          {"secure", zone.secure},
          {"named_by_parent", list_json(zone.at_parent, text_json)},
          {"named_by_zone", list_json(zone.at_child, text_json)},
          {"servers", list_json(zone.servers, server_json)},
          {"servers_cut", zone.servers_cut}};
}

ZoneServers read_zone(const Node& node) {
  ZoneServers zone;
  zone.zone = node.at("zone").text();
  zone.secure = node.at("secure").flag();
  zone.at_parent = node.at("named_by_parent").list(most_words, &Node::text);
  zone.at_child = node.at("named_by_zone").list(most_words, &Node::text);
  zone.servers = node.at("servers").list(most_servers, read_server);
  zone.servers_cut = node.at("servers_cut").number<std::uint32_t>();
  return zone;
}

}  // namespace

Json name_servers_json(const NameServers& servers) {
  Json out{{"asked", word_of(servers.asked)}};
  put_time(out, "at", servers.at);
  out["zones"] = list_json(servers.zones, zone_json);
  return out;
}

NameServers read_name_servers(const Node& node) {
  NameServers servers;
  servers.asked = node.at("asked").word<NameServers::Asked>();
  servers.at = node.at("at").time();
  servers.zones = node.at("zones").list(most_zones, read_zone);
  return servers;
}

}  // namespace danewatch::bundle
