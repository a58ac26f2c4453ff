#include "cli/serve/routes.hpp"

#include <array>
#include <charconv>
#include <tl/expected.hpp>
#include <unordered_set>

#include "cli/commands/evidence_saver.hpp"
#include "cli/options/options.hpp"
#include "cli/options/parse_values.hpp"
#include "exporters/board/metrics_page.hpp"
#include "exporters/json/discovery.hpp"
#include "exporters/json/json.hpp"
#include "exporters/json/memory.hpp"
#include "exporters/metrics/prometheus_text.hpp"
#include "exporters/metrics/senders.hpp"
#include "exporters/page/page.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::string_view target_prefix = "/targets/";
constexpr std::string_view report_prefix = "/api/v1/reports/";
constexpr std::string_view evidence_suffix = "/evidence";  // of that
constexpr std::string_view history_prefix = "/api/v1/history/";

constexpr auto no_history = "nothing is remembered: the configuration has no history\n";

constexpr auto plain_paths =
    std::to_array<std::string_view>({"/", "/changes", "/metrics", "/probe", "/api/v1/reports", "/api/v1/events",
                                     "/api/v1/sd", "/config", "/-/healthy", "/-/ready", "/-/reload"});

bool is_known(std::string_view path) {
  const auto below = [&](std::string_view prefix) { return path.starts_with(prefix) && path.size() > prefix.size(); };
  return std::ranges::count(plain_paths, path) != 0 || below(target_prefix) || below(report_prefix) ||
         below(history_prefix);
}

std::string route_of(std::string_view path) {
  if (!is_known(path)) return "other";
  if (path.starts_with(target_prefix)) return "/targets/:name";
  if (path.starts_with(report_prefix)) return "/api/v1/reports/:name";
  if (path.starts_with(history_prefix)) return "/api/v1/history/:name";
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

// The events of a week, newest first, with the names of their targets.
class LatestChanges {
 public:
  LatestChanges(const RecentEvents& events, SysTime now, const BoardView& view)
      : events_(events.find(now - std::chrono::weeks(1))) {
    if (events_.empty()) return;
    for (const BoardEntryPtr& entry : view) {
      names_.emplace(life_key_beside(names_, entry->target, entry->name), entry->name);
    }
    for (auto each = events_.rbegin(); each != events_.rend(); ++each) {
      const auto name = names_.find(each->target);
      newest_first_.push_back({name == names_.end() ? std::string_view() : name->second, &*each});
    }
  }
  LatestChanges(const LatestChanges&) = delete;
  LatestChanges& operator=(const LatestChanges&) = delete;
  ~LatestChanges() = default;

  const std::vector<page::Changed>& newest_first() const { return newest_first_; }

 private:
  std::vector<KeptEvent> events_;
  NamesByKey names_;
  std::vector<page::Changed> newest_first_;
};

// Unknown parameters are left alone: other programs add theirs to addresses that people pass on.
tl::expected<page::OverviewQuery, std::string> overview_query(const HttpRequest& request) {
  page::OverviewQuery query;
  for (const auto& [key, value] : request.query) {
    if (key == "q") query.text = value;
    if (key == "state" && value != "all" && !value.empty()) {
      query.state = severity_from(value);
      if (!query.state)
        return tl::unexpected(std::string("The state is one of all, critical, warning, unknown and ok."));
    }
    if (key == "page") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), query.page);
      const bool is_whole = error == std::errc{} && end == value.data() + value.size() && query.page > 0;
      if (!is_whole) return tl::unexpected(std::string("The page is a number from 1 on."));
    }
  }
  return query;
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

// Of the domains and servers that are looked at, and of no others.
std::vector<Family> told_by_senders(const std::shared_ptr<const SenderSnapshot>& snapshot, const BoardView& view) {
  if (!snapshot) return {};
  std::unordered_set<std::string_view> watched;
  for (const BoardEntryPtr& entry : view) {
    watched.insert(entry->target.name);
    if (!entry->history.latest) continue;
    for (const HostReport& host : entry->history.latest->hosts) watched.insert(host.dns.host);
  }
  return sender_families({snapshot->totals, snapshot->rejected, snapshot->unauthenticated, snapshot->up},
                         [&](const std::string& domain) { return watched.contains(domain); });
}

