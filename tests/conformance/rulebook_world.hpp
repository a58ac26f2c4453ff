// The certificates of one row of the rule book, made when they are asked for.
//
// Thread rule: one thread.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/support/pki.hpp"

namespace danewatch::rulebook {

using Json = nlohmann::json;

// "2025-06-01", midnight UTC.
inline SysTime parse_date(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char dash = 0;
  std::istringstream(text) >> year >> dash >> month >> dash >> day;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) throw std::runtime_error("no date: " + text);
  return std::chrono::sys_days(date);
}

class World {
 public:
  explicit World(Json changes) : specs_(Json::parse(standard)) {
    for (const auto& [name, change] : changes.items()) specs_[name].update(change);
  }

  const pki::Identity& certificate(const std::string& name) {
    const auto found = made_.find(name);
    if (found != made_.end()) return found->second;
    const Json& json = specs_.at(name);
    const Json& issuer = json.at("issuer");
    const pki::Identity* parent = issuer.is_null() ? nullptr : &certificate(issuer.get<std::string>());
    return made_.emplace(name, pki::issue(spec_of(name, json), parent, key_of(json))).first->second;
  }

 private:
  static constexpr const char* standard = R"({
    "root": {"issuer": null, "ca": true},
    "middle": {"issuer": "root", "ca": true},
    "leaf": {"issuer": "middle", "cn": "", "dns": ["mx.example.org"]},
    "stranger": {"issuer": null, "ca": true}
  })";

  static pki::CertificateSpec spec_of(const std::string& name, const Json& json) {
    pki::CertificateSpec spec;
    spec.common_name = json.value("cn", name);
    spec.dns_names = json.value("dns", spec.dns_names);
    spec.emails = json.value("emails", spec.emails);
    spec.ips = json.value("ips", spec.ips);
    spec.srv_names = json.value("srv", spec.srv_names);
    spec.ca = json.value("ca", false);
    spec.basic_constraints = json.value("basic_constraints", true);
    spec.extended_key_usage = json.value("eku", "");
    spec.key_cert_sign = json.value("key_cert_sign", true);
    spec.key_ids = json.value("key_ids", true);
    spec.version1 = json.value("version1", false);
    spec.sha1 = json.value("sha1", false);
    if (json.contains("path_length")) spec.path_length = json.at("path_length").get<int>();
    if (json.contains("permitted")) spec.permitted_dns = json.at("permitted").get<std::string>();
    if (json.contains("excluded")) spec.excluded_dns = json.at("excluded").get<std::string>();
    if (json.contains("not_before")) spec.not_before = parse_date(json.at("not_before").get<std::string>());
    if (json.contains("not_after")) spec.not_after = parse_date(json.at("not_after").get<std::string>());
    return spec;
  }

  pki::KeyPtr key_of(const Json& json) {
    if (json.contains("key_of")) return certificate(json.at("key_of").get<std::string>()).key;
    return json.value("key", "") == "rsa-1024" ? pki::make_key(pki::KeyType::rsa_1024) : pki::make_key();
  }

  Json specs_;
  std::map<std::string, pki::Identity> made_;
};

}  // namespace danewatch::rulebook
