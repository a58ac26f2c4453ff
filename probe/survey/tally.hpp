// What the results of a survey add up to.
//
// Domains are counted for what they are; what stands at a host (records, certificates) counts once per host, however
// many domains share it. Bounded: of rare providers only the number is kept. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "probe/survey/result.hpp"

namespace danewatch {

using Counts = std::map<std::string, std::uint64_t>;

struct ProviderCount {
  std::uint64_t domains = 0;        // whose first host is there
  std::uint64_t authenticated = 0;  // of those
  std::uint64_t critical = 0;

  bool operator==(const ProviderCount&) const = default;
};

struct ExpiringCertificate {
  std::string host;
  SysTime expires{};

  bool operator==(const ExpiringCertificate&) const = default;
};

struct Tally {
  std::uint64_t domains = 0;  // results, bad lines among them
  SysTime first{}, last{};    // when the first and the last of them was looked at
  Counts verdicts;            // "mismatch/no-match"
  Counts severities;
  Counts impacts;
  Counts algorithms;                          // domains whose zone is signed with it
  Counts findings;                            // domains that have it
  std::uint64_t hosts = 0;                    // different ones
  Counts parameters;                          // records of different hosts: "3 1 1"
  Counts usages;                              // "3"
  Counts digests;                             // matching types: "1"
  Counts states;                              // "unmatched"
  std::vector<ExpiringCertificate> expiring;  // within `soon` of when they were seen, the first first
  std::map<std::string, ProviderCount> providers;
  std::uint64_t rare_providers = 0;  // left out of those

  static constexpr std::chrono::hours soon{24 * 14};
};

class Counter {
 public:
  void add(const SurveyResult& result);
  Tally take();  // everything is counted

 private:
  void count_host(const SurveyHost& host, SysTime at);
  void count_provider(const SurveyResult& result);

  Tally tally_;
  std::unordered_set<std::uint64_t> hosts_;
};

// The providers with most domains first.
std::vector<std::pair<std::string, ProviderCount>> largest_providers(const Tally& tally, std::size_t most);

// Two runs over the same domains.
struct RunComparison {
  std::uint64_t both = 0, only_before = 0, only_now = 0;
  std::uint64_t mended = 0, broken = 0, gained = 0, lost = 0;  // critical before; critical now; DANE now; DANE before
  std::vector<std::string> broken_domains, mended_domains, gained_domains, lost_domains;  // at most `most_named` each

  static constexpr std::size_t most_named = 1000;
};

// What one run said of each domain, in 16 octets.
class Verdicts {
 public:
  void add(const SurveyResult& result);
  void sort();  // before anything is looked for
  std::size_t size() const { return entries_.size(); }

 private:
  friend class RunComparer;
  enum class Kind : std::uint8_t { unknown, other, authenticated, critical };
  struct Entry {
    std::uint64_t place = 0;
    Kind kind = Kind::other;
  };
  static Kind kind_of(const SurveyResult& result);

  std::vector<Entry> entries_;
};

class RunComparer {
 public:
  explicit RunComparer(const Verdicts& before) : before_(before) {}
  void add(const SurveyResult& now);
  RunComparison take();

 private:
  const Verdicts& before_;
  RunComparison comparison_;
};

}  // namespace danewatch
