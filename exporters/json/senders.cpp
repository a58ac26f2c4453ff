#include "exporters/json/senders.hpp"

#include <nlohmann/json.hpp>

#include "exporters/words/escape.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(to_valid_utf8(text));
}

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

Json to_json(const SenderTrouble& trouble, std::uint64_t count) {
  Json out;
  out["result_type"] = text_or_null(trouble.result_type);
  out["mx_host"] = text_or_null(trouble.mx_host);
  out["policy"] = word(trouble.policy);
  out["records"] = Json::array();
  for (const auto& record : trouble.strings) out["records"].push_back(to_valid_utf8(record));
  out["sessions"] = count;
  return out;
}

Json to_json(const SenderDayKey& key, const SenderDay& day) {
  Json out;
  out["domain"] = text_or_null(key.domain);
  out["day"] = date_of(key.day);
  out["authenticated"] = key.believed;
  out["reports"] = day.reports;
  out["successful"] = day.sessions.successful;
  out["failed"] = day.sessions.failed;
  out["senders"] = Json::array();
  for (const auto& [name, sessions] : day.senders) {
    out["senders"].push_back(
        {{"name", text_or_null(name)}, {"successful", sessions.successful}, {"failed", sessions.failed}});
  }
  out["failures"] = Json::array();
  for (const auto& [trouble, count] : day.troubles) out["failures"].push_back(to_json(trouble, count));
  return out;
}

}  // namespace

std::string to_json(const SenderSummary& summary) {
  Json out;
  out["schema"] = "danewatch.tlsrpt/1";
  out["tool"] = "danewatch " DANEWATCH_VERSION;
  out["reports"] = summary.tally.reports();
  out["repeated"] = summary.repeated;
  out["older"] = summary.older;
  out["others"] = summary.others;
  out["days"] = Json::array();
  for (const auto& [key, day] : summary.tally.days()) out["days"].push_back(to_json(key, day));
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
