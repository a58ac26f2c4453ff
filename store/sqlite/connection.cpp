#include "store/sqlite/connection.hpp"

#include <fmt/format.h>

namespace danewatch::sqlite {
namespace {

std::string why(int code, const char* words) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has it open; a danewatch that serves keeps its memory for itself: ask that one, or give "
             "this one a file of its own";
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
      return "may not be written, or was replaced or deleted while it was open";
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return "permission denied";
    case SQLITE_CANTOPEN:
      return "cannot be opened: is the directory there, and may danewatch write into it?";
    case SQLITE_NOTADB:
      return "is not an SQLite database; it is left as it is";
    case SQLITE_CORRUPT:
      return "is damaged; it is left as it is: move it away, or put a backup in its place";
    default:
      return words;
  }
}

}  // namespace

void refuse(const std::string& path, int code, const char* words) {
  throw ArchiveError(fmt::format("{}: {}", path, why(code, words)));
}

Statement::Statement(sqlite3* connection, const std::string& path, std::string_view sql, std::vector<Prepared>& idle)
    : connection_(connection), path_(path), idle_(idle) {
  if (!idle_.empty()) {
    statement_ = std::move(idle_.back());
    idle_.pop_back();
    return;
  }
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr));
  statement_.reset(statement);
}

Statement::~Statement() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  idle_.push_back(std::move(statement_));
}

void Statement::check(int result) const {
  if (result != SQLITE_OK) refuse(path_, result, sqlite3_errmsg(connection_));
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), next_++, value));
  return *this;
}

Statement& Statement::bind(const std::string& value) {
  check(sqlite3_bind_text64(statement_.get(), next_++, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(SysTime value) {
  return bind(static_cast<std::int64_t>(value.time_since_epoch().count()));
}

Statement& Statement::bind(std::optional<SysTime> value) {
  return value ? bind(*value) : bind_null();
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_.get(), next_++));
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) check(result);
  return false;
}

void Statement::run() {
  step();
  sqlite3_reset(statement_.get());
  next_ = 1;
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string Statement::text(int column) const {
  const void* data = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? "" : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

SysTime Statement::time(int column) const {
  return SysTime(std::chrono::seconds(number(column)));
}

std::optional<SysTime> Statement::maybe_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

Connection::Connection(std::string path, bool create, std::chrono::milliseconds patience) : path_(std::move(path)) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
  const int result = sqlite3_open_v2(path_.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) refuse(path_, result, handle == nullptr ? "no memory" : sqlite3_errmsg(handle));
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
}

std::vector<Prepared>& Connection::idle_of(std::string_view sql) {
  const auto found = idle_.find(sql);
  return found == idle_.end() ? idle_[std::string(sql)] : found->second;
}

void Connection::execute(const std::string& sql) {
  const int result = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) refuse(path_, result, sqlite3_errmsg(handle_.get()));
}

std::int64_t Connection::number(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

std::string Connection::text(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.text(0) : "";
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const ArchiveError&) {
    // SQLite has rolled back itself where the disk was full.
  }
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  open_ = false;
}

}  // namespace danewatch::sqlite
