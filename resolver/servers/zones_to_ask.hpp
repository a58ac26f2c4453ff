// Pure: what of a walk through the DNS is worth asking each name server by itself.
//
// Only what DANE rests on: where it does not apply, no name server is asked. Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

struct ZoneQuestion {
  Question question;
  std::optional<std::string> zone;  // that signed the answer; nothing: to be found

  bool operator==(const ZoneQuestion&) const = default;
};

// TLSA of every host at the end of its aliases, then MX; each once.
std::vector<ZoneQuestion> zones_to_ask(const DnsEvidence& evidence);

// The answer that decides about the host's TLSA records, and what to ask a server to compare; null, nothing: there is
// none.
const Answer* tlsa_answer(const HostEvidence& host);
std::optional<Question> tlsa_question(const HostEvidence& host);

}  // namespace danewatch
