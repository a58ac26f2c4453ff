#include "cli/serve/memory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "cli/commands/evidence_saver.hpp"
#include "cli/system/output.hpp"
#include "exporters/words/escape.hpp"
#include "probe/life/restored.hpp"
#include "probe/life/runs.hpp"
#include "store/sqlite/sqlite_archive.hpp"

namespace danewatch {
namespace asio = boost::asio;

std::string life_key_beside(const NamesByKey& others, const Target& target, const std::string& name) {
  std::string key = life_key(target);
  if (others.contains(key)) key += " as " + name;
  return key;
}

namespace {

// The file goes on where this life ends: it lacks no more than what still waits to be kept.
bool is_the_same(const Life& kept, const Life& known) {
  return kept.head.first_looked == known.head.first_looked && kept.head.next_id <= known.head.next_id;
}

}  // namespace

ServeMemory::ServeMemory(const Around& around, const HistoryConfig& config) : around_(around), config_(config) {
  Keeper::Hooks hooks;
  hooks.open = [file = config.file] { return std::make_unique<SqliteArchive>(file, ArchiveFile::create); };
  hooks.found = [this, alive = std::weak_ptr<bool>(alive_)](Keeper::Found found) {
    asio::post(around_.executor, [this, alive, found = std::move(found)]() mutable {
      if (!alive.expired()) take(std::move(found));
    });
  };
  hooks.say = [](const std::string& line) { write_log(escape_for_terminal(line)); };
  hooks.most_events = RecentEvents::most;
  hooks.opened = [this](const std::vector<KeptEvent>& events) { events_.set(events); };
  hooks.kept = [this](const std::string& target, const std::vector<Event>& events) {
    events_.add(target, events);
    for (const Event& each : events) around_.metrics.count_event(each.code);
  };
  if (!config.evidence.empty()) open_evidence();
  keeper_ = std::make_unique<Keeper>(std::move(hooks), config.keep, around.clock);
  around_.metrics.watch_history([this] { return HistoryState{keeper_->is_up(), keeper_->errors()}; });
}

// As with the file of the history: without it all else goes on.
void ServeMemory::open_evidence() {
  try {
    evidence_ = std::make_shared<EvidenceFolder>(config_.evidence);
  } catch (const std::exception& error) {
    write_log(std::string(error.what()) + "; evidence of changes is not kept, all else goes on");
  }
}

ServeMemory::~ServeMemory() {
  around_.metrics.watch_history({});
}

void ServeMemory::watch(const std::vector<TargetConfig>& targets) {
  keys_.clear();
  names_.clear();
  std::vector<std::string> keys;
  for (const TargetConfig& each : targets) {
    const std::string key = life_key_beside(names_, each.target, each.name);
    names_[key] = each.name;
    keys_[each.name] = key;
    keys.push_back(key);
  }
  const auto is_unwanted = [this](const auto& each) { return !names_.contains(each.first); };
  std::erase_if(lives_, is_unwanted);
  std::erase_if(early_, is_unwanted);
  keeper_->want(std::move(keys));
}

std::optional<ServeMemory::Known> ServeMemory::find(const std::string& name) const {
  const auto key = keys_.find(name);
  if (key == keys_.end()) return std::nullopt;
  const auto life = lives_.find(key->second);
  if (life == lives_.end()) return std::nullopt;
  return Known{key->second, life->second, evidence_ ? evidence_->kept_of(key->second) : std::vector<SysTime>{}};
}

void ServeMemory::wait() {
  constexpr std::chrono::seconds patience{10};
  keeper_->wait_until_found(patience);
}

void ServeMemory::add(const std::string& name, const std::shared_ptr<const Report>& report) {
  const auto key = keys_.find(name);
  if (key == keys_.end()) return;
  const auto life = lives_.find(key->second);
  if (life == lives_.end()) {
    early_[key->second] = report;
  } else {
    look(key->second, life->second, report);
  }
}

void ServeMemory::look(const std::string& key, Life& life, const std::shared_ptr<const Report>& report) {
  Change change = danewatch::add(life, *report);
  life.head.runs = change.head.runs = runs_of(key);
  if (evidence_ && !change.events.empty()) asio::co_spawn(around_.executor, keep_evidence(key, report), asio::detached);
  keeper_->keep(key, std::move(change));
}

// In a worker: neither the making of the text nor the disk holds up a probe. Where everything changes at once, as when
// a provider is gone, not all of it is kept.
asio::awaitable<void> ServeMemory::keep_evidence(std::string key, std::shared_ptr<const Report> report) {
  constexpr std::size_t most_at_once = 200;
  constexpr std::chrono::minutes patience{1};
  const auto alive = std::weak_ptr<bool>(alive_);
  if (being_kept_ >= most_at_once) co_return;
  ++being_kept_;
  std::string why;
  try {
    Workers::Work work = [folder = evidence_, key, report, anchor = around_.trust_anchor](const std::stop_token&) {
      folder->keep(key, report->at, write_bundle(bundle_of(*report, provenance(anchor))) + "\n");
    };
    const bool done = co_await around_.workers.run(std::move(work), patience);
    if (!done) why = "history.evidence: the disk is too slow";
  } catch (const std::exception& error) {
    why = error.what();
  }
  if (alive.expired()) co_return;
  --being_kept_;
  if (!why.empty() && !evidence_fails_) write_log(why + "; evidence of this change is not kept, all else goes on");
  evidence_fails_ = !why.empty();
}

asio::awaitable<std::optional<std::string>> ServeMemory::evidence(std::string name, SysTime at) {
  constexpr std::chrono::seconds patience{10};
  const auto key = keys_.find(name);
  if (key == keys_.end() || !evidence_) co_return std::nullopt;
  const auto text = std::make_shared<std::optional<std::string>>();
  Workers::Work work = [folder = evidence_, key = key->second, at, text](const std::stop_token&) {
    *text = folder->read(key, at);
  };
  const bool done = co_await around_.workers.run(std::move(work), patience);
  co_return done ? std::move(*text) : std::nullopt;
}

std::string ServeMemory::runs_of(const std::string& key) const {
  const auto entry = around_.board.find(names_.at(key));
  return entry ? packed(entry->history.entries) : "";
}

void ServeMemory::take(Keeper::Found found) {
  for (auto& [key, kept] : found) take(key, std::move(kept));
}

void ServeMemory::take(const std::string& key, std::optional<Life> kept) {
  const auto name = names_.find(key);
  if (name == names_.end()) return;
  const auto known = lives_.find(key);
  if (known != lives_.end()) {
    // The file was opened anew, and may be another one.
    if (!kept || !is_the_same(*kept, known->second)) keeper_->keep(key, whole(known->second));
    return;
  }
  Life& life = lives_.emplace(key, kept.value_or(Life{})).first->second;
  if (kept) around_.board.restore(name->second, restored(life));
  const auto early = early_.extract(key);
  if (!early.empty()) look(key, life, early.mapped());
}

}  // namespace danewatch
