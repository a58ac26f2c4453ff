#include "probe/judgement/more_to_ask.hpp"

#include <algorithm>
#include <array>

#include "probe/evidence/predicates.hpp"
#include "probe/judgement/judge.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_questions = 40;
constexpr std::array<std::uint16_t, 5> usual_ports{25, 443, 465, 587, 993};

bool is_blind(const Report& report) {
  return cannot_look(report.walk.located) ||
         std::ranges::any_of(report.hosts, [](const HostReport& host) { return cannot_look(host.dns.located); });
}

bool lacks_a_match(const HostReport& host) {
  if (host.dns.located == Located::no_tlsa) return true;
  if (host.dns.located != Located::dane) return false;
  constexpr Conclusion no_match{Verdict::mismatch, Reason::no_match};
  return std::ranges::any_of(host.endpoints,
                             [&](const EndpointReport& endpoint) { return endpoint.match.conclusion == no_match; });
}

bool speaks_tls(const HostReport& host) {
  return std::ranges::any_of(looks(host), [](const TlsEvidence& seen) { return was_observed(seen); });
}

bool was_asked(const HostReport& host, const Question& question) {
  return std::ranges::find(host.dns.lookups, question, &Answer::question) != host.dns.lookups.end();
}

}  // namespace

std::vector<HostQuestion> more_to_ask(const Report& report) {
  std::vector<HostQuestion> questions;
  if (is_blind(report)) return questions;
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    const HostReport& host = report.hosts[h];
    if (!speaks_tls(host) || !lacks_a_match(host)) continue;
    for (const std::uint16_t port : usual_ports) {
      Question question{"_" + std::to_string(port) + "._tcp." + host.dns.base_domain, RrType::tlsa};
      const bool wanted = port != host.dns.port && !was_asked(host, question);
      if (wanted && questions.size() < most_questions) questions.push_back({h, std::move(question)});
    }
  }
  return questions;
}

Evidence with_answers(const Report& report, const std::vector<HostQuestion>& asked,
                      const std::vector<Answer>& answers) {
  Evidence evidence = facts_of(report);
  for (const auto& [host, question] : asked) {
    const auto answer = std::ranges::find(answers, question, &Answer::question);
    if (answer != answers.end()) evidence.hosts[host].dns.lookups.push_back(*answer);
  }
  return evidence;
}

}  // namespace danewatch
