#include "store/bundle/bundle.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "probe/evidence/digest.hpp"
#include "probe/judgement/judge.hpp"
#include "store/bundle/parts.hpp"

namespace danewatch {
namespace {

using bundle::Json;
using bundle::Node;
using bundle::Trouble;

std::string sha256_of(std::string_view text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// ASCII only: a file that somebody looks at must not obey a C1 control.
std::string dump(const auto& json) {
  constexpr int compact = -1;
  return json.dump(compact, ' ', true);
}

// Over the text with its members in the order of their names and no space between them, so that a bundle that was
// printed in another layout is still the same.
std::string digest_of(nlohmann::json json) {
  json.erase("sha256");
  return sha256_of(dump(json));
}

Json made_json(const Provenance& made) {
  Json libraries = Json::object();
  for (const auto& [name, version] : made.libraries) libraries[name] = bundle::text_json(version);
  Json out{{"tool", bundle::text_json(made.tool)}, {"libraries", std::move(libraries)}};
  bundle::put_text(out, "trust_anchor_sha256", made.trust_anchor_sha256);
  return out;
}

Provenance read_made(const Node& node) {
  Provenance made;
  made.tool = node.at("tool").text();
  for (auto& [name, library] : node.at("libraries").members(bundle::most_words)) {
    made.libraries.emplace(name, library.text());
  }
  made.trust_anchor_sha256 = node.find("trust_anchor_sha256").text();
  return made;
}

Json run_json(const RunFacts& run) {
  Json out{{"origin", bundle::word_of(run.origin)}, {"duration_ms", run.duration.count()}, {"complete", run.complete}};
  if (run.timings.dns) out["dns_ms"] = *run.timings.dns;
  if (run.timings.verify) out["verify_ms"] = *run.timings.verify;
  if (run.timings.servers) out["servers_ms"] = *run.timings.servers;
  bundle::put_text(out, "trust_anchor", run.trust_anchor);
  if (!run.not_looked) return out;
  out["not_looked"] = Json{{"why", bundle::word_of(run.not_looked->why)}};
  if (const auto& error = run.not_looked->error) {
    out["not_looked"]["error"] = bundle::text_json(error->message);
    out["not_looked"]["position"] = error->position;
  }
  return out;
}

NotLooked read_not_looked(const Node& node) {
  NotLooked reason{node.at("why").word<NotLooked::Why>(), {}};
  const Node error = node.find("error");
  if (error.is_there()) reason.error = ParseError{error.text(), node.at("position").number<std::uint32_t>()};
  return reason;
}

RunFacts read_run(const Node& node) {
  RunFacts run;
  run.origin = node.at("origin").word<Origin>();
  run.duration = node.at("duration_ms").duration();
  run.complete = node.at("complete").flag();
  run.timings.dns = node.find("dns_ms").optional(&Node::decimal);
  run.timings.verify = node.find("verify_ms").optional(&Node::decimal);
  run.timings.servers = node.find("servers_ms").optional(&Node::decimal);
  run.trust_anchor = node.find("trust_anchor").text();
  run.not_looked = node.find("not_looked").optional(read_not_looked);
  return run;
}

Json walk_json(const DnsWalk& walk) {
  Json out{{"located", bundle::word_of(walk.located)},
           {"implicit_mx", walk.implicit_mx},
           {"null_mx_beside_others", walk.null_mx_beside_others}};
  if (walk.service_status) out["service_status"] = bundle::word_of(*walk.service_status);
  out["lookups"] = bundle::answers_json(walk.lookups);
  out["cuts"] = bundle::cuts_json(walk.cuts);
  return out;
}

DnsWalk read_walk(const Node& node) {
  DnsWalk walk;
  walk.located = node.at("located").word<Located>();
  walk.implicit_mx = node.at("implicit_mx").flag();
  walk.null_mx_beside_others = node.at("null_mx_beside_others").flag();
  walk.service_status = node.find("service_status").optional(&Node::word<Status>);
  walk.lookups = bundle::read_answers(node.at("lookups"));
  walk.cuts = bundle::read_cuts(node.at("cuts"));
  return walk;
}

Json hosts_json(const std::vector<HostFacts>& hosts, bundle::CertificateList& certificates) {
  Json list = Json::array();
  for (const HostFacts& host : hosts) {
    Json out{{"dns", bundle::host_json(host.dns)}, {"endpoints", Json::array()}};
    for (const TlsEvidence& seen : host.endpoints) {
      out["endpoints"].push_back(bundle::endpoint_json(seen, certificates));
    }
    list.push_back(std::move(out));
  }
  return list;
}

HostFacts read_host(const Node& node, bundle::ReadCertificates& certificates) {
  const auto read = [&](const Node& each) { return bundle::read_endpoint(each, certificates); };
  return {bundle::read_host(node.at("dns")), node.at("endpoints").list(bundle::most_endpoints, read)};
}

std::vector<Certificate> read_certificates(const Node& node, const CertificateReader& read) {
  return node.list(bundle::most_certificates, [&](const Node& each) { return read(each.octets()); });
}

Bundle read_members(const Node& node, const CertificateReader& read) {
  Bundle bundle;
  Evidence& evidence = bundle.evidence;
  evidence.at = node.at("at").time();
  evidence.target = bundle::read_target(node.at("target"));
  evidence.run = read_run(node.at("run"));
  evidence.walk = read_walk(node.at("walk"));
  if (const Node servers = node.find("servers"); servers.is_there())
    evidence.servers = bundle::read_name_servers(servers);
  evidence.senders = node.find("senders").optional(bundle::read_senders);
  bundle.policy = bundle::read_policy(node.at("policy"));
  bundle.made = read_made(node.at("made"));
  bundle.proofs = bundle::read_answers(node.find("proofs"));
  bundle::ReadCertificates certificates{read_certificates(node.at("certificates"), read), 0};
  evidence.hosts =
      node.at("hosts").list(bundle::most_hosts, [&](const Node& each) { return read_host(each, certificates); });
  return bundle;
}

// Keys that are there twice would be read as one by some and as the other by others.
class NoKeyTwice {
 public:
  bool operator()(int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    const auto level = static_cast<std::size_t>(depth);
    if (event == Event::object_start) {
      keys_.resize(level + 1);
      keys_.emplace_back();
    }
    if (event != Event::key) return true;
    const bool is_new = keys_.at(level).insert(parsed.get<std::string>()).second;
    if (!is_new && twice_.empty()) twice_ = parsed.get<std::string>();
    return true;
  }

  const std::string& twice() const { return twice_; }

 private:
  std::vector<std::set<std::string>> keys_;
  std::string twice_;
};

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

Parsed<nlohmann::json> parse(std::string_view text) {
  Documents documents;
  const auto whole = documents.take(text);
  if (const auto wrong = documents.end()) return tl::unexpected(*wrong);
  if (whole.size() != 1) return error_at(0, "this is not one piece of evidence");
  NoKeyTwice keys;
  try {
    auto json = nlohmann::json::parse(text, std::ref(keys));
    if (keys.twice().empty()) return json;
    return error_at(0,
                    is_plain(keys.twice()) ? fmt::format("{} is there twice", keys.twice()) : "a name is there twice");
  } catch (const nlohmann::json::parse_error& error) {
    return error_at(std::min(error.byte, text.size()), "this is not JSON");
  } catch (const nlohmann::json::out_of_range&) {
    return error_at(0, "a number is out of range");
  }
}

// Another schema is said before anything that is wrong with it in the eyes of this one.
std::optional<std::string> refuse(const nlohmann::json& json) {
  const auto found = json.find("schema");
  const std::string word = found != json.end() && found->is_string() ? found->get<std::string>() : "";
  if (word == bundle::schema) return std::nullopt;
  if (word.starts_with("danewatch.evidence/") && is_plain(word)) {
    return fmt::format("this is {}, and this danewatch knows {} alone: a newer one can read it", word, bundle::schema);
  }
  if (word.starts_with("danewatch.report/")) {
    return "this is a report, not the evidence it was made of: danewatch check --save FILE keeps that";
  }
  return fmt::format("this is not evidence: its schema is not {}", bundle::schema);
}

}  // namespace

std::string trust_anchor_digest(std::vector<std::string> records) {
  std::ranges::sort(records);
  std::string text;
  for (const std::string& record : records) text += record + "\n";
  return sha256_of(text);
}

Bundle bundle_of(const Report& report, Provenance made, std::vector<Answer> proofs) {
  return {facts_of(report), report.policy, std::move(made), std::move(proofs)};
}

std::string write_bundle(const Bundle& bundle) {
  const Evidence& evidence = bundle.evidence;
  bundle::CertificateList certificates;
  Json hosts = hosts_json(evidence.hosts, certificates);
  Json out;
  out["schema"] = bundle::schema;
  out["sha256"] = "";
  out["made"] = made_json(bundle.made);
  out["at"] = evidence.at.time_since_epoch().count();
  out["target"] = bundle::target_json(evidence.target);
  out["policy"] = bundle::policy_json(bundle.policy);
  out["run"] = run_json(evidence.run);
  out["walk"] = walk_json(evidence.walk);
  out["hosts"] = std::move(hosts);
  if (evidence.servers != NameServers()) out["servers"] = bundle::name_servers_json(evidence.servers);
  if (evidence.senders) out["senders"] = bundle::senders_json(*evidence.senders);
  out["certificates"] = certificates.json();
  out["proofs"] = bundle::answers_json(bundle.proofs);
  out["sha256"] = digest_of(nlohmann::json(out));
  return dump(out);
}

Parsed<Bundle> read_bundle(std::string_view text, const CertificateReader& read_certificate) {
  const auto json = parse(text);
  if (!json) return tl::unexpected(json.error());
  if (auto why = refuse(*json)) return error_at(0, std::move(*why));
  Trouble trouble;
  const Node node(&*json, "", trouble);
  const std::string digest = node.at("sha256").text();
  if (!trouble.first && digest != digest_of(*json)) {
    return error_at(0, "it was changed after it was kept: its SHA-256 is another");
  }
  Bundle bundle = read_members(node, read_certificate);
  if (trouble.first) return tl::unexpected(*trouble.first);
  return bundle;
}

}  // namespace danewatch
