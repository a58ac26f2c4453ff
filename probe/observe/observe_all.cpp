#include "probe/observe/observe_all.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <optional>

#include "probe/evidence/predicates.hpp"
#include "resolver/async.hpp"
#include "resolver/clock.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

using Seen = std::vector<TlsEvidence>;  // of one address: the default view first

const Families default_offer;
constexpr View all_families[] = {View::rsa, View::rsa_pss, View::ecdsa, View::ed25519, View::ed448};

// Two: a load balancer that takes turns between two servers gives every other connection to the second one.
constexpr int more_looks = 2;

TlsEvidence unseen(const Endpoint& endpoint, Fault fault, std::string why) {
  TlsEvidence evidence;
  evidence.address = endpoint.address;
  evidence.port = endpoint.port;
  evidence.fault = fault;
  evidence.error = std::move(why);
  return evidence;
}

// The signature family of the leaf; nothing where there is none or it is of another kind.
std::optional<View> family_of(const TlsEvidence& evidence) {
  if (evidence.chain.empty()) return std::nullopt;
  return key_family(evidence.chain.front());
}

Families not_yet_seen(const Seen& seen) {
  Families left(std::begin(all_families), std::end(all_families));
  for (const TlsEvidence& evidence : seen) {
    if (const auto shown = family_of(evidence)) std::erase(left, *shown);
  }
  return left;
}

// The server answered an offer of some families by turning away, or by the certificate it shows everybody (which a
// local check may then refuse): it has no such certificate.
bool turned_away(const TlsEvidence& evidence) {
  if (evidence.stage == Stage::done || shows_chain(evidence)) return true;
  const bool by_words = evidence.fault == Fault::alert || evidence.fault == Fault::no_common_version ||
                        evidence.fault == Fault::unrecognized_name;
  return evidence.stage == Stage::handshake && (by_words || evidence.fault == Fault::eof);
}

std::string words_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return std::string(e.what()).substr(0, 512);
  } catch (...) {
    return "unknown exception";
  }
}

asio::awaitable<TlsEvidence> observe_once(const Observer& observer, const Endpoint& endpoint, const Families& offer,
                                          Deadline deadline) {
  std::exception_ptr error;
  try {
    Endpoint copy = endpoint;
    Families families = offer;
    TlsEvidence evidence = co_await observer.dialer.observe(std::move(copy), std::move(families), deadline);
    co_return evidence;
  } catch (...) {
    error = std::current_exception();
  }
  // Cancellation travels as an exception too, and must not be mistaken for a broken dialer.
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) std::rethrow_exception(error);
  co_return unseen(endpoint, Fault::local, words_of(error));
}

// A greylisting or busy server needs some time before it is asked again, and does not get better by being asked often.
constexpr std::chrono::seconds first_pause{1};
constexpr std::chrono::seconds longest_pause{8};

// Nothing where the run would be over before the next attempt.
std::optional<Deadline> next_attempt(Deadline now, int attempts_made, Deadline deadline) {
  std::chrono::seconds pause = first_pause;
  for (int made = 1; made < attempts_made && pause < longest_pause; ++made) pause *= 2;
  return now + pause < deadline ? std::optional(now + pause) : std::nullopt;
}

asio::awaitable<TlsEvidence> observe_patiently(const Observer& observer, const Endpoint& endpoint,
                                               const Families& offer, Deadline deadline) {
  TlsEvidence evidence = unseen(endpoint, Fault::not_run, "");
  if (observer.clock.steady() >= deadline) co_return evidence;
  for (int attempt = 1;; ++attempt) {
    evidence = co_await observe_once(observer, endpoint, offer, deadline);
    evidence.attempts = attempt;
    if (!is_temporary(evidence.fault) || attempt >= observer.attempts) break;
    const auto again = next_attempt(observer.clock.steady(), attempt, deadline);
    if (!again) break;
    co_await observer.clock.wait_until(*again);
  }
  co_return evidence;
}

void note_unobserved(TlsEvidence& standard, const TlsEvidence& evidence, const Families& views) {
  if (standard.unobserved_views.empty()) standard.unobserved_by = {evidence.stage, evidence.fault, evidence.error};
  standard.unobserved_views.insert(standard.unobserved_views.end(), views.begin(), views.end());
}

