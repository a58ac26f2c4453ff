#include "exporters/metrics/senders.hpp"

namespace danewatch {
namespace {

Family rejected_family(const SenderCounts& counts) {
  Family family{{"dane_tlsrpt_reports_rejected_total", MetricType::counter,
                 "TLS reports that do not count, by why; unauthenticated: nobody vouches for them."},
                {}};
  const auto add = [&](std::string_view reason, std::uint64_t count) {
    family.samples.push_back({{{"reason", std::string(reason)}}, static_cast<double>(count)});
  };
  for (const RejectReason reason : {RejectReason::unreadable, RejectReason::malformed, RejectReason::too_large,
                                    RejectReason::not_a_report, RejectReason::from_the_future}) {
    const auto found = counts.rejected.find(reason);
    add(to_string(reason), found == counts.rejected.end() ? 0 : found->second);
  }
  add("unauthenticated", counts.unauthenticated);
  return family;
}

}  // namespace

std::vector<Family> sender_families(const SenderCounts& counts,
                                    const std::function<bool(const std::string& domain)>& watched) {
  Family sessions{{"dane_tlsrpt_sessions_total", MetricType::counter,
                   "TLS sessions that other mail servers reported, by how they ended."},
                  {}};
  Family last{{"dane_tlsrpt_last_report_timestamp_seconds", MetricType::gauge,
               "When the time ended that the latest TLS report is about."},
              {}};
  for (const auto& [domain, total] : counts.totals.domains()) {
    if (!watched(domain)) continue;
    for (const std::string_view result : sender_results()) {
      const auto found = total.sessions.find(result);
      const double count = found == total.sessions.end() ? 0 : static_cast<double>(found->second);
      sessions.samples.push_back({{{"domain", domain}, {"result", std::string(result)}}, count});
    }
    last.samples.push_back({{{"domain", domain}}, static_cast<double>(total.last_report.time_since_epoch().count())});
  }
  std::vector<Family> all{{{"danewatch_tlsrpt_up", MetricType::gauge, "1 if all TLS reports could be read last time."},
                           {{{}, counts.up ? 1.0 : 0.0}}}};
  if (!sessions.samples.empty()) all.push_back(std::move(sessions));
  if (!last.samples.empty()) all.push_back(std::move(last));
  all.push_back(rejected_family(counts));
  return all;
}

}  // namespace danewatch
