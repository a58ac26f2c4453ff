// Inner: one connection to one SQLite file, and statements on it.
//
// Whatever SQLite refuses is an ArchiveError that names the file. Thread rule: one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/life/archive.hpp"

namespace danewatch::sqlite {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

// Bound from 1, read from 0, as SQLite counts. What SQLite made of its text is left to the next one of the same text.
class Statement {
 public:
  // `idle`: statements of this text that nobody uses; it outlives this one.
  Statement(sqlite3* connection, const std::string& path, std::string_view sql, std::vector<Prepared>& idle);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(const std::string& value);
  Statement& bind(SysTime value);
  Statement& bind(std::optional<SysTime> value);
  Statement& bind_null();

  bool step();  // true: a row is there
  void run();   // no row is wanted; ready to be bound again

  std::int64_t number(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;
  SysTime time(int column) const;
  std::optional<SysTime> maybe_time(int column) const;

 private:
  void check(int result) const;

  sqlite3* connection_;
  const std::string& path_;
  std::vector<Prepared>& idle_;
  Prepared statement_;
  int next_ = 1;
};

class Connection {
 public:
  // `create`: an absent or empty file becomes a database. ":memory:" is none on any disk. `patience`: how long to wait
  // for another program to let it go.
  Connection(std::string path, bool create, std::chrono::milliseconds patience);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  Statement prepare(std::string_view sql) { return {handle_.get(), path_, sql, idle_of(sql)}; }
  void execute(const std::string& sql);
  std::int64_t number(std::string_view sql);  // the first column of the first row
  std::string text(std::string_view sql);

  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  std::vector<Prepared>& idle_of(std::string_view sql);

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, std::vector<Prepared>, std::less<>> idle_;  // by their text; gone before the handle
};

// Undone unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) { connection_.execute("BEGIN IMMEDIATE"); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

// What went wrong with the file, as a sentence: "FILE: another danewatch has it open …".
[[noreturn]] void refuse(const std::string& path, int code, const char* words);

}  // namespace danewatch::sqlite
