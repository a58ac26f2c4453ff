#include "probe/evidence/server_sets.hpp"

#include <algorithm>

#include "resolver/servers/zones_to_ask.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_sets = 4, most_records = 100, most_full_records = 16;

bool is_comparable(const std::vector<TlsaRecord>& records) {
  const auto full = std::ranges::count_if(records, [](const TlsaRecord& r) { return r.matching_type == 0; });
  return records.size() <= most_records && full <= static_cast<std::ptrdiff_t>(most_full_records);
}

}  // namespace

std::vector<TlsaRecord> proven_set(const HostEvidence& host) {
  const Answer* answer = host.located == Located::dane ? tlsa_answer(host) : nullptr;
  return answer == nullptr ? std::vector<TlsaRecord>() : tlsa_of(answer->data, answer->canonical_name);
}

std::optional<std::vector<TlsaRecord>> given_set(const ServerAnswers& server, const Question& question,
                                                 Transport transport) {
  const ServerReply* reply = reply_to(server, question, transport);
  if (reply == nullptr || !is_good(*reply) || reply->alias) return std::nullopt;
  return tlsa_of(reply->data, question.name);
}

std::vector<std::vector<TlsaRecord>> other_sets(const NameServers& servers, const HostEvidence& host) {
  std::vector<std::vector<TlsaRecord>> sets;
  const auto question = tlsa_question(host);
  if (!question) return sets;
  const std::vector<TlsaRecord> proven = proven_set(host);
  for (const ZoneServers& zone : servers.zones) {
    for (const ServerAnswers& server : zone.servers) {
      for (const Transport transport : {Transport::udp, Transport::tcp}) {
        auto set = given_set(server, *question, transport);
        const bool new_to_us = set && !set->empty() && std::ranges::find(sets, *set) == sets.end();
        if (new_to_us && !std::ranges::equal(*set, proven, same_association) && is_comparable(*set) &&
            sets.size() < most_sets)
          sets.push_back(std::move(*set));
      }
    }
  }
  return sets;
}

}  // namespace danewatch
