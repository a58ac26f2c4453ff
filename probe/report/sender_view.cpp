#include "probe/report/sender_view.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

bool is_of_sts(const SenderTrouble& trouble) {
  return trouble.policy == SenderPolicyType::sts || trouble.result_type.starts_with("sts-");
}

bool counts(const SendersDay& day, SysTime at) {
  const auto today = std::chrono::floor<std::chrono::days>(at);
  return day.believed && day.day >= today - senders_count_for;
}

// Of each sender the latest day on which it reported.
std::map<std::string, std::chrono::sys_days> latest_days(const SendersSaw& saw, SysTime at) {
  std::map<std::string, std::chrono::sys_days> latest;
  for (const SendersDay& day : saw.days) {
    if (!counts(day, at)) continue;
    for (const SenderShare& sender : day.senders) {
      auto& known = latest[sender.name];
      known = std::max(known, day.day);
    }
  }
  return latest;
}

void add(SeenTrouble& seen, const ToldTrouble& told, std::chrono::sys_days day) {
  seen.sessions = add_sessions(seen.sessions, told.sessions);
  seen.day = std::max(seen.day, day);
  for (const auto& record : told.trouble.strings) {
    if (std::ranges::find(seen.records, record) == seen.records.end()) seen.records.push_back(record);
  }
  for (const auto& sender : told.senders) {
    if (std::ranges::find(seen.senders, sender) == seen.senders.end()) seen.senders.push_back(sender);
  }
}

// "3 1 1 60AB 12" and "3 1 1 60ab12" are one record.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' && c != '\t') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

}  // namespace

std::optional<std::vector<SeenTrouble>> what_senders_see(const SendersSaw& saw, SysTime at) {
  const auto latest = latest_days(saw, at);
  if (latest.empty()) return std::nullopt;
  std::map<std::pair<std::string, std::string>, SeenTrouble> by_kind;
  for (const SendersDay& day : saw.days) {
    if (!counts(day, at)) continue;
    for (const ToldTrouble& told : day.troubles) {
      const auto is_latest = [&](const std::string& sender) {
        const auto found = latest.find(sender);
        return found != latest.end() && found->second == day.day;
      };
      if (is_of_sts(told.trouble) || std::ranges::none_of(told.senders, is_latest)) continue;
      SeenTrouble& seen = by_kind[{told.trouble.result_type, told.trouble.mx_host}];
      seen.result_type = told.trouble.result_type;
      seen.mx_host = told.trouble.mx_host;
      add(seen, told, day.day);
    }
  }
  std::vector<SeenTrouble> all;
  for (auto& [kind, seen] : by_kind) all.push_back(std::move(seen));
  std::ranges::stable_sort(all, std::greater<>{}, &SeenTrouble::sessions);
  return all;
}

const RecordReport* record_of(const HostReport& host, const std::string& written) {
  const auto found = std::ranges::find_if(
      host.records, [&](const RecordReport& each) { return plain(to_text(each.record)) == plain(written); });
  return found == host.records.end() ? nullptr : &*found;
}

const HostReport* host_of(const Report& report, const SeenTrouble& trouble) {
  const auto by_name = [&](const HostReport& host) { return equal_ignoring_case(host.dns.host, trouble.mx_host); };
  const auto named = std::ranges::find_if(report.hosts, by_name);
  if (named != report.hosts.end()) return &*named;
  if (!trouble.mx_host.empty()) return nullptr;
  const auto by_record = [&](const HostReport& host) {
    return std::ranges::any_of(trouble.records, [&](const std::string& each) { return record_of(host, each); });
  };
  const auto found = std::ranges::find_if(report.hosts, by_record);
  if (found != report.hosts.end()) return &*found;
  return report.hosts.size() == 1 ? &report.hosts.front() : nullptr;
}

SameView same_view(const Conclusion& own, const std::string& result_type) {
  using enum Verdict;
  static const std::map<std::string, std::set<Verdict>, std::less<>> same{
      {"starttls-not-supported", {tls_missing, protocol_error}},
      {"certificate-host-mismatch", {mismatch}},
      {"certificate-expired", {mismatch}},
      {"certificate-not-trusted", {mismatch}},
      {"validation-failure", {mismatch, unusable, tls_missing, protocol_error}},
      {"tlsa-invalid", {mismatch, unusable}},
      {"dnssec-invalid", {dns_bogus, dns_error}},
      {"dane-required", {not_applicable, dns_bogus, dns_error}},
  };
  if (own.verdict == unknown || own.verdict == tempfail) return SameView::not_known;
  const auto row = same.find(result_type);
  if (row != same.end() && row->second.contains(own.verdict)) return SameView::same;
  return own.verdict == authenticated ? SameView::no_fault : SameView::other;
}

}  // namespace danewatch
