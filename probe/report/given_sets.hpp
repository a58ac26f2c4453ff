// What the name servers give for a host, set by set: who gives it, and what becomes of mail if senders go by it.
//
// Where only one set is given, the servers agree. A server whose answer does not validate gives none. Thread rule:
// values that point into the report, and pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// Why validators do not take a reply; unknown where its signatures could not be checked.
enum class ReplyFault { none, unknown, missing, expired, not_yet_valid, no_key, wrong };
ReplyFault fault_of(const ServerReply& reply, const ZoneServers& zone, SysTime at);
bool is_bogus(ReplyFault fault);

struct GivenSet {
  enum class Fate {
    passes,
    fails,   // senders defer
    open,    // they deliver, but to whom?
    unknown  // nothing was seen to hold it against
  };
  std::vector<TlsaRecord> records;
  std::vector<const ServerAnswers*> servers;
  Fate fate = Fate::unknown;
  bool proven = false;  // it is what our own resolver was told
};

struct GivenSets {
  const ZoneServers* zone = nullptr;  // null: no server was asked for this host
  Question question;
  std::vector<GivenSet> sets;
};

GivenSets given_sets(const Report& report, const HostReport& host);
bool any_fate(const GivenSets& given, GivenSet::Fate fate);

// The one that the others are held against: one that passes, else what was proven, else the first. There must be one.
const GivenSet& right_set(const GivenSets& given);

// What some senders get through with is what others fail by.
bool senders_disagree(const GivenSets& given);

}  // namespace danewatch
