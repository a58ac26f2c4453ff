// Lookups that explain: nothing here changes where the walk ended.
#include <algorithm>
#include <set>

#include "resolver/async.hpp"
#include "resolver/dns/name.hpp"
#include "resolver/walk/inner.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_questions = 40;  // of one diagnosis
constexpr std::size_t most_ancestors = 5;   // looked through for the zone of one bogus name
constexpr std::size_t most_aliases = 8;     // followed one by one from one name
constexpr std::size_t most_wildcards = 3;   // looked for above one name
constexpr std::size_t hosts_at_once = 8;

// Questions of one diagnosis: none that was answered already, and not too many.
class Budget {
 public:
  void add(std::vector<Question>& questions, const std::vector<Answer>& known, Question question) {
    const auto asked = [&](const Answer& answer) { return answer.question == question; };
    if (left_ == 0 || std::ranges::any_of(known, asked)) return;
    if (std::ranges::find(questions, question) != questions.end()) return;
    --left_;
    questions.push_back(std::move(question));
  }

 private:
  std::size_t left_ = most_questions;
};

bool may_have_ignored_tlsa(const HostEvidence& host) {
  return host.located == Located::insecure || host.located == Located::insecure_srv;
}

// Where a TLSA RRset exists or its lookup failed, the names above it must exist too: a server that denies "_tcp.H" has
// a broken idea of empty non-terminals (RFC 8020 2), one that fails there is broken for every such name. Only a failed
// lookup needs a look at its own name: does the server fail for every type, or for TLSA alone?
bool deserves_a_look_above(const Answer& answer) {
  if (answer.question.type != RrType::tlsa) return false;
  return failure_of(answer) || (answer.status == Status::secure && !answer.data.empty());
}

// Which of its aliases an answer that is not secure cannot rely on: each by itself.
std::vector<Question> alias_questions(const std::vector<Answer>& lookups, Budget& budget) {
  std::vector<Question> questions;
  for (const Answer& answer : lookups) {
    if (answer.diagnostic || (answer.status != Status::insecure && answer.status != Status::bogus)) continue;
    for (const Alias& alias : answer.aliases) budget.add(questions, lookups, {alias.from, RrType::cname});
  }
  return questions;
}

// The denial of its addresses tells where the host's zone begins; without a signature only the name above counts.
bool is_of_its_zone(const std::string& above, const HostEvidence& host) {
  for (const Answer& denial : host.lookups) {
    if (denial.signer) return is_at_or_below(above, *denial.signer);
  }
  return above == parent_of(host.host);
}

// RFC 4592 2.2.1: a name that exists for a record below it alone has nothing, and gets nothing from the wildcard.
void ask_for_a_wildcard(const HostEvidence& host, std::vector<Question>& questions, Budget& budget) {
  const std::string owner = "_" + std::to_string(host.port) + "._tcp." + host.host;
  budget.add(questions, host.lookups, {owner, RrType::tlsa});
  std::string above = parent_of(host.host);
  for (std::size_t n = 0; n < most_wildcards && above != "." && is_of_its_zone(above, host); ++n) {
    for (const RrType type : {RrType::a, RrType::aaaa}) budget.add(questions, host.lookups, {"*." + above, type});
    above = parent_of(above);
  }
}

// A host that nobody's MX or SRV record named, for mail, and without what DANE needs: it may be the domain itself.
bool may_be_a_mail_domain(const HostEvidence& host) {
  const bool lacking =
      host.located == Located::no_address || host.located == Located::no_tlsa || host.located == Located::insecure;
  return host.port == smtp_service().port && !host.preference && lacking;
}

std::vector<Question> host_questions(const HostEvidence& host, const std::vector<Answer>& of_target, Budget& budget) {
  std::vector<Question> questions = alias_questions(host.lookups, budget);
  if (of_target.empty() && may_be_a_mail_domain(host)) budget.add(questions, host.lookups, {host.host, RrType::mx});
  if (may_have_ignored_tlsa(host)) {
    const std::string owner = "_" + std::to_string(host.port) + "._tcp." + host.host;
    budget.add(questions, host.lookups, {owner, RrType::tlsa});
  }
  if (host.located == Located::no_address) ask_for_a_wildcard(host, questions, budget);
  for (const Answer& answer : host.lookups) {
    if (!deserves_a_look_above(answer)) continue;
    const std::string& owner = answer.question.name;
    budget.add(questions, host.lookups, {parent_of(owner), RrType::a});
    if (failure_of(answer)) budget.add(questions, host.lookups, {owner, RrType::a});
  }
  return questions;
}

