#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/evidence_saver.hpp"
#include "cli/survey/feed.hpp"
#include "cli/survey/senses.hpp"
#include "cli/survey/telling.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/json/json.hpp"
#include "exporters/survey/line.hpp"
#include "exporters/survey/progress.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/polite_dialer.hpp"
#include "probe/run/polite_resolver.hpp"
#include "probe/run/self_watch.hpp"
#include "probe/run/survey_run.hpp"
#include "resolver/suffix/registrable.hpp"
#include "resolver/workers.hpp"
#include "store/segments/packed_lines.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds grace_after_interrupt{30};

OptOut opt_out_of(const SurveyOptions& options) {
  if (!options.opt_out) return {};
  auto parsed = OptOut::parse(read_file("--opt-out", *options.opt_out));
  if (!parsed)
    throw UsageError(fmt::format("--opt-out {}: {}", escape_for_terminal(*options.opt_out), parsed.error().message));
  return std::move(*parsed);
}

// What is wrong with the input is for the operator to mend.
template <class Read>
auto reading(const Read& read) {
  try {
    return read();
  } catch (const std::runtime_error& error) {
    throw UsageError(fmt::format("--in {}", escape_for_terminal(error.what())));
  }
}

std::unique_ptr<PackedLines> opened(const std::string& path) {
  return reading([&] { return std::make_unique<PackedLines>(path); });
}

bool next_line(PackedLines& reader, std::string& line) {
  return reading([&] { return reader.next(line); });
}

// Reads the whole input, line by line: what it is, and by bucket what is in it.
SurveyPlan plan_of(const SurveyOptions& options, const std::function<void(std::size_t, std::string_view)>& take) {
  SurveyPlan plan;
  plan.shard = options.shard;
  plan.keep = options.keep;
  plan.views = options.views;
  std::array<std::uint64_t, bucket_count> lines{};
  const auto reader = opened(options.in);
  for (std::string line; next_line(*reader, line);) {
    const auto name = read_survey_name(line);
    if (!name) continue;
    const std::string kept = kept_line(*name);
    const std::uint64_t place = place_of(kept);
    if (!is_in(options.shard, place)) continue;
    ++plan.lines;
    plan.fingerprint += place;
    ++lines[bucket_of(place)];
    take(bucket_of(place), kept);
  }
  plan.segments = cut_into_segments(lines, options.segment);
  return plan;
}

// A survey that was begun here goes on, if it is this one.
SurveyPlan begun(SurveyDirectory& directory, const SurveyOptions& options) {
  const auto before = directory.plan();
  if (before) {
    const SurveyPlan now = plan_of(options, [](std::size_t, std::string_view) {});
    if (const auto why = difference(*before, now))
      throw UsageError(fmt::format("--out {}: {}", escape_for_terminal(options.out), *why));
    return *before;
  }
  SurveyPlan plan =
      plan_of(options, [&](std::size_t bucket, std::string_view line) { directory.put_aside(bucket, line); });
  if (plan.lines == 0 && options.shard.of == 1)
    throw UsageError(fmt::format("--in {}: holds no name", escape_for_terminal(options.in)));
  directory.begin(plan);
  return plan;
}

ProbeOptions probe_options(const SurveyOptions& options, const UnboundResolver& resolver, Workers& workers) {
  ProbeOptions result;
  result.policy = options.policy;
  result.locate = options.locate;
  result.locate.diagnostics = false;  // questions that explain are not what a guest asks
  result.locate.unvalidated = false;
  result.trust_anchor = resolver.trust_anchor();
  result.share_for = std::chrono::hours(24);
  result.share_failures_for = options.courtesy.left_alone_for;
  result.share_most = 4096;
  result.workers = &workers;
  return result;
}

DialerOptions dialer_options(DialerOptions options) {
  options.patient = false;  // a run has much time left, for turns to be waited for
  return options;
}

ResolverOptions resolver_options(ResolverOptions options) {
  options.global_only = true;
  return options;
}

SurveyRunOptions run_options(const SurveyOptions& options) {
  SurveyRunOptions result;
  result.jobs = options.jobs;
  result.in_flight = std::min<std::size_t>(options.jobs * 8, 4096);
  result.rate = options.rate;
  return result;
}

// Everything one survey owns.
class SurveyLook {
 public:
  SurveyLook(const SurveyOptions& options, SurveyDirectory& directory, const SurveyPlan& plan, const OptOut& opt_out)
      : options_(options),
        plan_(plan),
        feed_(directory, plan),
        unbound_(io_.get_executor(), resolver_options(options.resolver)),
        openssl_(io_.get_executor(), dialer_options(options.dialer)),
        watch_(io_.get_executor(), clock_, senses_of(io_.get_executor(), options.resolver, clock_, unbound_)),
        resolver_(unbound_, opt_out, clock_, watch_),
        courtesy_(options.courtesy),
        dialer_(io_.get_executor(), openssl_, clock_, courtesy_, opt_out, watch_, registrable_domain),
        run_(
            io_.get_executor(), {resolver_, dialer_, matcher_, clock_, opt_out, watch_},
            probe_options(options, unbound_, workers_), run_options(options), [this] { return feed_.next(); },
            [this, &opt_out](const SurveyJob& job, const SurveyLooked& looked) { write_down(job, looked, opt_out); }),
        signals_(io_, SIGINT, SIGTERM),
        tick_(io_),
        made_(provenance(options.resolver.trust_anchor)) {}

