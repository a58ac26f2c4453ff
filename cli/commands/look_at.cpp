#include "cli/commands/look_at.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/clock/system_clock.hpp"
#include "probe/openssl/dialer.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/rollover/others.hpp"
#include "probe/run/probe.hpp"
#include "resolver/async.hpp"
#include "resolver/servers/transport.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {

ProbeOptions probe_options(const CheckOptions& options, const UnboundResolver& resolver, ServerTransport& transport) {
  ProbeOptions result;
  result.policy = options.policy;
  result.locate = options.locate;
  result.trust_anchor = resolver.trust_anchor();
  result.ask_servers = options.servers;
  result.transport = &transport;
  return result;
}

namespace {

namespace asio = boost::asio;

class Looker {
 public:
  explicit Looker(const CheckOptions& options)
      : options_(options),
        resolver_(io_.get_executor(), options.resolver),
        dialer_(io_.get_executor(), options.dialer),
        transport_(io_.get_executor()),
        probe_(resolver_, dialer_, matcher_, clock_, probe_options(options, resolver_, transport_)),
        looks_(options.targets.size()) {}

  std::vector<TargetLook> look() {
    std::vector<Task> tasks;
    for (std::size_t i = 0; i < looks_.size(); ++i) tasks.emplace_back([this, i] { return look(i); });
    std::exception_ptr error;
    asio::co_spawn(io_, run_all(std::move(tasks), options_.jobs),
                   [&](const std::exception_ptr& broken) { error = broken; });
    io_.run();
    if (error) std::rethrow_exception(error);
    return std::move(looks_);
  }

 private:
  asio::awaitable<void> look(std::size_t index) {
    Target target = options_.targets[index];
    const Deadline deadline = clock_.steady() + options_.timeout;
    Report report = co_await probe_.run(std::move(target), deadline);
    std::vector<Task> tasks;
    for (const Question& question : other_ports_of(report)) {
      tasks.emplace_back([this, index, question, deadline] { return ask(index, question, deadline); });
    }
    looks_[index].report = std::move(report);
    constexpr std::size_t at_once = 8;
    co_await run_all(std::move(tasks), at_once);
  }

  asio::awaitable<void> ask(std::size_t index, Question question, Deadline deadline) {
    Answer answer = co_await resolver_.lookup(std::move(question), deadline);
    looks_[index].elsewhere.push_back(std::move(answer));
  }

  const CheckOptions& options_;
  asio::io_context io_{1};
  SystemClock clock_;
  UnboundResolver resolver_;
  OpensslDialer dialer_;
  OpensslMatcher matcher_;
  NetworkTransport transport_;
  Probe probe_;
  std::vector<TargetLook> looks_;
};

}  // namespace

std::vector<TargetLook> look_at(const CheckOptions& options) {
  return Looker(options).look();
}

}  // namespace danewatch
