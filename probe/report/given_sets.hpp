// What the name servers give for a host, set by set: who gives it, and what becomes of mail if senders go by it.
//
// Where only one set is given, the servers agree. A server whose answer does not validate gives none. Thread rule:
// values that point into the report, and pure functions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "probe/report/report.hpp"

namespace danewatch {

// Why validators do not take a reply; unknown where its signatures could not be checked.
enum class ReplyFault { none, unknown, missing, expired, not_yet_valid, no_key, wrong };
ReplyFault fault_of(const ServerReply& reply, const ZoneServers& zone, SysTime at);
bool is_bogus(ReplyFault fault);

// When the first of the signatures that are right ends, which may have been in the past: others have no date that
// counts.
std::optional<SysTime> first_expiry(const ServerReply& reply);
std::optional<SysTime> first_expiry(const ServerAnswers& server);

// Its reply by UDP, else by TCP; null: it was not asked that.
const ServerReply* first_reply(const ServerAnswers& server, const Question& question);

// What it says to a question, where that is no answer although it answers for its zone.
enum class NoAnswer { none, silence, malformed, error, no_authority, truncated };
NoAnswer why_no_answer(const ServerAnswers& server, const Question& question);

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

// The first of its replies to the host's question that validators do not take; null: there is none.
const ServerReply* bogus_reply(const GivenSets& given, const ServerAnswers& server, SysTime at);

// Senders fail by it, and get through by the right one.
bool is_old(const GivenSet& set, const GivenSet& right);

// The one that the others are held against: one that passes, else what was proven, else the first. There must be one.
const GivenSet& right_set(const GivenSets& given);

// What some senders get through with is what others fail by.
bool senders_disagree(const GivenSets& given);

}  // namespace danewatch
