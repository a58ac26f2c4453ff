#include "resolver/servers/find_servers.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "resolver/async.hpp"
#include "resolver/dns/name.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::size_t most_ancestors = 6;       // looked through for the zone of a name
constexpr std::size_t most_parent_servers = 3;  // asked for the delegation
constexpr std::size_t lookups_at_once = 16;

bool is_sound(const Answer& answer) {
  return answer.status == Status::secure || answer.status == Status::insecure;
}

asio::awaitable<void> look_up(ServerSearch search, Question question, Answer& answer) {
  answer = co_await search.resolver.lookup(std::move(question), search.deadline);
}

// Side by side, in the order of the questions.
asio::awaitable<std::vector<Answer>> look_up_all(ServerSearch search, std::vector<Question> questions) {
  std::vector<Answer> answers(questions.size());
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    tasks.emplace_back(
        [search, &question = questions[i], &answer = answers[i]] { return look_up(search, question, answer); });
  }
  co_await run_all(std::move(tasks), lookups_at_once);
  co_return answers;
}

// "ns1.example.org." of a zone that has NS records there: none behind an alias.
std::vector<std::string> names_of(const Answer& answer) {
  std::set<std::string> names;
  if (!is_sound(answer) || !answer.aliases.empty()) return {};
  for (const Rdata& rdata : answer.data) {
    std::string name = rdata.text;
    if (name.size() > 1 && name.ends_with('.')) name.pop_back();
    if (!rdata.malformed) names.insert(std::move(name));
  }
  return {names.begin(), names.end()};
}

std::vector<Question> address_questions(const std::vector<std::string>& names) {
  std::vector<Question> questions;
  for (const std::string& name : names) {
    questions.push_back({name, RrType::a});
    questions.push_back({name, RrType::aaaa});
  }
  return questions;
}

std::vector<Address> addresses_of(const Answer& answer) {
  std::vector<Address> addresses;
  if (!is_sound(answer)) return addresses;
  for (const Rdata& rdata : answer.data) {
    if (const auto* address = std::get_if<Address>(&rdata.value)) addresses.push_back(*address);
  }
  std::ranges::sort(addresses);
  return addresses;
}

bool is_allowed(const ServerLimits& limits, const Address& address) {
  return limits.allowed ? limits.allowed(address) : is_global(address);
}

struct Delegation {
  std::vector<std::string> names;
  std::vector<wire::Glue> glue;
};

asio::awaitable<bool> ask_parent(ServerSearch search, Address server, std::string zone, Delegation& delegation) {
  constexpr std::chrono::milliseconds patience{1000};
  std::random_device random;
  const Question asked{zone, RrType::ns};
  auto question = wire::write_question(static_cast<std::uint16_t>(random()), asked, false);
  if (!question) co_return true;
  const Deadline soon = std::min(search.deadline, search.clock.steady() + patience);
  const ServerPlace place{server, search.limits.port, Transport::udp};
  const Carried carried = co_await search.transport.carry(place, std::move(*question), soon);
  if (carried.contact != Contact::answered) co_return false;
  const auto reply = wire::read_reply(carried.reply, asked);
  if (!reply || reply->rcode != 0) co_return false;
  // A server of both zones answers for the lower one, and tells nothing of the delegation.
  if (reply->authoritative) co_return true;
  delegation.names = reply->delegation;
  std::ranges::sort(delegation.names);
  delegation.glue = reply->glue;
  co_return !delegation.names.empty();
}

// The parent signed the DS record, or its denial; where nothing is signed the way up leads there.
asio::awaitable<std::string> find_parent(ServerSearch search, std::string zone, Answer ds) {
  const bool told = ds.status == Status::secure && ds.signer && *ds.signer != zone;
  if (told) co_return *ds.signer;
  std::string above = parent_of(zone);
  std::string parent = co_await find_zone(search, std::move(above));
  co_return parent;
}

