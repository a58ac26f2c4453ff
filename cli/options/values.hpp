// The pieces of a command line: raw words, and turning them into values with errors that name the option.
//
// Only for what reads a command line (cli/options, cli/nagios).
#pragma once

#include <string>
#include <vector>

#include "cli/options/operator_words.hpp"
#include "cli/options/options.hpp"

namespace CLI {
class App;
class ParseError;
class Validator;
}  // namespace CLI

namespace danewatch {

// Words as given, before they are understood.
struct RawCheckOptions {
  std::vector<std::string> targets;
  std::string extra_records = "warning";
  std::string views = "auto";
  std::string timeout = "30s";
  std::string servers = "auto";  // no word of an operator's: yes, but for forwarders
  std::string at, name, ip, format;
  bool only_ipv4 = false;
  bool only_ipv6 = false;
};

// Help that fits a terminal of 80 columns; before commands are added to `app`, which take the style over.
void set_help_style(CLI::App& app);

// Of an option that takes a number.
CLI::Validator whole_number(long least, long most);

// What is wrong with the words, as a sentence.
std::string sentence_of(const CLI::App& app, const CLI::ParseError& error);

void check_helo(const std::string& helo);  // throws UsageError

void add_resolver_options(CLI::App& app, ResolverOptions& options);
void add_serve_options(CLI::App& app, ServeOptions& options);
void finish_serve_options(ServeOptions& options);  // throws UsageError

struct RawDoctorOptions {
  std::vector<std::string> names;
  std::string at;
};
void add_doctor_options(CLI::App& app, DoctorOptions& options, RawDoctorOptions& raw);
void finish_doctor_options(const RawDoctorOptions& raw, DoctorOptions& options);  // throws UsageError

// --json and the like; `format` is of --remedy.
void add_output_options(CLI::App& app, OutputOptions& options, std::string& format);
void finish_output_options(const std::string& format, OutputOptions& options);  // throws UsageError

struct RawJudgeOptions {
  std::string at, format;
};
void add_judge_options(CLI::App& app, JudgeOptions& options, RawJudgeOptions& raw);
void finish_judge_options(const RawJudgeOptions& raw, JudgeOptions& options);  // throws UsageError

struct RawPredictOptions {
  std::vector<std::string> targets, zones, mapped;
  std::string horizon = "14d";
  std::string at, format;
};
void add_predict_options(CLI::App& app, PredictOptions& options, RawPredictOptions& raw);
void finish_predict_options(const RawPredictOptions& raw, PredictOptions& options);  // throws UsageError

struct RawHistoryOptions {
  std::vector<std::string> targets;
};
void add_history_options(CLI::App& app, HistoryOptions& options, RawHistoryOptions& raw);
void finish_history_options(const RawHistoryOptions& raw, HistoryOptions& options);  // throws UsageError

struct RawChangesOptions {
  std::string since = "7d";
};
void add_changes_options(CLI::App& app, ChangesOptions& options, RawChangesOptions& raw);
void finish_changes_options(const RawChangesOptions& raw, ChangesOptions& options);  // throws UsageError

struct RawRolloverOptions {
  std::vector<std::string> words;  // plan, status or gate STEP, then targets
  std::string patience;
};
void add_rollover_options(CLI::App& app, RolloverOptions& options, RawRolloverOptions& raw);
void finish_rollover_options(const RawRolloverOptions& raw, RolloverOptions& options);  // throws UsageError

void add_check_options(CLI::App& app, CheckOptions& options, RawCheckOptions& raw);

// Throws UsageError; targets that are none are in bad_targets.
void finish_check_options(const RawCheckOptions& raw, CheckOptions& options);

}  // namespace danewatch
