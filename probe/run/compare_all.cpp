#include "probe/run/compare_all.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <system_error>

#include "probe/evidence/predicates.hpp"
#include "probe/evidence/server_sets.hpp"
#include "resolver/clock.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds turn{5};  // of one run, before others have theirs

// What the work uses is its own: it may end after the run that asked for it.
struct Copy {
  std::shared_ptr<const Matcher> matcher;
  std::vector<Certificate> chain;
  std::vector<TlsaRecord> records;
  std::vector<std::string> names;
  MatchQuestion question;
  MatchResult result;
};

std::shared_ptr<Copy> copy_of(const MatchQuestion& question, std::shared_ptr<const Matcher> matcher) {
  auto copy = std::make_shared<Copy>();
  copy->matcher = std::move(matcher);
  copy->chain.assign(question.chain.begin(), question.chain.end());
  copy->records.assign(question.records.begin(), question.records.end());
  copy->names.assign(question.names.begin(), question.names.end());
  copy->question = question;
  copy->question.chain = copy->chain;
  copy->question.records = copy->records;
  copy->question.names = copy->names;
  return copy;
}

Workers::Work work_on(std::shared_ptr<Copy> copy) {
  return [copy = std::move(copy)](const std::stop_token& stop) {
    copy->question.stop = stop;
    copy->result = copy->matcher->match(copy->question);
  };
}

asio::awaitable<void> throw_if_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

// Elsewhere where that is possible: without a thread it is done here, and the budget alone bounds it.
asio::awaitable<MatchResult> match_elsewhere(Comparer comparer, MatchQuestion question, Deadline deadline) {
  const std::shared_ptr<Copy> copy = copy_of(question, comparer.matcher.share());
  const auto left = deadline - comparer.clock.steady();
  bool done = false;
  bool no_thread = copy->matcher == nullptr;
  try {
    Workers::Work work = no_thread ? Workers::Work() : work_on(copy);
    if (!no_thread) done = co_await comparer.workers.run(std::move(work), left);
  } catch (const boost::system::system_error&) {
    throw;
  } catch (const std::system_error&) {
    no_thread = true;
  }
  co_await throw_if_cancelled();
  if (done) co_return std::move(copy->result);
  if (no_thread) co_return comparer.matcher.match(question);
  auto unusable = comparer.matcher.unusable(question.records, *question.service);
  co_return not_judged(std::move(unusable), {Verdict::unknown, Reason::deadline});
}

// One run's way through its endpoints.
class Comparison {
 public:
  Comparison(Comparer comparer, const Evidence& evidence, KnownMatches& matches, Deadline deadline)
      : comparer_(comparer), evidence_(evidence), matches_(matches), deadline_(deadline) {}

  asio::awaitable<bool> run() {
    for (const HostFacts& host : evidence_.hosts) co_await match_host(host);
    co_return in_time_;
  }

 private:
  asio::awaitable<void> match_host(const HostFacts& host) {
    co_await match_records(host, host.dns.tlsa);
    const auto others = other_sets(evidence_.servers, host.dns);
    for (const std::vector<TlsaRecord>& records : others) co_await match_records(host, records);
  }

  asio::awaitable<void> match_records(const HostFacts& host, const std::vector<TlsaRecord>& records) {
    const std::vector<std::string> names = reference_names(host.dns);
    for (const TlsEvidence& seen : host.endpoints) {
      if (!was_observed(seen)) continue;
      const MatchQuestion question{seen.chain, records, names, evidence_.target.service, evidence_.at};
      if (matches_.find(question) != nullptr) continue;
      MatchResult result = co_await match(question);
      matches_.add(question, std::move(result));
    }
  }

  asio::awaitable<MatchResult> match(const MatchQuestion& question) {
    const MatchLoad load = load_of(question);
    if (load.time > most_time_at_once && !is_too_costly(load)) {
      MatchResult result = co_await match_elsewhere(comparer_, question, deadline_);
      if (result.conclusion == Conclusion{Verdict::unknown, Reason::deadline}) in_time_ = false;
      co_return result;
    }
    if (!is_too_costly(load)) spent_ += load.time;
    if (spent_ > turn) {
      spent_ = {};
      co_await asio::post(asio::use_awaitable);
    }
    co_return comparer_.matcher.match(question);
  }

  Comparer comparer_;
  const Evidence& evidence_;
  KnownMatches& matches_;
  Deadline deadline_;
  bool in_time_ = true;
  std::chrono::microseconds spent_{0};
};

}  // namespace

void KnownMatches::add(const MatchQuestion& question, MatchResult result) {
  known_.push_back({{question.chain.begin(), question.chain.end()},
                    {question.records.begin(), question.records.end()},
                    {question.names.begin(), question.names.end()},
                    question.service,
                    question.at,
                    std::move(result)});
}

const MatchResult* KnownMatches::find(const MatchQuestion& question) const {
  const auto is_same = [&](const Known& known) {
    return known.service == question.service && known.at == question.at &&
           std::ranges::equal(known.names, question.names) && std::ranges::equal(known.chain, question.chain) &&
           std::ranges::equal(known.records, question.records);
  };
  const auto known = std::ranges::find_if(known_, is_same);
  return known == known_.end() ? nullptr : &known->result;
}

MatchResult KnownMatches::match(const MatchQuestion& question) const {
  const MatchResult* known = find(question);
  return known != nullptr ? *known : matcher_.match(question);
}

std::vector<std::optional<std::string>> KnownMatches::unusable(std::span<const TlsaRecord> records,
                                                               const Service& service) const {
  return matcher_.unusable(records, service);
}

asio::awaitable<bool> compare_all(Comparer comparer, const Evidence& evidence, KnownMatches& matches,
                                  Deadline deadline) {
  Comparison comparison(comparer, evidence, matches, deadline);
  const bool in_time = co_await comparison.run();
  co_return in_time;
}

}  // namespace danewatch
