// `rollover`: looks, remembers, and says which step of a change of keys is safe.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/check_memory.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/look_at.hpp"
#include "cli/options/next.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/json/rollover.hpp"
#include "exporters/text/rollover.hpp"
#include "probe/rollover/gate.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

int exit_status(StepState state) {
  switch (state) {
    case StepState::done:
    case StepState::open:
      return 0;
    case StepState::not_before:
      return 1;
    case StepState::refused:
      return 2;
    case StepState::unknown:
      return exit_unknown;
  }
  return exit_unknown;
}

// What was seen of all targets at once, and what follows.
struct Seen {
  std::vector<TargetLook> looks;
  Plan plan;
  std::vector<RecordSpread> records;
  SysTime now{};
};

class Rollover {
 public:
  explicit Rollover(const RolloverOptions& options) : options_(options) {}

  int tell() {
    const Seen seen = look();
    const TextOptions style = output_style(options_.look.no_color);
    const bool is_plan = options_.what == RolloverOptions::What::plan;
    if (options_.look.json) {
      write_output(to_json(seen.plan, seen.records, nullptr, seen.now) + "\n");
    } else {
      write_output(is_plan ? plan_text(seen.plan, style) : spread_text(seen.records, style));
    }
    return could_look(seen) ? 0 : exit_unknown;
  }

  int answer() {
    const auto end = clock_.steady() + options_.patience.value_or(std::chrono::hours(24 * 365));
    std::string told;
    while (true) {
      const Seen seen = look();
      const RolloverStep step = gate(seen.plan, options_.step);
      const auto again = clock_.steady() + pause_after(step, seen);
      if (!may_change(step) || again > end) return finish(seen, step);
      tell_progress(step, told);
      wait_until(again);
    }
  }

 private:
  Seen look() {
    Seen seen;
    seen.looks = look_at(options_.look);
    remember(seen.looks);
    seen.now = clock_.now();
    std::vector<SeenTarget> targets;
    for (const TargetLook& each : seen.looks) {
      targets.push_back({&each.report, &lives_[life_key(each.report.target)], each.elsewhere});
    }
    const std::span<const NextKey> next = options_.look.policy.next;
    seen.plan = plan_for(targets, {next, options_.all_named}, seen.now);
    for (const SeenTarget& target : targets) {
      for (const HostReport& host : target.report->hosts) {
        std::ranges::move(spread_of(target, host, next, seen.now), std::back_inserter(seen.records));
      }
    }
    return seen;
  }

  // The file is free for others between two looks.
  void remember(const std::vector<TargetLook>& looks) {
    if (!options_.look.state) {
      for (const TargetLook& each : looks) add(lives_[life_key(each.report.target)], each.report);
      return;
    }
    CheckMemory memory(*options_.look.state, memory_patience);
    for (const TargetLook& each : looks) lives_[life_key(each.report.target)] = memory.look(each.report).life;
    memory.keep(clock_.now());
  }

  static bool could_look(const Seen& seen) {
    return std::ranges::any_of(
        seen.looks, [](const TargetLook& each) { return !each.report.hosts.empty() && !each.report.run.not_looked; });
  }

  // What is refused needs somebody who mends it; an address or name server that is silent may come back.
  bool may_change(const RolloverStep& step) const {
    return options_.wait && (step.state == StepState::not_before || step.state == StepState::unknown);
  }

  // At the moment itself where it is certain, else a tenth of the wait, so that lateness costs little.
  static std::chrono::seconds pause_after(const RolloverStep& step, const Seen& seen) {
    constexpr std::chrono::seconds shortest{1}, longest{60}, rarely{3600};
    if (!step.at) return longest;
    const std::chrono::seconds left = *step.at - seen.now;
    return step.may_move ? std::clamp(left / 10, shortest, longest) : std::clamp(left, shortest, rarely);
  }

  // Once for each answer: a wait that has not begun has another time whenever it is asked.
  void tell_progress(RolloverStep step, std::string& told) const {
    const std::string line = answer_line(step);
    if (step.may_move) step.at.reset();
    const std::string news = fmt::format("{}{}", answer_line(step), step.may_move);
    if (std::exchange(told, news) != news) write_error(fmt::format("{}: {}", format_time(clock_.now()), line));
  }

  static void wait_until(std::chrono::steady_clock::time_point when) {
    boost::asio::io_context io(1);
    boost::asio::steady_timer timer(io, when);
    timer.wait();
  }

  int finish(const Seen& seen, const RolloverStep& step) const {
    const bool json = options_.look.json;
    write_output(json ? to_json(seen.plan, seen.records, &step, seen.now) + "\n" : answer_text(step));
    return exit_status(step.state);
  }

  const RolloverOptions& options_;
  SystemClock clock_;
  std::map<std::string, Life> lives_;
};

}  // namespace

int run_rollover(RolloverOptions options) {
  options.look.policy.next = next_keys(options.look.next);
  raise_descriptor_limit(descriptors_of_many);
  Rollover rollover(options);
  return options.what == RolloverOptions::What::gate ? rollover.answer() : rollover.tell();
}

}  // namespace danewatch
