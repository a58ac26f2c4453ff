#include "tests/support/life_world.hpp"

#include "tests/support/report_builder.hpp"

namespace danewatch::test {
namespace {

Address parsed(const std::string& text) {
  return *parse_address(text);
}

Answer addresses_of(const LifeWorld& world, const std::string& host) {
  Answer result = answer(host, RrType::a);
  for (const std::string& each : world.addresses) result.data.push_back({parsed(each), each, false});
  result.denial = Denial::none;
  return result;
}

EndpointReport endpoint(const LifeWorld& world, const std::string& address) {
  EndpointReport result;
  result.seen.address = parsed(address);
  result.seen.port = 25;
  if (world.silent.contains(address)) {
    result.seen.stage = Stage::connect;
    result.seen.fault = Fault::timeout;
    result.cells.assign(world.records.size(), Cell::unobserved);
    return result;
  }
  if (!world.starttls) {
    result.seen.stage = Stage::starttls;
    result.seen.fault = Fault::not_offered;
    result.cells.assign(world.records.size(), Cell::unobserved);
    return result;
  }
  result.seen.stage = Stage::done;
  result.seen.fault = Fault::none;
  const char key = world.keys.at(address);
  Certificate leaf = certificate(key);
  leaf.sha256 = std::to_string(world.renewals) + leaf.sha256.substr(1);
  result.seen.chain = {leaf};
  for (const char each : world.records) result.cells.push_back(each == key ? Cell::match : Cell::no_match);
  return result;
}

RecordState state_of(const HostReport& host, const RecordReport& record) {
  bool unknown = false;
  for (const EndpointReport& each : host.endpoints) {
    if (cell_of(each, record) == Cell::match) return RecordState::current;
    unknown = unknown || cell_of(each, record) == Cell::unobserved;
  }
  return unknown ? RecordState::unknown : RecordState::unmatched;
}

HostReport host_of(const LifeWorld& world, const std::string& name) {
  HostReport host;
  host.dns.host = name;
  host.dns.port = 25;
  host.dns.lookups.push_back(addresses_of(world, name));
  Answer tlsa = answer("_25._tcp." + name, RrType::tlsa, world.tlsa);
  tlsa.original_ttl = world.ttl;
  const bool proven = world.tlsa == Status::secure;
  host.dns.located = !proven                 ? (world.tlsa == Status::bogus ? Located::bogus : Located::insecure)
                     : world.records.empty() ? Located::no_tlsa
                                             : Located::dane;
  host.dns.lookups.push_back(tlsa);
  for (const char each : proven ? world.records : "") {
    host.dns.tlsa.push_back(record(record_of_key(each), "_25._tcp." + name));
    host.records.push_back({host.dns.tlsa.back(), RecordState::unknown, std::nullopt, host.records.size()});
  }
  for (const std::string& each : world.addresses) {
    host.endpoints.push_back(endpoint(world, each));
    host.endpoints.back().cells.resize(host.records.size());
    host.endpoints.back().place = host.endpoints.size() - 1;
  }
  for (RecordReport& record : host.records) record.state = state_of(host, record);
  return host;
}

}  // namespace

std::string record_of_key(char key) {
  return "3 1 1 " + digest(key);
}

void LifeWorld::all_show(char key) {
  for (const std::string& each : addresses) keys[each] = key;
}

Report LifeWorld::report() const {
  Report result;
  result.target = (*parse_targets("example.org")).front();
  result.at = at;
  result.conclusion = {verdict, Reason::none};
  result.severity = severity;
  Answer named = answer("example.org", RrType::mx, mx);
  for (const std::string& host : hosts) named.data.push_back({Mx{10, host}, "10 " + host + ".", false});
  result.walk.lookups.push_back(named);
  if (mx == Status::bogus) return result;
  for (const std::string& host : hosts) result.hosts.push_back(host_of(*this, host));
  return result;
}

Report LifeWorld::blind() const {
  Report result;
  result.target = (*parse_targets("example.org")).front();
  result.at = at;
  result.conclusion = {Verdict::unknown, Reason::no_network};
  result.severity = Severity::unknown;
  return result;
}

}  // namespace danewatch::test
