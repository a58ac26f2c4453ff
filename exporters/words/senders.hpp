// The words in which every text tells what senders reported.
//
// Everything returned is safe for a terminal. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "exporters/words/tone.hpp"
#include "probe/life/sender_tally.hpp"

namespace danewatch::words {

std::string_view policy(SenderPolicyType type);  // "DANE", "MTA-STS"

// "3 of 120 sessions failed"; "120 sessions, none failed"; "no sessions".
std::string sessions(const SenderSessions& sessions);
layout::Tone tone_of(const SenderSessions& sessions);

std::string count_of(std::uint64_t count, std::string_view thing);  // "1 session", "2 sessions"

std::string sender_domain(const SenderDayKey& key);  // "(no domain)" where none was said
std::string sender(std::string_view name);           // "(unnamed)" where it has none

// "validation-failure at mx.example.org (DANE, 3 1 1 60ab...)"
std::string trouble(const SenderTrouble& trouble);

}  // namespace danewatch::words
