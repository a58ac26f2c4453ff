// One run: from a target to its report.
//
// Coordinates and waits, decides nothing. Never throws for a fact about the world. Thread rule: one
// executor's thread; many runs may be in flight on one Probe.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "probe/observe/dialer.hpp"
#include "probe/report/match.hpp"
#include "probe/report/policy.hpp"
#include "probe/report/report.hpp"
#include "resolver/clock.hpp"
#include "resolver/resolver.hpp"
#include "resolver/servers/ask_name_servers.hpp"
#include "resolver/walk/locate.hpp"

namespace danewatch {

class Workers;      // threads for dear work
class AddressGate;  // one connection to an address at a time

// Asked when it is known which servers a run would connect to: false ends it there, as unknown/not-run.
using Admit = std::function<bool(const DnsEvidence&)>;

// What is known of the name servers and still holds: then nobody is asked.
using KeptServers = std::function<std::optional<NameServers>(const DnsEvidence&)>;

struct ProbeOptions {
  Policy policy;
  LocateOptions locate;
  std::size_t max_connections = 64;   // of one run, at a time
  std::string trust_anchor;           // for the report
  Origin origin = Origin::seen;       // likewise: what the resolver and the dialer are made of
  AddressGate* gate = nullptr;        // shared with other probes, outliving them; null: one of its own
  Workers* workers = nullptr;         // for what would hold up the loop; as the gate
  std::chrono::seconds share_for{0};  // targets that share a server share what is seen there, for so long
  Admit admit;                        // empty: every run
  NameServers::Asked ask_servers = NameServers::Asked::no;  // each name server by itself
  ServerTransport* transport = nullptr;                     // for that; outlives the probe
  KeptServers kept_servers;                                 // empty: nothing is known
  ServerLimits server_limits;
};

class ObservationMemory;  // what was seen at an address a moment ago
struct Observer;          // all that looking needs

class Probe {
 public:
  Probe(Resolver& resolver, Dialer& dialer, const Matcher& matcher, const Clock& clock, ProbeOptions options);
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe();

  // What is to be seen, and no verdict: waits, decides nothing. Never throws for a fact about the world.
  boost::asio::awaitable<Evidence> look(Target target, Deadline deadline);

  // That, judged. Where a record matches nothing, its host's addresses are looked at again; where no record matches,
  // what may explain it is asked; then all is judged again.
  boost::asio::awaitable<Report> run(Target target, Deadline deadline);

 private:
  Observer observer();
  boost::asio::awaitable<void> ask_servers(const DnsEvidence& dns, Evidence& evidence, NameServers& servers,
                                           Deadline deadline);
  // The facts of the report and more; nothing where there is no more to learn.
  boost::asio::awaitable<std::optional<Evidence>> look_again(const Report& report, Deadline deadline);
  boost::asio::awaitable<std::optional<Evidence>> explain(const Report& report, Deadline deadline);

  Resolver& resolver_;
  Dialer& dialer_;
  const Matcher& matcher_;
  const Clock& clock_;
  ProbeOptions options_;
  std::unique_ptr<AddressGate> own_gate_;
  AddressGate& gate_;
  std::unique_ptr<Workers> own_workers_;
  Workers& workers_;
  std::unique_ptr<ObservationMemory> memory_;
};

}  // namespace danewatch
