#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>

namespace danewatch::sqlite {
namespace {

// Migration N makes version N + 1 of version N. None is ever changed: files of each version are out there.
constexpr std::array<const char*, schema_version> migrations{R"(
CREATE TABLE target (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first_looked INTEGER NOT NULL,
  last_looked INTEGER NOT NULL,
  looks INTEGER NOT NULL,
  next_id INTEGER NOT NULL,
  blind_since INTEGER
) STRICT;
CREATE TABLE place (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_looked INTEGER,
  last_looked INTEGER,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE interval (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER,
  gone_at INTEGER,
  at_least INTEGER NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target (id),
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  place TEXT NOT NULL,
  was TEXT NOT NULL,
  now TEXT NOT NULL,
  addresses TEXT NOT NULL,
  since INTEGER,
  until INTEGER,
  at_least INTEGER NOT NULL,
  known_before INTEGER NOT NULL
) STRICT;
CREATE INDEX event_at ON event (at);
CREATE INDEX event_target ON event (target, at);
CREATE VIEW thing AS
  SELECT target.name AS target, place.kind AS kind, place.name AS place, interval.name AS name, interval.note AS note,
         datetime(interval.first_seen, 'unixepoch') AS first_seen,
         datetime(coalesce(interval.last_seen, place.last_looked, target.last_looked), 'unixepoch') AS last_seen,
         datetime(interval.gone_at, 'unixepoch') AS gone_at, interval.at_least AS at_least
  FROM interval JOIN target ON target.id = interval.target
       JOIN place ON place.target = interval.target AND place.id = interval.place;
CREATE VIEW happened AS
  SELECT datetime(event.at, 'unixepoch') AS at, target.name AS target, event.code AS code, event.place AS place,
         event.was AS was, event.now AS now
  FROM event JOIN target ON target.id = event.target;
)",
                                                             // What is told again and again stands once, as a word.
                                                             R"(
ALTER TABLE target ADD COLUMN runs TEXT NOT NULL DEFAULT '';
DROP VIEW thing;
DROP VIEW happened;
CREATE TABLE word (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO word (target, id, text)
  SELECT target, row_number() OVER (PARTITION BY target ORDER BY text), text FROM (
    SELECT target, name AS text FROM interval UNION SELECT target, note FROM interval UNION
    SELECT target, place FROM event UNION SELECT target, was FROM event UNION SELECT target, now FROM event UNION
    SELECT target, addresses FROM event);
ALTER TABLE interval RENAME TO interval_1;
CREATE TABLE interval (
  target INTEGER NOT NULL REFERENCES target (id),
  id INTEGER NOT NULL,
  place INTEGER NOT NULL,
  name INTEGER NOT NULL,
  note INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER,
  gone_at INTEGER,
  at_least INTEGER NOT NULL,
  PRIMARY KEY (target, id)
) STRICT, WITHOUT ROWID;
INSERT INTO interval
  SELECT old.target, old.id, old.place, name.id, note.id, first_seen, last_seen, gone_at, at_least FROM interval_1 AS old
  JOIN word AS name ON name.target = old.target AND name.text = old.name
  JOIN word AS note ON note.target = old.target AND note.text = old.note;
DROP TABLE interval_1;
DROP INDEX event_at;
DROP INDEX event_target;
ALTER TABLE event RENAME TO event_1;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  target INTEGER NOT NULL REFERENCES target (id),
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  place INTEGER NOT NULL,
  was INTEGER NOT NULL,
  now INTEGER NOT NULL,
  addresses INTEGER NOT NULL,
  since INTEGER,
  until INTEGER,
  at_least INTEGER NOT NULL,
  known_before INTEGER NOT NULL
) STRICT;
INSERT INTO event
  SELECT old.id, old.target, at, code, place.id, was.id, now.id, addresses.id, since, until, at_least, known_before
  FROM event_1 AS old
  JOIN word AS place ON place.target = old.target AND place.text = old.place
  JOIN word AS was ON was.target = old.target AND was.text = old.was
  JOIN word AS now ON now.target = old.target AND now.text = old.now
  JOIN word AS addresses ON addresses.target = old.target AND addresses.text = old.addresses;
DROP TABLE event_1;
CREATE INDEX event_at ON event (at);
CREATE INDEX event_target ON event (target, at);
CREATE VIEW thing AS
  SELECT target.name AS target, place.kind AS kind, place.name AS place, name.text AS name, note.text AS note,
         datetime(interval.first_seen, 'unixepoch') AS first_seen,
         datetime(coalesce(interval.last_seen, place.last_looked, target.last_looked), 'unixepoch') AS last_seen,
         datetime(interval.gone_at, 'unixepoch') AS gone_at, interval.at_least AS at_least
  FROM interval JOIN target ON target.id = interval.target
       JOIN place ON place.target = interval.target AND place.id = interval.place
       JOIN word AS name ON name.target = interval.target AND name.id = interval.name
       JOIN word AS note ON note.target = interval.target AND note.id = interval.note;
CREATE VIEW happened AS
  SELECT datetime(event.at, 'unixepoch') AS at, target.name AS target, event.code AS code, place.text AS place,
         was.text AS was, now.text AS now
  FROM event JOIN target ON target.id = event.target
       JOIN word AS place ON place.target = event.target AND place.id = event.place
       JOIN word AS was ON was.target = event.target AND was.id = event.was
       JOIN word AS now ON now.target = event.target AND now.id = event.now;
)"};

void check_owner(const std::string& path, std::int64_t id, bool empty) {
  if (id == application_id || (empty && id == 0)) return;
  throw ArchiveError(fmt::format("{}: is a database of another program; it is left as it is", path));
}

void check_version(const std::string& path, std::int64_t version) {
  if (version <= schema_version) return;
  throw ArchiveError(fmt::format(
      "{}: was written by a newer danewatch (version {} of its tables, this one knows {}); it is left as it is", path,
      version, schema_version));
}

void refuse_damaged(Connection& connection) {
  const std::string said = connection.text("PRAGMA quick_check(1)");
  if (said != "ok") refuse(connection.path(), SQLITE_CORRUPT, said.c_str());
}

void migrate(Connection& connection, std::int64_t version) {
  if (version == schema_version) return;
  Transaction transaction(connection);
  for (auto step = static_cast<std::size_t>(version); step < migrations.size(); ++step) {
    connection.execute(migrations[step]);
  }
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  connection.execute(fmt::format("PRAGMA user_version = {}", schema_version));
  transaction.commit();
}

// A big-endian number of the header (https://www.sqlite.org/fileformat.html, 1.3).
std::int64_t number_at(const std::string& header, std::size_t offset) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(header[offset + i]);
  return value;
}

// Somebody was stopped while writing into it. Then its header means nothing until SQLite has undone that.
bool has_journal(const std::string& path) {
  return std::ifstream(path + "-journal").good();
}

}  // namespace

