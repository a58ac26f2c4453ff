// What an address showed: certificates by their place in the bundle's list.

#include <algorithm>

#include "store/bundle/base64.hpp"
#include "store/bundle/parts.hpp"

namespace danewatch::bundle {
namespace {

constexpr std::size_t most_in_chain = 200;

Json views_json(const std::vector<View>& views) {
  Json list = Json::array();
  for (const View view : views) list.push_back(word_of(view));
  return list;
}

std::vector<View> read_views(const Node& node) {
  return node.list(most_words, &Node::word<View>);
}

void put_views(Json& out, const char* key, const std::vector<View>& views) {
  if (!views.empty()) out[key] = views_json(views);
}

Json end_json(const LookEnd& end) {
  Json out{{"stage", word_of(end.stage)}, {"fault", word_of(end.fault)}};
  put_text(out, "error", end.error);
  return out;
}

LookEnd read_end(const Node& node) {
  return {node.at("stage").word<Stage>(), node.at("fault").word<Fault>(), node.find("error").text()};
}

Json tls_json(const TlsParameters& tls) {
  return {{"version", text_json(tls.version)},
          {"cipher", text_json(tls.cipher)},
          {"group", text_json(tls.group)},
          {"key", text_json(tls.key)}};
}

TlsParameters read_tls(const Node& node) {
  return {node.at("version").text(), node.at("cipher").text(), node.at("group").text(), node.at("key").text()};
}

Json timings_json(const Timings& timings) {
  Json out = Json::object();
  if (timings.connect) out["connect"] = *timings.connect;
  if (timings.starttls) out["starttls"] = *timings.starttls;
  if (timings.handshake) out["handshake"] = *timings.handshake;
  return out;
}

Timings read_timings(const Node& node) {
  return {node.find("connect").optional(&Node::decimal), node.find("starttls").optional(&Node::decimal),
          node.find("handshake").optional(&Node::decimal)};
}

// A chain of certificates that are in the list once may be told a thousand times: what that costs is bounded.
Certificate read_member(const Node& node, ReadCertificates& certificates) {
  const auto index = node.number<std::size_t>();
  if (node.failed()) return {};
  if (index >= certificates.all.size()) {
    node.fail("is the number of no certificate");
    return {};
  }
  const Certificate& certificate = certificates.all[index];
  certificates.octets_in_chains += certificate.der.size() + sizeof(Certificate);
  if (certificates.octets_in_chains > most_in_chains) node.fail("is one certificate more than evidence may show");
  return certificate;
}

// What only the look on the standard view says.
void put_rest(Json& out, const TlsEvidence& endpoint) {
  put_views(out, "absent_views", endpoint.absent_views);
  put_views(out, "unobserved_views", endpoint.unobserved_views);
  if (endpoint.unobserved_by != LookEnd()) out["unobserved_by"] = end_json(endpoint.unobserved_by);
  put_flag(out, "client_certificate_requested", endpoint.client_certificate_requested);
  put_flag(out, "closed_uncleanly", endpoint.closed_uncleanly);
  put_flag(out, "starttls_offered_again", endpoint.starttls_offered_again);
}

void read_rest(const Node& node, TlsEvidence& endpoint) {
  endpoint.absent_views = read_views(node.find("absent_views"));
  endpoint.unobserved_views = read_views(node.find("unobserved_views"));
  if (const Node by = node.find("unobserved_by"); by.is_there()) endpoint.unobserved_by = read_end(by);
  endpoint.client_certificate_requested = flag_of(node.find("client_certificate_requested"));
  endpoint.closed_uncleanly = flag_of(node.find("closed_uncleanly"));
  endpoint.starttls_offered_again = flag_of(node.find("starttls_offered_again"));
}

}  // namespace

std::size_t CertificateList::index_of(const std::vector<std::uint8_t>& der) {
  const auto known = std::ranges::find(all_, der);
  if (known != all_.end()) return static_cast<std::size_t>(known - all_.begin());
  all_.push_back(der);
  return all_.size() - 1;
}

Json CertificateList::json() const {
  Json list = Json::array();
  for (const auto& der : all_) list.push_back(octets_json(der));
  return list;
}

Json endpoint_json(const TlsEvidence& endpoint, CertificateList& certificates) {
  Json out{{"address", address_json(endpoint.address)},
           {"port", endpoint.port},
           {"view", word_of(endpoint.view)},
           {"stage", word_of(endpoint.stage)},
           {"fault", word_of(endpoint.fault)}};
  put_text(out, "error", endpoint.error);
  if (endpoint.refusal != Refusal::unspecified) out["refusal"] = word_of(endpoint.refusal);
  put_text(out, "heard", endpoint.heard);
  put_text(out, "slip", endpoint.slip);
  put_text(out, "helo", endpoint.helo);
  out["waited_ms"] = endpoint.waited.count();
  if (endpoint.tls) out["tls"] = tls_json(*endpoint.tls);
  out["chain"] = Json::array();
  for (const Certificate& certificate : endpoint.chain) out["chain"].push_back(certificates.index_of(certificate.der));
  put_rest(out, endpoint);
  out["attempts"] = endpoint.attempts;
  out["timings_ms"] = timings_json(endpoint.timings);
  return out;
}

TlsEvidence read_endpoint(const Node& node, ReadCertificates& certificates) {
  TlsEvidence endpoint;
  endpoint.address = read_address(node.at("address"));
  endpoint.port = node.at("port").number<std::uint16_t>();
  endpoint.view = node.at("view").word<View>();
  endpoint.stage = node.at("stage").word<Stage>();
  endpoint.fault = node.at("fault").word<Fault>();
  endpoint.error = node.find("error").text();
  if (const Node refusal = node.find("refusal"); refusal.is_there()) endpoint.refusal = refusal.word<Refusal>();
  endpoint.heard = node.find("heard").text();
  endpoint.slip = node.find("slip").text();
  endpoint.helo = node.find("helo").text();
  endpoint.waited = node.at("waited_ms").duration();
  endpoint.tls = node.find("tls").optional(read_tls);
  endpoint.chain =
      node.at("chain").list(most_in_chain, [&](const Node& each) { return read_member(each, certificates); });
  read_rest(node, endpoint);
  endpoint.attempts = node.at("attempts").number<int>();
  endpoint.timings = read_timings(node.at("timings_ms"));
  return endpoint;
}

}  // namespace danewatch::bundle
