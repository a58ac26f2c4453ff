#include "probe/judgement/judge.hpp"

#include <fmt/format.h>

#include "cli/commands/check_output.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/evidence_file.hpp"
#include "cli/commands/make_matcher.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/output.hpp"
#include "exporters/words/escape.hpp"
#include "probe/evidence/coherence.hpp"
#include "probe/openssl/certificate.hpp"
#include "probe/run/compare_all.hpp"
#include "resolver/unbound/trust_anchor.hpp"
#include "store/bundle/bundle.hpp"

namespace danewatch {
namespace {

constexpr auto words_on_name_servers = "; what each name server said by itself is as it was kept, without proof";

// Evidence may come from anybody: no more is compared than a run would have time for.
class PatientMatcher final : public Matcher {
 public:
  explicit PatientMatcher(const Matcher& matcher) : matcher_(matcher), known_(matcher) {}

  MatchResult match(const MatchQuestion& question) const override {
    if (const MatchResult* known = known_.find(question)) return *known;
    const MatchLoad load = load_of(question);
    if (!is_too_costly(load)) spent_ += load.time;
    if (spent_ > most_time) return not_judged(unusable(question.records, *question.service), no_time);
    MatchResult result = matcher_.match(question);
    known_.add(question, result);
    return result;
  }

  std::vector<std::optional<std::string>> unusable(std::span<const TlsaRecord> records,
                                                   const Service& service) const override {
    return matcher_.unusable(records, service);
  }

 private:
  static constexpr std::chrono::seconds most_time{30};
  static constexpr Conclusion no_time{Verdict::unknown, Reason::local_limit};

  const Matcher& matcher_;
  mutable KnownMatches known_;
  mutable std::chrono::microseconds spent_{0};
};

// One invocation.
class Judging {
 public:
  explicit Judging(const JudgeOptions& options) : options_(options), matcher_(make_matcher(options.ca_file)) {
    if (options.verify_signatures) anchor_ = find_trust_anchor(options.trust_anchor);
    for (const std::string& path : options.files) files_.emplace_back(path);
    for (const EvidenceFile& file : files_) {
      const auto wrong = file.read([this](const std::string&) { ++total_; });
      if (wrong) ++bad_;
    }
  }

  int run() {
    if (options_.remedy && total_ + bad_ > 1) throw UsageError("--remedy is of one report: give one piece of evidence");
    CheckOutput output(options_, total_, bad_, "Run danewatch judge --explain FILE for the reason and the fix.");
    for (const EvidenceFile& file : files_) judge_file(file, output);
    output.finish();
    if (!output.refusal().empty()) throw UsageError(output.refusal());
    if (judged_ == 0) return exit_usage;
    if (options_.remedy) return 0;
    return exit_status(refused_ == 0 ? output.severity() : worse(output.severity(), Severity::unknown));
  }

 private:
  void judge_file(const EvidenceFile& file, CheckOutput& output) {
    std::size_t number = 0;
    const auto wrong = file.read([&](const std::string& text) {
      if (judged_ + refused_ >= total_ + bad_) return;  // it has grown since it was counted
      auto bundle = read_bundle(text, parse_certificate);
      ++number;
      if (bundle && options_.verify_signatures) bundle = proven(std::move(*bundle), file, output);
      if (!bundle) refuse(file, number, bundle.error(), output);
      if (bundle) output.publish(judged_++, judge_bundle(std::move(*bundle)));
    });
    if (wrong) return refuse(file, number + 1, *wrong, output);
    if (number == 0) refuse(file, 1, {"holds no evidence", 0}, output);
  }

  // The bundle, where its signatures prove it; from here on the word of whoever kept it counts for the servers alone,
  // those of names included.
  Parsed<Bundle> proven(Bundle bundle, const EvidenceFile& file, CheckOutput& output) const {
    wire::KeyChain keys(anchor_.records);
    keys.learn(bundle.proofs);
    const Proof proof = prove(bundle.evidence, keys);
    if (!proof.wrong.empty()) return error_at(0, proof.wrong);
    output.writer().err(error_line(fmt::format("{}: {}: the signatures of all {} secure answers are good, by {}{}",
                                               file.path(), bundle.evidence.target.text, proof.proven, anchor_.source,
                                               bundle.evidence.servers.zones.empty() ? "" : words_on_name_servers)));
    return bundle;
  }

  Report judge_bundle(Bundle bundle) const {
    Evidence& evidence = bundle.evidence;
    if (evidence.run.origin == Origin::seen) evidence.run.origin = Origin::replayed;
    evidence.at = options_.at.value_or(evidence.at);
    return judge(std::move(evidence), PatientMatcher(matcher_), bundle.policy);
  }

  void refuse(const EvidenceFile& file, std::size_t number, const ParseError& error, CheckOutput& output) {
    ++refused_;
    const std::string which = total_ + bad_ > 1 ? fmt::format(" (number {})", number) : "";
    const std::string where = error.position > 0 ? fmt::format(" (octet {})", error.position) : "";
    output.writer().err(
        error_line(fmt::format("{}{}: {}{}", escape_for_terminal(file.path()), which, error.message, where)));
  }

  const JudgeOptions& options_;
  OpensslMatcher matcher_;
  TrustAnchor anchor_;
  std::vector<EvidenceFile> files_;
  std::size_t total_ = 0;  // pieces of evidence
  std::size_t bad_ = 0;    // files that end in none
  std::size_t judged_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace

int run_judge(const JudgeOptions& options) {
  return Judging(options).run();
}

}  // namespace danewatch
