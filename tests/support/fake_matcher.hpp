// A Matcher without certificates: a record matches where its data is the digest of the leaf's key.
//
// Knows no names, dates or digest agility. Thread rule: stateless but for `asked`.
#pragma once

#include "probe/report/match.hpp"

namespace danewatch::test {

class FakeMatcher final : public Matcher {
 public:
  MatchResult match(const MatchQuestion& question) const override {
    asked.push_back({{question.names.begin(), question.names.end()}, question.service, question.at});
    MatchResult result;
    result.unusable = unusable(question.records, *question.service);
    result.conclusion = {Verdict::unusable, Reason::none};
    for (std::size_t r = 0; r < question.records.size(); ++r) {
      const bool same = !question.chain.empty() && to_hex(question.records[r].data) == question.chain[0].spki_sha256;
      result.cells.push_back(result.unusable[r] ? Cell::unusable : same ? Cell::match : Cell::no_match);
      if (result.cells.back() == Cell::match && !result.match) result.match = MatchedRecord{r, 0, "", false};
      if (result.cells.back() == Cell::no_match) result.conclusion = {Verdict::mismatch, Reason::no_match};
    }
    if (result.match) result.conclusion = {Verdict::authenticated, Reason::none};
    return result;
  }

  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records,
                                                   const Service& service) const override {
    std::vector<std::optional<std::string>> result;
    for (const TlsaRecord& record : records) {
      const bool pkix = !service.pkix_usages_count && record.usage <= 1;
      result.push_back(pkix ? std::optional<std::string>("usages 0 and 1 do not count") : unusable_reason(record));
    }
    return result;
  }

  struct Asked {
    std::vector<std::string> names;
    const Service* service = nullptr;
    SysTime at{};
  };
  mutable std::vector<Asked> asked;
};

}  // namespace danewatch::test
