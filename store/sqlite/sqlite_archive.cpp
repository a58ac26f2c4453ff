#include "store/sqlite/sqlite_archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "store/sqlite/schema.hpp"

namespace danewatch {
namespace {

using sqlite::Connection;
using sqlite::Statement;
using sqlite::Transaction;

// SQLite would tell these in other words, or open what is not ours before it tells.
void refuse_what_is_no_file(const std::string& path, ArchiveFile file) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT && file == ArchiveFile::create) return;
    throw ArchiveError(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw ArchiveError(fmt::format("{}: is a directory; name a file in it", path));
  if (!S_ISREG(status.st_mode)) throw ArchiveError(fmt::format("{}: is not a regular file", path));
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0) {
    throw ArchiveError(fmt::format("{}: may not be written: {}", path, std::strerror(errno)));
  }
}

using FileId = std::pair<dev_t, ino_t>;

FileId file_id(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

constexpr Kind kinds[] = {Kind::verdict, Kind::dnssec, Kind::mx,          Kind::address,  Kind::ds, Kind::record,
                          Kind::match,   Kind::key,    Kind::certificate, Kind::starttls, Kind::ttl};

std::optional<Kind> kind_from(const std::string& word) {
  for (const Kind kind : kinds) {
    if (to_string(kind) == word) return kind;
  }
  return std::nullopt;
}

}  // namespace

// The rows.
class SqliteArchive::Tables {
 public:
  Tables(std::string path, bool create, std::chrono::milliseconds patience)
      : connection_(std::move(path), create, patience) {
    sqlite::take_over(connection_);
  }

  Connection& connection() { return connection_; }

  // SQLite would go on writing into a file that nobody will find again.
  void require_same_file() {
    const FileId now = file_id(connection_.path());
    if (now != file_) throw ArchiveError(connection_.path() + ": was deleted or replaced while it was open");
  }

  std::optional<std::int64_t> find_target(const std::string& name) {
    Statement find = connection_.prepare("SELECT id FROM target WHERE name = ?");
    if (!find.bind(name).step()) return std::nullopt;
    return find.number(0);
  }

  std::int64_t keep_target(const std::string& name, const LifeHead& head) {
    Statement keep = connection_.prepare(
        "INSERT INTO target (name, first_looked, last_looked, looks, next_id, blind_since, runs) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET first_looked = excluded.first_looked, last_looked = excluded.last_looked, "
        "looks = excluded.looks, next_id = excluded.next_id, blind_since = excluded.blind_since, "
        "runs = excluded.runs RETURNING id");
    keep.bind(name).bind(head.first_looked).bind(head.last_looked).bind(static_cast<std::int64_t>(head.looks));
    keep.bind(static_cast<std::int64_t>(head.next_id)).bind(head.blind_since).bind(head.runs).step();
    return keep.number(0);
  }

  // What rows of a target point to, by what it says.
  struct Ids {
    std::map<LifePlace, std::int64_t> places;
    std::map<std::string, std::int64_t> words;
  };

  Ids ids_of(std::int64_t target) {
    Ids ids;
    Statement places = connection_.prepare("SELECT kind, name, id FROM place WHERE target = ?");
    places.bind(target);
    while (places.step()) {
      const auto kind = kind_from(places.text(0));
      if (kind) ids.places.emplace(LifePlace{*kind, places.text(1)}, places.number(2));
    }
    Statement words = connection_.prepare("SELECT text, id FROM word WHERE target = ?");
    words.bind(target);
    while (words.step()) ids.words.emplace(words.text(0), words.number(1));
    return ids;
  }

  // A thing may be seen at a place that was never seen whole.
  std::int64_t need_place(std::int64_t target, Ids& ids, const LifePlace& place) {
    const auto known = ids.places.find(place);
    if (known != ids.places.end()) return known->second;
    Statement keep = connection_.prepare(
        "INSERT INTO place (target, id, kind, name) SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3 FROM place "
        "WHERE target = ?1 RETURNING id");
    keep.bind(target).bind(std::string(to_string(place.kind))).bind(place.name).step();
    return ids.places.emplace(place, keep.number(0)).first->second;
  }

  std::int64_t need_word(std::int64_t target, Ids& ids, const std::string& text) {
    const auto known = ids.words.find(text);
    if (known != ids.words.end()) return known->second;
    Statement keep = connection_.prepare(
        "INSERT INTO word (target, id, text) SELECT ?1, coalesce(max(id), 0) + 1, ?2 FROM word WHERE target = ?1 "
        "RETURNING id");
    keep.bind(target).bind(text).step();
    return ids.words.emplace(text, keep.number(0)).first->second;
  }

