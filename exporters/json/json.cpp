#include "exporters/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "exporters/json/parts.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

using namespace json;

template <class Enum>
Json words(const std::vector<Enum>& values) {
  Json list = Json::array();
  for (const Enum value : values) list.push_back(to_string(value));
  return list;
}

std::string_view word(Views views) {
  switch (views) {
    case Views::automatic:
      return "auto";
    case Views::standard:
      return "default";
    case Views::all:
      return "all";
  }
  return "auto";
}

std::string_view word(Refusal refusal) {
  switch (refusal) {
    case Refusal::unspecified:
      return "";
    case Refusal::later:
      return "later";
    case Refusal::us:
      return "us";
    case Refusal::elsewhere:
      return "elsewhere";
    case Refusal::not_here:
      return "not-here";
  }
  return "";
}

Json lookup(const Answer& answer) {
  Json data = Json::array();
  for (const auto& rdata : answer.data) data.push_back(text(rdata.text));
  Json aliases = Json::array();
  for (const auto& alias : answer.aliases) {
    aliases.push_back(Json{{"from", text(alias.from)}, {"to", text(alias.to)}, {"type", to_string(alias.type)}});
  }
  Json out;
  out["name"] = text(answer.question.name);
  out["type"] = to_string(answer.question.type);
  out["status"] = to_string(answer.status);
  out["rcode"] = answer.rcode ? Json(rcode_name(*answer.rcode)) : Json();
  out["denial"] = text_or_null(to_string(answer.denial));
  out["data"] = std::move(data);
  out["aliases"] = std::move(aliases);
  out["ttl"] = or_null(answer.ttl);
  out["original_ttl"] = or_null(answer.original_ttl);
  out["rrsig_inception"] = time_or_null(answer.rrsig_inception);
  out["rrsig_expires"] = time_or_null(answer.rrsig_expires);
  out["why_bogus"] = text_or_null(answer.why_bogus);
  out["diagnostic"] = answer.diagnostic;
  return out;
}

Json lookups(const std::vector<Answer>& answers) {
  Json list = Json::array();
  for (const auto& answer : answers) list.push_back(lookup(answer));
  return list;
}

// A record too short to hold its three numbers has none.
void put_parameters(Json& out, const TlsaRecord& record) {
  out["usage"] = record.truncated ? Json() : Json(record.usage);
  out["selector"] = record.truncated ? Json() : Json(record.selector);
  out["matching_type"] = record.truncated ? Json() : Json(record.matching_type);
  out["data"] = to_hex(record.data);
}

Json tlsa(const std::vector<RecordReport>& records) {
  Json list = Json::array();
  for (const RecordReport& each : records) {
    Json out;
    out["owner"] = text(each.record.owner);
    put_parameters(out, each.record);
    out["state"] = to_string(each.state);
    out["why"] = text_or_null(each.unusable.value_or(""));
    list.push_back(std::move(out));
  }
  return list;
}

Json certificate(const Certificate& certificate) {
  const bool parsed = certificate.error.empty();
  Json out;
  out["subject"] = parsed ? text(certificate.subject) : Json();
  out["issuer"] = parsed ? text(certificate.issuer) : Json();
  out["not_before"] = parsed ? Json(format_time(certificate.not_before)) : Json();
  out["not_after"] = parsed ? Json(format_time(certificate.not_after)) : Json();
  out["sha256"] = text_or_null(certificate.sha256);
  out["spki_sha256"] = text_or_null(certificate.spki_sha256);
  out["names"] = texts(certificate.names);
  return out;
}

Json match(const std::optional<MatchedRecord>& match) {
  if (!match) return {};
  return Json{{"record", match->record}, {"depth", match->depth}, {"name", text_or_null(match->name)}};
}

Json tls(const std::optional<TlsParameters>& tls) {
  if (!tls) return {};
  return Json{{"version", text_or_null(tls->version)},
              {"cipher", text_or_null(tls->cipher)},
              {"group", text_or_null(tls->group)},
              {"key", text_or_null(tls->key)}};
}

Json pkix(const ChainMatch& result) {
  if (!result.pkix_ok) return {};
  if (*result.pkix_ok) return "ok";
  return result.pkix_error.empty() ? Json("failed") : text(result.pkix_error);
}

