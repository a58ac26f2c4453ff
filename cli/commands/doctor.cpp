#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "cli/clock/system_clock.hpp"
#include "cli/commands/commands.hpp"
#include "cli/system/debian.hpp"
#include "cli/system/mail_files.hpp"
#include "cli/system/output.hpp"
#include "cli/system/process.hpp"
#include "exporters/json/checkup.hpp"
#include "exporters/text/checkup.hpp"
#include "exporters/words/escape.hpp"
#include "probe/judgement/checkup.hpp"
#include "probe/life/sender_tally.hpp"
#include "resolver/async.hpp"
#include "resolver/servers/ask_server.hpp"
#include "resolver/unbound/config.hpp"
#include "resolver/unbound/resolver.hpp"
#include "store/tlsrpt/reader.hpp"

namespace danewatch {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_addresses = 8;  // of one host
constexpr std::size_t most_hosts = 4;      // of one mail domain
constexpr std::uint16_t smtp_port = 25;

// What became of a name of the command line.
struct Named {
  std::string name;
  std::vector<HostTry> hosts;
  std::optional<ReportsAsked> domain;  // where it has mail hosts
};

// Of an answer that may be believed; not the null MX (RFC 7505).
std::vector<std::string> mail_hosts(const Answer& answer) {
  std::vector<std::string> hosts;
  if (answer.status != Status::secure && answer.status != Status::insecure) return hosts;
  for (const Rdata& data : answer.data) {
    const auto* mx = std::get_if<Mx>(&data.value);
    if (mx != nullptr && mx->host != "." && hosts.size() < most_hosts) hosts.push_back(mx->host);
  }
  return hosts;
}

void note_report(const SenderReport& report, std::vector<ReportsAsked>& domains) {
  for (const SenderPolicy& policy : report.policies) {
    for (ReportsAsked& domain : domains) {
      const bool about = std::ranges::find(domain.names, policy.domain) != domain.names.end();
      if (about) domain.latest = std::max(domain.latest.value_or(report.end), report.end);
    }
  }
}

// The end of the latest report about each of these domains.
void look_at_reports(const std::vector<std::string>& paths, CheckupFacts& facts) {
  MailFiles files;
  files.trouble = [](const std::string& name, const Rejected& why) {
    write_error(fmt::format("{}: {}", escape_for_terminal(name), why.why));
  };
  files.document = [&](const std::string& name, std::string_view octets, bool) {
    for (const SenderReport& report : read_sender_reports(octets, name, "").reports) {
      if (!is_from_the_future(report, facts.now)) note_report(report, facts.domains);
    }
  };
  for (ReportsAsked& domain : facts.domains) domain.looked = true;
  for (const std::string& path : paths) read_mail_files(path, files);
}

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
    for (const auto& name : options.names) named_.push_back({name, {}, {}});
  }

  CheckupFacts look() {
    std::vector<Task> tasks{[this] { return ask_root(); }};
    for (auto& path : facts_.servers) {
      tasks.emplace_back([this, &path] { return walk_path(io_.get_executor(), clock_, path, deadline_); });
    }
    for (auto& named : named_) {
      tasks.emplace_back([this, &named] { return try_name(named); });
    }
    const std::size_t all = tasks.size();
    std::exception_ptr error;
    asio::co_spawn(io_, run_all(std::move(tasks), all), [&](const std::exception_ptr& broken) { error = broken; });
    io_.run();
    if (error) std::rethrow_exception(error);
    for (Named& named : named_) {
      std::ranges::move(named.hosts, std::back_inserter(facts_.hosts));
      if (named.domain) facts_.domains.push_back(std::move(*named.domain));
    }
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

  // A mail domain is tried at its hosts, and asked whether it wants reports.
  asio::awaitable<void> try_name(Named& named) {
    std::vector<std::string> hosts;
    if (!parse_address(named.name)) {
      Question question{named.name, RrType::mx};
      const Answer answer = co_await resolver_.lookup(std::move(question), deadline_);
      hosts = mail_hosts(answer);
    }
    if (hosts.empty()) {
      named.hosts.push_back({named.name, {}, {}});
    } else {
      for (const std::string& host : hosts) named.hosts.push_back({host, {}, {}});
      hosts.push_back(named.name);
      Question question{"_smtp._tls." + named.name, RrType::txt};
      Answer answer = co_await resolver_.lookup(std::move(question), deadline_);
      named.domain = ReportsAsked{named.name, std::move(hosts), std::move(answer), false, {}};
    }
    for (HostTry& host : named.hosts) co_await try_host(host);
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
  std::vector<Named> named_;
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
  CheckupFacts facts = doctor.look();
  if (!options.reports.empty()) look_at_reports(options.reports, facts);
  const Checkup checkup = examine(facts);
  const TextOptions text = output_style(options.no_color);
  write_output(options.json ? to_json(checkup) + "\n" : to_text(checkup, text));
  return exit_status(checkup.severity);
}

}  // namespace danewatch
