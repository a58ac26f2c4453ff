// A Matcher that says again what a report says: judges the facts of a report made by hand, or another time.
//
// Answers in the order in which judge() asks; starts over after the last. Thread rule: one thread.
#pragma once

#include "probe/evidence/predicates.hpp"
#include "probe/judgement/judge.hpp"

namespace danewatch::test {

class RecallingMatcher final : public Matcher {
 public:
  explicit RecallingMatcher(const Report& report) {
    for (const HostReport& host : report.hosts) {
      auto& reasons = unusable_.emplace_back();
      for (const RecordReport& record : host.records) reasons.push_back(record.unusable);
      for (const EndpointReport& endpoint : host.endpoints) {
        if (was_observed(endpoint.seen)) matches_.push_back({endpoint.match, endpoint.cells, reasons});
      }
      for (const OtherSet& other : host.other_sets) {
        for (const EndpointReport& endpoint : host.endpoints) {
          if (was_observed(endpoint.seen) && decides(endpoint.seen))
            matches_.emplace_back().conclusion = other.conclusion;
        }
      }
    }
  }

  MatchResult match(const MatchQuestion& question) const override {
    MatchResult result = matches_.at(endpoint_++ % matches_.size());
    if (!question.records.empty()) return result;
    MatchResult of_any_host;  // the look was made for one: it has no records to count
    of_any_host.conclusion = result.conclusion;
    return of_any_host;
  }

  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord>, const Service&) const override {
    return unusable_.at(host_++ % unusable_.size());
  }

 private:
  std::vector<std::vector<std::optional<std::string>>> unusable_;
  std::vector<MatchResult> matches_;
  mutable std::size_t host_ = 0, endpoint_ = 0;
};

// The same facts and matches, judged anew.
inline Report judged_again(const Report& report) {
  return judge(facts_of(report), RecallingMatcher(report), report.policy);
}

}  // namespace danewatch::test
