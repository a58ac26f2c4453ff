#include "probe/survey/tally.hpp"

#include <algorithm>

#include "probe/survey/order.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_providers = 200'000;
constexpr std::size_t most_expiring = 10'000;

std::string words(const Conclusion& conclusion) {
  std::string text(to_string(conclusion.verdict));
  if (conclusion.reason != Reason::none) text.append("/").append(to_string(conclusion.reason));
  return text;
}

// A list that may not grow for ever: the names seen once are the ones nobody asks for.
void forget_rare(Tally& tally) {
  if (tally.providers.size() < most_providers) return;
  tally.rare_providers += std::erase_if(tally.providers, [](const auto& each) { return each.second.domains <= 1; });
}

void name_one(std::vector<std::string>& names, const std::string& domain) {
  if (names.size() < RunComparison::most_named) names.push_back(domain);
}

}  // namespace

void Counter::add(const SurveyResult& result) {
  ++tally_.domains;
  tally_.first = tally_.domains == 1 ? result.at : std::min(tally_.first, result.at);
  tally_.last = std::max(tally_.last, result.at);
  ++tally_.verdicts[words(result.conclusion)];
  ++tally_.severities[std::string(to_string(result.severity))];
  if (result.impact) ++tally_.impacts[std::string(to_string(*result.impact))];
  for (const std::string& algorithm : result.algorithms) ++tally_.algorithms[algorithm];
  std::vector<std::string_view> codes;
  for (const SurveyFinding& finding : result.findings) {
    if (std::ranges::count(codes, finding.code) > 0) continue;
    codes.push_back(finding.code);
    ++tally_.findings[finding.code];
  }
  for (const SurveyHost& host : result.hosts) count_host(host, result.at);
  count_provider(result);
}

void Counter::count_host(const SurveyHost& host, SysTime at) {
  if (!hosts_.insert(place_of(host.name)).second) return;
  ++tally_.hosts;
  for (const SurveyRecord& record : host.records) {
    ++tally_.parameters[record.parameters];
    ++tally_.states[std::string(to_string(record.state))];
    if (record.parameters == "malformed") continue;
    ++tally_.usages[record.parameters.substr(0, record.parameters.find(' '))];
    ++tally_.digests[record.parameters.substr(record.parameters.rfind(' ') + 1)];
  }
  if (host.expires && *host.expires < at + Tally::soon && tally_.expiring.size() < most_expiring) {
    tally_.expiring.push_back({host.name, *host.expires});
  }
}

void Counter::count_provider(const SurveyResult& result) {
  if (result.hosts.empty()) return;
  forget_rare(tally_);
  ProviderCount& provider = tally_.providers[result.hosts.front().provider];
  ++provider.domains;
  if (result.conclusion.verdict == Verdict::authenticated) ++provider.authenticated;
  if (result.severity == Severity::critical) ++provider.critical;
}

Tally Counter::take() {
  std::ranges::sort(tally_.expiring, {},
                    [](const ExpiringCertificate& each) { return std::pair(each.expires, each.host); });
  return std::move(tally_);
}

std::vector<std::pair<std::string, ProviderCount>> largest_providers(const Tally& tally, std::size_t most) {
  std::vector<std::pair<std::string, ProviderCount>> all(tally.providers.begin(), tally.providers.end());
  std::ranges::stable_sort(all, std::greater{}, [](const auto& each) { return each.second.domains; });
  if (all.size() > most) all.resize(most);
  return all;
}

Verdicts::Kind Verdicts::kind_of(const SurveyResult& result) {
  if (result.conclusion.verdict == Verdict::unknown) return Kind::unknown;
  if (result.severity == Severity::critical) return Kind::critical;
  return result.conclusion.verdict == Verdict::authenticated ? Kind::authenticated : Kind::other;
}

void Verdicts::add(const SurveyResult& result) {
  entries_.push_back({place_of(result.domain), kind_of(result)});
}

void Verdicts::sort() {
  std::ranges::sort(entries_, {}, &Entry::place);
}

// What was not looked at this time, or last time, has neither been mended nor broken.
void RunComparer::add(const SurveyResult& now) {
  using Kind = Verdicts::Kind;
  const auto before = std::ranges::lower_bound(before_.entries_, place_of(now.domain), {}, &Verdicts::Entry::place);
  if (before == before_.entries_.end() || before->place != place_of(now.domain)) {
    ++comparison_.only_now;
    return;
  }
  ++comparison_.both;
  const Kind is = Verdicts::kind_of(now);
  const Kind was = before->kind;
  if (is == was || is == Kind::unknown || was == Kind::unknown) return;
  if (is == Kind::critical) {
    ++comparison_.broken;
    name_one(comparison_.broken_domains, now.domain);
  } else if (was == Kind::critical) {
    ++comparison_.mended;
    name_one(comparison_.mended_domains, now.domain);
  } else if (is == Kind::authenticated) {
    ++comparison_.gained;
    name_one(comparison_.gained_domains, now.domain);
  } else {
    ++comparison_.lost;
    name_one(comparison_.lost_domains, now.domain);
  }
}

RunComparison RunComparer::take() {
  comparison_.only_before = before_.size() - comparison_.both;
  return std::move(comparison_);
}

}  // namespace danewatch
