// Which sets of TLSA records the name servers give for a host, each asked by itself.
//
// Never says which is right. Thread rule: pure functions.
#pragma once

#include <optional>
#include <vector>

#include "resolver/servers/server_answers.hpp"
#include "resolver/walk/dns_evidence.hpp"

namespace danewatch {

// The records that decide about the host, before any limit of ours; empty where it was proven that there are none.
std::vector<TlsaRecord> proven_set(const HostEvidence& host);

// What a server gives over one transport, with authority; nothing: it was not asked, or gives no answer.
std::optional<std::vector<TlsaRecord>> given_set(const ServerAnswers& server, const Question& question,
                                                 Transport transport);

// Those that are neither empty nor the proven one, at most four, and of so many records as are ever compared.
std::vector<std::vector<TlsaRecord>> other_sets(const NameServers& servers, const HostEvidence& host);

}  // namespace danewatch
