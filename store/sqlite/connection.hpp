// Inner: one connection to one SQLite file, and statements on it.
//
// Whatever SQLite refuses is an ArchiveError that names the file. Thread rule: one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "probe/life/archive.hpp"

namespace danewatch::sqlite {

// Bound from 1, read from 0, as SQLite counts. Reset when it is made anew.
class Statement {
 public:
  Statement(sqlite3* connection, const std::string& path, std::string_view sql);

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
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  void check(int result) const;

  sqlite3* connection_;
  const std::string& path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
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

  Statement prepare(std::string_view sql) { return {handle_.get(), path_, sql}; }
  void execute(const std::string& sql);
  std::int64_t number(std::string_view sql);  // the first column of the first row
  std::string text(std::string_view sql);

  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close(connection); }
  };

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
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