Json timings(const Timings& timings) {
  return Json{{"connect", milliseconds(timings.connect)},
              {"starttls", milliseconds(timings.starttls)},
              {"handshake", milliseconds(timings.handshake)}};
}

void put_conclusion(Json& out, const Conclusion& conclusion) {
  out["verdict"] = to_string(conclusion.verdict);
  out["reason"] = text_or_null(to_string(conclusion.reason));
}

// Facts that the sentences of findings are made of.
void put_dialogue(Json& out, const TlsEvidence& seen) {
  out["refusal"] = text_or_null(word(seen.refusal));
  out["heard"] = text_or_null(seen.heard);
  out["slip"] = text_or_null(seen.slip);
  out["helo"] = text_or_null(seen.helo);
  out["waited_ms"] = seen.fault == Fault::timeout ? Json(seen.waited.count()) : Json();
}

Json endpoint(const EndpointReport& endpoint) {
  const TlsEvidence& seen = endpoint.seen;
  Json chain = Json::array();
  for (const auto& member : seen.chain) chain.push_back(certificate(member));
  Json out;
  out["address"] = to_string(seen.address);
  out["view"] = to_string(seen.view);
  put_conclusion(out, endpoint.conclusion);
  out["result_type"] = word_or_null(endpoint.result_type);
  out["stage"] = to_string(seen.stage);
  out["fault"] = to_string(seen.fault);
  out["error"] = text_or_null(seen.error);
  put_dialogue(out, seen);
  out["attempts"] = seen.attempts;
  out["absent_views"] = words(seen.absent_views);
  out["unobserved_views"] = words(seen.unobserved_views);
  out["cells"] = words(endpoint.cells);
  out["match"] = match(endpoint.match.match);
  out["tls"] = tls(seen.tls);
  out["chain"] = std::move(chain);
  out["pkix"] = pkix(endpoint.match);
  out["timings_ms"] = timings(seen.timings);
  return out;
}

Json host(const HostReport& host) {
  const HostEvidence& evidence = host.dns;
  Json endpoints = Json::array();
  for (const EndpointReport& each : host.endpoints) endpoints.push_back(endpoint(each));
  Json out;
  out["host"] = text(evidence.host);
  out["host_unicode"] = text(evidence.unicode.empty() ? evidence.host : evidence.unicode);
  out["port"] = evidence.port;
  out["preference"] = or_null(evidence.preference);
  out["weight"] = or_null(evidence.weight);
  put_conclusion(out, host.conclusion);
  out["result_type"] = word_or_null(host.result_type);
  out["base_domain"] = text_or_null(evidence.base_domain);
  out["names"] = texts(evidence.names);
  out["lookups"] = lookups(evidence.lookups);
  out["tlsa"] = tlsa(host.records);
  out["endpoints"] = std::move(endpoints);
  return out;
}

Json step(const Step& step) {
  const bool announced = step.what == Step::Do::announce;
  Json out;
  out["do"] = to_string(step.what);
  out["record"] = step.record ? text(announced ? to_text(*step.record) : full_line_of(*step.record)) : Json();
  out["shared"] = step.shared;
  out["at"] = text_or_null(step.at);
  out["until"] = text_or_null(step.until);
  out["why"] = text_or_null(step.why);
  out["text"] = text_or_null(step_words(step));
  return out;
}

// `first`: the number of the first of them in the report.
Json remedies(const Remedies& all, std::size_t first) {
  Json list = Json::array();
  for (const Remedy& remedy : all) {
    Json steps = Json::array();
    for (const Step& each : remedy.steps) steps.push_back(step(each));
    list.push_back(Json{{"number", first + list.size()},
                        {"when", text_or_null(condition_words(remedy))},
                        {"why", text_or_null(remedy.why)},
                        {"steps", std::move(steps)}});
  }
  return list;
}

Json places(const FindingPlace& place, std::span<const HostReport> hosts) {
  Json list = Json::array();
  if (!place.host || hosts.empty()) return list;
  const auto& endpoints = hosts[*place.host].endpoints;
  for (const std::size_t e : place.endpoints) {
    list.push_back(
        Json{{"address", to_string(endpoints[e].seen.address)}, {"view", to_string(endpoints[e].seen.view)}});
  }
  return list;
}

