// Name servers for tests: what each of them answers when it is asked by itself.
//
// Never asks anybody. Thread rule: pure functions.
#pragma once

#include "tests/support/finding_cases_dns.hpp"

namespace danewatch::test {

// nsN.example.org at 11.1.0.N: it answers everything, validly, with this serial and these TLSA records for
// mx1.example.org.
ServerAnswers server(int number, std::uint32_t serial, const std::vector<std::string>& tlsa);

// Of the zone example.org, whose parent and child agree.
NameServers asked(std::vector<ServerAnswers> servers);

}  // namespace danewatch::test
