#include "probe/report/given_sets.hpp"

#include <algorithm>

#include "probe/evidence/server_sets.hpp"
#include "resolver/servers/zones_to_ask.hpp"

namespace danewatch {
namespace {

ReplyFault fault_of(const SignedSet& set, SysTime at) {
  switch (set.check) {
    case SignatureCheck::missing:
      return ReplyFault::missing;
    case SignatureCheck::unchecked:
      return ReplyFault::unknown;
    case SignatureCheck::no_key:
      return ReplyFault::no_key;
    case SignatureCheck::wrong:
      return ReplyFault::wrong;
    case SignatureCheck::right:
      break;
  }
  if (set.expires && *set.expires < at) return ReplyFault::expired;
  if (set.inception && *set.inception > at) return ReplyFault::not_yet_valid;
  return ReplyFault::none;
}

GivenSet::Fate fate_of(const Conclusion& conclusion) {
  switch (conclusion.verdict) {
    case Verdict::authenticated:
      return GivenSet::Fate::passes;
    case Verdict::mismatch:
      return GivenSet::Fate::fails;
    case Verdict::unusable:
      return GivenSet::Fate::open;
    default:
      return GivenSet::Fate::unknown;
  }
}

GivenSet::Fate fate_of(const HostReport& host, const GivenSet& set) {
  if (set.proven && host.dns.located == Located::dane) return fate_of(host.conclusion);
  if (set.records.empty()) return GivenSet::Fate::open;
  const auto other = std::ranges::find_if(host.other_sets, [&](const OtherSet& each) {
    return std::ranges::equal(each.records, set.records, same_association);
  });
  return other == host.other_sets.end() ? GivenSet::Fate::unknown : fate_of(other->conclusion);
}

const ZoneServers* zone_of(const NameServers& servers, const Question& question) {
  const auto asked = [&](const ServerAnswers& server) {
    return std::ranges::find(server.replies, question, &ServerReply::question) != server.replies.end();
  };
  const auto zone = std::ranges::find_if(
      servers.zones, [&](const ZoneServers& each) { return std::ranges::any_of(each.servers, asked); });
  return zone == servers.zones.end() ? nullptr : &*zone;
}

void add(std::vector<GivenSet>& sets, std::vector<TlsaRecord> records, const ServerAnswers& server) {
  auto same = std::ranges::find_if(
      sets, [&](const GivenSet& each) { return std::ranges::equal(each.records, records, same_association); });
  if (same == sets.end()) {
    sets.emplace_back().records = std::move(records);
    same = sets.end() - 1;
  }
  if (std::ranges::find(same->servers, &server) == same->servers.end()) same->servers.push_back(&server);
}

}  // namespace

// A denial without any signed set has no proof (RFC 4035 3.1.3).
ReplyFault fault_of(const ServerReply& reply, const ZoneServers& zone, SysTime at) {
  if (!zone.secure || !is_good(reply)) return ReplyFault::unknown;
  if (reply.signatures.empty()) return ReplyFault::missing;
  ReplyFault worst = ReplyFault::none;
  for (const SignedSet& set : reply.signatures) worst = std::max(worst, fault_of(set, at));
  return worst;
}

bool is_bogus(ReplyFault fault) {
  return fault != ReplyFault::none && fault != ReplyFault::unknown;
}

std::optional<SysTime> first_expiry(const ServerReply& reply) {
  std::optional<SysTime> first;
  for (const SignedSet& set : reply.signatures) {
    if (set.check != SignatureCheck::right || !set.expires) continue;
    first = std::min(first.value_or(*set.expires), *set.expires);
  }
  return first;
}

std::optional<SysTime> first_expiry(const ServerAnswers& server) {
  std::optional<SysTime> first;
  for (const ServerReply& reply : server.replies) {
    const auto expiry = first_expiry(reply);
    if (expiry) first = std::min(first.value_or(*expiry), *expiry);
  }
  return first;
}

const ServerReply* first_reply(const ServerAnswers& server, const Question& question) {
  const ServerReply* by_udp = reply_to(server, question, Transport::udp);
  return by_udp != nullptr ? by_udp : reply_to(server, question, Transport::tcp);
}

// A reply that is cut short by UDP and whole by TCP is an answer.
NoAnswer why_no_answer(const ServerAnswers& server, const Question& question) {
  const ServerReply* reply = first_reply(server, question);
  const bool knows_zone = std::ranges::any_of(
      server.replies, [](const ServerReply& each) { return each.question.type == RrType::soa && is_good(each); });
  if (reply == nullptr || !knows_zone || good_reply(server, question) != nullptr) return NoAnswer::none;
  if (reply->contact == Contact::malformed) return NoAnswer::malformed;
  if (reply->contact != Contact::answered) return NoAnswer::silence;
  if (reply->rcode != 0 && reply->rcode != 3) return NoAnswer::error;
  return reply->truncated ? NoAnswer::truncated : NoAnswer::no_authority;
}

GivenSets given_sets(const Report& report, const HostReport& host) {
  GivenSets given;
  const auto question = tlsa_question(host.dns);
  if (!question) return given;
  given.question = *question;
  given.zone = zone_of(report.servers, *question);
  if (given.zone == nullptr) return given;
  for (const ServerAnswers& server : given.zone->servers) {
    for (const Transport transport : {Transport::udp, Transport::tcp}) {
      auto records = given_set(server, *question, transport);
      if (!records || is_bogus(fault_of(*reply_to(server, *question, transport), *given.zone, report.at))) continue;
      add(given.sets, std::move(*records), server);
    }
  }
  const bool known = host.dns.located == Located::dane || host.dns.located == Located::no_tlsa;
  const std::vector<TlsaRecord> proven = proven_set(host.dns);
  for (GivenSet& set : given.sets) {
    set.proven = known && std::ranges::equal(set.records, proven, same_association);
    set.fate = fate_of(host, set);
  }
  return given;
}

const ServerReply* bogus_reply(const GivenSets& given, const ServerAnswers& server, SysTime at) {
  const auto found = std::ranges::find_if(server.replies, [&](const ServerReply& reply) {
    return reply.question == given.question && is_bogus(fault_of(reply, *given.zone, at));
  });
  return found == server.replies.end() ? nullptr : &*found;
}

bool is_old(const GivenSet& set, const GivenSet& right) {
  return set.fate == GivenSet::Fate::fails && right.fate == GivenSet::Fate::passes;
}

bool any_fate(const GivenSets& given, GivenSet::Fate fate) {
  return std::ranges::find(given.sets, fate, &GivenSet::fate) != given.sets.end();
}

const GivenSet& right_set(const GivenSets& given) {
  const auto passing = std::ranges::find(given.sets, GivenSet::Fate::passes, &GivenSet::fate);
  if (passing != given.sets.end()) return *passing;
  const auto proven = std::ranges::find(given.sets, true, &GivenSet::proven);
  return proven != given.sets.end() ? *proven : given.sets.front();
}

bool senders_disagree(const GivenSets& given) {
  const bool through = any_fate(given, GivenSet::Fate::passes) || any_fate(given, GivenSet::Fate::open);
  return any_fate(given, GivenSet::Fate::fails) && through;
}

}  // namespace danewatch
