#include "probe/judgement/more_to_ask.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "probe/evidence/predicates.hpp"
#include "probe/judgement/judge.hpp"

namespace danewatch {
namespace {

constexpr std::size_t most_questions = 40;
constexpr std::size_t longest_name = 253;
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

// Where a record is looked for by mistake: at the mail domain, and where the final dot of the owner was left out.
std::vector<std::string> usual_mistakes(const Report& report, const HostReport& host) {
  const std::string owner = "_" + std::to_string(host.dns.port) + "._tcp.";
  std::vector<std::string> names;
  if (report.target.kind == TargetKind::mail_domain) names.push_back(owner + report.target.name);
  for (const Answer& answer : host.dns.lookups) {
    const bool mine = answer.question.name == host.dns.base_domain && !answer.diagnostic && answer.signer;
    if (mine && names.size() < 2) names.push_back(owner + host.dns.base_domain + "." + *answer.signer);
  }
  return names;
}

bool was_asked(const HostReport& host, const Question& question) {
  return std::ranges::find(host.dns.lookups, question, &Answer::question) != host.dns.lookups.end();
}

// In no order: that on the wire means nothing.
std::set<std::string> texts_of(const Answer& answer) {
  std::set<std::string> texts;
  for (const Rdata& rdata : answer.data) texts.insert(rdata.text);
  return texts;
}

}  // namespace

std::vector<HostQuestion> more_to_ask(const Report& report) {
  std::vector<HostQuestion> questions;
  if (is_blind(report)) return questions;
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    const HostReport& host = report.hosts[h];
    if (!speaks_tls(host) || !lacks_a_match(host)) continue;
    std::vector<std::string> names = usual_mistakes(report, host);
    for (const std::uint16_t port : usual_ports) {
      if (port != host.dns.port) names.push_back("_" + std::to_string(port) + "._tcp." + host.dns.base_domain);
    }
    for (const std::string& name : names) {
      Question question{name, RrType::tlsa};
      const bool wanted = name.size() <= longest_name && !was_asked(host, question);
      if (wanted && questions.size() < most_questions) questions.push_back({h, std::move(question)});
    }
  }
  return questions;
}

std::vector<HostQuestion> worth_asking_elsewhere(const Report& report) {
  std::vector<HostQuestion> questions;
  if (is_blind(report)) return questions;
  for (std::size_t h = 0; h < report.hosts.size(); ++h) {
    const HostReport& host = report.hosts[h];
    if (!speaks_tls(host) || !lacks_a_match(host)) continue;
    const auto last =
        std::ranges::find_if(host.dns.lookups.rbegin(), host.dns.lookups.rend(), [](const Answer& answer) {
          return !answer.diagnostic && answer.question.type == RrType::tlsa && answer.status == Status::secure;
        });
    if (last != host.dns.lookups.rend() && questions.size() < most_questions) questions.push_back({h, last->question});
  }
  return questions;
}

std::vector<Answer> different_ones(const Report& report, std::vector<Answer> answers) {
  std::erase_if(answers, [&](const Answer& other) {
    if (other.status == Status::failed) return true;
    return std::ranges::any_of(report.hosts, [&](const HostReport& host) {
      return std::ranges::any_of(host.dns.lookups, [&](const Answer& known) {
        return !known.diagnostic && known.question == other.question && texts_of(known) == texts_of(other);
      });
    });
  });
  return answers;
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
