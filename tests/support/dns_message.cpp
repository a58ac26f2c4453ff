#include "tests/support/dns_message.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <ldns/ldns.h>  // last: it defines macros named true and false

namespace danewatch::test {
namespace {

using Octets = std::vector<std::uint8_t>;
constexpr std::size_t header = 12;

void append(Octets& message, const std::string& line) {
  ldns_rr* record = nullptr;
  if (ldns_rr_new_frm_str(&record, line.c_str(), 0, nullptr, nullptr) != LDNS_STATUS_OK)
    throw std::runtime_error("no record: " + line);
  std::uint8_t* octets = nullptr;
  std::size_t length = 0;
  const auto status = ldns_rr2wire(&octets, record, LDNS_SECTION_ANSWER, &length);
  if (status == LDNS_STATUS_OK) message.insert(message.end(), octets, octets + length);
  std::free(octets);
  ldns_rr_free(record);
}

std::size_t end_of_question(const Octets& message) {
  std::size_t at = header;
  while (message.at(at) != 0) at += 1U + message[at];
  return at + 5;
}

void count(Octets& message, std::size_t at, std::size_t n) {
  message[at] = static_cast<std::uint8_t>(n >> 8);
  message[at + 1] = static_cast<std::uint8_t>(n);
}

}  // namespace

std::vector<std::uint8_t> reply_to(const Octets& question, const ReplySpec& spec) {
  Octets reply(question.begin(), question.begin() + static_cast<std::ptrdiff_t>(end_of_question(question)));
  reply[2] = static_cast<std::uint8_t>(0x80 | (spec.authoritative ? 4 : 0) | (spec.truncated ? 2 : 0));
  reply[3] = static_cast<std::uint8_t>(spec.rcode & 0x0f);
  count(reply, 6, spec.answer.size());
  count(reply, 8, spec.authority.size());
  count(reply, 10, spec.additional.size() + (spec.options.empty() ? 0 : 1));
  for (const auto* section : {&spec.answer, &spec.authority, &spec.additional}) {
    for (const std::string& line : *section) append(reply, line);
  }
  if (spec.options.empty()) return reply;
  reply.insert(reply.end(), {0, 0, 41, 0x04, 0xd0, static_cast<std::uint8_t>(spec.rcode >> 4), 0, 0x80, 0});
  reply.insert(reply.end(),
               {static_cast<std::uint8_t>(spec.options.size() >> 8), static_cast<std::uint8_t>(spec.options.size())});
  reply.insert(reply.end(), spec.options.begin(), spec.options.end());
  return reply;
}

std::vector<std::uint8_t> edns_option(int code, const std::string& data) {
  Octets option{static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code),
                static_cast<std::uint8_t>(data.size() >> 8), static_cast<std::uint8_t>(data.size())};
  option.insert(option.end(), data.begin(), data.end());
  return option;
}

}  // namespace danewatch::test
