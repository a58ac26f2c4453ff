// The subcommands. Each returns the exit status and throws UsageError or std::runtime_error when it cannot go on.
#pragma once

#include "cli/options/options.hpp"

namespace danewatch {

int run_check(CheckOptions options);
int run_judge(const JudgeOptions& options);
int run_predict(PredictOptions options);
int run_verify(const VerifyOptions& options);
int run_tlsa(const TlsaOptions& options);
int run_serve(const ServeOptions& options);
int run_doctor(const DoctorOptions& options);
int run_history(const HistoryOptions& options);
int run_changes(const ChangesOptions& options);
int run_rollover(RolloverOptions options);

}  // namespace danewatch
