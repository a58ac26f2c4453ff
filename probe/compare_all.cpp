#include "probe/compare_all.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <system_error>

#include "probe/judge_parts.hpp"
#include "probe/probe.hpp"

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
  const auto until = std::chrono::steady_clock::now() + (deadline - comparer.clock.steady());
  bool done = false;
  bool no_thread = copy->matcher == nullptr;
  try {
    Workers::Work work = no_thread ? Workers::Work() : work_on(copy);
    if (!no_thread) done = co_await comparer.workers.run(std::move(work), until);
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
  Comparison(Comparer comparer, Report& report, Deadline deadline)
      : comparer_(comparer), report_(report), deadline_(deadline) {}

  asio::awaitable<void> run() {
    for (std::size_t h = 0; h < report_.dns.hosts.size(); ++h) co_await match_host(h);
  }

 private:
  asio::awaitable<void> match_host(std::size_t index) {
    const HostEvidence& host = report_.dns.hosts[index];
    HostMatches& matches = report_.matches.emplace_back();
    matches.unusable = comparer_.matcher.unusable(host.tlsa, *report_.target.service);
    std::vector<std::string> names = host.names;
    if (names.empty()) names.push_back(host.base_domain.empty() ? host.host : host.base_domain);
    const auto& tls = report_.tls[index];
    for (std::size_t e = 0; e < tls.size(); ++e) {
      matches.endpoints.emplace_back();
      if (!was_observed(tls[e])) continue;
      if (const auto earlier = same_chain(tls, e)) {
        matches.endpoints[e] = matches.endpoints[*earlier];
        continue;
      }
      MatchQuestion question{tls[e].chain, host.tlsa, names, report_.target.service, report_.at};
      matches.endpoints[e] = co_await match(question);
    }
  }

  static std::optional<std::size_t> same_chain(const std::vector<TlsEvidence>& tls, std::size_t endpoint) {
    for (std::size_t e = 0; e < endpoint; ++e) {
      if (was_observed(tls[e]) && tls[e].chain == tls[endpoint].chain) return e;
    }
    return std::nullopt;
  }

  asio::awaitable<MatchResult> match(const MatchQuestion& question) {
    const MatchLoad load = load_of(question);
    if (load.time > most_time_at_once && !is_too_costly(load)) {
      MatchResult result = co_await match_elsewhere(comparer_, question, deadline_);
      if (result.conclusion == Conclusion{Verdict::unknown, Reason::deadline}) report_.complete = false;
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
  Report& report_;
  Deadline deadline_;
  std::chrono::microseconds spent_{0};
};

}  // namespace

asio::awaitable<void> compare_all(Comparer comparer, Report& report, Deadline deadline) {
  const auto begun = comparer.clock.steady();
  Comparison comparison(comparer, report, deadline);
  co_await comparison.run();
  report.timings.verify = std::chrono::duration<double, std::milli>(comparer.clock.steady() - begun).count();
}

}  // namespace danewatch
