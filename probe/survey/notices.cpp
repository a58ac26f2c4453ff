#include "probe/survey/notices.hpp"

#include <algorithm>

namespace danewatch {
namespace {

constexpr std::size_t most_examples = 10;

std::uint64_t hurt(const Notice& notice) {
  std::uint64_t domains = 0;
  for (const Complaint& each : notice.complaints) domains += each.severity == Severity::critical ? each.domains : 0;
  return domains;
}

bool is_worth_telling(const SurveyFinding& finding) {
  const bool bad = finding.severity == Severity::critical || finding.severity == Severity::warning;
  return bad && !finding.fix.empty();
}

}  // namespace

// Of what could not be looked at nothing is known.
void Notices::add(const SurveyResult& result) {
  if (result.conclusion.verdict == Verdict::unknown) return;
  for (const SurveyFinding& finding : result.findings) {
    if (!is_worth_telling(finding)) continue;
    const std::string& where = finding.host.empty() ? result.domain : finding.host;
    Complaint& complaint = complaints_[{provider_of_(where), where, finding.code, finding.text}];
    complaint.where = where;
    complaint.severity = finding.severity;
    complaint.code = finding.code;
    complaint.text = finding.text;
    complaint.fix = finding.fix;
    complaint.at = std::max(complaint.at, result.at);
    ++complaint.domains;
    if (complaint.examples.size() < most_examples) complaint.examples.push_back(result.domain);
  }
}

std::vector<Notice> Notices::take() {
  std::vector<Notice> notices;
  for (auto& [key, complaint] : complaints_) {
    if (notices.empty() || notices.back().operator_domain != key.owner) notices.push_back({key.owner, {}});
    notices.back().complaints.push_back(std::move(complaint));
  }
  complaints_.clear();
  for (Notice& notice : notices) {
    std::ranges::stable_sort(notice.complaints, [](const Complaint& left, const Complaint& right) {
      const bool worse = left.severity == Severity::critical && right.severity != Severity::critical;
      return worse || (left.severity == right.severity && left.domains > right.domains);
    });
  }
  std::ranges::stable_sort(notices, std::greater{}, hurt);
  return notices;
}

}  // namespace danewatch
