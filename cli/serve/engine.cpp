#include "cli/serve/engine.hpp"

#include "probe/observe/guarded_dialer.hpp"
#include "probe/run/refused.hpp"

namespace danewatch {
namespace asio = boost::asio;

class Engine::CountingResolver final : public Resolver {
 public:
  CountingResolver(Resolver& inner, SelfMetrics& metrics) : inner_(inner), metrics_(metrics) {}

  asio::awaitable<Answer> lookup(Question question, Deadline deadline) override {
    Answer answer = co_await inner_.lookup(std::move(question), deadline);
    metrics_.count_dns(answer.status);
    co_return answer;
  }

  asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override {
    Answer answer = co_await inner_.lookup_unvalidated(std::move(question), deadline);
    metrics_.count_dns(answer.status);
    co_return answer;
  }

 private:
  Resolver& inner_;
  SelfMetrics& metrics_;
};

Engine::Engine(const Shared& shared, std::shared_ptr<const Config> config, const Engine* before)
    : shared_(shared), config_(std::move(config)), transport_(shared.executor) {
  if (before != nullptr && before->config_->resolver == config_->resolver) {
    resolver_ = before->resolver_;
    for_strangers_ = before->for_strangers_;
  } else {
    resolver_ = std::make_shared<UnboundResolver>(shared_.executor, config_->resolver);
  }
  counting_ = std::make_unique<CountingResolver>(*resolver_, shared_.metrics);
  if (!config_->allow_targets.blocks.empty()) return;
  if (!for_strangers_) {
    ResolverOptions options = config_->resolver;
    options.global_only = true;
    for_strangers_ = std::make_shared<UnboundResolver>(shared_.executor, options);
  }
  counting_strangers_ = std::make_unique<CountingResolver>(*for_strangers_, shared_.metrics);
}

Engine::~Engine() = default;

Dialer& Engine::dialer_for(const DialerOptions& options) {
  auto& dialer = dialers_[options.helo];
  if (!dialer) dialer = std::make_unique<OpensslDialer>(shared_.executor, options);
  return *dialer;
}

// Whoever may name any target may also have a zone that names our own network's hosts as its name servers. Where
// allow_targets has addresses, the operator says himself what may be looked at.
Resolver& Engine::resolver_for(const Job& job) {
  return job.guarded && counting_strangers_ ? *counting_strangers_ : *counting_;
}

asio::awaitable<Report> Engine::run(Job job, Deadline deadline) {
  const auto self = shared_from_this();  // a reload must not take the resolver away from under this run
  ProbeOptions options;
  options.policy = job.module.policy;
  options.policy.next = job.next;
  options.locate = job.module.locate;
  options.trust_anchor = resolver_->trust_anchor();
  options.gate = &shared_.gate;
  options.workers = &shared_.workers;
  options.known_senders = job.known_senders;
  if (job.ask_servers) {
    using enum NameServers::Asked;
    options.ask_servers = config_->resolver.forwarders.empty() ? yes : forwarder;
    options.transport = &transport_;
    options.kept_servers = job.kept_servers;
  }
  bool admitted = true;
  if (job.admit) options.admit = [&](const DnsEvidence& dns) { return admitted = job.admit(dns); };
  Resolver& resolver = resolver_for(job);
  Dialer& dialer = dialer_for(job.module.dialer);
  GuardedDialer guarded(dialer, config_->allow_targets);
  Dialer& chosen = job.guarded ? guarded : dialer;
  Probe probe(resolver, chosen, matcher_, shared_.clock, std::move(options));
  Report report = co_await probe.run(std::move(job.target), deadline);
  if (job.guarded && is_refused(report, config_->allow_targets)) report = refused_report(report);
  if (admitted) shared_.metrics.count_probe(report.conclusion.verdict);
  co_return report;
}

asio::awaitable<bool> Engine::is_root_proven(Deadline deadline) {
  const auto self = shared_from_this();
  Question question{".", RrType::dnskey};
  const Answer answer = co_await counting_->lookup(std::move(question), deadline);
  co_return answer.status == Status::secure;
}

}  // namespace danewatch
