#include <fmt/format.h>

#include <stdexcept>

#include "cli/commands/commands.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/files.hpp"
#include "cli/system/output.hpp"
#include "cli/system/system_clock.hpp"
#include "exporters/json/json.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"
#include "probe/openssl/certificate_file.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/predict/verify.hpp"

namespace danewatch {

namespace {

// A CA file that cannot be read is the operator's slip: say so before anything is judged.
OpensslMatcher make_matcher(const VerifyOptions& options) {
  if (options.ca_file) static_cast<void>(read_file("--ca-file", *options.ca_file));
  MatcherOptions matcher_options;
  matcher_options.ca_file = options.ca_file;
  try {
    return OpensslMatcher(matcher_options);
  } catch (const std::runtime_error&) {
    if (!options.ca_file) throw;
    throw UsageError(
        fmt::format("--ca-file {}: no certificate can be read from it", escape_for_terminal(*options.ca_file)));
  }
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  auto file = read_chain(read_file("--chain", options.chain_file));
  if (!file) {
    throw UsageError(fmt::format("--chain {}: {}", escape_for_terminal(options.chain_file), file.error().message));
  }
  if (!file->remark.empty()) write_error(fmt::format("--chain {}: {}", options.chain_file, file->remark));
  const OpensslMatcher matcher = make_matcher(options);

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
