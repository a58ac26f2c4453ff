#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/check_memory.hpp"
#include "cli/commands/check_output.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/evidence_saver.hpp"
#include "cli/commands/look_at.hpp"
#include "cli/options/next.hpp"
#include "cli/options/operator_words.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/text/memory.hpp"
#include "exporters/words/escape.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/probe.hpp"
#include "probe/run/proofs.hpp"
#include "resolver/async.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;

ProbeOptions sharing(ProbeOptions options) {
  options.share_for = std::chrono::minutes(5);  // a run over a provider's customers looks at their server once
  return options;
}

// Everything one invocation of `check` owns.
class CheckRun {
 public:
  // `memory`: null where nothing is to be remembered.
  CheckRun(const CheckOptions& options, std::vector<Target> targets, CheckOutput& output, EvidenceSaver& saver,
           CheckMemory* memory)
      : options_(options),
        targets_(std::move(targets)),
        output_(output),
        saver_(saver),
        memory_(memory),
        clock_(options.at),
        resolver_(io_.get_executor(), options.resolver),
        dialer_(io_.get_executor(), options.dialer),
        transport_(io_.get_executor()),
        probe_(resolver_, dialer_, matcher_, clock_, sharing(probe_options(options, resolver_, transport_))),
        signals_(io_, SIGINT, SIGTERM),
        reader_is_back_(io_, Deadline::max()) {
    output_.writer().notify([this] { asio::post(io_, [this] { writer_changed(); }); });
  }
  CheckRun(const CheckRun&) = delete;
  CheckRun& operator=(const CheckRun&) = delete;
  ~CheckRun() { output_.writer().notify({}); }

  // False after Ctrl-C.
  bool run() {
    wait_for_signal();
    asio::co_spawn(
        io_, run_all(tasks(), options_.jobs),
        asio::bind_cancellation_slot(stop_.slot(), [this](const std::exception_ptr& error) { ended(error); }));
    io_.run();
    if (error_) std::rethrow_exception(error_);
    if (interrupted_) report_the_rest();
    return !interrupted_;
  }

 private:
  std::vector<Task> tasks() {
    std::vector<Task> tasks;
    tasks.reserve(targets_.size());
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      tasks.emplace_back([this, i] { return check_one(i); });
    }
    return tasks;
  }

  asio::awaitable<void> check_one(std::size_t index) {
    Target target = targets_[index];
    const Deadline deadline = clock_.steady() + options_.timeout;
    Report report;
    std::exception_ptr broken;
    try {
      report = co_await probe_.run(std::move(target), deadline);
    } catch (...) {
      broken = std::current_exception();
    }
    if (interrupted_ || error_) co_return;
    if (broken) report = not_run_report(targets_[index], NotLooked::Why::local_limit, clock_.now());
    std::vector<Answer> proofs;
    if (saver_.is_wanted() && !broken) proofs = co_await ask_for_proofs(resolver_, report, deadline);
    if (interrupted_ || error_) co_return;
    publish(index, report, std::move(proofs));
    // Nothing new is begun while nobody reads.
    while (output_.writer().is_congested()) {
      auto token = asio::as_tuple(asio::use_awaitable);
      co_await reader_is_back_.async_wait(token);
    }
  }

  void publish(std::size_t index, const Report& report, std::vector<Answer> proofs) {
    saver_.keep(report, std::move(proofs));
    CheckOutput::Beside beside;
    if (memory_ != nullptr) {
      const auto [life, change] = memory_->look(report);
      beside = {mail_text(report, life, change, output_.text()), records_text(life, output_.text())};
    }
    output_.publish(index, report, beside);
  }

  // When nothing can be written any more, nothing is worth being looked at.
  void writer_changed() {
    error_ = output_.writer().failure();
    if (error_) stop_.emit(asio::cancellation_type::terminal);
    reader_is_back_.cancel();
  }

  // The first signal ends the runs, the second one the process.
  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (error) return;
      if (interrupted_) std::_Exit(exit_interrupted);
      interrupted_ = true;
      wait_for_signal();
      stop_.emit(asio::cancellation_type::terminal);
    });
  }

  void ended(const std::exception_ptr& error) {
    signals_.cancel();
    signals_.clear();  // from here on a signal ends the process, also while the last lines wait for their reader
    if (!interrupted_ && !error_) error_ = error;  // a cancelled run ends with an exception that means nothing
  }

  void report_the_rest() {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (output_.has(i)) continue;
      const Report report = not_run_report(targets_[i], NotLooked::Why::not_run, clock_.now());
      saver_.keep(report);
      output_.publish(i, report);
    }
  }

  const CheckOptions& options_;
  const std::vector<Target> targets_;
  CheckOutput& output_;
  EvidenceSaver& saver_;
  CheckMemory* memory_;
  asio::io_context io_{1};
  SystemClock clock_;
  UnboundResolver resolver_;
  OpensslDialer dialer_;
  OpensslMatcher matcher_;
  NetworkTransport transport_;
  Probe probe_;
  asio::signal_set signals_;
  asio::steady_timer reader_is_back_;  // rings when the writer's congestion is over
  asio::cancellation_signal stop_;
  std::exception_ptr error_;
  bool interrupted_ = false;
};

