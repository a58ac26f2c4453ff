#include "probe/run/proofs.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <set>

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_zones = 64;

// Zones whose keys are needed, each once.
class ZonesToAsk {
 public:
  void add_signer(const Answer& answer) {
    if (answer.status != Status::secure || !answer.signer || known_.size() == most_zones) return;
    if (known_.insert(*answer.signer).second) waiting_.push_back(*answer.signer);
  }

  std::optional<std::string> next() {
    if (waiting_.empty()) return std::nullopt;
    std::string zone = std::move(waiting_.front());
    waiting_.pop_front();
    return zone;
  }

 private:
  std::set<std::string> known_;
  std::deque<std::string> waiting_;
};

}  // namespace

asio::awaitable<std::vector<Answer>> ask_for_proofs(Resolver& resolver, const Report& report, Deadline deadline) {
  ZonesToAsk zones;
  for (const Answer& answer : report.walk.lookups) zones.add_signer(answer);
  for (const HostReport& host : report.hosts) {
    for (const Answer& answer : host.dns.lookups) zones.add_signer(answer);
  }
  std::vector<Answer> proofs;
  for (auto zone = zones.next(); zone; zone = zones.next()) {
    std::vector<Question> questions{{*zone, RrType::dnskey}};
    if (*zone != ".") questions.push_back({*zone, RrType::ds});
    for (Question& question : questions) {
      Answer answer = co_await resolver.lookup(std::move(question), deadline);
      zones.add_signer(answer);
      if (answer.received) proofs.push_back(std::move(answer));
    }
  }
  co_return proofs;
}

}  // namespace danewatch
