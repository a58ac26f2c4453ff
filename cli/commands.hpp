// The subcommands. Each returns the exit status (DESIGN 5) and throws UsageError or std::runtime_error when it cannot
// go on.
#pragma once

#include "cli/options.hpp"

namespace danewatch {

// First of all: standard descriptors that were closed lead to /dev/null, and a peer that goes away is a fact, not our
// end (SIGPIPE).
void prepare_process();

// As many descriptors as this process may have: many targets side by side need more than the usual 1024. Throws
// std::runtime_error where they are so few that libraries would find no way to ask, and facts about this machine would
// look like facts about the target.
void raise_descriptor_limit();

int run_check(CheckOptions options);
int run_verify(const VerifyOptions& options);
int run_tlsa(const TlsaOptions& options);
int run_serve(const ServeOptions& options);
int run_doctor(const DoctorOptions& options);

// "danewatch 0.1.0", and with `verbose` a line for each library in use.
std::string version_text(bool verbose);

// The records a `--next` word declares: a record as text, or every record a PEM file's certificates could have.
std::vector<TlsaRecord> next_records(const std::string& word);

}  // namespace danewatch
