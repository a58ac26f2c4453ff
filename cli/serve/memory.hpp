// Inner: what `serve` remembers of its targets: their lives, and the way to the file.
//
// A life is known once the file has been read; until then the latest report of a target waits for it. Thread rule: the
// probes' thread, but for the keeper's hooks, which post to it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "cli/config/config.hpp"
#include "cli/serve/evidence_folder.hpp"
#include "cli/serve/keeper.hpp"
#include "exporters/board/board.hpp"
#include "exporters/board/recent_events.hpp"
#include "exporters/self/self_metrics.hpp"
#include "resolver/workers.hpp"

namespace danewatch {

using NamesByKey = std::map<std::string, std::string>;

// What the target of this name is remembered under. Of targets that mean the same, but are looked at in different ways,
// each has a life of its own. `others`: those that stand before it in the configuration.
std::string life_key_beside(const NamesByKey& others, const Target& target, const std::string& name);

class ServeMemory {
 public:
  struct Around {
    boost::asio::any_io_executor executor;
    Board& board;
    SelfMetrics& metrics;
    const Clock& clock;
    Workers& workers;
    std::optional<std::string> trust_anchor;  // the operator's file, for evidence
  };

  ServeMemory(const Around& around, const HistoryConfig& config);
  ServeMemory(const ServeMemory&) = delete;
  ServeMemory& operator=(const ServeMemory&) = delete;
  ~ServeMemory();

  void watch(const std::vector<TargetConfig>& targets);  // in place of those before
  void wait();                                           // a while, for the file to be read
  void add(const std::string& name, const std::shared_ptr<const Report>& report);

  // What is known of a target by its name; nothing: no such target, or its life is not known yet.
  struct Known {
    std::string key;
    Life life;
    std::vector<SysTime> evidence;  // when there is some that was kept
  };
  std::optional<Known> find(const std::string& name) const;

  // The evidence of a change, as JSON; nothing: there is none of that moment.
  boost::asio::awaitable<std::optional<std::string>> evidence(std::string name, SysTime at);

  const RecentEvents& events() const { return events_; }  // from any thread
  const HistoryConfig& config() const { return config_; }

 private:
  void open_evidence();
  void take(Keeper::Found found);
  void take(const std::string& key, std::optional<Life> kept);
  std::string runs_of(const std::string& key) const;
  void look(const std::string& key, Life& life, const std::shared_ptr<const Report>& report);
  boost::asio::awaitable<void> keep_evidence(std::string key, std::shared_ptr<const Report> report);

  Around around_;
  HistoryConfig config_;
  RecentEvents events_;
  std::map<std::string, std::string> keys_;  // by the name of the target
  NamesByKey names_;
  std::map<std::string, Life> lives_;                           // by key
  std::map<std::string, std::shared_ptr<const Report>> early_;  // by key: before its life was known
  std::shared_ptr<EvidenceFolder> evidence_;                    // null: none is kept
  std::size_t being_kept_ = 0;
  bool evidence_fails_ = false;  // said once
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace danewatch
