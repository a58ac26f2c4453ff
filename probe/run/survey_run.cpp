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
      bell_(executor) {}

bool SurveyRun::has_room() const {
  return in_dns_ < options_.jobs && in_flight_ < options_.in_flight;
}

asio::awaitable<void> SurveyRun::wait_for_bell() {
  bell_.expires_at(until_);
  auto token = asio::as_tuple(asio::use_awaitable);
  co_await bell_.async_wait(token);
}

void SurveyRun::stop(std::chrono::milliseconds grace) {
  stopped_ = true;
  until_ = world_.clock.steady() + grace;
  ring();
}

asio::awaitable<void> SurveyRun::run() {
  while (!stopped_ && !error_) {
    if (!has_room()) {
      co_await wait_for_bell();
      continue;
    }
    if (options_.rate > 0) {
      const auto now = world_.clock.steady();
      const Deadline begin = std::max(next_start_, now);
      next_start_ = begin + std::chrono::nanoseconds(std::chrono::seconds(1)) / static_cast<long>(options_.rate);
      if (begin > now) co_await world_.clock.wait_until(begin);
    }
    std::optional<SurveyJob> job = next_();
    if (!job) break;
    start(std::move(*job));
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

asio::awaitable<void> SurveyRun::look(const SurveyJob& job) {
  const Report report = co_await report_on(job.name);
  std::vector<std::string> algorithms;
  if (const auto zone = signed_zone(report)) {
    Question question{*zone, RrType::ds};
    const Deadline deadline = world_.clock.steady() + options_.patience;
    const Answer ds = co_await world_.resolver.lookup(std::move(question), deadline);
    algorithms = algorithms_in(ds);
  }
  if (!error_) done_(job, report, algorithms);
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