// From where the page's links lead where they should.
HttpReply redirect(const std::string& place) {
  HttpReply reply = text_reply(302, "", "/");
  reply.headers.emplace_back("Location", place);
  return reply;
}

// Text that several clients may be taking, each at its own pace.
BodySource shared_text(std::shared_ptr<const std::string> text) {
  auto at = std::make_shared<std::size_t>(0);
  return [text = std::move(text), at] {
    constexpr std::size_t enough = 65536;
    std::string piece = text->substr(*at, enough);
    *at += piece.size();
    return piece;
  };
}

}  // namespace

asio::awaitable<HttpReply> ServeRoutes::handle(HttpRequest request) {
  request.path = path_below(backend_.external_url, request.path);
  if (request.path.empty()) co_return redirect(backend_.external_url.path + "/");
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
  } else if (request.path.starts_with(history_prefix)) {
    std::string name = request.path.substr(history_prefix.size());
    reply = co_await history(std::move(name));
  } else if (request.path.starts_with(report_prefix) && parameter(request, "at")) {
    reply = co_await kept_evidence(std::move(request));
  } else if (request.path.starts_with(target_prefix)) {
    std::string name = request.path.substr(target_prefix.size());
    reply = co_await target(std::move(name));
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
  if (path == "/api/v1/sd") return discovery();
  if (path == "/api/v1/reports") return reports();
  if (path == "/api/v1/events") return events(request);
  if (path == "/config") return config();
  if (path == "/") return overview(request);
  if (path == "/changes") return changes();
  return report(path.substr(report_prefix.size()));
}

HttpReply ServeRoutes::metrics() {
  std::vector<Family> self = backend_.metrics.families(backend_.in_flight() + probes_, backend_.queued());
  for (Family& family : process_metrics()) self.push_back(std::move(family));
  BoardView view = backend_.board.view();
  for (Family& family : told_by_senders(backend_.senders(), view)) self.push_back(std::move(family));
  HttpReply reply;
  reply.content_type = prometheus_content_type;
  reply.more = metrics_page(to_prometheus(self), std::move(view));
  return reply;
}

HttpReply ServeRoutes::discovery() {
  HttpReply reply = json_reply("");
  reply.more = discovery_pieces(backend_.board.view());
  return reply;
}

HttpReply ServeRoutes::config() {
  const auto now = backend_.config();
  if (now != shown_config_) {
    config_text_ = std::make_shared<const std::string>(show_config(*now));
    shown_config_ = now;
  }
  HttpReply reply = text_reply(200, "");
  reply.more = shared_text(config_text_);
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
  Provenance made = provenance(backend_.config()->resolver.trust_anchor);
  return json_reply(write_bundle(bundle_of(*entry->history.latest, std::move(made))) + "\n");
}

// That of a change, as the page of the target leads to it.
asio::awaitable<HttpReply> ServeRoutes::kept_evidence(HttpRequest request) {
  const auto at = parse_time(parameter(request, "at").value_or(""));
  if (!at) co_return text_reply(400, "at: " + at.error().message + "\n");
  std::string name = request.path.substr(report_prefix.size());
  if (!name.ends_with(evidence_suffix)) co_return text_reply(400, "at goes with evidence alone\n");
  name.resize(name.size() - evidence_suffix.size());
  if (backend_.events == nullptr) co_return text_reply(404, no_history);
  const auto text = co_await backend_.evidence(std::move(name), *at);
  co_return text ? json_reply(*text) : text_reply(404, "no evidence of that moment is kept\n");
}

// By default of a week, as `danewatch changes` has it.
HttpReply ServeRoutes::events(const HttpRequest& request) const {
  if (backend_.events == nullptr) return text_reply(404, no_history);
  SysTime since = backend_.clock.now() - std::chrono::weeks(1);
  for (const auto& [name, value] : request.query) {
    if (name != "since") return text_reply(400, "the only parameter is since\n");
    const auto span = parse_span(value);
    const auto time = parse_time(value);
    if (!span && !time) return text_reply(400, "since: " + span.error().message + ", and not a time\n");
    since = span ? backend_.clock.now() - *span : *time;
  }
  HttpReply reply;
  reply.content_type = "application/x-ndjson";
  for (const KeptEvent& each : backend_.events->find(since)) reply.body += to_json(each) + "\n";
  return reply;
}

