// A host as the DNS has it, and the values that it is made of.

#include "store/bundle/base64.hpp"
#include "store/bundle/parts.hpp"

namespace danewatch::bundle {
namespace {

std::vector<std::uint8_t> rdata_of(const TlsaRecord& record) {
  if (record.truncated) return record.data;
  std::vector<std::uint8_t> rdata{record.usage, record.selector, record.matching_type};
  rdata.insert(rdata.end(), record.data.begin(), record.data.end());
  return rdata;
}

Json host_address_json(const HostAddress& each) {
  return {{"address", address_json(each.address)}, {"status", word_of(each.status)}};
}

HostAddress read_host_address(const Node& node) {
  return {read_address(node.at("address")), node.at("status").word<Status>()};
}

Cut read_cut(const Node& node) {
  return {node.at("what").text(), node.at("kept").number<std::uint32_t>(), node.at("found").number<std::uint32_t>()};
}

}  // namespace

Json text_json(std::string_view octets) {
  if (is_utf8(octets)) return octets;
  return {{"base64", to_base64({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()})}};
}

Json octets_json(const std::vector<std::uint8_t>& octets) {
  return to_base64(octets);
}

void put_text(Json& out, const char* key, std::string_view octets) {
  if (!octets.empty()) out[key] = text_json(octets);
}

void put_flag(Json& out, const char* key, bool flag) {
  if (flag) out[key] = true;
}

void put_time(Json& out, const char* key, std::optional<SysTime> time) {
  if (time) out[key] = time->time_since_epoch().count();
}

bool flag_of(const Node& node) {
  return node.is_there() && node.flag();
}

Json record_json(const TlsaRecord& record) {
  return {{"owner", text_json(record.owner)}, {"rdata", octets_json(rdata_of(record))}};
}

TlsaRecord read_record(const Node& node) {
  return tlsa_from_rdata(node.at("owner").text(), node.at("rdata").octets());
}

Json address_json(const Address& address) {
  return to_string(address);
}

Address read_address(const Node& node) {
  const auto address = parse_address(node.text());
  if (!address) node.fail("is not an address");
  return address.value_or(Address());
}

Json cuts_json(const std::vector<Cut>& cuts) {
  Json list = Json::array();
  for (const Cut& cut : cuts) {
    list.push_back(Json{{"what", text_json(cut.what)}, {"kept", cut.kept}, {"found", cut.found}});
  }
  return list;
}

std::vector<Cut> read_cuts(const Node& node) {
  return node.list(most_words, read_cut);
}

Json host_json(const HostEvidence& host) {
  Json out{{"host", text_json(host.host)}, {"unicode", text_json(host.unicode)}, {"port", host.port}};
  if (host.preference) out["preference"] = *host.preference;
  if (host.weight) out["weight"] = *host.weight;
  out["located"] = word_of(host.located);
  out["base_domain"] = text_json(host.base_domain);
  out["names"] = Json::array();
  for (const std::string& name : host.names) out["names"].push_back(text_json(name));
  out["addresses"] = Json::array();
  for (const HostAddress& address : host.addresses) out["addresses"].push_back(host_address_json(address));
  out["tlsa"] = Json::array();
  for (const TlsaRecord& record : host.tlsa) out["tlsa"].push_back(record_json(record));
  out["tlsa_total"] = host.tlsa_total;
  out["lookups"] = answers_json(host.lookups);
  out["cuts"] = cuts_json(host.cuts);
  out["excluded_addresses"] = host.excluded_addresses;
  return out;
}

HostEvidence read_host(const Node& node) {
  HostEvidence host;
  host.host = node.at("host").text();
  host.unicode = node.at("unicode").text();
  host.port = node.at("port").number<std::uint16_t>();
  host.preference = node.find("preference").optional(&Node::number<std::uint16_t>);
  host.weight = node.find("weight").optional(&Node::number<std::uint16_t>);
  host.located = node.at("located").word<Located>();
  host.base_domain = node.at("base_domain").text();
  host.names = node.at("names").list(most_words, &Node::text);
  host.addresses = node.at("addresses").list(most_words, read_host_address);
  host.tlsa = node.at("tlsa").list(most_records, read_record);
  host.tlsa_total = node.at("tlsa_total").number<std::uint32_t>();
  host.lookups = read_answers(node.at("lookups"));
  host.cuts = read_cuts(node.at("cuts"));
  host.excluded_addresses = node.at("excluded_addresses").number<std::uint32_t>();
  return host;
}

}  // namespace danewatch::bundle
