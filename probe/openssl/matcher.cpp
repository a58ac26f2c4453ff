#include "probe/openssl/matcher.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "probe/openssl/explain.hpp"
#include "probe/openssl/match_engine.hpp"
#include "probe/openssl/match_rules.hpp"
#include "probe/report/chain_paths.hpp"

namespace danewatch {
namespace {

using dane::Engine;
using dane::Evaluation;
using dane::SentChain;
using Indices = std::vector<std::size_t>;

bool stronger(const TlsaRecord& left, const TlsaRecord& right) {
  return right.matching_type != 0 && left.matching_type > right.matching_type;  // SHA2-512 over SHA2-256
}

bool same_group(const TlsaRecord& left, const TlsaRecord& right) {
  return left.usage == right.usage && left.selector == right.selector;
}

bool pkix_usage(const TlsaRecord& record) {
  return record.usage <= 1;
}

// Certificates that are not on the path and have the name of one that is.
Indices namesakes_of(std::span<const Certificate> chain, const Indices& path) {
  Indices found;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    const auto same = [&](std::size_t on_path) {
      return on_path > 0 && chain[on_path].subject == chain[i].subject && chain[on_path].sha256 != chain[i].sha256;
    };
    if (std::ranges::find(path, i) == path.end() && std::ranges::any_of(path, same)) found.push_back(i);
  }
  return found;
}

// One chain against one RRset.
class Matching {
 public:
  Matching(const Engine& engine, const dane::CaBundle& bundle, const MatchQuestion& question, MatchResult& result)
      : engine_(engine),
        bundle_(bundle),
        records_(question.records),
        service_(*question.service),
        sent_(question.chain),
        chain_(question.chain),
        result_(result) {
    setting_.names = dane::safe_names(question.names);
    setting_.at = question.at;
    setting_.stop = question.stop;
    if (!chain_.empty()) setting_.host_flags = dane::host_flags(service_, chain_.leaf());
  }

  void run(const MatchQuestion& question, bool pkix_asked) {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (!result_.unusable[i]) usable_.push_back(i);
    }
    result_.cells.assign(records_.size(), Cell::unusable);
    for (const std::size_t i : usable_) result_.cells[i] = Cell::no_match;
    result_.conclusion = {Verdict::unusable, Reason::none};
    if (chain_.empty()) return conclude_without_leaf(question);
    if (!usable_.empty()) conclude();
    fill_pkix(pkix_asked);
    fill_explanations();
  }

 private:
  void conclude_without_leaf(const MatchQuestion& question) {
    if (usable_.empty()) return;
    result_.conclusion = {Verdict::mismatch, Reason::no_cert};
    result_.error = question.chain.empty() ? "the server sent no certificate" : question.chain.front().error;
    if (result_.error.empty()) result_.error = "the server's certificate cannot be read";
  }

  void conclude() {
    const Evaluation whole = evaluate_all();
    evaluate_each(whole);
    try_every_path(whole);
    fill_cells(whole);
    const bool any = std::ranges::count(result_.cells, Cell::match) > 0;
    any ? fill_authenticated(whole) : fill_mismatch();
    fill_levels();
  }

  // Level 1 decides, as in Postfix. What clients that ask for more, or for nothing, make of it is worth a remark.
  void fill_levels() {
    const bool authenticated = result_.conclusion.verdict == Verdict::authenticated;
    if (!authenticated && result_.conclusion.reason != Reason::weak) return;
    setting_.level = authenticated ? 2 : 0;
    const Evaluation other = evaluate_all();
    setting_.level = 1;
    result_.accepted_at_level_0 = !authenticated && other.authenticated;
    const bool refused = authenticated && !other.authenticated && dane::failure_of(other).reason == Reason::weak;
    if (refused) result_.weak = dane::error_words(other.error);
  }

  // (2, 3) and (0, 1) apart: with a usage 0 or 1 record present OpenSSL looks into the trust store first, and a
  // DANE-TA record is then no longer compared with the certificates found there (rows.md B-76).
  Evaluation evaluate_all() const {
    Indices dane;
    Indices pkix;
    for (const std::size_t i : usable_) (pkix_usage(records_[i]) ? pkix : dane).push_back(i);
    Evaluation whole;
    if (!dane.empty()) whole = evaluate(dane);
    if (whole.authenticated || pkix.empty()) return whole;
    return evaluate(pkix);
  }

  void evaluate_each(const Evaluation& whole) {
    alone_.resize(records_.size());
    for (const std::size_t i : usable_) alone_[i] = usable_.size() == 1 ? whole : evaluate({i});
  }