asio::awaitable<HttpReply> ServeRoutes::history(std::string name) {
  if (backend_.events == nullptr) co_return text_reply(404, no_history);
  const auto known = co_await backend_.history(std::move(name));
  if (!known) co_return text_reply(404, "nothing is remembered of such a target\n");
  const auto events = backend_.events->find(SysTime::min(), known->key);
  co_return json_reply(to_json(known->key, known->life, events) + "\n");
}

HttpReply ServeRoutes::healthy() {
  if (backend_.alive()) return text_reply(200, "danewatch is alive\n");
  return text_reply(503, "no probe makes progress\n");
}

HttpReply ServeRoutes::ready() {
  if (backend_.ready()) return text_reply(200, "danewatch is ready\n");
  return text_reply(503, "the DNS root has not been proven yet\n");
}

HttpReply ServeRoutes::overview(const HttpRequest& request) {
  const auto query = overview_query(request);
  if (!query) return html_reply(400, page::error(400, query.error(), backend_.external_url.path));
  const page::Moment moment = page_moment();
  const LatestPages::Key key{"/", query->text, query->state, query->page, moment.problem, backend_.config()};
  HttpReply reply = html_reply(200, "");
  reply.more = shared_text(pages_.get(key, backend_.clock, [&] { return overview_of(*query, moment); }));
  return reply;
}

std::string ServeRoutes::overview_of(const page::OverviewQuery& query, const page::Moment& moment) const {
  const BoardView view = backend_.board.view();
  std::vector<page::TargetState> states;
  states.reserve(view.size());
  for (const BoardEntryPtr& entry : view) states.push_back(page_state(*entry));
  if (backend_.events == nullptr) return page::overview(states, moment, query);
  const LatestChanges latest(*backend_.events, backend_.clock.now(), view);
  return page::overview(states, moment, query, &latest.newest_first());
}

HttpReply ServeRoutes::changes() {
  if (backend_.events == nullptr)
    return html_reply(
        404, page::error(404, "Nothing is remembered: the configuration has no history.", backend_.external_url.path));
  const page::Moment moment = page_moment();
  const LatestPages::Key key{"/changes", "", std::nullopt, 1, moment.problem, backend_.config()};
  HttpReply reply = html_reply(200, "");
  reply.more = shared_text(pages_.get(key, backend_.clock, [&] {
    const BoardView view = backend_.board.view();
    const LatestChanges latest(*backend_.events, backend_.clock.now(), view);
    return page::changes(latest.newest_first(), moment);
  }));
  return reply;
}

asio::awaitable<HttpReply> ServeRoutes::target(std::string name) {
  const auto entry = backend_.board.find(name);
  if (!entry) co_return html_reply(404, page::error(404, "There is no such target.", backend_.external_url.path));
  std::optional<page::Remembered> remembered;
  if (backend_.events != nullptr) {
    auto known = co_await backend_.history(std::move(name));
    if (known)
      remembered.emplace(std::move(known->life), backend_.events->find(SysTime::min(), known->key),
                         std::move(known->evidence));
  }
  const page::Remembered* shown = remembered ? &*remembered : nullptr;
  co_return html_reply(200, page::target(page_state(*entry), page_moment(), shown));
}

page::Moment ServeRoutes::page_moment() const {
  constexpr std::chrono::seconds reload{30};
  return {backend_.clock.now(), reload, backend_.metrics.reload_problem(), backend_.external_url.path};
}

// A page of another origin must not make a browser reload us.
asio::awaitable<HttpReply> ServeRoutes::reload(HttpRequest request) {
  if (request.method != "POST") co_return wrong_method("POST");
  const std::string& ours = backend_.external_url.origin;
  const bool is_ours = is_own_origin(request.origin, request.host) || (!ours.empty() && request.origin == ours);
  if (!request.origin.empty() && !is_ours) co_return text_reply(403, "another site asked for this\n");
  const auto error = co_await backend_.reload();
  if (error) co_return text_reply(500, "reload failed, the old configuration stays in force:\n" + *error + "\n");
  co_return text_reply(200, "reloaded\n");
}

}  // namespace danewatch