// What the first look took, as far as it came. A server that lets clients wait before it greets does so each time: a
// look that would only end with the run is not begun, because it would show nothing and cost the server a connection.
bool has_time_left(const Observer& observer, const TlsEvidence& first, Deadline deadline) {
  const double taken =
      first.timings.connect.value_or(0) + first.timings.starttls.value_or(0) + first.timings.handshake.value_or(0);
  const std::chrono::duration<double, std::milli> left = deadline - observer.clock.steady();
  return left.count() > taken;
}

asio::awaitable<TlsEvidence> look_again(const Observer& observer, const Endpoint& endpoint, const Families& offer,
                                        Deadline deadline, const TlsEvidence& first) {
  if (!has_time_left(observer, first, deadline)) co_return unseen(endpoint, Fault::not_run, "");
  TlsEvidence evidence = co_await observe_patiently(observer, endpoint, offer, deadline);
  co_return evidence;
}

void note_unseen(TlsEvidence& standard, const TlsEvidence& evidence, const Families& views) {
  if (!turned_away(evidence)) return note_unobserved(standard, evidence, views);
  standard.absent_views.insert(standard.absent_views.end(), views.begin(), views.end());
}

bool shows_another_leaf(const TlsEvidence& evidence, const Seen& seen) {
  return shows_chain(evidence) && std::ranges::none_of(seen, [&](const TlsEvidence& before) {
           return shows_chain(before) && before.chain.front().der == evidence.chain.front().der;
         });
}

// More connections on the default view, until one shows another certificate.
asio::awaitable<void> look_on(const Observer& observer, const Endpoint& endpoint, Deadline deadline, Seen& seen) {
  const Families second{View::second};
  for (int look = 0; look < more_looks; ++look) {
    TlsEvidence evidence = co_await look_again(observer, endpoint, default_offer, deadline, seen.front());
    if (!shows_chain(evidence)) {
      if (observer.clock.steady() >= deadline)
        evidence.fault = Fault::not_run;  // cut short, which is no fault of theirs
      note_unobserved(seen.front(), evidence, second);
      co_return;
    }
    if (!shows_another_leaf(evidence, seen)) continue;
    evidence.view = View::second;
    seen.push_back(std::move(evidence));
    co_return;
  }
  seen.front().absent_views.push_back(View::second);
}

// The certificate that was shown came from another server, which further connections did not meet: nobody knows what
// else is there.
void note_stranger(TlsEvidence& standard, const TlsEvidence& stranger) {
  std::erase(standard.absent_views, View::second);
  const Families second{View::second};
  if (std::ranges::find(standard.unobserved_views, View::second) == standard.unobserved_views.end()) {
    note_unobserved(standard, stranger, second);
  }
}

// Offers all families not yet seen; each new leaf becomes an endpoint, until a server shows none of them. A certificate
// that was neither offered for nor seen before comes from another server at this address.
asio::awaitable<void> peel(const Observer& observer, const Endpoint& endpoint, Deadline deadline, Seen& seen) {
  for (Families offer = not_yet_seen(seen); !offer.empty(); offer = not_yet_seen(seen)) {
    TlsEvidence evidence = co_await look_again(observer, endpoint, offer, deadline, seen.front());
    const auto shown = family_of(evidence);
    if (!shown || std::ranges::find(offer, *shown) == offer.end()) {
      note_unseen(seen.front(), evidence, offer);
      if (!shows_another_leaf(evidence, seen)) break;
      co_await look_on(observer, endpoint, deadline, seen);
      if (seen.back().view != View::second) note_stranger(seen.front(), evidence);
      break;
    }
    evidence.view = *shown;
    seen.push_back(std::move(evidence));
  }
}

asio::awaitable<void> look_without_name(const Observer& observer, const Endpoint& endpoint, Deadline deadline,
                                        Seen& seen) {
  Endpoint nameless = endpoint;
  nameless.sni.clear();
  TlsEvidence evidence = co_await look_again(observer, nameless, default_offer, deadline, seen.front());
  if (!shows_chain(evidence)) {
    const Families nothing_shown{View::no_sni};
    note_unseen(seen.front(), evidence, nothing_shown);
    co_return;
  }
  evidence.view = View::no_sni;
  seen.push_back(std::move(evidence));
}

asio::awaitable<void> look_at_all_views(const Observer& observer, const Endpoint& endpoint, Deadline deadline,
                                        Seen& seen) {
  TlsEvidence standard = co_await observe_patiently(observer, endpoint, default_offer, deadline);
  seen.front() = std::move(standard);
  if (observer.views == Views::standard || !shows_chain(seen.front())) co_return;
  co_await peel(observer, endpoint, deadline, seen);
  if (observer.views != Views::all) co_return;
  co_await look_without_name(observer, endpoint, deadline, seen);
  if (!was_seen_again(seen)) co_await look_on(observer, endpoint, deadline, seen);
}

