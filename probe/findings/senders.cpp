// Findings about what other mail servers reported, beside what danewatch sees.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"
#include "probe/findings/place.hpp"
#include "probe/report/sender_view.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_kinds = 5;  // at one host

// Only words that we know ourselves may stand in a headline.
std::string failure_words(const SeenTrouble& trouble) {
  const auto meaning = meaning_of_result(trouble.result_type);
  return meaning.empty() ? std::string() : fmt::format(": {}, {}", trouble.result_type, meaning);
}

std::string sessions_words(const SeenTrouble& trouble) {
  const std::string count = trouble.sessions == 1 ? "1 session" : fmt::format("{} sessions", trouble.sessions);
  return fmt::format(" It is about {}, the last on {}.", count, date_of(trouble.day));
}

std::string record_words(const HostReport& host, const SeenTrouble& trouble) {
  std::vector<std::string> published;
  for (const std::string& each : trouble.records) {
    if (const RecordReport* record = record_of(host, each)) published.push_back(short_text(record->record));
  }
  if (!published.empty()) {
    return fmt::format(" They went by {}, which {} published now.", list(published),
                       published.size() == 1 ? "is" : "are");
  }
  return trouble.records.empty() ? "" : " They went by records that are not published now.";
}

std::string_view view_words(SameView view) {
  switch (view) {
    case SameView::same:
      return " danewatch sees the same.";
    case SameView::other:
      return " danewatch sees another fault there.";
    case SameView::no_fault:
      return " danewatch sees no fault there.";
    case SameView::not_known:
      return " danewatch could not see how it is.";
  }
  return "";
}

std::string advice_for(SameView view) {
  switch (view) {
    case SameView::same:
      return "";  // stands at what danewatch found itself
    case SameView::other:
      return "First mend what danewatch sees.";
    case SameView::no_fault:
      return "Nothing, if it was mended since: then the reports of the next days do not tell of it. Otherwise others "
             "meet a server or a name server that danewatch does not: look at each one behind a load balancer, and at "
             "what secondary name servers give.";
    case SameView::not_known:
      return "Wait until danewatch can look again.";
  }
  return "";
}

struct Telling {
  std::string subject;
  std::string where;  // in a sentence of ours
  std::string more;   // sentences
  std::string advice;
};

Finding told(const SeenTrouble& trouble, const Telling& telling) {
  Finding finding = make_finding(
      "senders-see-failures", telling.subject,
      fmt::format("Other mail servers report that TLS with {} failed{}.", telling.where, failure_words(trouble)),
      telling.advice);
  finding = also(std::move(finding), sessions_words(trouble) + telling.more);
  if (trouble.result_type.empty()) finding = also(std::move(finding), " They do not say why.");
  if (meaning_of_result(trouble.result_type).empty())
    finding = quoting(std::move(finding), "They call it", trouble.result_type);
  return quoting(std::move(finding), "Told by", list(trouble.senders));
}

void find_at_host(const Report& report, const HostReport& host, const std::vector<SeenTrouble>& all, Findings& found) {
  std::size_t kinds = 0;
  for (const SeenTrouble& trouble : all) {
    if (host_of(report, trouble) != &host || ++kinds > most_kinds) continue;
    const SameView view = same_view(host.conclusion, trouble.result_type);
    const std::string more = record_words(host, trouble) + std::string(view_words(view));
    Finding finding = told(trouble, {host.dns.host, host.dns.host, more, advice_for(view)});
    found.push_back(about_host(host, naming(host, host.dns.host, std::move(finding))));
  }
}

// At a server that is none of the target's.
Finding at_another_server(const Report& report, const SeenTrouble& trouble) {
  const std::string where = fmt::format("a server that {} does not name now", report.target.name);
  Finding finding = told(trouble, {report.target.name, where, "",
                                   "Nothing, if that server takes no mail for it any more: senders may know its name "
                                   "until the TTL of the old records has passed. Otherwise look at it, too."});
  return quoting(std::move(finding), "They name it", trouble.mx_host);
}

void find_elsewhere(const Report& report, const std::vector<SeenTrouble>& all, Findings& found) {
  std::size_t kinds = 0;
  for (const SeenTrouble& trouble : all) {
    if (host_of(report, trouble) != nullptr || ++kinds > most_kinds) continue;
    const std::string& name = report.target.name;
    const SameView view = same_view(report.conclusion, trouble.result_type);
    const bool named = !trouble.mx_host.empty() && !report.hosts.empty();
    found.push_back(named ? at_another_server(report, trouble)
                          : told(trouble, {name, name, std::string(view_words(view)), advice_for(view)}));
  }
}

}  // namespace

void find_what_senders_see(const Report& report, Findings& found) {
  if (!report.senders) return;
  const auto all = what_senders_see(*report.senders, report.at);
  if (!all) return;
  in_each_host(report, found,
               [&](const HostReport& host, Findings& of_host) { find_at_host(report, host, *all, of_host); });
  find_elsewhere(report, *all, found);
}

}  // namespace danewatch
