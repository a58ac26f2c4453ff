#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/commands/commands.hpp"
#include "cli/system/debian.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "cli/system/system_clock.hpp"
#include "exporters/json/checkup.hpp"
#include "exporters/text/checkup.hpp"
#include "probe/judgement/checkup.hpp"
#include "resolver/async.hpp"
#include "resolver/servers/ask_server.hpp"
#include "resolver/unbound/config.hpp"
#include "resolver/unbound/resolver.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_addresses = 8;  // of one host
constexpr std::uint16_t smtp_port = 25;

// Everything one invocation owns.
class Doctor {
 public:
  explicit Doctor(const DoctorOptions& options)
      : options_(options), clock_(options.at), resolver_(io_.get_executor(), options.resolver) {
    facts_.now = clock_.now();
    facts_.trust_anchor = resolver_.trust_anchor();
    for (const auto& upstream : upstreams(options.resolver)) {
      facts_.servers.push_back({upstream.address, upstream.port, !options.resolver.forwarders.empty(), {}, {}});
    }
    facts_.ipv6_route = has_ipv6_route();
    facts_.libraries = libraries_in_use();
    for (const auto& name : options.names) facts_.hosts.push_back({name, {}, {}});
  }

  CheckupFacts look() {
    std::vector<Task> tasks{[this] { return ask_root(); }};
    for (auto& path : facts_.servers) {
      tasks.emplace_back([this, &path] { return walk_path(io_.get_executor(), clock_, path, deadline_); });
    }
    for (auto& host : facts_.hosts) {
      tasks.emplace_back([this, &host] { return try_host(host); });
    }
    const std::size_t all = tasks.size();
    std::exception_ptr error;
    asio::co_spawn(io_, run_all(std::move(tasks), all), [&](const std::exception_ptr& broken) { error = broken; });
    io_.run();
    if (error) std::rethrow_exception(error);
    return std::move(facts_);
  }

 private:
  asio::awaitable<void> ask_root() {
    Question question{".", RrType::dnskey};
    facts_.root = co_await resolver_.lookup(std::move(question), deadline_);
  }

  asio::awaitable<void> add_addresses(HostTry& host, RrType type) {
    Question question{host.name, type};
    const Answer answer = co_await resolver_.lookup(std::move(question), deadline_);
    const bool usable = answer.status == Status::secure || answer.status == Status::insecure;
    if (!usable || type == RrType::a) host.status = answer.status;
    for (const Rdata& data : answer.data) {
      const auto* address = std::get_if<Address>(&data.value);
      if (usable && address != nullptr && host.tries.size() < most_addresses) host.tries.push_back({*address, {}});
    }
  }

  asio::awaitable<void> try_host(HostTry& host) {
    if (const auto address = parse_address(host.name)) {
      host.tries.push_back({*address, {}});
    } else {
      co_await add_addresses(host, RrType::a);
      co_await add_addresses(host, RrType::aaaa);
    }
    for (auto& attempt : host.tries) {
      const Deadline soon = std::min(deadline_, clock_.steady() + std::chrono::seconds(3));
      attempt.contact = co_await try_connect(io_.get_executor(), attempt.address, smtp_port, soon);
    }
  }

  const DoctorOptions& options_;
  SystemClock clock_;
  asio::io_context io_{1};
  UnboundResolver resolver_;
  CheckupFacts facts_;
  Deadline deadline_ = clock_.steady() + std::chrono::seconds(10);
};

}  // namespace

int run_doctor(const DoctorOptions& options) {
  raise_descriptor_limit(descriptors_of_one);
  Doctor doctor(options);
  const Checkup checkup = examine(doctor.look());
  const TextOptions text = output_style(options.no_color);
  write_output(options.json ? to_json(checkup) + "\n" : to_text(checkup, text));
  return exit_status(checkup.severity);
}

}  // namespace danewatch
