// Inner: the tables, and how a file of an older version becomes one of this (README.md).
//
// Thread rule: one thread at a time.
#pragma once

#include "store/sqlite/connection.hpp"

namespace danewatch::sqlite {

inline constexpr std::int64_t application_id = 0x44414e45;  // "DANE"
inline constexpr std::int64_t schema_version = 2;

// Throws ArchiveError where the first octets of the file say that it is not ours or newer than we are. Nothing is
// opened by SQLite yet, which may write into whatever it opens.
void refuse_by_header(const std::string& path);

// Takes the file for itself, and makes it what this version writes. Throws ArchiveError, and leaves the file as it is,
// where it is another program's, a newer version's or damaged.
void take_over(Connection& connection);

}  // namespace danewatch::sqlite
