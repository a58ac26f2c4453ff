// Zones that only our resolver takes for unsigned: it does not know the algorithm that they are signed with.
#include <algorithm>
#include <set>

#include "resolver/dns/dnssec_algorithm.hpp"
#include "resolver/dns/name.hpp"
#include "resolver/walk/inner.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_zones = 24;  // asked for in one walk

// The zone that claims to have signed an answer which is not proven; one that cannot have is a forger's word.
std::optional<std::string> claimed_zone(const Answer& answer) {
  const std::string& name = answer.canonical_name.empty() ? answer.question.name : answer.canonical_name;
  const bool claims = answer.status == Status::insecure && answer.signer && is_at_or_below(name, *answer.signer);
  return claims ? answer.signer : std::nullopt;
}

// DS of the zones that answers came from, and of those above, up to the first that is proven. They are in the
// resolver's cache: it needed them to say that the answers are not.
class Zones {
 public:
  Zones(Walk walk, DnsEvidence& evidence) : walk_(walk), evidence_(evidence) {}

  asio::awaitable<bool> is_beyond_us(std::vector<Answer> lookups) {
    bool beyond = false;
    for (const Answer& answer : lookups) {
      if (answer.diagnostic) continue;
      std::optional<std::string> zone = claimed_zone(answer);
      while (zone && *zone != "." && !beyond && asked_.size() < most_zones) {
        co_await ask_once(*zone);
        const Answer* ds = ds_of(*zone);
        beyond = ds != nullptr && beyond_our_resolver(*ds).has_value();
        zone = ds != nullptr && ds->signer != zone ? claimed_zone(*ds) : std::nullopt;
      }
    }
    co_return beyond;
  }

 private:
  const Answer* ds_of(const std::string& zone) const {
    const Question question{zone, RrType::ds};
    const auto found = std::ranges::find(evidence_.lookups, question, &Answer::question);
    return found == evidence_.lookups.end() ? nullptr : &*found;
  }

  asio::awaitable<void> ask_once(std::string zone) {
    if (!asked_.insert(zone).second || ds_of(zone) != nullptr) co_return;
    Question question{zone, RrType::ds};
    std::optional<Answer> answer = co_await ask(walk_, std::move(question));
    if (answer) evidence_.lookups.push_back(std::move(*answer));
  }

  Walk walk_;
  DnsEvidence& evidence_;
  std::set<std::string> asked_;
};

bool is_insecure(Located located) {
  return located == Located::insecure || located == Located::insecure_mx || located == Located::insecure_srv;
}

}  // namespace

asio::awaitable<void> blame_our_algorithms(Walk walk, DnsEvidence& evidence) {
  Zones zones(walk, evidence);
  if (is_insecure(evidence.located)) {
    std::vector<Answer> lookups = evidence.lookups;
    const bool beyond = co_await zones.is_beyond_us(std::move(lookups));
    if (beyond) evidence.located = Located::algorithm;
  }
  for (HostEvidence& host : evidence.hosts) {
    if (!is_insecure(host.located)) continue;
    std::vector<Answer> lookups = host.lookups;
    const bool beyond = co_await zones.is_beyond_us(std::move(lookups));
    if (beyond) host.located = Located::algorithm;
  }
}

}  // namespace danewatch
