// Inner: prints reports as `check` does: text in the order asked, JSON as each is finished.
//
// Throws nothing when a stream takes no more: the writer has the failure. Thread rule: one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/options/output.hpp"
#include "cli/system/output_writer.hpp"
#include "cli/system/progress.hpp"
#include "exporters/text/text.hpp"
#include "probe/report/report.hpp"

namespace danewatch {

class CheckOutput {
 public:
  // `advice`: how to learn more about those that are not ok.
  CheckOutput(const OutputOptions& options, std::size_t total, std::size_t bad_lines,
              std::string advice = "Run danewatch check TARGET for the reason and the fix.");

  // `more`: behind a whole report in text. With --changes nothing but `mail` is told.
  struct Beside {
    std::string mail;
    std::string more;
  };
  void publish(std::size_t index, const Report& report, const Beside& beside = {});
  void publish_bad_line(const std::string& sentence, const Report& report);  // for people; as JSON
  void finish();                                                             // returns when all is written

  OutputWriter& writer() { return writer_; }
  const TextOptions& text() const { return text_; }

  bool has(std::size_t index) const { return published_[index]; }
  Severity severity() const { return severity_; }  // the worst so far
  // Why the remedy asked for was not printed, as a sentence; empty: it was, or none was asked for.
  const std::string& refusal() const { return refusal_; }

 private:
  std::string render(const Report& report, const Beside& beside) const;
  void publish_remedy(const Report& report, std::size_t number);
  void count(const Report& report);
  void print_in_order();

  OutputWriter writer_;
  bool json_;
  bool full_;          // whole reports, not one line each
  bool only_changes_;  // what was not asked for is no mail
  bool mailed_ = false;
  TextOptions text_;
  std::optional<std::size_t> remedy_;  // its number: nothing else is printed
  RemedyFormat remedy_format_;
  std::string refusal_;
  std::string advice_;
  std::size_t total_;
  std::size_t bad_lines_;  // of --file: they have a place in the sum, not in the order
  std::vector<bool> published_;
  std::map<std::size_t, std::string> waiting_;  // texts whose turn has not come
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::size_t not_ok_ = 0;
  bool no_network_ = false;
  Severity severity_ = Severity::ok;
  Progress progress_;
};

}  // namespace danewatch
