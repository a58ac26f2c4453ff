#include "exporters/json/senders.hpp"

#include "exporters/json/parts.hpp"
#include "probe/life/senders_saw.hpp"

namespace danewatch {
namespace {

using namespace json;

std::string_view word(SenderPolicyType type) {
  switch (type) {
    case SenderPolicyType::tlsa:
      return "tlsa";
    case SenderPolicyType::sts:
      return "sts";
    case SenderPolicyType::no_policy_found:
      return "no-policy-found";
    case SenderPolicyType::other:
      return "other";
  }
  return "other";
}

Json day_of(const SendersDay& day) {
  Json out;
  out["day"] = date_of(day.day);
  out["authenticated"] = day.believed;
  out["reports"] = day.reports;
  out["successful"] = day.sessions.successful;
  out["failed"] = day.sessions.failed;
  out["senders"] = Json::array();
  for (const auto& [name, sessions] : day.senders) {
    out["senders"].push_back(
        {{"name", text_or_null(name)}, {"successful", sessions.successful}, {"failed", sessions.failed}});
  }
  out["failures"] = Json::array();
  for (const auto& [trouble, sessions, senders] : day.troubles) {
    Json failure;
    failure["result_type"] = text_or_null(trouble.result_type);
    failure["mx_host"] = text_or_null(trouble.mx_host);
    failure["policy"] = word(trouble.policy);
    failure["records"] = texts(trouble.strings);
    failure["sessions"] = sessions;
    failure["senders"] = Json::array();
    for (const auto& sender : senders) failure["senders"].push_back(text_or_null(sender));
    out["failures"].push_back(std::move(failure));
  }
  return out;
}

Json with_domain(const std::string& domain, const Json& day) {
  Json out;
  out["domain"] = text_or_null(domain);
  out.update(day);
  return out;
}

}  // namespace

Json json::senders(const SendersSaw& saw) {
  Json days = Json::array();
  for (const SendersDay& day : saw.days) days.push_back(day_of(day));
  return days;
}

std::string to_json(const SenderSummary& summary) {
  Json out;
  out["schema"] = "danewatch.tlsrpt/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["reports"] = summary.tally.reports();
  out["repeated"] = summary.repeated;
  out["older"] = summary.older;
  out["others"] = summary.others;
  out["days"] = Json::array();
  for (const auto& [key, day] : summary.tally.days()) {
    out["days"].push_back(with_domain(key.domain, day_of(whole_day(key, day))));
  }
  out["notes"] = Json::array();
  for (const auto& [note, count] : summary.tally.notes()) {
    out["notes"].push_back({{"text", to_valid_utf8(note)}, {"reports", count}});
  }
  out["rejected"] = Json::array();
  for (const auto& file : summary.rejected) {
    out["rejected"].push_back({{"file", to_valid_utf8(file.name)},
                               {"reason", to_string(file.why.reason)},
                               {"why", to_valid_utf8(file.why.why)}});
  }
  return out.dump(-1, ' ', true);
}

}  // namespace danewatch
