#include "cli/serve/routes.hpp"

#include <array>

#include "cli/system/version.hpp"
#include "exporters/board/metrics_page.hpp"
#include "exporters/json/discovery.hpp"
#include "exporters/json/json.hpp"
#include "exporters/metrics/prometheus_text.hpp"
#include "exporters/page/page.hpp"
#include "probe/judgement/judge.hpp"
#include "store/bundle/bundle.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::string_view target_prefix = "/targets/";
constexpr std::string_view report_prefix = "/api/v1/reports/";
constexpr std::string_view evidence_suffix = "/evidence";  // of that

constexpr auto plain_paths = std::to_array<std::string_view>(
    {"/", "/metrics", "/probe", "/api/v1/reports", "/api/v1/sd", "/config", "/-/healthy", "/-/ready", "/-/reload"});

bool is_known(std::string_view path) {
  const auto below = [&](std::string_view prefix) { return path.starts_with(prefix) && path.size() > prefix.size(); };
  return std::ranges::count(plain_paths, path) != 0 || below(target_prefix) || below(report_prefix);
}

std::string route_of(std::string_view path) {
  if (!is_known(path)) return "other";
  if (path.starts_with(target_prefix)) return "/targets/:name";
  if (path.starts_with(report_prefix)) return "/api/v1/reports/:name";
  return std::string(path);
}

HttpReply json_reply(std::string text) {
  HttpReply reply;
  reply.content_type = "application/json";
  reply.body = std::move(text);
  return reply;
}

HttpReply wrong_method(const char* allowed) {
  HttpReply reply = text_reply(405, "method not allowed\n");
  reply.headers.emplace_back("Allow", allowed);
  return reply;
}

// One report a line, piece by piece.
BodySource report_lines(BoardView targets) {
  auto next = std::make_shared<std::size_t>(0);
  return [targets = std::move(targets), next] {
    constexpr std::size_t enough = 65536;
    std::string piece;
    while (*next < targets.size() && piece.size() < enough) {
      const auto& latest = targets[(*next)++]->history.latest;
      if (latest) piece += to_json(*latest) + "\n";
    }
    return piece;
  };
}

page::TargetState page_state(const BoardEntry& entry) {
  const auto interval = std::chrono::ceil<std::chrono::seconds>(entry.interval);
  return {entry.name, &entry.history, interval};
}

HttpReply html_reply(int status, std::string text) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = page::content_type;
  reply.headers.emplace_back("Content-Security-Policy", page::content_security_policy);
  reply.headers.emplace_back("Referrer-Policy", "no-referrer");
  reply.body = std::move(text);
  return reply;
}

}  // namespace

asio::awaitable<HttpReply> ServeRoutes::handle(HttpRequest request) {
  const std::string route = route_of(request.path);
  HttpReply reply;
  if (!is_known(request.path)) {
    reply = text_reply(404, "there is no such page\n");
  } else if (request.path == "/-/reload") {
    reply = co_await reload(std::move(request));
  } else if (request.method != "GET") {
    reply = wrong_method("GET, HEAD");
  } else if (request.path == "/probe") {
    reply = co_await probe(std::move(request));
  } else {
    reply = get(request);
  }
  reply.route = route;
  co_return reply;
}

HttpReply ServeRoutes::get(const HttpRequest& request) {
  const std::string& path = request.path;
  if (path == "/metrics") return metrics();
  if (path == "/-/healthy") return healthy();
  if (path == "/-/ready") return ready();
  if (path == "/api/v1/sd") return json_reply(to_discovery(backend_.board.view()));
  if (path == "/api/v1/reports") return reports();
  if (path == "/config") return text_reply(200, show_config(*backend_.config()));
  if (path == "/") return overview();
  if (path.starts_with(report_prefix)) return report(path.substr(report_prefix.size()));
  return target(path.substr(target_prefix.size()));
}

HttpReply ServeRoutes::metrics() {
  std::vector<Family> self = backend_.metrics.families(backend_.in_flight() + probes_, backend_.queued());
  for (Family& family : process_metrics()) self.push_back(std::move(family));
  HttpReply reply;
  reply.content_type = prometheus_content_type;
  reply.more = metrics_page(to_prometheus(self), backend_.board.view());
  return reply;
}

HttpReply ServeRoutes::reports() {
  HttpReply reply;
  reply.content_type = "application/x-ndjson";
  reply.more = report_lines(backend_.board.view());
  return reply;
}

HttpReply ServeRoutes::report(const std::string& name) {
  const auto entry = backend_.board.find(name);
  if (!entry && name.ends_with(evidence_suffix)) return evidence(name.substr(0, name.size() - evidence_suffix.size()));
  if (!entry) return text_reply(404, "there is no such target\n");
  if (!entry->history.latest) return text_reply(404, "this target has not been looked at yet\n");
  return json_reply(to_json(*entry->history.latest) + "\n");
}

// What the report was made of, for danewatch judge; of the DNS what the messages said, which are not kept for long.
HttpReply ServeRoutes::evidence(const std::string& name) {
  const auto entry = backend_.board.find(name);
  if (!entry) return text_reply(404, "there is no such target\n");
  if (!entry->history.latest) return text_reply(404, "this target has not been looked at yet\n");
  const Report& latest = *entry->history.latest;
  return json_reply(
      write_bundle({facts_of(latest), latest.policy, {version_text(false), libraries_that_look(), {}}, {}}) + "\n");
}

HttpReply ServeRoutes::healthy() {
  if (backend_.alive()) return text_reply(200, "danewatch is alive\n");
  return text_reply(503, "no probe makes progress\n");
}

HttpReply ServeRoutes::ready() {
  if (backend_.ready()) return text_reply(200, "danewatch is ready\n");
  return text_reply(503, "the DNS root has not been proven yet\n");
}

HttpReply ServeRoutes::overview() {
  const BoardView view = backend_.board.view();
  std::vector<page::TargetState> states;
  for (const BoardEntryPtr& entry : view) states.push_back(page_state(*entry));
  HttpReply reply = html_reply(200, "");
  reply.more = [view, next = page::overview_pieces(std::move(states), page_moment())] { return next(); };
  return reply;
}

HttpReply ServeRoutes::target(const std::string& name) {
  const auto entry = backend_.board.find(name);
  if (!entry) return html_reply(404, page::error(404, "There is no such target."));
  return html_reply(200, page::target(page_state(*entry), page_moment()));
}

page::Moment ServeRoutes::page_moment() const {
  constexpr std::chrono::seconds reload{30};
  return {backend_.clock.now(), reload, backend_.metrics.reload_problem()};
}

// A page of another origin must not make a browser reload us.
asio::awaitable<HttpReply> ServeRoutes::reload(HttpRequest request) {
  if (request.method != "POST") co_return wrong_method("POST");
  if (!request.origin.empty() && !is_own_origin(request.origin, request.host))
    co_return text_reply(403, "another site asked for this\n");
  const auto error = co_await backend_.reload();
  if (error) co_return text_reply(500, "reload failed, the old configuration stays in force:\n" + *error + "\n");
  co_return text_reply(200, "reloaded\n");
}

}  // namespace danewatch
