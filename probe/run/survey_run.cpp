#include "probe/run/survey_run.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/judgement/judge.hpp"
#include "probe/survey/result.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

Target mail_domain(const std::string& name) {
  Target target;
  target.text = name;
  target.name = name;
  target.unicode = to_unicode_name(name);
  return target;
}

ProbeOptions told_of_dns(ProbeOptions options, std::function<void()> dns_is_done) {
  options.admit = [dns_is_done = std::move(dns_is_done)](const DnsEvidence&) {
    dns_is_done();
    return true;
  };
  return options;
}

}  // namespace

SurveyRun::SurveyRun(asio::any_io_executor executor, World world, ProbeOptions probe, SurveyRunOptions options,
                     Next next, Done done)
    : executor_(executor),
      world_(world),
      options_(options),
      probe_(world.resolver, world.dialer, world.matcher, world.clock,
             told_of_dns(std::move(probe),
                         [this] {
                           --in_dns_;
                           ring();
                         })),
      next_(std::move(next)),
      done_(std::move(done)),
      bell_(executor),
      pace_(first_pace(options.jobs)) {}

// What waits for another try is bounded, too: it goes before anything new.
bool SurveyRun::has_room() const {
  constexpr std::size_t names_per_question = 8;  // at or before servers, for one in the DNS stage
  const std::size_t most = std::min(options_.in_flight, pace_.names * names_per_question);
  return in_dns_ < pace_.names && in_flight_ < most;
}

void SurveyRun::keep_pace() {
  const Deadline now = world_.clock.steady();
  if (now < next_pace_) return;
  next_pace_ = now + time_of_a_pace;
  const PaceFacts facts{world_.watch.take_worst_lag(), in_dns_, options_.jobs};
  pace_ = next_pace(pace_, facts);
}

// Where nothing is in flight nobody rings.
asio::awaitable<void> SurveyRun::wait_for_bell() {
  const Deadline next = std::min(until_, world_.clock.steady() + time_of_a_pace);
  if (in_flight_ == 0) {
    co_await world_.clock.wait_until(next);
    co_return;
  }
  bell_.expires_at(next);
  auto token = asio::as_tuple(asio::use_awaitable);
  co_await bell_.async_wait(token);
}

asio::awaitable<void> SurveyRun::wait_for_rate() {
  if (options_.rate == 0) co_return;
  const auto now = world_.clock.steady();
  const Deadline begin = std::max(next_start_, now);
  next_start_ = begin + std::chrono::nanoseconds(std::chrono::seconds(1)) / static_cast<long>(options_.rate);
  if (begin > now) co_await world_.clock.wait_until(begin);
}

void SurveyRun::stop(std::chrono::milliseconds grace) {
  stopped_ = true;
  until_ = world_.clock.steady() + grace;
  ring();
}

std::optional<SurveyJob> SurveyRun::next_job() {
  const Deadline now = world_.clock.steady();
  const bool calm = world_.watch.is_calm();
  const auto ripe = std::ranges::find_if(
      again_, [&](const Again& each) { return may_try_again(now - each.since, each.job.tries, calm); });
  if (ripe != again_.end()) {
    SurveyJob job = std::move(ripe->job);
    again_.erase(ripe);
    return job;
  }
  if (exhausted_ || again_.size() >= options_.in_flight) return std::nullopt;
  std::optional<SurveyJob> job = next_();
  exhausted_ = !job;
  return job;
}

asio::awaitable<void> SurveyRun::run() {
  while (!stopped_ && !error_ && !is_over()) {
    keep_pace();
    const bool may_begin = has_room() && world_.watch.network_is_there();
    if (may_begin) co_await wait_for_rate();
    std::optional<SurveyJob> job = may_begin ? next_job() : std::nullopt;
    if (job) {
      start(std::move(*job));
    } else if (!is_over()) {
      co_await wait_for_bell();
      co_await world_.watch.wait_for_network();
    }
  }
  while (in_flight_ > 0 && !error_ && world_.clock.steady() < until_) co_await wait_for_bell();
  if (error_) std::rethrow_exception(error_);
}

void SurveyRun::start(SurveyJob job) {
  ++in_flight_;
  const auto shared = std::make_shared<const SurveyJob>(std::move(job));
  asio::co_spawn(executor_, look(*shared), [this, shared](const std::exception_ptr& error) {
    --in_flight_;
    if (error && !error_) error_ = error;
    ring();
  });
}

// Nothing where that could not be known.
asio::awaitable<std::optional<std::vector<std::string>>> SurveyRun::algorithms_of(const Report& report) {
  std::vector<std::string> algorithms;
  if (const auto zone = signed_zone(report)) {
    Question question{*zone, RrType::ds};
    const Deadline deadline = world_.clock.steady() + options_.patience;
    const Answer ds = co_await world_.resolver.lookup(std::move(question), deadline);
    if (ds.failure == Failure::local && !world_.opt_out.covers(*zone)) co_return std::nullopt;
    algorithms = algorithms_in(ds);
  }
  co_return algorithms;
}

asio::awaitable<void> SurveyRun::look(const SurveyJob& job) {
  const Deadline begun = world_.clock.steady();
  Report report = co_await report_on(job.name);
  std::optional<std::vector<std::string>> algorithms = co_await algorithms_of(report);
  const bool hampered = !algorithms || was_hampered(report, world_.opt_out);
  if (error_) co_return;
  if (hampered && job.tries + 1 < most_tries) {
    again_.push_back({job, world_.clock.steady()});
    ++again_.back().job.tries;
    co_return;
  }
  const Ours ours = hampered ? world_.watch.doubted_since(begun) : Ours::none;
  done_(job, {std::move(report), std::move(algorithms).value_or(std::vector<std::string>{}), in_words(ours)});
}

asio::awaitable<Report> SurveyRun::report_on(const SurveyName& name) {
  const SysTime now = world_.clock.now();
  if (name.error) co_return bad_target_report(name.name, *name.error, now);
  Target target = mail_domain(name.name);
  if (world_.opt_out.covers(name.name))
    co_return not_run_report(std::move(target), NotLooked::Why::refused_by_policy, now);
  Report report = co_await probed(std::move(target));
  co_return report;
}

asio::awaitable<Report> SurveyRun::probed(Target target) {
  Target copy = target;
  const Deadline deadline = world_.clock.steady() + options_.patience;
  ++in_dns_;
  try {
    Report report = co_await probe_.run(std::move(copy), deadline);
    co_return report;
  } catch (const std::exception&) {
    // A bug or a limit of ours costs this one result, and no other.
  }
  co_return not_run_report(std::move(target), NotLooked::Why::local_limit, world_.clock.now());
}

}  // namespace danewatch
