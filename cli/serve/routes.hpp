// Inner: which path answers what.
//
// Thread rule: the HTTP server's thread; what it is given may be called from there.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/serve/engine.hpp"
#include "cli/serve/latest_pages.hpp"
#include "cli/serve/memory.hpp"
#include "exporters/board/board.hpp"
#include "exporters/http/external_url.hpp"
#include "exporters/http/server.hpp"
#include "exporters/page/page.hpp"
#include "exporters/self/self_metrics.hpp"

namespace danewatch {

// What the probes' side offers. Functions with a promise to wait for do their work on the probes' thread.
struct ServeBackend {
  Board& board;
  SelfMetrics& metrics;
  const Clock& clock;
  std::function<std::shared_ptr<const Config>()> config;
  std::function<boost::asio::awaitable<Report>(Engine::Job, Deadline)> probe;
  std::function<boost::asio::awaitable<std::optional<std::string>>()> reload;  // what went wrong
  const RecentEvents* events = nullptr;                                        // null: nothing is remembered
  std::function<boost::asio::awaitable<std::optional<ServeMemory::Known>>(std::string)> history;
  std::function<boost::asio::awaitable<std::optional<std::string>>(std::string, SysTime)> evidence;  // of a change
  std::function<bool()> ready, alive;
  std::function<std::size_t()> in_flight, queued;
  ExternalUrl external_url;
};

class ServeRoutes {
 public:
  explicit ServeRoutes(ServeBackend backend) : backend_(std::move(backend)) {}
  ServeRoutes(const ServeRoutes&) = delete;
  ServeRoutes& operator=(const ServeRoutes&) = delete;

  boost::asio::awaitable<HttpReply> handle(HttpRequest request);
  bool is_cancellable(const HttpRequest& request) const {
    return path_below(backend_.external_url, request.path) == "/probe";
  }

 private:
  boost::asio::awaitable<HttpReply> probe(HttpRequest request);
  boost::asio::awaitable<HttpReply> reload(HttpRequest request);
  boost::asio::awaitable<HttpReply> history(std::string name);
  HttpReply events(const HttpRequest& request) const;
  HttpReply get(const HttpRequest& request);
  HttpReply metrics();
  HttpReply reports();
  HttpReply report(const std::string& name);
  HttpReply evidence(const std::string& name);
  boost::asio::awaitable<HttpReply> kept_evidence(HttpRequest request);
  HttpReply ready();
  HttpReply healthy();
  HttpReply overview(const HttpRequest& request);
  HttpReply changes();
  boost::asio::awaitable<HttpReply> target(std::string name);
  HttpReply config();
  HttpReply discovery();
  std::string overview_of(const page::OverviewQuery& query, const page::Moment& moment) const;
  page::Moment page_moment() const;

  ServeBackend backend_;
  LatestPages pages_;
  std::shared_ptr<const Config> shown_config_;  // what config_text_ shows
  std::shared_ptr<const std::string> config_text_;
  std::size_t probes_ = 0;  // requests to /probe that are being answered
};

}  // namespace danewatch