asio::awaitable<Delegation> find_delegation(ServerSearch search, std::string zone, Answer ds) {
  Delegation delegation;
  const std::string parent = co_await find_parent(search, zone, std::move(ds));
  if (parent.empty()) co_return delegation;
  Question servers{parent, RrType::ns};
  const Answer answer = co_await search.resolver.lookup(std::move(servers), search.deadline);
  std::vector<std::string> names = names_of(answer);
  if (names.size() > most_parent_servers) names.resize(most_parent_servers);
  std::vector<Question> questions = address_questions(names);
  const std::vector<Answer> answers = co_await look_up_all(search, std::move(questions));
  std::vector<Address> addresses;
  for (const Answer& each : answers) std::ranges::copy(addresses_of(each), std::back_inserter(addresses));
  std::ranges::sort(addresses);  // IPv4 first: it is there more often
  std::erase_if(addresses, [&](const Address& address) { return !is_allowed(search.limits, address); });
  if (addresses.size() > most_parent_servers) addresses.resize(most_parent_servers);
  for (const Address& address : addresses) {
    const bool done = co_await ask_parent(search, address, zone, delegation);
    if (done) break;
  }
  co_return delegation;
}

// The addresses of one name, each once: by its own records, and by glue.
void add_addresses(const ServerSearch& search, const std::string& name, std::span<const Answer> own,
                   const std::vector<wire::Glue>& glue, ZoneServers& zone) {
  std::vector<ServerAnswers> found;
  const auto at = [&](const Address& address) -> ServerAnswers& {
    const auto known = std::ranges::find(found, address, &ServerAnswers::address);
    if (known != found.end()) return *known;
    ServerAnswers& server = found.emplace_back();
    server.name = name;
    server.address = address;
    return server;
  };
  for (const Answer& answer : own) {
    for (const Address& address : addresses_of(answer)) at(address).by_name = true;
  }
  for (const wire::Glue& each : glue) {
    if (each.name == name) at(each.address).by_glue = true;
  }
  std::ranges::sort(found, {}, &ServerAnswers::address);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ServerAnswers& server = found[i];
    server.at_parent = std::ranges::binary_search(zone.at_parent, name);
    server.at_child = std::ranges::binary_search(zone.at_child, name);
    if (i >= search.limits.addresses) server.unasked = Unasked::too_many;
    if (!is_allowed(search.limits, server.address)) server.unasked = Unasked::not_global;
    if (i < 2 * search.limits.addresses) zone.servers.push_back(std::move(server));
  }
}

}  // namespace

asio::awaitable<std::string> find_zone(ServerSearch search, std::string name) {
  for (std::size_t i = 0; i < most_ancestors; ++i) {
    Question question{name, RrType::ns};
    const Answer answer = co_await search.resolver.lookup(std::move(question), search.deadline);
    if (!names_of(answer).empty()) co_return name;
    if (name == ".") break;
    name = parent_of(name);
  }
  co_return std::string();
}

asio::awaitable<FoundZone> find_servers(ServerSearch search, std::string zone) {
  FoundZone found;
  found.zone.zone = zone;
  std::vector<Question> questions{{zone, RrType::ns}, {zone, RrType::dnskey}, {zone, RrType::ds}};
  std::vector<Answer> answers = co_await look_up_all(search, std::move(questions));
  found.zone.at_child = names_of(answers[0]);
  found.zone.secure = answers[1].status == Status::secure && !answers[1].data.empty();
  if (found.zone.secure) {
    for (const Rdata& key : answers[1].data) found.keys.push_back(key.text);
  }
  Delegation delegation;
  if (zone != ".") delegation = co_await find_delegation(search, zone, std::move(answers[2]));
  found.zone.at_parent = std::move(delegation.names);
  std::vector<std::string> names;
  std::ranges::set_union(found.zone.at_child, found.zone.at_parent, std::back_inserter(names));
  if (names.size() > search.limits.names) {
    found.zone.servers_cut = names.size() - search.limits.names;
    names.resize(search.limits.names);
  }
  std::vector<Question> addresses = address_questions(names);
  const std::vector<Answer> known = co_await look_up_all(search, std::move(addresses));
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_addresses(search, names[i], std::span(known).subspan(2 * i, 2), delegation.glue, found.zone);
  }
  co_return found;
}

}  // namespace danewatch