  // RFC 6698 B.2: one of several paths is enough. OpenSSL takes one issuer of a name and never goes back, so where the
  // server sends several, each path is judged by itself (rows.md B-53, B-56).
  void try_every_path(const Evaluation& whole) {
    const std::vector<ChainPath> paths = paths_of(sent_);
    if (paths.size() < 2) return;
    for (const Indices& path : paths) {
      std::vector<Certificate> certificates;
      for (const std::size_t i : path) certificates.push_back(sent_[i]);
      const SentChain alone(certificates);
      for (const std::size_t i : usable_) {
        if (alone_[i].authenticated || records_[i].usage % 2 != 0) continue;
        Evaluation there = engine_.evaluate(alone, records_, {i}, setting_);
        if (dane::failure_of(alone_[i]).progress >= dane::failure_of(there).progress && !there.authenticated) continue;
        if (there.authenticated && !whole.authenticated) result_.namesakes = namesakes_of(sent_, path);
        alone_[i] = std::move(there);
      }
    }
  }

  // RFC 7671 9: only the strongest digest of a (usage, selector) group counts, and Full(0).
  bool is_shadowed(std::size_t record) {
    const auto answered = group_fails_.find({records_[record].usage, records_[record].selector});
    const bool strongest = std::ranges::none_of(usable_, [&](std::size_t i) {
      return same_group(records_[i], records_[record]) && stronger(records_[i], records_[record]);
    });
    if (strongest) return false;
    if (answered != group_fails_.end()) return answered->second;
    Indices group;
    std::ranges::copy_if(usable_, std::back_inserter(group),
                         [&](std::size_t i) { return same_group(records_[i], records_[record]); });
    const bool fails = !evaluate(group).authenticated;
    group_fails_.insert({{records_[record].usage, records_[record].selector}, fails});
    return fails;
  }

  void fill_cells(const Evaluation& whole) {
    std::set<std::size_t> shadowing;
    for (const std::size_t i : usable_) {
      if (!alone_[i].authenticated) continue;
      result_.cells[i] = is_shadowed(i) ? Cell::shadowed : Cell::match;
      if (result_.cells[i] == Cell::match) continue;
      for (const std::size_t j : usable_) {
        if (same_group(records_[i], records_[j]) && stronger(records_[j], records_[i])) shadowing.insert(j);
      }
    }
    if (whole.authenticated && whole.record) result_.cells[*whole.record] = Cell::match;
    result_.shadowed_by.assign(shadowing.begin(), shadowing.end());
  }

  // One record that matches is enough (RFC 6698 4.1), also where OpenSSL lost its way among certificates that other
  // records supplied: then the first record that matches alone stands for all.
  void fill_authenticated(const Evaluation& whole) {
    const auto first = static_cast<std::size_t>(std::ranges::find(result_.cells, Cell::match) - result_.cells.begin());
    const Evaluation& best = whole.authenticated ? whole : alone_[first];
    result_.conclusion = {Verdict::authenticated, Reason::none};
    const std::size_t record = best.record.value_or(first);
    result_.match = MatchedRecord{record, best.depth, best.name, best.bare_key};
    result_.date_matters = records_[record].usage != 3;
    if (result_.date_matters) result_.earliest_not_after = best.earliest_not_after;
    fill_incomplete();
  }

  // RFC 7671 8: every combination published has a record for the chain in use.
  void fill_incomplete() {
    using Combination = std::tuple<int, int, int>;
    const auto combination = [&](std::size_t i) {
      return Combination(records_[i].usage, records_[i].selector, records_[i].matching_type);
    };
    std::set<Combination> seen;
    for (const std::size_t i : usable_) {
      if (alone_[i].authenticated) seen.insert(combination(i));
    }
    for (const std::size_t i : usable_) {
      if (seen.insert(combination(i)).second) result_.incomplete.push_back(i);
    }
  }

  void fill_mismatch() {
    const auto shadowed = std::ranges::find(result_.cells, Cell::shadowed);
    result_.error = dane::no_match_words();
    if (shadowed != result_.cells.end()) {
      result_.conclusion = {Verdict::mismatch, Reason::shadowed};
      return fill_nearest(static_cast<std::size_t>(shadowed - result_.cells.begin()));
    }
    dane::Failure best;
    std::optional<std::size_t> furthest;
    for (const std::size_t i : usable_) {
      const dane::Failure failure = dane::failure_of(alone_[i]);
      if (failure.progress <= best.progress) continue;
      best = failure;
      furthest = i;
    }
    result_.conclusion = {Verdict::mismatch, best.reason};
    if (!furthest) return;
    fill_nearest(*furthest);
    result_.error = engine_.complaints(chain_, records_, {*furthest}, setting_);
  }

