#include "resolver/servers/zones_to_ask.hpp"

#include <algorithm>

#include "resolver/dns/name.hpp"

namespace danewatch {
namespace {

const std::string& end_of(const Answer& answer) {
  return answer.canonical_name.empty() ? answer.question.name : answer.canonical_name;
}

// A forged answer may carry any signer.
std::optional<std::string> zone_of(const Answer& answer) {
  const bool sound = answer.status == Status::secure && answer.signer && is_at_or_below(end_of(answer), *answer.signer);
  return sound ? answer.signer : std::nullopt;
}

bool rests_on_dane(Located located) {
  using enum Located;
  return located == dane || located == no_tlsa || located == bogus || located == servfail || located == timeout ||
         located == malformed;
}

void add(std::vector<ZoneQuestion>& questions, const Answer& answer) {
  ZoneQuestion more{{end_of(answer), answer.question.type}, zone_of(answer)};
  const bool known = std::ranges::find(questions, more.question, &ZoneQuestion::question) != questions.end();
  if (!known) questions.push_back(std::move(more));
}

}  // namespace

const Answer* tlsa_answer(const HostEvidence& host) {
  const Answer* last = nullptr;
  for (const Answer& answer : host.lookups) {
    if (answer.question.type == RrType::tlsa && !answer.diagnostic) last = &answer;
  }
  return last;
}

std::optional<Question> tlsa_question(const HostEvidence& host) {
  const Answer* answer = tlsa_answer(host);
  if (answer == nullptr) return std::nullopt;
  return Question{end_of(*answer), RrType::tlsa};
}

std::vector<ZoneQuestion> zones_to_ask(const DnsEvidence& evidence) {
  std::vector<ZoneQuestion> questions;
  if (cannot_look(evidence.located)) return questions;
  for (const HostEvidence& host : evidence.hosts) {
    const Answer* answer = tlsa_answer(host);
    if (answer != nullptr && rests_on_dane(host.located)) add(questions, *answer);
  }
  if (questions.empty()) return questions;
  for (const Answer& answer : evidence.lookups) {
    const bool list = answer.question.type == RrType::mx && !answer.diagnostic;
    if (list && answer.status == Status::secure) add(questions, answer);
  }
  return questions;
}

}  // namespace danewatch