  void keep_places(std::int64_t target, Ids& ids, const Change& change) {
    if (change.places.empty()) return;
    Statement keep =
        connection_.prepare("UPDATE place SET first_looked = ?, last_looked = ? WHERE target = ? AND id = ?");
    for (const auto& [place, look] : change.places) {
      keep.bind(look.first).bind(look.last).bind(target).bind(need_place(target, ids, place)).run();
    }
  }

  void keep_intervals(std::int64_t target, Ids& ids, const Change& change) {
    if (change.intervals.empty()) return;
    Statement keep = connection_.prepare(
        "INSERT OR REPLACE INTO interval (target, id, place, name, note, first_seen, last_seen, gone_at, at_least) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Interval& each : change.intervals) {
      keep.bind(target).bind(static_cast<std::int64_t>(each.id)).bind(need_place(target, ids, each.thing.place));
      keep.bind(need_word(target, ids, each.thing.name)).bind(need_word(target, ids, each.note));
      keep.bind(each.first_seen).bind(each.last_seen).bind(each.gone_at).bind(std::int64_t{each.at_least}).run();
    }
  }

  void drop_all(std::int64_t target) {
    connection_.prepare("DELETE FROM interval WHERE target = ?").bind(target).run();
    connection_.prepare("DELETE FROM place WHERE target = ?").bind(target).run();
  }

  void drop(std::int64_t target, Ids& ids, const Change& change) {
    if (change.dropped.empty() && change.dropped_places.empty()) return;
    Statement drop_interval = connection_.prepare("DELETE FROM interval WHERE target = ? AND id = ?");
    for (const std::uint64_t id : change.dropped) drop_interval.bind(target).bind(static_cast<std::int64_t>(id)).run();
    Statement drop_place = connection_.prepare("DELETE FROM place WHERE target = ? AND id = ?");
    for (const LifePlace& place : change.dropped_places) {
      const auto known = ids.places.find(place);
      if (known == ids.places.end()) continue;
      drop_place.bind(target).bind(known->second).run();
      ids.places.erase(known);
    }
  }

  void keep_events(std::int64_t target, Ids& ids, const std::vector<Event>& events) {
    if (events.empty()) return;
    Statement keep = connection_.prepare(
        "INSERT INTO event (target, at, code, place, was, now, addresses, since, until, at_least, known_before) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Event& each : events) {
      const auto word = [&](const std::string& text) { return need_word(target, ids, text); };
      keep.bind(target).bind(each.at).bind(std::string(to_string(each.code)));
      keep.bind(word(each.place)).bind(word(each.was)).bind(word(each.now)).bind(word(each.at_addresses));
      keep.bind(each.since).bind(each.until);
      keep.bind(std::int64_t{each.at_least}).bind(std::int64_t{each.known_before}).run();
    }
  }

  LifeHead read_head(std::int64_t target) {
    Statement read = connection_.prepare(
        "SELECT first_looked, last_looked, looks, next_id, blind_since, runs FROM target WHERE id = ?");
    read.bind(target).step();
    return {read.time(0),
            read.time(1),
            static_cast<std::uint64_t>(read.number(2)),
            static_cast<std::uint64_t>(read.number(3)),
            read.maybe_time(4),
            read.text(5)};
  }

  void read_places(std::int64_t target, Life& life) {
    Statement read = connection_.prepare(
        "SELECT kind, name, first_looked, last_looked FROM place WHERE target = ? AND first_looked IS NOT NULL");
    read.bind(target);
    while (read.step()) {
      if (const auto kind = kind_from(read.text(0))) {
        life.places.emplace(LifePlace{*kind, read.text(1)}, Look{read.time(2), read.maybe_time(3)});
      }
    }
  }

  void read_intervals(std::int64_t target, Life& life) {
    Statement read = connection_.prepare(
        "SELECT interval.id, place.kind, place.name, name.text, note.text, first_seen, last_seen, gone_at, at_least "
        "FROM interval JOIN place ON place.target = interval.target AND place.id = interval.place "
        "JOIN word AS name ON name.target = interval.target AND name.id = interval.name "
        "JOIN word AS note ON note.target = interval.target AND note.id = interval.note WHERE interval.target = ? "
        "ORDER BY interval.id");
    read.bind(target);
    while (read.step()) {
      const auto kind = kind_from(read.text(1));
      if (!kind) continue;
      Interval each{static_cast<std::uint64_t>(read.number(0)),
                    {{*kind, read.text(2)}, read.text(3)},
                    read.text(4),
                    read.time(5),
                    read.maybe_time(6),
                    read.maybe_time(7),
                    read.number(8) != 0};
      (each.gone_at ? life.past : life.open).push_back(std::move(each));
    }
  }