  void fill_nearest(std::size_t record) {
    const Evaluation& nearest = alone_[record];
    result_.nearest = MatchedRecord{record, nearest.depth, nearest.name, nearest.bare_key};
  }

  // Where DANE authenticates by usage 2 or 3, nobody needs to know; everywhere else it tells a wrong server from a
  // wrong record, or is what clients go by (RFC 7673 4.1).
  void fill_pkix(bool asked) {
    const auto relevant = [&](std::size_t i) { return pkix_usage(records_[i]); };
    const bool authenticated = result_.conclusion.verdict == Verdict::authenticated;
    if (!asked && authenticated && std::ranges::none_of(usable_, relevant)) return;
    result_.pkix_error = engine_.pkix_error(chain_, setting_);
    result_.pkix_ok = result_.pkix_error.empty();
  }

  void fill_explanations() {
    const bool authenticated = result_.conclusion.verdict == Verdict::authenticated;
    std::optional<dane::Explainer> explainer;  // costs a few dozen digests
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const bool matched_bytes = !result_.unusable[i] && alone_[i].depth >= 0;
      if (matched_bytes) continue;
      if (setting_.stop.stop_requested()) throw dane::Stopped();
      if (!explainer) explainer.emplace(chain_, service_, &bundle_);
      auto found = explainer->explain(records_[i], i, authenticated);
      if (!found) continue;
      if (found->kind == Explanation::Kind::other_parameters) found->holds = would_hold(*found);
      result_.explanations.push_back(std::move(*found));
    }
  }

  // Bytes that fit are not enough for usages 0 to 2.
  bool would_hold(const Explanation& explanation) const {
    TlsaRecord corrected = records_[explanation.record];
    corrected.usage = static_cast<std::uint8_t>(explanation.usage);
    corrected.selector = static_cast<std::uint8_t>(explanation.selector);
    corrected.matching_type = static_cast<std::uint8_t>(explanation.matching_type);
    const std::vector<TlsaRecord> alone{std::move(corrected)};
    return engine_.evaluate(chain_, alone, {0}, setting_).authenticated;
  }

  Evaluation evaluate(const Indices& indices) const { return engine_.evaluate(chain_, records_, indices, setting_); }

  const Engine& engine_;
  const dane::CaBundle& bundle_;
  std::span<const TlsaRecord> records_;
  const Service& service_;
  std::span<const Certificate> sent_;
  SentChain chain_;
  MatchResult& result_;
  dane::Setting setting_;
  Indices usable_;
  std::map<std::pair<int, int>, bool> group_fails_;  // by usage and selector, of groups that were asked about
  std::vector<Evaluation> alone_;                    // per record, each judged as if it were the only one
};

}  // namespace

class OpensslMatcher::Impl {
 public:
  explicit Impl(const MatcherOptions& options) : engine(options.ca_file), bundle(options.ca_file), pkix(options.pkix) {}

  Engine engine;
  dane::CaBundle bundle;
  bool pkix;
};

OpensslMatcher::OpensslMatcher(MatcherOptions options) : impl_(std::make_shared<const Impl>(options)) {}

OpensslMatcher::OpensslMatcher(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

OpensslMatcher::~OpensslMatcher() = default;

std::shared_ptr<const Matcher> OpensslMatcher::share() const {
  return std::shared_ptr<const Matcher>(new OpensslMatcher(impl_));
}

MatchResult OpensslMatcher::match(const MatchQuestion& question) const {
  auto reasons = unusable(question.records, *question.service);
  const MatchLoad load = load_of(question);
  if (is_too_costly(load)) {
    MatchResult result = not_judged(std::move(reasons), {Verdict::unknown, Reason::local_limit});
    result.too_costly = load;
    return result;
  }
  MatchResult result;
  result.unusable = reasons;
  try {
    Matching(impl_->engine, impl_->bundle, question, result).run(question, impl_->pkix);
  } catch (const dane::Stopped&) {
    return not_judged(std::move(reasons), {Verdict::unknown, Reason::deadline});
  }
  return result;
}

std::vector<std::optional<std::string>> OpensslMatcher::unusable(std::span<const TlsaRecord> records,
                                                                 const Service& service) const {
  std::vector<std::optional<std::string>> reasons;
  reasons.reserve(records.size());
  for (const auto& record : records) reasons.push_back(dane::why_unusable(impl_->engine, record, service));
  return reasons;
}

}  // namespace danewatch
