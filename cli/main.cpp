#include <exception>
#include <variant>

#include "cli/commands/commands.hpp"
#include "cli/nagios/nagios.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"

namespace {

using namespace danewatch;

struct Run {
  int operator()(const Message& message) const {
    write_output(message.text);
    return 0;
  }
  int operator()(const CheckOptions& options) const { return run_check(options); }
  int operator()(const JudgeOptions& options) const { return run_judge(options); }
  int operator()(const PredictOptions& options) const { return run_predict(options); }
  int operator()(const VerifyOptions& options) const { return run_verify(options); }
  int operator()(const TlsaOptions& options) const { return run_tlsa(options); }
  int operator()(const ServeOptions& options) const { return run_serve(options); }
  int operator()(const DoctorOptions& options) const { return run_doctor(options); }
  int operator()(const HistoryOptions& options) const { return run_history(options); }
  int operator()(const ChangesOptions& options) const { return run_changes(options); }
  int operator()(const SurveyOptions& options) const { return run_survey(options); }
  int operator()(const RolloverOptions& options) const { return run_rollover(options); }
  int operator()(const TlsrptOptions& options) const { return run_tlsrpt(options); }
};

}  // namespace

int main(int argc, char** argv) {
  prepare_process();
  if (called_as_plugin(argc, argv)) return run_nagios(argc, argv, remember_run);
  try {
    return std::visit(Run{}, parse_command_line(argc, argv));
  } catch (const UsageError& error) {
    write_error(error.what());
    return exit_usage;
  } catch (const BadOption& error) {
    write_error(error.what());
    return exit_usage;
  } catch (const std::exception& error) {
    write_error(error.what());
    return exit_unknown;
  }
}
