// This process as the system sees it: its descriptors, and how it ends when it cannot go on.
//
// Thread rule: the main thread before others are there; end_broken() from any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace danewatch {

// First of all: standard descriptors that were closed lead to /dev/null (what is written to a closed
// standard output is refused, not lost), and a peer that goes away is a fact, not our
// end (SIGPIPE).
void prepare_process();

// As many descriptors as this process may have: many targets side by side need more than the usual 1024. Throws
// std::runtime_error where they are so few that libraries would find no way to ask, and facts about this machine would
// look like facts about the target: `fewest` is what libraries and the work need together.
void raise_descriptor_limit(unsigned fewest);

// For one target; for many side by side; for those, and the clients that ask about them.
constexpr unsigned descriptors_of_one = 32;  // libunbound and one target take about twenty
constexpr unsigned descriptors_of_many = 64;
constexpr unsigned descriptors_of_service = 128;

// What is wrong with a limit of the address space (RLIMIT_AS), for a service with its threads; nothing: it is enough.
std::optional<std::string> address_space_error(std::uint64_t limit);

// Throws std::runtime_error where this process has less: it would end amid its work, in whatever asks for memory first.
void demand_address_space();

// A fault of ours from which a service cannot go on: one line in the log, and at once, whatever other threads do, exit
// status 70 (EX_SOFTWARE), after which a service manager starts it anew.
[[noreturn]] void end_broken(std::string_view why);

}  // namespace danewatch
