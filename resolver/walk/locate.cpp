#include "resolver/walk/locate.hpp"

#include <algorithm>

#include "resolver/async.hpp"
#include "resolver/walk/inner.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t questions_at_once = 8;

bool failed_in_the_world(Located located) {
  using enum Located;
  return located == bogus || located == servfail || located == timeout || located == malformed;
}

bool is_secure(const Answer& answer) {
  return answer.status == Status::secure;
}

template <class Predicate>
bool any_lookup(const DnsEvidence& evidence, Predicate predicate) {
  const auto in_host = [&](const HostEvidence& host) { return std::ranges::any_of(host.lookups, predicate); };
  return std::ranges::any_of(evidence.lookups, predicate) || std::ranges::any_of(evidence.hosts, in_host);
}

// Nothing was proven: either all of it is unsigned, or our trust anchor is wrong (a wrong one makes the whole
// world look unsigned, rows.md D-14).
bool nothing_proven(const DnsEvidence& evidence) {
  const auto asked = [](const Answer&) { return true; };
  return any_lookup(evidence, asked) && !any_lookup(evidence, is_secure);
}

bool needs_the_root(const DnsEvidence& evidence) {
  const auto failed = [](const HostEvidence& host) { return failed_in_the_world(host.located); };
  return failed_in_the_world(evidence.located) || std::ranges::any_of(evidence.hosts, failed) ||
         nothing_proven(evidence);
}

std::optional<Located> without_root(const Answer& root) {
  if (is_secure(root)) return std::nullopt;
  if (root.status != Status::failed) return Located::trust_anchor;
  return root.failure == Failure::local ? Located::local_failure : Located::no_network;
}

// What was said to be bogus, failed or insecure is unknown as long as the root itself cannot be proven.
void blame_ourselves(DnsEvidence& evidence, Located instead) {
  const bool unproven = nothing_proven(evidence);
  const auto replace = [&](Located& located) {
    const bool looked_at = located != Located::address_literal && located != Located::not_run;
    if (failed_in_the_world(located) || (unproven && looked_at)) located = instead;
  };
  replace(evidence.located);
  for (HostEvidence& host : evidence.hosts) replace(host.located);
}

std::optional<Question> first_failure(const DnsEvidence& evidence) {
  std::optional<Question> question;
  const auto failed = [&](const Answer& answer) {
    const bool found = !question && failure_of(answer).has_value() && answer.question.name != ".";
    if (found) question = answer.question;
    return found;
  };
  static_cast<void>(any_lookup(evidence, failed));
  return question;
}

// The network may have come back between a question that failed and the one to the root: who gets an answer now had
// none because of us. Where the failure is the world's, libunbound remembers it, and this costs nothing.
asio::awaitable<bool> works_now(Walk walk, std::optional<Question> question) {
  constexpr std::chrono::seconds patience{2};
  if (!question) co_return false;
  const Deadline until = std::min(walk.deadline, walk.clock.steady() + patience);
  const Walk soon{walk.resolver, walk.clock, walk.options, until};
  const std::optional<Answer> answer = co_await ask(soon, std::move(*question));
  co_return answer && !failure_of(*answer);
}

asio::awaitable<void> check_root(Walk walk, DnsEvidence& evidence) {
  if (!needs_the_root(evidence)) co_return;
  Question question{".", RrType::dnskey};
  std::optional<Answer> root = co_await ask(walk, std::move(question));
  if (!root) {
    blame_ourselves(evidence, Located::not_run);  // no time was left to tell the world's fault from ours
    co_return;
  }
  const auto instead = without_root(*root);
  if (instead) blame_ourselves(evidence, *instead);
  evidence.lookups.push_back(std::move(*root));
  if (instead) co_return;
  const bool was_ours = co_await works_now(walk, first_failure(evidence));
  if (was_ours) blame_ourselves(evidence, Located::no_network);
}

asio::awaitable<DnsEvidence> locate_by_kind(Walk walk, const Target& target) {
  switch (target.kind) {
    case TargetKind::mail_domain:
      return locate_mail(walk, target);
    case TargetKind::srv:
    case TargetKind::srv_then_host:
      return locate_srv(walk, target);
    case TargetKind::host:
    case TargetKind::address_literal:
      break;
  }
  return locate_host(walk, target);
}

}  // namespace

std::optional<Located> failure_of(const Answer& answer) {
  if (answer.status == Status::bogus) return Located::bogus;
  if (answer.status != Status::failed) return std::nullopt;
  switch (answer.failure) {
    case Failure::timeout:
      return Located::timeout;
    case Failure::malformed:
      return Located::malformed;
    case Failure::local:
      return Located::local_failure;
    case Failure::none:
    case Failure::servfail:
      break;
  }
  return Located::servfail;
}

asio::awaitable<std::optional<Answer>> ask(Walk walk, Question question) {
  if (walk.clock.steady() >= walk.deadline) co_return std::nullopt;
  Answer answer = co_await walk.resolver.lookup(std::move(question), walk.deadline);
  // Cut short by the run and not by the question's own time: that says nothing about the world.
  const bool by_the_run = walk.clock.steady() >= walk.deadline;
  if (by_the_run && answer.failure == Failure::timeout) co_return std::nullopt;
  co_return answer;
}

namespace {

asio::awaitable<void> ask_into(Walk walk, Question question, std::optional<Answer>& slot) {
  slot = co_await ask(walk, std::move(question));
}

}  // namespace

asio::awaitable<std::vector<Answer>> ask_all(Walk walk, std::vector<Question> questions) {
  std::vector<std::optional<Answer>> slots(questions.size());
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    tasks.emplace_back([walk, &question = questions[i], &slot = slots[i]] { return ask_into(walk, question, slot); });
  }
  co_await run_all(std::move(tasks), questions_at_once);
  std::vector<Answer> answers;
  for (auto& slot : slots) {
    if (slot) answers.push_back(std::move(*slot));
  }
  co_return answers;
}

namespace {

// Time kept for the question to the root, so that a short deadline on a dead network still ends in the right words.
std::chrono::nanoseconds time_for_the_root(std::chrono::nanoseconds left) {
  return std::clamp<std::chrono::nanoseconds>(left / 4, std::chrono::nanoseconds{0}, std::chrono::seconds{5});
}

}  // namespace

asio::awaitable<DnsEvidence> locate(Resolver& resolver, const Clock& clock, Target target, LocateOptions options,
                                    Deadline deadline) {
  const Walk walk{resolver, clock, options, deadline - time_for_the_root(deadline - clock.steady())};
  DnsEvidence evidence = co_await locate_by_kind(walk, target);
  const Walk last{resolver, clock, options, deadline};
  co_await check_root(last, evidence);
  co_await blame_our_algorithms(last, evidence);
  co_return evidence;
}

}  // namespace danewatch
