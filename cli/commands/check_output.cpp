#include "cli/commands/check_output.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/system/output.hpp"
#include "exporters/json/json.hpp"
#include "exporters/remedy/remedy.hpp"
#include "exporters/words/words.hpp"

namespace danewatch {
namespace {

constexpr auto separator = "\n----\n\n";  // between mails

}  // namespace

CheckOutput::CheckOutput(const OutputOptions& options, std::size_t total, std::size_t bad_lines, std::string advice)
    : json_(options.json),
      full_((total == 1 && bad_lines == 0) || options.explain),
      only_changes_(options.changes),
      text_(output_style(options.no_color)),
      remedy_(options.remedy),
      remedy_format_(options.remedy_format),
      advice_(std::move(advice)),
      total_(total),
      bad_lines_(bad_lines),
      published_(total),
      progress_(writer_, total) {
  text_.explain = options.explain;
  text_.quiet = options.quiet;
  progress_.show(0, 0);
}

std::string CheckOutput::render(const Report& report, const Beside& beside) const {
  if (only_changes_) return beside.mail;
  const bool ok = exit_status(report.severity) == 0;
  if (text_.quiet && ok) return {};
  if (json_) return to_json(report) + "\n";
  if (!full_) return to_line(report, text_) + "\n";
  const std::string more = beside.more.empty() ? "" : "\n" + beside.more;
  return to_text(report, text_) + more + (total_ > 1 ? "\n" : "");
}

void CheckOutput::count(const Report& report) {
  severity_ = worse(severity_, report.severity);
  if (exit_status(report.severity) != 0) ++not_ok_;
  const Conclusion no_network{Verdict::unknown, Reason::no_network};
  if (report.conclusion == no_network) no_network_ = true;
}

void CheckOutput::publish(std::size_t index, const Report& report, const Beside& beside) {
  published_[index] = true;
  ++done_;
  count(report);
  if (remedy_) return publish_remedy(report, *remedy_);
  std::string text = render(report, beside);
  if (only_changes_ && !text.empty() && std::exchange(mailed_, true)) text = separator + text;
  progress_.clear();
  if (json_) {
    writer_.out(std::move(text));
  } else {
    waiting_.emplace(index, std::move(text));
    print_in_order();
  }
  if (done_ < total_) progress_.show(done_, not_ok_);
}

void CheckOutput::publish_remedy(const Report& report, std::size_t number) {
  progress_.clear();
  auto lines = to_remedy(report, number, remedy_format_);
  if (lines) {
    writer_.out(std::move(*lines));
  } else {
    refusal_ = fmt::format("{}: {}", words::target(report.target), lines.error());
  }
}

void CheckOutput::print_in_order() {
  while (!waiting_.empty() && waiting_.begin()->first == next_) {
    writer_.out(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
    ++next_;
  }
}

void CheckOutput::publish_bad_line(const std::string& sentence, const Report& report) {
  count(report);
  progress_.clear();
  writer_.err(error_line(sentence));
  if (json_) writer_.out(to_json(report) + "\n");
}

void CheckOutput::finish() {
  progress_.clear();
  if (no_network_ && !only_changes_)
    writer_.err(error_line("the DNS root does not answer from here: no target can be checked"));
  const std::size_t all = total_ + bad_lines_;
  const bool lines = !json_ && !full_ && !text_.quiet && !only_changes_ && all > 1;
  if (lines && not_ok_ > 0) {
    writer_.out(fmt::format("\n{} of {} {} not ok. {}\n", not_ok_, all, not_ok_ == 1 ? "is" : "are", advice_));
  }
  writer_.finish();
}

}  // namespace danewatch
