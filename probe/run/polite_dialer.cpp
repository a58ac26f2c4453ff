#include "probe/run/polite_dialer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/evidence/predicates.hpp"
#include "resolver/clock.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

TlsEvidence not_connected(const Endpoint& endpoint, std::string_view why) {
  TlsEvidence evidence;
  evidence.address = endpoint.address;
  evidence.port = endpoint.port;
  evidence.fault = Fault::local;
  evidence.error = why;
  return evidence;
}

}  // namespace

struct PoliteDialer::Waiter {
  explicit Waiter(const asio::any_io_executor& executor) : bell(executor, Deadline::max()) {}
  asio::steady_timer bell;
};

// A place among the connections, given back however the look ends.
struct PoliteDialer::Turn {
  Turn(PoliteDialer& whose, const std::vector<std::string>& of) : dialer(whose), parties(of) {
    dialer.courtesy_.begin(parties);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { dialer.end(parties); }

  PoliteDialer& dialer;
  const std::vector<std::string>& parties;
};

PoliteDialer::PoliteDialer(asio::any_io_executor executor, Dialer& inner, const Clock& clock, Courtesy& courtesy,
                           const OptOut& opt_out, SelfWatch& watch, ProviderOf provider_of)
    : executor_(std::move(executor)),
      inner_(inner),
      clock_(clock),
      courtesy_(courtesy),
      opt_out_(opt_out),
      watch_(watch),
      provider_of_(std::move(provider_of)) {}

void PoliteDialer::wake_one(const std::string& party) {
  const auto queue = parked_.find(party);
  if (queue == parked_.end()) return;
  Waiter* first = queue->second.front();
  queue->second.pop_front();
  if (queue->second.empty()) parked_.erase(queue);
  first->bell.cancel();
}

void PoliteDialer::end(const std::vector<std::string>& parties) {
  courtesy_.end(parties);
  for (const std::string& party : parties) wake_one(party);
}

// Who was woken for one party and finds another one busy lets the next one of the first go ahead.
asio::awaitable<void> PoliteDialer::wait_for_turn(const std::vector<std::string>& parties) {
  std::string waited_for;
  while (const std::string* busy = courtesy_.busy(parties)) {
    const bool again = *busy == waited_for;
    if (!again && !waited_for.empty()) wake_one(waited_for);
    waited_for = *busy;
    Waiter waiter(executor_);
    auto& queue = parked_[waited_for];
    queue.insert(again ? queue.begin() : queue.end(), &waiter);
    ++waiting_;
    auto token = asio::as_tuple(asio::use_awaitable);
    co_await waiter.bell.async_wait(token);
    --waiting_;
  }
}

// A refusal is a word; silence and broken connections may be ours.
asio::awaitable<TlsEvidence> PoliteDialer::look(Endpoint endpoint, Families offer, Deadline deadline) {
  const Endpoint place = endpoint;
  const Deadline begun = clock_.steady();
  TlsEvidence evidence = co_await inner_.observe(std::move(endpoint), std::move(offer), deadline);
  if (!is_temporary(evidence.fault) || evidence.fault == Fault::refused) co_return evidence;
  const Ours ours = co_await watch_.doubt(begun);
  if (ours != Ours::none) co_return not_connected(place, in_words(ours));
  co_return evidence;
}

asio::awaitable<TlsEvidence> PoliteDialer::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  if (!is_global(endpoint.address)) co_return not_connected(endpoint, not_public);
  const bool unwanted = opt_out_.covers(endpoint.address) || opt_out_.covers(endpoint.sni);
  if (unwanted) co_return not_connected(endpoint, opted_out);
  if (courtesy_.left_alone(endpoint.address, clock_.steady())) co_return not_connected(endpoint, just_turned_away);
  const std::vector<std::string> parties = Courtesy::parties(provider_of_(endpoint.sni), endpoint.address);
  co_await wait_for_turn(parties);
  const Turn turn(*this, parties);
  const Deadline moment = courtesy_.best_moment(endpoint.address, clock_.steady());
  co_await clock_.wait_until(moment);
  const Address address = endpoint.address;
  TlsEvidence evidence = co_await look(std::move(endpoint), std::move(offer), deadline);
  courtesy_.visited(address, clock_.steady(), is_temporary(evidence.fault));
  co_return evidence;
}

}  // namespace danewatch