  // False: it was interrupted.
  bool look() {
    wait_for_signal();
    asio::co_spawn(io_, tell_progress(), asio::detached);
    asio::co_spawn(io_, watch_.feel_the_pulse(), asio::detached);
    asio::co_spawn(io_, watch_.listen(), asio::detached);
    asio::co_spawn(io_, run_.run(), [this](const std::exception_ptr& error) {
      error_ = error;
      ended_ = true;
      tick_.cancel();
      signals_.cancel();
      io_.stop();
    });
    io_.run();
    clear_progress();
    if (error_) std::rethrow_exception(error_);
    feed_.close_parts();
    return !interrupted_;
  }

  const SurveyFeed& feed() const { return feed_; }
  void abandon() { feed_.abandon(); }
  std::uint64_t untold() const { return untold_; }

 private:
  void write_down(const SurveyJob& job, const SurveyLooked& looked, const OptOut& opt_out) {
    const SurveyResult result = result_of(looked.report, looked.algorithms, registrable_domain, opt_out, looked.ours);
    if (!looked.ours.empty()) ++untold_;
    feed_.done(job, to_survey_line(result, whole_of(looked.report)));
  }

  WholeOfIt whole_of(const Report& report) const {
    if (options_.keep == "report") return {"report", to_json(report)};
    if (options_.keep != "evidence") return {};
    return {"evidence", write_bundle(bundle_of(report, made_))};
  }

  // The first signal ends the survey when what is in flight is done, the second one at once.
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (interrupted_) std::_Exit(exit_interrupted);
      interrupted_ = true;
      run_.stop(grace_after_interrupt);
      wait_for_signal();
    });
  }

  std::string progress() const {
    SurveyProgress progress;
    progress.here = feed_.done_here();
    progress.done = feed_.done_before() + progress.here;
    progress.total = plan_.lines;
    progress.in_flight = run_.in_flight();
    progress.to_try_again = run_.to_try_again();
    if (!run_.pace().doubling && run_.pace().names < options_.jobs) progress.slowed_to = run_.pace().names;
    progress.network_is_away = !watch_.network_is_there();
    progress.running = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady() - begun_);
    return progress_line(progress);
  }

  // A terminal has it each second on one line, a log each minute and when the network goes or comes.
  asio::awaitable<void> tell_progress() {
    constexpr int seconds_between_lines = 60;
    bool network = true;
    for (int second = 1; !ended_; ++second) {
      tick_.expires_after(std::chrono::seconds(1));
      auto token = asio::as_tuple(asio::use_awaitable);
      co_await tick_.async_wait(token);
      if (ended_) break;
      const bool is_news = network != watch_.network_is_there();
      network = watch_.network_is_there();
      if (terminal_) {
        write_raw_error("\r\x1b[K" + progress());
      } else if (is_news || second % seconds_between_lines == 0) {
        write_log(progress());
      }
    }
  }

  void clear_progress() const {
    if (terminal_) write_raw_error("\r\x1b[K");
  }

  const SurveyOptions& options_;
  const SurveyPlan& plan_;
  SurveyFeed feed_;
  asio::io_context io_{1};
  SystemClock clock_;
  UnboundResolver unbound_;
  OpensslDialer openssl_;
  OpensslMatcher matcher_;
  Workers workers_{worker_threads};
  SelfWatch watch_;
  PoliteResolver resolver_;
  Courtesy courtesy_;
  PoliteDialer dialer_;
  SurveyRun run_;
  asio::signal_set signals_;
  asio::steady_timer tick_;
  const std::chrono::steady_clock::time_point begun_ = clock_.steady();
  const bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  std::exception_ptr error_;
  bool ended_ = false;
  bool interrupted_ = false;
  const Provenance made_;
  std::uint64_t untold_ = 0;  // names of which this machine kept us from knowing all
};

// Where looks are still under way their coroutines would outlive what they use: the process ends as it is, and what is
// on the disk is whole.
[[noreturn]] void leave(int status) {
  std::_Exit(status);
}

int look(const SurveyOptions& options) {
  raise_descriptor_limit(descriptors_of_service);
  const OptOut opt_out = opt_out_of(options);
  SurveyDirectory directory(options.out);
  const SurveyPlan plan = begun(directory, options);
  SurveyLook survey(options, directory, plan, opt_out);
  try {
    const bool finished = survey.look();
    if (!finished) {
      write_error(fmt::format("interrupted: {} of {} names are done; the same command goes on",
                              survey.feed().done_before() + survey.feed().done_here(), plan.lines));
      leave(exit_interrupted);
    }
  } catch (const std::exception& error) {
    survey.abandon();
    write_error(fmt::format("{}; {} of {} segments are whole, and the same command goes on", error.what(),
                            survey.feed().complete(), plan.segments.size()));
    leave(exit_unknown);
  }
  directory.forget_names();
  if (survey.untold() > 0)
    write_error(fmt::format("{} names could not be seen completely: this machine was too slow, or its network was away",
                            survey.untold()));
  write_output(fmt::format("{} names are done: {}\n", plan.lines, escape_for_terminal(options.out)));
  return 0;
}

}  // namespace

int run_survey(const SurveyOptions& options) {
  switch (options.what) {
    case SurveyOptions::What::look:
      return look(options);
    case SurveyOptions::What::summary:
      return tell_summary(options);
    case SurveyOptions::What::notices:
      return tell_notices(options);
  }
  return 0;
}

}  // namespace danewatch
