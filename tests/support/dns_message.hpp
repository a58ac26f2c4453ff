// DNS replies made of zone file lines, for tests of what reads them.
//
// Never asks anybody. Throws std::runtime_error for a line that is no record. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace danewatch::test {

struct ReplySpec {
  std::vector<std::string> answer{}, authority{}, additional{};
  int rcode = 0;
  bool authoritative = true;
  bool truncated = false;
  std::vector<std::uint8_t> options{};  // of an OPT record; empty: none
};

// The reply to this question, with its number and its question section.
std::vector<std::uint8_t> reply_to(const std::vector<std::uint8_t>& question, const ReplySpec& spec);

// An option of an OPT record: code, length, data (RFC 6891 6.1.2).
std::vector<std::uint8_t> edns_option(int code, const std::string& data);

}  // namespace danewatch::test
