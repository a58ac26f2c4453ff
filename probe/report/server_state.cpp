#include "probe/report/server_state.hpp"

#include <algorithm>

#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

bool was_heard(const ServerAnswers& server) {
  return std::ranges::any_of(server.replies,
                             [](const ServerReply& reply) { return reply.contact == Contact::answered; });
}

bool gives(const GivenSet& set, const ServerAnswers& server) {
  return std::ranges::find(set.servers, &server) != set.servers.end();
}

// To one host.
ServerState state_for(const GivenSets& given, const ServerAnswers& server, SysTime at) {
  if (bogus_reply(given, server, at) != nullptr) return given.sets.empty() ? ServerState::agrees : ServerState::bogus;
  if (why_no_answer(server, given.question) != NoAnswer::none) return ServerState::refuses;
  if (given.sets.empty()) return ServerState::agrees;
  const GivenSet& right = right_set(given);
  ServerState state = ServerState::agrees;
  for (const GivenSet& set : given.sets) {
    if (&set == &right || !gives(set, server)) continue;
    state = std::min(state, is_old(set, right) ? ServerState::old : ServerState::differs);
  }
  return state;
}

bool was_asked(const ServerAnswers& server, const Question& question) {
  return reply_to(server, question, Transport::udp) != nullptr || reply_to(server, question, Transport::tcp) != nullptr;
}

}  // namespace

std::string_view to_string(ServerState state) {
  switch (state) {
    case ServerState::not_asked:
      return "not asked";
    case ServerState::silent:
      return "no answer";
    case ServerState::lame:
      return "lame";
    case ServerState::old:
      return "old records";
    case ServerState::bogus:
      return "bogus";
    case ServerState::refuses:
      return "refuses TLSA";
    case ServerState::differs:
      return "differs";
    case ServerState::agrees:
      return "agrees";
    case ServerState::answers:
      return "answers";
  }
  return "not asked";
}

bool is_up(const ServerAnswers& server) {
  return std::ranges::any_of(server.replies, [](const ServerReply& reply) {
    return reply.question.type == RrType::soa && is_good(reply) && reply.serial;
  });
}

ServerState state_of(const Report& report, const ZoneServers& zone, const ServerAnswers& server) {
  if (server.replies.empty()) return ServerState::not_asked;
  if (!was_heard(server)) return ServerState::silent;
  if (!is_up(server)) return ServerState::lame;
  ServerState state = ServerState::answers;
  for (const HostReport& host : report.hosts) {
    const GivenSets given = given_sets(report, host);
    if (given.zone == &zone && was_asked(server, given.question))
      state = std::min(state, state_for(given, server, report.at));
  }
  return state;
}

std::vector<std::string> strange_records(const Report& report, const ServerAnswers& server) {
  std::vector<std::string> words;
  for (const HostReport& host : report.hosts) {
    const GivenSets given = given_sets(report, host);
    if (given.sets.empty()) continue;
    const GivenSet& right = right_set(given);
    for (const GivenSet& set : given.sets) {
      if (&set == &right || !gives(set, server)) continue;
      if (set.records.empty()) words.emplace_back("no TLSA record");
      for (const TlsaRecord& record : set.records) {
        const auto same = [&](const TlsaRecord& other) { return same_association(record, other); };
        if (std::ranges::none_of(right.records, same)) words.push_back(short_text(record));
      }
    }
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace danewatch