 private:
  Connection connection_;
  FileId file_ = file_id(connection_.path());
};

SqliteArchive::SqliteArchive(std::string path, ArchiveFile file, std::chrono::milliseconds patience) {
  if (path != ":memory:") {
    refuse_what_is_no_file(path, file);
    sqlite::refuse_by_header(path);
  }
  tables_ = std::make_unique<Tables>(std::move(path), file == ArchiveFile::create, patience);
}

SqliteArchive::~SqliteArchive() = default;

void SqliteArchive::keep(const Changes& changes) {
  if (changes.empty()) return;
  tables_->require_same_file();
  Transaction transaction(tables_->connection());
  for (const auto& [name, change] : changes) {
    const std::int64_t target = tables_->keep_target(name, change.head);
    if (change.whole) tables_->drop_all(target);
    const bool is_quiet =
        change.places.empty() && change.intervals.empty() && change.dropped.empty() && change.events.empty();
    if (is_quiet) continue;
    auto ids = tables_->ids_of(target);
    tables_->keep_places(target, ids, change);
    tables_->keep_intervals(target, ids, change);
    tables_->drop(target, ids, change);
    tables_->keep_events(target, ids, change.events);
  }
  transaction.commit();
}

std::optional<Life> SqliteArchive::load(const std::string& target) {
  const auto id = tables_->find_target(target);
  if (!id) return std::nullopt;
  Life life;
  life.head = tables_->read_head(*id);
  tables_->read_places(*id, life);
  tables_->read_intervals(*id, life);
  return life;
}

std::vector<std::string> SqliteArchive::targets() {
  std::vector<std::string> names;
  Statement read = tables_->connection().prepare("SELECT name FROM target ORDER BY name");
  while (read.step()) names.push_back(read.text(0));
  return names;
}

std::vector<KeptEvent> SqliteArchive::events(const EventQuery& query) {
  Statement read = tables_->connection().prepare(
      "SELECT * FROM (SELECT target.name, at, code, place.text, was.text, now.text, addresses.text, since, until, "
      "at_least, known_before, event.id AS number FROM event JOIN target ON target.id = event.target "
      "JOIN word AS place ON place.target = event.target AND place.id = event.place "
      "JOIN word AS was ON was.target = event.target AND was.id = event.was "
      "JOIN word AS now ON now.target = event.target AND now.id = event.now "
      "JOIN word AS addresses ON addresses.target = event.target AND addresses.id = event.addresses "
      "WHERE at >= coalesce(?1, at) AND target.name = coalesce(?2, target.name) ORDER BY event.id DESC LIMIT ?3) "
      "ORDER BY number");
  read.bind(query.since);
  query.target ? read.bind(*query.target) : read.bind_null();
  read.bind(static_cast<std::int64_t>(query.most));
  std::vector<KeptEvent> events;
  while (read.step()) {
    const auto code = event_code_from(read.text(2));
    if (!code) continue;
    events.push_back({read.text(0),
                      {read.time(1), *code, read.text(3), read.text(4), read.text(5), read.text(6), read.maybe_time(7),
                       read.maybe_time(8), read.number(9) != 0, read.number(10) != 0}});
  }
  return events;
}

// Of a record that is still there it stays known that it matched once, and until when.
void SqliteArchive::forget(SysTime before) {
  Transaction transaction(tables_->connection());
  tables_->connection().prepare("DELETE FROM event WHERE at < ?").bind(before).run();
  tables_->connection()
      .prepare(
          "DELETE FROM interval WHERE gone_at < ?1 AND NOT EXISTS (SELECT 1 FROM place AS matched, interval AS record, "
          "place AS server WHERE matched.target = interval.target AND matched.id = interval.place "
          "AND matched.kind = 'match' AND record.target = interval.target AND record.gone_at IS NULL "
          "AND server.target = record.target AND server.id = record.place AND server.kind = 'record' "
          "AND matched.name = server.name || ' ' || (SELECT text FROM word WHERE word.target = record.target "
          "AND word.id = record.name))")
      .bind(before)
      .run();
  tables_->connection()
      .prepare(
          "DELETE FROM place WHERE last_looked < ?1 AND NOT EXISTS (SELECT 1 FROM interval "
          "WHERE interval.target = place.target AND interval.place = place.id)")
      .bind(before)
      .run();
  tables_->connection().execute(
      "DELETE FROM word WHERE (target, id) NOT IN (SELECT target, name FROM interval UNION SELECT target, note FROM "
      "interval UNION SELECT target, place FROM event UNION SELECT target, was FROM event UNION SELECT target, now "
      "FROM event UNION SELECT target, addresses FROM event)");
  transaction.commit();
}

}  // namespace danewatch