asio::awaitable<void> ask_and_append(Walk walk, std::vector<Question> questions, std::vector<Answer>& lookups) {
  std::vector<Answer> answers =
      co_await ask_to_explain(walk.resolver, walk.clock, std::move(questions), walk.options, walk.deadline);
  std::ranges::move(answers, std::back_inserter(lookups));
}

// The first name at which a server, or our resolver, gave up.
std::optional<std::string> given_up(const std::vector<Answer>& lookups) {
  const auto found = std::ranges::find_if(lookups, [](const Answer& answer) {
    const bool ours = answer.question.type != RrType::dnskey && !answer.diagnostic;
    return ours && answer.failure == Failure::servfail;
  });
  return found == lookups.end() ? std::nullopt : std::optional(found->question.name);
}

// A resolver that gives up on aliases that never end tells nothing of them; asked for one by one, they are seen.
asio::awaitable<void> follow_aliases(Walk walk, std::vector<Answer>& lookups) {
  std::set<std::string> seen;
  std::optional<std::string> name = given_up(lookups);
  while (name && seen.size() < most_aliases && seen.insert(*name).second) {
    std::vector<Question> questions{{*name, RrType::cname}};
    co_await ask_and_append(walk, std::move(questions), lookups);
    name = alias_target(lookups.back());
  }
}

asio::awaitable<void> follow_aliases(Walk walk, DnsEvidence& evidence) {
  std::vector<Task> tasks;
  tasks.emplace_back([walk, &evidence] { return follow_aliases(walk, evidence.lookups); });
  for (HostEvidence& host : evidence.hosts) {
    tasks.emplace_back([walk, &host] { return follow_aliases(walk, host.lookups); });
  }
  co_await run_all(std::move(tasks), hosts_at_once);
}

asio::awaitable<void> diagnose_hosts(Walk walk, DnsEvidence& evidence, Budget& budget) {
  std::vector<Task> tasks;
  tasks.emplace_back([walk, &evidence, questions = alias_questions(evidence.lookups, budget)] {
    return ask_and_append(walk, questions, evidence.lookups);
  });
  for (HostEvidence& host : evidence.hosts) {
    tasks.emplace_back([walk, &host, questions = host_questions(host, evidence.lookups, budget)] {
      return ask_and_append(walk, questions, host.lookups);
    });
  }
  co_await run_all(std::move(tasks), hosts_at_once);
}

// The same questions without validation.
class Unvalidated final : public Resolver {
 public:
  explicit Unvalidated(Resolver& resolver) : resolver_(resolver) {}

  asio::awaitable<Answer> lookup(Question question, Deadline deadline) override {
    return resolver_.lookup_unvalidated(std::move(question), deadline);
  }
  asio::awaitable<Answer> lookup_unvalidated(Question question, Deadline deadline) override {
    return resolver_.lookup_unvalidated(std::move(question), deadline);
  }

 private:
  Resolver& resolver_;
};

// RFC 8020: a name with names below it exists. A server that denies it all the same is found out by validation, which
// then mends the answer; other resolvers take it at its word.
std::vector<Question> names_that_must_exist(const HostEvidence& host) {
  std::vector<Question> questions;
  const auto looks_well = [&](const Question& question) {
    return std::ranges::any_of(host.lookups, [&](const Answer& answer) {
      return answer.question == question && answer.status == Status::secure && answer.denial == Denial::nodata;
    });
  };
  for (const Answer& answer : host.lookups) {
    const bool there = answer.question.type == RrType::tlsa && answer.status == Status::secure && !answer.data.empty();
    Question above{parent_of(answer.question.name), RrType::a};
    if (there && !answer.diagnostic && looks_well(above)) questions.push_back(std::move(above));
  }
  return questions;
}

asio::awaitable<void> look_unvalidated(Walk walk, HostEvidence& host) {
  std::vector<Question> questions = names_that_must_exist(host);
  std::vector<Answer> answers = co_await ask_all(walk, std::move(questions));
  for (Answer& answer : answers) {
    if (answer.denial != Denial::nxdomain) continue;
    answer.diagnostic = true;
    host.lookups.push_back(std::move(answer));
  }
}

asio::awaitable<void> look_unvalidated(Walk walk, DnsEvidence& evidence) {
  std::vector<Task> tasks;
  for (HostEvidence& host : evidence.hosts) {
    tasks.emplace_back([walk, &host] { return look_unvalidated(walk, host); });
  }
  co_await run_all(std::move(tasks), hosts_at_once);
}

template <class Function>
void for_each_lookup(const DnsEvidence& evidence, Function function) {
  for (const Answer& answer : evidence.lookups) function(answer);
  for (const HostEvidence& host : evidence.hosts) {
    for (const Answer& answer : host.lookups) function(answer);
  }
}

