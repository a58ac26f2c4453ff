#include "probe/rollover/others.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/target/services.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_hosts = 16, longest_name = 253;

std::string owner_at(const HostReport& host, std::uint16_t port) {
  return fmt::format("_{}._tcp.{}", port, host.dns.base_domain);
}

bool is_in_use(const RecordReport& record) {
  return record.state == RecordState::current || record.state == RecordState::partial;
}

bool names_the_key(const HostReport& host, const Answer& answer) {
  return std::ranges::any_of(answer.data, [&](const Rdata& data) {
    const auto* other = std::get_if<TlsaRecord>(&data.value);
    return other != nullptr && std::ranges::any_of(host.records, [&](const RecordReport& mine) {
             return is_in_use(mine) && same_association(mine.record, *other);
           });
  });
}

// One set for both ports, by an alias: it is looked at already.
bool is_the_same_set(const HostReport& host, const Answer& answer) {
  const std::string& owner = answer.wildcard ? *answer.wildcard : answer.canonical_name;
  return std::ranges::any_of(host.records, [&](const RecordReport& mine) { return mine.record.owner == owner; });
}

}  // namespace

std::vector<Question> other_ports_of(const Report& report) {
  std::vector<Question> questions;
  for (std::size_t h = 0; h < std::min(report.hosts.size(), most_hosts); ++h) {
    const HostReport& host = report.hosts[h];
    if (host.dns.located != Located::dane) continue;
    for (const Service& service : services()) {
      Question question{owner_at(host, service.port), RrType::tlsa};
      const bool is_other = service.port != 0 && service.port != host.dns.port && question.name.size() <= longest_name;
      if (is_other && std::ranges::find(questions, question) == questions.end()) {
        questions.push_back(std::move(question));
      }
    }
  }
  return questions;
}

std::vector<std::string> others_with_the_key(const HostReport& host, std::span<const Answer> elsewhere) {
  std::vector<std::string> others;
  for (const Service& service : services()) {
    const std::string owner = owner_at(host, service.port);
    const auto answer =
        std::ranges::find_if(elsewhere, [&](const Answer& each) { return each.question.name == owner; });
    if (answer == elsewhere.end() || answer->status != Status::secure || service.port == host.dns.port) continue;
    if (!names_the_key(host, *answer) || is_the_same_set(host, *answer)) continue;
    std::string place = fmt::format("{}:{}", host.dns.base_domain, service.port);
    if (std::ranges::find(others, place) == others.end()) others.push_back(std::move(place));
  }
  return others;
}

}  // namespace danewatch
