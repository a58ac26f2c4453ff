// GET /probe: one synchronous run for whoever scrapes.

#include <fmt/format.h>

#include <algorithm>

#include "cli/serve/deadline.hpp"
#include "cli/serve/routes.hpp"
#include "exporters/metrics/prometheus_text.hpp"
#include "exporters/text/text.hpp"
#include "exporters/words/escape.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

struct Wanted {
  std::string module;
  Engine::Job job;
};

std::string shown(const std::string& text) {
  constexpr std::size_t longest = 100;
  return escape_for_terminal(text.substr(0, longest));
}

// The target and module of a request, or what to say instead.
tl::expected<Wanted, HttpReply> wanted_by(const HttpRequest& request, const Config& config, SelfMetrics& metrics) {
  const auto text = parameter(request, "target");
  if (!text || text->empty()) return tl::unexpected(text_reply(400, "the parameter target is missing\n"));
  Wanted wanted;
  wanted.module = parameter(request, "module").value_or("");
  if (wanted.module.empty()) wanted.module = "default";
  const auto module = config.modules.find(wanted.module);
  if (module == config.modules.end()) {
    metrics.count_unknown_module();
    return tl::unexpected(text_reply(400, fmt::format("unknown module {}\n", shown(wanted.module))));
  }
  const auto targets = module_targets(module->second, *text);
  if (!targets) {
    return tl::unexpected(text_reply(400, fmt::format("{}: {}\n", shown(*text), targets.error().message)));
  }
  if (targets->size() != 1) return tl::unexpected(text_reply(400, "one target at a time\n"));
  if (!is_allowed(config.allow_targets, targets->front())) {
    const bool listed = !config.allow_targets.names.empty() || !config.allow_targets.blocks.empty();
    const char* const why = listed ? "the configuration forbids this target (allow_targets)\n"
                                   : "without allow_targets only global addresses are looked at\n";
    return tl::unexpected(text_reply(403, why));
  }
  wanted.job.target = targets->front();
  wanted.job.module = module->second;
  wanted.job.guarded = true;
  return wanted;
}

bool failed(const Answer& answer) {
  return answer.status == Status::failed && answer.failure != Failure::local;
}

bool has_failed_lookups(const Report& report) {
  return std::ranges::any_of(report.walk.lookups, failed) ||
         std::ranges::any_of(report.hosts,
                             [](const HostReport& host) { return std::ranges::any_of(host.dns.lookups, failed); });
}

// What we do not do for strangers must not pass for a fault of theirs.
std::string note_on(const Report& report, const Config& config) {
  if (!config.allow_targets.blocks.empty() || !has_failed_lookups(report)) return "";
  return "Of name servers that a zone names, only those with global addresses were asked: allow_targets has no "
         "address\n"
         "blocks, and this target was named in a request.\n";
}

HttpReply rendered(const Report& report, const Wanted& wanted, std::chrono::milliseconds time, bool debug,
                   const std::string& note) {
  MetricOptions options;
  options.per_address = wanted.job.module.per_address;
  options.max_hosts = wanted.job.module.max_hosts;
  options.max_records = wanted.job.module.max_records;
  options.timeout = time;
  const std::string metrics = to_prometheus(to_metrics(report, options));
  HttpReply reply;
  if (!debug) {
    reply.content_type = prometheus_content_type;
    reply.body = metrics;
    return reply;
  }
  TextOptions text;
  text.explain = true;
  text.width = 120;
  reply.body = fmt::format("Log of the probe:\n{}{}\nMetrics of the probe:\n{}\nConfiguration of the module:\n{}",
                           to_text(report, text), note, metrics, show_module(wanted.module, wanted.job.module));
  return reply;
}

// A place among the requests that are being answered.
class Place {
 public:
  explicit Place(std::size_t& taken) : taken_(taken) { ++taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { --taken_; }

 private:
  std::size_t& taken_;
};

}  // namespace

asio::awaitable<HttpReply> ServeRoutes::probe(HttpRequest request) {
  const auto begun = backend_.clock.steady();
  const auto config = backend_.config();
  auto wanted = wanted_by(request, *config, backend_.metrics);
  if (!wanted) co_return std::move(wanted.error());
  if (probes_ >= config->limits.probes) {
    backend_.metrics.count_rejected();
    HttpReply reply = text_reply(503, "too many probes at a time\n");
    reply.headers.emplace_back("Retry-After", "1");
    co_return reply;
  }
  const Place place(probes_);
  const auto time = probe_time(request.scrape_timeout, wanted->job.module.timeout);
  Engine::Job job = wanted->job;
  const Report report = co_await backend_.probe(std::move(job), begun + time);
  const bool debug = parameter(request, "debug").value_or("") == "true";
  co_return rendered(report, *wanted, time, debug, note_on(report, *config));
}

}  // namespace danewatch
