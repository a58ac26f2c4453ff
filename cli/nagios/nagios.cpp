#include "cli/nagios/nagios.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nagios/signals.hpp"
#include "cli/options/next.hpp"
#include "cli/system/process.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/probe.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// One heap that grows in large steps, for all threads: by default a short run asks the kernel for memory a hundred
// times.
void take_memory_in_large_steps() {
  constexpr int step = 4 << 20;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, step);
  ::mallopt(M_TRIM_THRESHOLD, 16 * step);
  ::mallopt(M_MMAP_THRESHOLD, step);
}

// icinga2 makes standard error the status line, so nothing of it may be left, whoever writes there.
void close_standard_error() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

// Judging and printing come after the run, and must be over when the time is.
milliseconds time_of_run(milliseconds whole) {
  return whole - std::clamp(whole / 10, milliseconds(20), milliseconds(500));
}

ProbeOptions probe_options(const CheckOptions& options, const UnboundResolver& resolver, ServerTransport& transport) {
  ProbeOptions result;
  result.policy = options.policy;
  result.locate = options.locate;
  result.locate.unvalidated = false;  // a sixth of all CPU time, for a fault that mail survives
  result.trust_anchor = resolver.trust_anchor();
  result.ask_servers = options.servers;
  result.transport = &transport;
  return result;
}

// Name servers that leave a question alone for so long do not serve.
constexpr milliseconds fair_time(3000);

// The process ends where its work does: a core starts thousands of them, and the kernel takes back in one go what
// destructors would take apart piece by piece.
[[noreturn]] void finish(const nagios::Output& output) {
  const bool heard = say_instead(output.text);
  ::_exit(static_cast<int>(heard ? output.state : nagios::State::unknown));
}

// libevent, under libunbound, ends the program with status 1 where it gets no descriptor: to a core, a WARNING without
// a word.
void speak_for_libraries_that_exit() {
  static_cast<void>(std::atexit([] {
    finish(nagios::status_line(nagios::State::unknown,
                               "a library gave up: too few file descriptors or too little memory"));
  }));
}

// For another run that has the file of memory: half of what is left.
milliseconds patience_for(Deadline deadline) {
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - SystemClock().steady());
  return std::clamp(left / 2, milliseconds(0), milliseconds(2000));
}

// Does not return when all goes well.
void look(NagiosOptions plugin, Deadline deadline, Remember remember) {
  const CheckOptions& options = plugin.check;
  asio::io_context io{1};
  const SystemClock clock(options.at);
  UnboundResolver resolver(io.get_executor(), options.resolver);
  OpensslDialer dialer(io.get_executor(), options.dialer);
  const OpensslMatcher matcher;
  NetworkTransport transport(io.get_executor());
  Probe probe(resolver, dialer, matcher, clock, probe_options(options, resolver, transport));
  asio::co_spawn(io, probe.run(options.targets.front(), deadline),
                 [&](const std::exception_ptr& error, const Report& report) {
                   if (error) std::rethrow_exception(error);
                   if (options.state) {
                     plugin.output.remembered = remember(*options.state, report, patience_for(deadline));
                   }
                   finish(nagios::to_nagios(report, plugin.output));
                 });
  io.run();
}

[[noreturn]] void check(NagiosOptions options, Deadline begun, Remember remember) {
  raise_descriptor_limit(descriptors_of_one);
  TimeLimit limit = options.check.policy.time_limit.value_or(TimeLimit());
  start_alarm(limit.whole, nagios::status_line(nagios::state_of(limit.when_over), nagios::timeout_words(limit.whole)));
  options.check.policy.next = next_keys(options.check.next);
  const milliseconds time = time_of_run(limit.whole);
  // Time for two that get no answer: the first question, and then the one that tells the world's fault from ours.
  auto& question = options.check.resolver.question_timeout;
  question = std::min(question, time * 2 / 5);
  limit.hurried = question < fair_time;
  options.check.policy.time_limit = limit;
  options.check.resolver.small = true;
  look(std::move(options), begun + time, remember);
  throw std::runtime_error("the run ended without a report");
}

// The plugin has no memory built in, because whoever does without it need not pay for its library.
[[noreturn]] void make_way_for_danewatch(const std::vector<std::string>& words) {
  std::vector<const char*> arguments{"danewatch", "nagios"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  std::error_code unknown;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() / "danewatch";
  for (const std::string& program : {beside.string(), std::string(DANEWATCH_BINDIR "/danewatch")}) {
    ::execv(program.c_str(), const_cast<char* const*>(arguments.data()));
  }
  throw std::runtime_error(fmt::format("--state needs {}/danewatch, which does not start: {}", DANEWATCH_BINDIR,
                                       std::generic_category().message(errno)));
}

nagios::Output run(int argc, const char* const* argv, Deadline begun, Remember remember) {
  const bool by_name = argc < 2 || std::string(argv[1]) != "nagios";
  const std::vector<std::string> words(argv + std::min(argc, by_name ? 1 : 2), argv + argc);
  try {
    auto parsed = parse_nagios_options(words);
    if (const auto* message = std::get_if<Message>(&parsed)) return {nagios::State::unknown, message->text};
    auto& options = std::get<NagiosOptions>(parsed);
    if (options.check.state && remember == nullptr) make_way_for_danewatch(words);
    check(std::move(options), begun, remember);
  } catch (const std::exception& error) {
    return nagios::status_line(nagios::State::unknown, error.what());
  }
}

}  // namespace

bool called_as_plugin(int argc, const char* const* argv) {
  const std::string program = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "";
  return program == "check_dane" || (argc > 1 && std::string(argv[1]) == "nagios");
}

int run_nagios(int argc, const char* const* argv, Remember remember) {
  const Deadline begun = SystemClock().steady();
  close_standard_error();
  take_memory_in_large_steps();
  speak_for_libraries_that_exit();
  catch_termination(nagios::status_line(nagios::State::unknown, "ended by a signal before it was done"));
  finish(run(argc, argv, begun, remember));
}

}  // namespace danewatch
