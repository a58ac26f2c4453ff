#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/make_matcher.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "cli/system/system_clock.hpp"
#include "exporters/json/json.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/certificate_file.hpp"
#include "probe/predict/verify.hpp"

namespace danewatch {

int run_verify(const VerifyOptions& options) {
  auto file = read_chain(read_file("--chain", options.chain_file));
  if (!file) {
    throw UsageError(fmt::format("--chain {}: {}", escape_for_terminal(options.chain_file), file.error().message));
  }
  if (!file->remark.empty()) write_error(fmt::format("--chain {}: {}", options.chain_file, file->remark));
  const OpensslMatcher matcher = make_matcher(options.ca_file);

  VerifyQuestion question;
  question.chain = std::move(file->chain);
  question.records = options.records;
  question.names = options.names;
  question.service = options.service;
  question.at = SystemClock(options.at).now();
  const VerifyReport report = verify(matcher, std::move(question));

  const TextOptions text = output_style(options.no_color);
  write_output(options.json ? to_json(report) + "\n" : to_text(report, text));
  return exit_status(report.report.severity);
}

}  // namespace danewatch
