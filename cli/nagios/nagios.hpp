// danewatch as a plugin of Nagios and Icinga: `check_dane …`, or `danewatch nagios …`.
//
// Ends with status 0 to 3 and nothing else, says something on standard output whatever happens, and never writes on
// standard error. Thread rule: main thread; installs handlers for SIGALRM and SIGTERM.
#pragma once

#include <variant>

#include "cli/options/options.hpp"
#include "exporters/nagios/nagios.hpp"

namespace danewatch {

struct NagiosOptions {
  CheckOptions check;  // exactly one target; its `state` is where memory is kept
  nagios::Options output;
};

// The program was called as the plugin: by its name, or with "nagios" as the first word.
bool called_as_plugin(int argc, const char* const* argv);

// Adds the report to the memory in `file`, and says what became of records: a sentence each. Waits at most `patience`
// for another program that has the file. Never throws: what is wrong with the file is a sentence, too.
using Remember = std::vector<std::string> (*)(const std::string& file, const Report& report,
                                              std::chrono::milliseconds patience);
std::vector<std::string> remember_run(const std::string& file, const Report& report,
                                      std::chrono::milliseconds patience);

// Runs the plugin and returns its exit status. Never throws. `remember`: null in a program that is made without memory,
// which makes way for danewatch where it is asked for.
int run_nagios(int argc, const char* const* argv, Remember remember);

// Throws UsageError with one sentence. `words` are the arguments without the program's name.
std::variant<Message, NagiosOptions> parse_nagios_options(const std::vector<std::string>& words);

}  // namespace danewatch
