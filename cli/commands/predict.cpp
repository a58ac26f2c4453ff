#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <set>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/check_output.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/make_matcher.hpp"
#include "cli/commands/predict_files.hpp"
#include "cli/options/next.hpp"
#include "cli/options/operator_words.hpp"
#include "cli/system/errors.hpp"
#include "cli/system/kept_file.hpp"
#include "cli/system/output.hpp"
#include "exporters/junit/junit.hpp"
#include "exporters/words/escape.hpp"
#include "probe/judgement/judge.hpp"
#include "probe/predict/dialer.hpp"
#include "probe/run/probe.hpp"
#include "resolver/zone/zone_resolver.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;

ProbeOptions probe_options(const Policy& policy) {
  ProbeOptions options;
  options.policy = policy;
  options.origin = Origin::predicted;
  return options;
}

// Everything one invocation owns.
class Prediction {
 public:
  explicit Prediction(const PredictOptions& options)
      : clock_(options.at),
        resolver_(read_zones(options), clock_.now()),
        book_(read_chains(options)),
        matcher_(make_matcher(options.ca_file)),
        probe_(resolver_, dialer_, matcher_, clock_, probe_options(options.policy)) {}

  Report run(const Target& target) {
    choose_chains(target);
    Report report;
    std::exception_ptr error;
    asio::co_spawn(io_, probe_.run(target, deadline()), [&](const std::exception_ptr& broken, Report result) {
      error = broken;
      report = std::move(result);
    });
    io_.restart();
    io_.run();
    if (error) std::rethrow_exception(error);
    return report;
  }

 private:
  Deadline deadline() const { return clock_.steady() + std::chrono::minutes(5); }

  DnsEvidence locate_hosts(const Target& target) {
    DnsEvidence found;
    std::exception_ptr error;
    asio::co_spawn(io_, locate(resolver_, clock_, target, {}, deadline()),
                   [&](const std::exception_ptr& broken, DnsEvidence result) {
                     error = broken;
                     found = std::move(result);
                   });
    io_.restart();
    io_.run();
    if (error) std::rethrow_exception(error);
    return found;
  }

  // Before anything is judged: between two certificates nobody but the operator can choose.
  void choose_chains(const Target& target) {
    const DnsEvidence dns = locate_hosts(target);
    for (const HostEvidence& host : dns.hosts) {
      if (host.addresses.empty()) continue;
      std::vector<std::string> names{host.host};
      if (host.base_domain != host.host) names.push_back(host.base_domain);
      const auto files = book_.of(names, host.port);
      if (files) show(host, *files);
      if (!files && host.located == Located::dane)
        throw UsageError(fmt::format("{}", escape_for_terminal(files.error())));
    }
    for (const std::string& name : resolver_.strangers()) {
      if (told_.insert(name).second)
        write_error(fmt::format("{} is in no zone that was given: what hangs on it is unknown (--zone)", name));
    }
  }

  void show(const HostEvidence& host, const std::vector<ChainInFile>& files) {
    std::vector<std::vector<Certificate>> chains;
    for (const ChainInFile& file : files) chains.push_back(file.chain);
    for (const HostAddress& each : host.addresses) dialer_.show(each.address, host.port, host.base_domain, chains);
  }

  asio::io_context io_{1};
  SystemClock clock_;
  ZoneResolver resolver_;
  ChainBook book_;
  PredictDialer dialer_;
  OpensslMatcher matcher_;
  Probe probe_;
  std::set<std::string> told_;
};

}  // namespace

int run_predict(PredictOptions options) {
  options.policy.next = next_keys(options.next);
  Prediction prediction(options);
  std::optional<KeptFile> junit;
  if (options.junit) junit.emplace("--junit", *options.junit);
  CheckOutput output(options, options.targets.size(), options.bad_targets.size(),
                     "Run danewatch predict --explain for the reason and the fix.");
  std::vector<Report> reports;
  const SysTime now = SystemClock(options.at).now();
  for (const BadLine& line : options.bad_targets) {
    reports.push_back(bad_target_report(line.text, line.error, now));
    output.publish_bad_line(bad_target_sentence(line), reports.back());
  }
  for (std::size_t i = 0; i < options.targets.size(); ++i) {
    reports.push_back(prediction.run(options.targets[i]));
    output.publish(i, reports.back());
  }
  output.finish();
  if (junit) {
    junit->write(to_junit(reports));
    junit->finish();
  }
  if (options.targets.empty()) return exit_usage;
  if (!output.refusal().empty()) throw UsageError(output.refusal());
  return options.remedy ? 0 : exit_status(output.severity());
}

}  // namespace danewatch
