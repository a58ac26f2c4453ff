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
constexpr View all_families[] = {View::rsa, View::ecdsa, View::eddsa};

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
  const std::string& key = evidence.chain.front().key;
  if (key.starts_with("rsa")) return View::rsa;
  if (key.starts_with("ecdsa")) return View::ecdsa;
  if (key.starts_with("ed")) return View::eddsa;
  return std::nullopt;
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
  const bool by_words = evidence.fault == Fault::alert || evidence.fault == Fault::no_common_version;
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

void note_unseen(TlsEvidence& standard, const TlsEvidence& evidence, const Families& views) {
  auto& where = turned_away(evidence) ? standard.absent_views : standard.unobserved_views;
  where.insert(where.end(), views.begin(), views.end());
}

// Offers all families not yet seen; each new leaf becomes an endpoint, until a server shows none of them.
asio::awaitable<void> peel(const Observer& observer, const Endpoint& endpoint, Deadline deadline, Seen& seen) {
  for (Families offer = not_yet_seen(seen); !offer.empty(); offer = not_yet_seen(seen)) {
    TlsEvidence evidence = co_await observe_patiently(observer, endpoint, offer, deadline);
    const auto shown = family_of(evidence);
    if (!shown || std::ranges::find(offer, *shown) == offer.end()) {
      note_unseen(seen.front(), evidence, offer);
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
  TlsEvidence evidence = co_await observe_patiently(observer, nameless, default_offer, deadline);
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
  if (observer.views == Views::all) co_await look_without_name(observer, endpoint, deadline, seen);
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

// The first reference identifier: the TLSA base domain (RFC 7672 8.1), or what RFC 7673 4.1 wants instead.
std::string server_name(const HostEvidence& host) {
  const std::string& name = host.names.empty() ? host.host : host.names.front();
  return parse_address(name) ? std::string{} : name;  // RFC 6066 3: an address is no server name
}

Endpoint endpoint_of(const Target& target, const HostEvidence& host, const HostAddress& address) {
  Endpoint endpoint;
  endpoint.address = address.address;
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

asio::awaitable<std::vector<HostFacts>> observe_all(const Observer& observer, const Target& target,
                                                    const DnsEvidence& dns, Deadline deadline) {
  std::vector<std::vector<Seen>> seen(dns.hosts.size());
  std::vector<Task> tasks;
  for (std::size_t h = 0; h < dns.hosts.size(); ++h) {
    const HostEvidence& host = dns.hosts[h];
    seen[h].reserve(host.addresses.size());  // tasks keep references into it
    for (const HostAddress& address : host.addresses) {
      if (!may_connect(dns, host, address)) continue;
      const Endpoint endpoint = endpoint_of(target, host, address);
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
