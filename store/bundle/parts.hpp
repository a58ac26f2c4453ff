// Inner: the parts of a bundle, each as JSON and back.
//
// What is empty or as usual is left out where that is said below. Thread rule: pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/bundle/bundle.hpp"
#include "store/bundle/node.hpp"

namespace danewatch::bundle {

using Json = nlohmann::ordered_json;

inline constexpr std::string_view schema = "danewatch.evidence/1";

// How many of each a bundle may hold: more than any run looks at.
inline constexpr std::size_t most_hosts = 256;
inline constexpr std::size_t most_endpoints = 4096;  // of one host
inline constexpr std::size_t most_certificates = 4096;
inline constexpr std::size_t most_in_chains = std::size_t{16} << 20;  // octets of all chains, shared ones each time
inline constexpr std::size_t most_lookups = 4096;                     // of the target, or one host
inline constexpr std::size_t most_records = 4096;                     // of one answer or host
inline constexpr std::size_t most_words = 1024;                       // names, views, cuts
inline constexpr std::size_t most_zones = 64;                         // whose name servers were asked
inline constexpr std::size_t most_servers = 256;                      // addresses of name servers, of one zone
inline constexpr std::size_t most_replies = 64;                       // of one of them

Json text_json(std::string_view octets);  // as Node::text reads it
Json octets_json(const std::vector<std::uint8_t>& octets);
void put_text(Json& out, const char* key, std::string_view octets);  // unless it is empty
void put_flag(Json& out, const char* key, bool flag);                // unless it is false
void put_time(Json& out, const char* key, std::optional<SysTime> time);
bool flag_of(const Node& node);  // false where there is nothing

template <class Values, class Write>
Json list_json(const Values& values, Write write) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(write(value));
  return list;
}

// Certificates that are shown again and again are kept once.
class CertificateList {
 public:
  std::size_t index_of(const std::vector<std::uint8_t>& der);
  Json json() const;

 private:
  std::vector<std::vector<std::uint8_t>> all_;
};

// The certificates of a bundle, read once each.
struct ReadCertificates {
  std::vector<Certificate> all;
  std::size_t octets_in_chains = 0;  // so far
};

Json target_json(const Target& target);
Target read_target(const Node& node);

Json policy_json(const Policy& policy);
Policy read_policy(const Node& node);

Json record_json(const TlsaRecord& record);
TlsaRecord read_record(const Node& node);

Json address_json(const Address& address);
Address read_address(const Node& node);

Json rdata_json(const Rdata& rdata);
Rdata read_rdata(const Node& node);

Json answers_json(const std::vector<Answer>& answers);
std::vector<Answer> read_answers(const Node& node);

Json cuts_json(const std::vector<Cut>& cuts);
std::vector<Cut> read_cuts(const Node& node);

Json host_json(const HostEvidence& host);
HostEvidence read_host(const Node& node);

Json name_servers_json(const NameServers& servers);
NameServers read_name_servers(const Node& node);

Json endpoint_json(const TlsEvidence& endpoint, CertificateList& certificates);
TlsEvidence read_endpoint(const Node& node, ReadCertificates& certificates);

}  // namespace danewatch::bundle