std::string sentence_of(const std::string& path, const BadLine& line) {
  if (line.number == 0) return bad_target_sentence(line);
  return fmt::format("{}:{}: {}: {}", escape_for_terminal(path), line.number, escape_for_terminal(line.text),
                     line.error.message);
}

// What could not be kept is told; the next run compares with what was kept before, and tells the change once more.
int keep(CheckMemory& memory, SysTime now, int status) {
  try {
    memory.keep(now);
  } catch (const ArchiveError& error) {
    write_error(error.what());
    return status == 0 ? exit_unknown : status;
  }
  return status;
}

}  // namespace

int run_check(CheckOptions options) {
  options.policy.next = next_keys(options.next);
  TargetFile file;
  const std::string path = options.file.value_or("");
  if (options.file) file = parse_target_file(read_file("--file", path), options.target);
  std::vector<Target> targets = std::move(options.targets);
  targets.insert(targets.end(), file.targets.begin(), file.targets.end());
  const bool nothing_meant = targets.empty() && !options.file;  // every argument is wrong: a slip of the command line
  std::vector<BadLine> bad = std::move(options.bad_targets);
  bad.insert(bad.end(), file.bad_lines.begin(), file.bad_lines.end());
  if (targets.empty() && bad.empty()) {
    throw UsageError(fmt::format("--file {}: holds no target", escape_for_terminal(path)));
  }
  raise_descriptor_limit(descriptors_of_many);
  EvidenceSaver saver(nothing_meant ? std::nullopt : options.save, options.resolver.trust_anchor);
  std::optional<CheckMemory> memory;
  if (options.state) memory.emplace(*options.state, memory_patience);
  CheckOutput output(options, targets.size(), bad.size());
  const SystemClock clock(options.at);
  for (const BadLine& line : bad) {
    const Report report = bad_target_report(line.text, line.error, clock.now());
    saver.keep(report);
    output.publish_bad_line(sentence_of(path, line), report);
  }
  if (nothing_meant) {
    output.writer().finish();
    return exit_usage;
  }
  CheckRun run(options, std::move(targets), output, saver, memory ? &*memory : nullptr);
  const bool finished = run.run();
  output.finish();
  const int judged = options.remedy ? 0 : exit_status(output.severity());
  const int status = finished ? judged : exit_interrupted;
  const int kept = memory ? keep(*memory, clock.now(), status) : status;
  saver.finish();
  if (finished && !output.refusal().empty()) throw UsageError(output.refusal());
  return kept;
}

}  // namespace danewatch
