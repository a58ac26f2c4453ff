// What each name server gives for a host, as memory has it: which TLSA records, and since when without a break.
//
// Only what was asked in the run itself counts: who was not asked, or gave no answer that validates, is as it was
// before. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probe/life/life.hpp"
#include "probe/life/sight.hpp"

namespace danewatch {

inline constexpr std::string_view agrees_word = "agrees", differs_word = "differs";

// Adds the name servers of the host to what the report saw.
void see_name_servers(const Report& report, const HostReport& host, Sight& sight);

// Whether the name servers were asked by this run, and are not told again from an earlier one.
bool were_asked(const Report& report);

// The longest TTL with which any of them gives the records; nothing: none of them told one.
std::optional<std::uint32_t> longest_ttl_given(const Report& report, const HostReport& host);

struct GivenRecord {
  std::string record;  // the name of record_name()
  SysTime first_seen{};
  bool at_least = false;  // it was given when this name server was first asked

  bool operator==(const GivenRecord&) const = default;
};

struct NameServerLife {
  std::string server;       // "mx.example.org:25"
  std::string name_server;  // "ns1.example.org"
  std::string address;
  bool agrees = true;
  SysTime since{};  // when it began to agree or to differ
  bool at_least = false;
  SysTime last_asked{};  // and answered
  std::vector<GivenRecord> records;

  bool operator==(const NameServerLife&) const = default;
};

// By server, then by address.
std::vector<NameServerLife> name_server_lives(const Life& life);

// "ns1.example.org (192.0.2.53)", of an interval that is about one.
std::string name_server_place(const Interval& interval);

// "3 1 1 aa…, 3 1 1 bb…": what the name server of this address gives for the server; empty: no record.
std::string records_given(const Life& life, const std::string& server, const std::string& address);

}  // namespace danewatch