void refuse_by_header(const std::string& path) {
  constexpr std::string_view magic("SQLite format 3\0", 16);
  constexpr std::size_t size = 100, version_at = 60, application_at = 68;
  std::ifstream file(path, std::ios::binary);
  std::string header(size, '\0');
  file.read(header.data(), size);
  header.resize(static_cast<std::size_t>(file.gcount()));
  if (header.empty()) return;  // a new file, or one that SQLite will have a word for
  if (header.size() < size || !header.starts_with(magic)) refuse(path, SQLITE_NOTADB, "");
  if (has_journal(path)) return;
  check_owner(path, number_at(header, application_at), false);
  check_version(path, number_at(header, version_at));
}

void take_over(Connection& connection) {
  connection.execute("PRAGMA locking_mode = EXCLUSIVE");
  connection.execute("PRAGMA mmap_size = 0");
  const bool empty = connection.number("SELECT count(*) FROM sqlite_master") == 0;
  check_owner(connection.path(), connection.number("PRAGMA application_id"), empty);
  const std::int64_t version = connection.number("PRAGMA user_version");
  check_version(connection.path(), version);
  refuse_damaged(connection);
  connection.execute("PRAGMA synchronous = FULL");
  // Before WAL: so the file itself says whose it is from its first page on, not the log beside it.
  migrate(connection, version);
  connection.execute("PRAGMA journal_mode = WAL");
  connection.execute("BEGIN IMMEDIATE; COMMIT");  // the lock is ours from here on, not from the first write
}

}  // namespace danewatch::sqlite