Json finding(const Finding& finding, std::span<const HostReport> hosts, std::size_t first_remedy) {
  Json out;
  out["code"] = finding.code;
  out["severity"] = to_string(finding.severity);
  out["subject"] = text(finding.subject);
  out["host"] = finding.host ? text(*finding.host) : Json();
  out["port"] = finding.place.host && !hosts.empty() ? Json(hosts[*finding.place.host].dns.port) : Json();
  out["record"] = or_null(finding.record);
  out["address"] = finding.address ? Json(to_string(*finding.address)) : Json();
  out["view"] = word_or_null(finding.view);
  out["text"] = text(finding.text);
  out["fix"] = text_or_null(fix_words(finding.remedies));
  out["ref"] = text_or_null(finding.ref);
  out["endpoints"] = places(finding.place, hosts);
  out["remedies"] = remedies(finding.remedies, first_remedy);
  return out;
}

Json findings(const std::vector<Finding>& all, std::span<const HostReport> hosts) {
  Json list = Json::array();
  std::size_t remedy = 1;
  for (const auto& each : all) {
    list.push_back(finding(each, hosts, remedy));
    remedy += each.remedies.size();
  }
  return list;
}

// Alone a record matches also where a stronger digest shadows it (RFC 7671 9).
Json matches_alone(const Cell& cell) {
  if (cell == Cell::unobserved) return {};
  return cell == Cell::match || cell == Cell::shadowed;
}

Json verified_record(const RecordReport& record, Cell cell) {
  Json out;
  put_parameters(out, record.record);
  out["usable"] = !record.unusable.has_value();
  out["why"] = text_or_null(record.unusable.value_or(""));
  out["matches_alone"] = matches_alone(cell);
  out["state"] = to_string(record.state);
  return out;
}

// ASCII only: what a terminal or a log may show must not depend on its character set, nor obey a C1 control.
std::string dump(const Json& json) {
  constexpr int compact = -1;
  return json.dump(compact, ' ', true);
}

}  // namespace

std::string to_json(const Report& report) {
  Json hosts = Json::array();
  for (const HostReport& each : report.hosts) hosts.push_back(host(each));
  Json out;
  out["schema"] = "danewatch.report/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["target"] = text(report.target.text);
  out["service"] = report.target.service->name;
  out["at"] = format_time(report.at);
  out["duration_ms"] = report.run.duration.count();
  out["timings_ms"] =
      Json{{"dns", milliseconds(report.run.timings.dns)}, {"verify", milliseconds(report.run.timings.verify)}};
  if (report.run.timings.servers) out["timings_ms"]["servers"] = milliseconds(report.run.timings.servers);
  if (report.run.origin != Origin::seen) out["origin"] = to_string(report.run.origin);
  out["complete"] = report.run.complete;
  put_conclusion(out, report.conclusion);
  out["severity"] = to_string(report.severity);
  out["impact"] = word_or_null(report.impact);
  out["summary"] = text(report.summary);
  out["policy"] = Json{{"digest_order", {"sha512", "sha256"}}, {"views", word(report.policy.views)}};
  out["trust_anchor"] = text_or_null(report.run.trust_anchor);
  out["lookups"] = lookups(report.walk.lookups);
  out["hosts"] = std::move(hosts);
  if (report.servers.asked == NameServers::Asked::yes) out["servers"] = json::servers(report.servers);
  if (report.senders) out["senders"] = json::senders(*report.senders);
  out["findings"] = findings(report.findings, report.hosts);
  return dump(out);
}

std::string to_json(const VerifyReport& report) {
  Json records = Json::array();
  for (const RecordReport& each : report.host().records) {
    records.push_back(verified_record(each, cell_of(report.endpoint(), each)));
  }
  Json out;
  out["schema"] = "danewatch.verify/1";
  out["origin"] = to_string(report.report.run.origin);
  put_conclusion(out, report.endpoint().conclusion);
  out["severity"] = to_string(report.report.severity);
  out["records"] = std::move(records);
  out["match"] = match(report.endpoint().match.match);
  out["findings"] = findings(report.report.findings, {});
  return dump(out);
}

std::string json_library_version() {
  return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
}

std::string to_json(std::span<const TlsaRecord> records) {
  Json list = Json::array();
  for (const auto& record : records) {
    Json out;
    out["owner"] = text_or_null(record.owner);
    put_parameters(out, record);
    list.push_back(std::move(out));
  }
  return dump(list);
}

}  // namespace danewatch
