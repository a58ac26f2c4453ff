// What memory knows, in sentences: events, and what became of a record.
//
// Everything returned is safe for a terminal. Pure functions.
#pragma once

#include <string>

#include "probe/life/archive.hpp"
#include "probe/life/record_life.hpp"

namespace danewatch::words {

std::string happened(const Event& event);  // "mx.example.org:25 no longer offers STARTTLS."
std::string meaning(const Event& event);   // what follows for mail, and what to look at; may be empty

// "stale since 2026-03-12 09:00 UTC: it matched until then; published since at least 2025-01-01 12:00 UTC"
std::string life(const RecordLife& record);

// "TLSA 3 1 1 0123456789abcdef... of mx.example.org:25: stale since …"
std::string record_and_life(const RecordLife& record);

std::string short_digest(const std::string& hex);  // "0123456789abcdef..."

// "3 1 1 0123456789abcdef...": of the name of a record in memory.
std::string short_record(const std::string& name);

}  // namespace danewatch::words
