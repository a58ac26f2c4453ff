// Inner: the parts of locate(): questions, and the walk of one host.
//
// Coroutines here ask and wait; what an answer means is decided by
// plain functions. Thread rule: the executor's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "resolver/walk/locate.hpp"

namespace danewatch {

struct Walk {
  Resolver& resolver;
  const Clock& clock;
  const LocateOptions& options;
  Deadline deadline;
};

// A host to walk, and how its reference identifiers come about.
struct HostPlan {
  std::string host;
  std::uint16_t port = 25;
  std::optional<std::uint16_t> preference;
  std::optional<std::uint16_t> weight;
  std::optional<Address> address;        // --ip: look there instead of at the addresses of the DNS
  std::vector<std::string> other_names;  // reference identifiers beside the base domain
  bool base_is_name = true;              // false: only other_names count (RFC 7673 4.1, insecure SRV)
  bool service_name_first = false;       // without usable TLSA the other names lead (RFC 7673 4.1)
  bool ask_tlsa = true;                  // false: insecure SRV (RFC 7673 3.1)
};

// The answer, or nothing: the deadline has passed, before or meanwhile.
boost::asio::awaitable<std::optional<Answer>> ask(Walk walk, Question question);

// Asks several questions side by side; answers come in the order of the questions, those not asked are left out.
boost::asio::awaitable<std::vector<Answer>> ask_all(Walk walk, std::vector<Question> questions);

// Walks hosts side by side; one HostEvidence per plan, in order.
boost::asio::awaitable<std::vector<HostEvidence>> walk_hosts(Walk walk, std::vector<HostPlan> plans);

// RFC 7672 2.2.1 and RFC 7505; RFC 7673 3.1; a host or address as the operator named it.
boost::asio::awaitable<DnsEvidence> locate_mail(Walk walk, const Target& target);
boost::asio::awaitable<DnsEvidence> locate_srv(Walk walk, const Target& target);
boost::asio::awaitable<DnsEvidence> locate_host(Walk walk, const Target& target);

// Where it ended as insecure because our resolver lacks an algorithm, it did not end so for the world.
boost::asio::awaitable<void> blame_our_algorithms(Walk walk, DnsEvidence& evidence);

// What a bogus or failed answer means for the walk; nothing for any other answer.
std::optional<Located> failure_of(const Answer& answer);

// The values of one kind among the answer's data; what does not parse is left out.
template <class T>
std::vector<T> values_of(const Answer& answer) {
  std::vector<T> values;
  for (const Rdata& rdata : answer.data) {
    if (const T* value = std::get_if<T>(&rdata.value)) values.push_back(*value);
  }
  return values;
}

// Keeps the first `limit` and notes the cut.
template <class T>
void cut_to(std::vector<T>& values, std::size_t limit, const char* what, std::vector<Cut>& cuts) {
  if (values.size() <= limit) return;
  cuts.push_back(Cut{what, limit, values.size()});
  values.resize(limit);
}

}  // namespace danewatch