const std::string& final_name(const Answer& answer) {
  return answer.canonical_name.empty() ? answer.question.name : answer.canonical_name;
}

// A signer counts only where it can be one: a forged answer may carry any name.
std::optional<std::string> signer_of(const Answer& answer) {
  if (!answer.signer || !is_at_or_below(final_name(answer), *answer.signer)) return std::nullopt;
  return answer.signer;
}

std::set<std::string> signers_of(const DnsEvidence& evidence) {
  std::set<std::string> zones;
  for_each_lookup(evidence, [&](const Answer& answer) {
    if (auto signer = signer_of(answer)) zones.insert(std::move(*signer));
  });
  return zones;
}

// A bogus answer without a usable signature does not say which zone is broken: its DS does.
std::vector<Question> ancestors_of_bogus(const DnsEvidence& evidence, Budget& budget) {
  std::vector<Question> questions;
  for_each_lookup(evidence, [&](const Answer& answer) {
    if (answer.status != Status::bogus || signer_of(answer)) return;
    std::string name = final_name(answer);
    for (std::size_t i = 0; i < most_ancestors && name != "."; ++i, name = parent_of(name)) {
      budget.add(questions, evidence.lookups, {name, RrType::ds});
    }
  });
  return questions;
}

// DS and DNSKEY of zones, then of those that signed the DS, up to the root.
asio::awaitable<void> ask_zones(Walk walk, DnsEvidence& evidence, std::set<std::string> zones, Budget& budget) {
  std::set<std::string> done;
  while (!zones.empty()) {
    std::vector<Question> questions;
    for (const std::string& zone : zones) {
      if (zone != ".") budget.add(questions, evidence.lookups, {zone, RrType::ds});
      budget.add(questions, evidence.lookups, {zone, RrType::dnskey});
    }
    co_await ask_and_append(walk, std::move(questions), evidence.lookups);
    done.merge(zones);
    zones.clear();
    for (const Answer& answer : evidence.lookups) {
      if (answer.question.type != RrType::ds || !done.contains(answer.question.name)) continue;
      const auto signer = signer_of(answer);
      if (signer && !done.contains(*signer)) zones.insert(*signer);
    }
  }
}

bool is_useless(const DnsEvidence& evidence) {
  const auto blind = [](const HostEvidence& host) { return cannot_look(host.located); };
  return cannot_look(evidence.located) || std::ranges::any_of(evidence.hosts, blind);
}

}  // namespace

asio::awaitable<void> diagnose(Resolver& resolver, const Clock& clock, DnsEvidence& evidence, LocateOptions options,
                               Deadline deadline) {
  if (!options.diagnostics || is_useless(evidence)) co_return;
  const Walk walk{resolver, clock, options, deadline};
  Budget budget;
  co_await diagnose_hosts(walk, evidence, budget);
  co_await follow_aliases(walk, evidence);
  std::vector<Question> ancestors = ancestors_of_bogus(evidence, budget);
  const std::size_t known = evidence.lookups.size();
  co_await ask_and_append(walk, std::move(ancestors), evidence.lookups);
  std::set<std::string> zones = signers_of(evidence);
  for (std::size_t i = known; i < evidence.lookups.size(); ++i) {
    const Answer& ds = evidence.lookups[i];
    if (!ds.data.empty()) zones.insert(ds.question.name);
  }
  co_await ask_zones(walk, evidence, std::move(zones), budget);
  if (!options.unvalidated) co_return;
  Unvalidated plain(resolver);
  const Walk told{plain, clock, options, deadline};
  co_await look_unvalidated(told, evidence);
}

asio::awaitable<std::vector<Answer>> ask_to_explain(Resolver& resolver, const Clock& clock,
                                                    std::vector<Question> questions, LocateOptions options,
                                                    Deadline deadline) {
  const Walk walk{resolver, clock, options, deadline};
  std::vector<Answer> answers = co_await ask_all(walk, std::move(questions));
  for (Answer& answer : answers) answer.diagnostic = true;
  co_return answers;
}

asio::awaitable<std::vector<Answer>> ask_elsewhere(Resolver& resolver, const Clock& clock,
                                                   std::vector<Question> questions, LocateOptions options,
                                                   Deadline deadline) {
  if (!options.unvalidated) co_return std::vector<Answer>();
  Unvalidated plain(resolver);
  std::vector<Answer> answers = co_await ask_to_explain(plain, clock, std::move(questions), options, deadline);
  co_return answers;
}

}  // namespace danewatch
