// Inner: runs targets as a configuration says: one resolver and one set of dialers for all.
//
// A reload makes a new engine; runs keep theirs until they end. Thread rule: created, used and destroyed on the
// executor's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "cli/config/config.hpp"
#include "exporters/self/self_metrics.hpp"
#include "probe/observe/connection_gate.hpp"
#include "probe/openssl/matcher.hpp"
#include "probe/run/probe.hpp"
#include "resolver/workers.hpp"

namespace danewatch {

class Engine : public std::enable_shared_from_this<Engine> {
 public:
  // What outlives every engine.
  struct Shared {
    boost::asio::any_io_executor executor;
    const Clock& clock;
    AddressGate& gate;
    Workers& workers;
    SelfMetrics& metrics;
  };

  // Takes over the resolver of an engine before it if the options are the same. Throws std::runtime_error.
  Engine(const Shared& shared, std::shared_ptr<const Config> config, const Engine* before);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  struct Job {
    Target target;
    ModuleConfig module;
    std::vector<NextKey> next;
    bool guarded = false;      // a stranger named it: allow_targets holds
    Admit admit;               // a run that is not admitted is not counted
    bool ask_servers = false;  // each name server by itself, where nothing is kept
    KeptServers kept_servers;
    KnownSenders known_senders;
  };
  boost::asio::awaitable<Report> run(Job job, Deadline deadline);

  boost::asio::awaitable<bool> is_root_proven(Deadline deadline);
  const std::shared_ptr<const Config>& config() const { return config_; }

 private:
  class CountingResolver;
  Dialer& dialer_for(const DialerOptions& options);
  Resolver& resolver_for(const Job& job);

  Shared shared_;
  std::shared_ptr<const Config> config_;
  std::shared_ptr<UnboundResolver> resolver_;
  std::unique_ptr<CountingResolver> counting_;
  std::shared_ptr<UnboundResolver>
      for_strangers_;  // asks global name servers alone; null where the operator allows addresses
  std::unique_ptr<CountingResolver> counting_strangers_;
  std::map<std::string, std::unique_ptr<Dialer>> dialers_;  // by EHLO name
  OpensslMatcher matcher_;
  NetworkTransport transport_;
};

}  // namespace danewatch