asio::awaitable<void> observe_address(const Observer& observer, const Endpoint& endpoint, Deadline deadline,
                                      Seen& seen) {
  const auto permit = co_await observer.gate.enter(endpoint.address, deadline);
  if (!permit) co_return;
  if (const auto* known = observer.memory.find(endpoint, observer.clock.steady())) {
    seen = *known;
    co_return;
  }
  co_await look_at_all_views(observer, endpoint, deadline, seen);
  const auto now = observer.clock.steady();
  if (now < deadline) observer.memory.keep(endpoint, seen, now);
}

// What was seen at the address so far, which a target that shares it may have had looked at again in the meantime.
asio::awaitable<void> observe_address_again(const Observer& observer, const Endpoint& endpoint, Deadline deadline,
                                            Seen& seen) {
  const auto permit = co_await observer.gate.enter(endpoint.address, deadline);
  if (!permit) co_return;
  const auto* known = observer.memory.find(endpoint, observer.clock.steady());
  if (known != nullptr && was_seen_again(*known)) {
    seen = *known;
    co_return;
  }
  co_await look_on(observer, endpoint, deadline, seen);
  const auto now = observer.clock.steady();
  if (now < deadline) observer.memory.keep(endpoint, seen, now);
}

// The first reference identifier: the TLSA base domain (RFC 7672 8.1), or what RFC 7673 4.1 wants instead.
std::string server_name(const HostEvidence& host) {
  const std::string& name = host.names.empty() ? host.host : host.names.front();
  return parse_address(name) ? std::string{} : name;  // RFC 6066 3: an address is no server name
}

Endpoint endpoint_of(const Target& target, const HostEvidence& host, const Address& address) {
  Endpoint endpoint;
  endpoint.address = address;
  endpoint.port = host.port;
  endpoint.service = target.service;
  endpoint.sni = server_name(host);
  if (target.service->start != StartTlsKind::xmpp) return endpoint;  // no other dialogue names the domain
  endpoint.domain = target.name.empty() ? host.host : target.name;
  return endpoint;
}

bool may_connect(const DnsEvidence& dns, const HostEvidence& host, const HostAddress& address) {
  const bool no_service = dns.located == Located::no_service || host.located == Located::no_service;
  return !no_service && address.status != Status::bogus && address.status != Status::failed;
}

}  // namespace

asio::awaitable<void> observe_again(const Observer& observer, const Target& target,
                                    std::vector<AddressLooks>& addresses, Deadline deadline) {
  std::vector<Task> tasks;
  for (AddressLooks& each : addresses) {
    const Endpoint endpoint = endpoint_of(target, each.host, each.seen.front().address);
    tasks.push_back([&, endpoint, deadline] { return observe_address_again(observer, endpoint, deadline, each.seen); });
  }
  co_await run_all(std::move(tasks), observer.max_connections);
}

asio::awaitable<std::vector<HostFacts>> observe_all(const Observer& observer, const Target& target,
                                                    const DnsEvidence& dns, Deadline deadline) {
  std::vector<std::vector<Seen>> seen(dns.hosts.size());
  std::vector<Task> tasks;
  for (std::size_t h = 0; h < dns.hosts.size(); ++h) {
    const HostEvidence& host = dns.hosts[h];
    seen[h].reserve(host.addresses.size());  // tasks keep references into it
    for (const HostAddress& address : host.addresses) {
      if (!may_connect(dns, host, address)) continue;
      const Endpoint endpoint = endpoint_of(target, host, address.address);
      Seen& mine = seen[h].emplace_back(1, unseen(endpoint, Fault::not_run, ""));
      tasks.push_back(
          [&observer, endpoint, deadline, &mine] { return observe_address(observer, endpoint, deadline, mine); });
    }
  }
  co_await run_all(std::move(tasks), observer.max_connections);
  std::vector<HostFacts> hosts;
  for (std::size_t h = 0; h < seen.size(); ++h) {
    HostFacts& host = hosts.emplace_back(HostFacts{dns.hosts[h], {}});
    for (Seen& address : seen[h]) std::ranges::move(address, std::back_inserter(host.endpoints));
  }
  co_return hosts;
}

}  // namespace danewatch
