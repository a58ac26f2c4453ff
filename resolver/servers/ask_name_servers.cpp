#include "resolver/servers/ask_name_servers.hpp"

#include <algorithm>
#include <map>
#include <random>

#include "resolver/async.hpp"
#include "resolver/servers/find_servers.hpp"

namespace danewatch {
namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// A datagram may be lost, so silence is believed the second time.
constexpr std::chrono::milliseconds first_patience{800}, second_patience{1200}, tcp_patience{1500};
constexpr std::size_t kept_for_tcp = 2;  // questions

// What is to be asked of every server of one zone.
struct ZonePlan {
  std::string zone;  // empty: to be found from the first question
  std::vector<Question> questions;
  FoundZone found;
};

std::vector<ZonePlan> plans_of(std::vector<ZoneQuestion> questions) {
  std::vector<ZonePlan> plans;
  for (ZoneQuestion& each : questions) {
    const std::string zone = each.zone.value_or("");
    const auto same = std::ranges::find(plans, zone, &ZonePlan::zone);
    if (same != plans.end() && !zone.empty()) {
      same->questions.push_back(std::move(each.question));
    } else {
      plans.push_back({zone, {std::move(each.question)}, {}});
    }
  }
  return plans;
}

asio::awaitable<void> find_zone_of(ServerSearch search, ZonePlan& plan) {
  if (!plan.zone.empty()) co_return;
  std::string name = plan.questions.front().name;
  plan.zone = co_await find_zone(search, std::move(name));
}

asio::awaitable<void> find_servers_of(ServerSearch search, ZonePlan& plan) {
  std::string zone = plan.zone;
  plan.found = co_await find_servers(search, std::move(zone));
}

// Two questions may have led to one zone by different ways.
void merge(std::vector<ZonePlan>& plans) {
  std::vector<ZonePlan> merged;
  for (ZonePlan& plan : plans) {
    if (plan.zone.empty()) continue;
    const auto same = std::ranges::find(merged, plan.zone, &ZonePlan::zone);
    if (same == merged.end()) {
      merged.push_back(std::move(plan));
    } else {
      std::ranges::move(plan.questions, std::back_inserter(same->questions));
    }
  }
  plans = std::move(merged);
}

ServerReply reply_from(const Carried& carried, const Question& question, const ZonePlan& plan, SysTime now) {
  ServerReply reply;
  reply.question = question;
  reply.contact = carried.contact;
  if (carried.contact != Contact::answered) return reply;
  auto read = wire::read_reply(carried.reply, question);
  if (!read) {
    reply.contact = Contact::malformed;
    return reply;
  }
  reply.rcode = read->rcode;
  reply.authoritative = read->authoritative;
  reply.truncated = read->truncated;
  reply.extended_error = std::move(read->extended_error);
  reply.data = std::move(read->data);
  reply.alias = std::move(read->alias);
  reply.ttl = read->ttl;
  reply.serial = read->serial;
  reply.signatures = wire::check_signatures(carried.reply, plan.zone, plan.found.keys, now);
  return reply;
}

std::string nsid_of(const Carried& carried, const Question& question) {
  const auto read = wire::read_reply(carried.reply, question);
  return read ? read->nsid : std::string();
}

// One address, for all the zones that have it: one question at a time.
class Visit {
 public:
  Visit(ServerTransport& transport, const ServerLimits& limits, const Clock& clock, Deadline deadline)
      : transport_(transport), limits_(limits), clock_(clock), deadline_(deadline), left_(limits.questions) {}

  asio::awaitable<void> ask(const ZonePlan& plan, ServerAnswers& server) {
    const Question soa{plan.zone, RrType::soa};
    const bool heard = co_await ask_by_udp(plan, server, soa);
    if (server.unasked != Unasked::none) co_return;
    if (heard) {
      for (const Question& question : plan.questions) {
        if (left_ > kept_for_tcp) co_await ask_by_udp(plan, server, question);
      }
    }
    const bool connects = co_await ask_once(plan, server, soa, Transport::tcp, tcp_patience);
    const Question& first = plan.questions.front();
    if (connects) co_await ask_once(plan, server, first, Transport::tcp, tcp_patience);
  }

 private:
  asio::awaitable<bool> ask_by_udp(const ZonePlan& plan, ServerAnswers& server, Question question) {
    bool heard = co_await ask_once(plan, server, question, Transport::udp, first_patience);
    if (heard || server.unasked != Unasked::none || server.replies.back().contact != Contact::silent) co_return heard;
    if (left_ <= kept_for_tcp) co_return false;
    const ServerReply silence = std::move(server.replies.back());
    server.replies.pop_back();
    heard = co_await ask_once(plan, server, question, Transport::udp, second_patience);
    if (server.unasked != Unasked::none) server.replies.push_back(silence);
    co_return heard;
  }

  // Whether anything was answered. Where time or our own limits end it, the address is `unasked`.
  asio::awaitable<bool> ask_once(const ZonePlan& plan, ServerAnswers& server, const Question& question,
                                 Transport transport, std::chrono::milliseconds patience) {
    const auto begun = clock_.steady();
    if (left_ == 0) co_return false;
    if (begun >= deadline_) {
      server.unasked = Unasked::no_time;
      co_return false;
    }
    --left_;
    std::random_device random;
    auto octets = wire::write_question(static_cast<std::uint16_t>(random()), question, false);
    if (!octets) co_return false;
    const ServerPlace place{server.address, limits_.port, transport};
    const Deadline until = std::min(deadline_, begun + patience);
    const Carried carried = co_await transport_.carry(place, std::move(*octets), until);
    if (carried.contact == Contact::silent && clock_.steady() >= deadline_) server.unasked = Unasked::no_time;
    if (carried.contact == Contact::unreachable) server.unasked = Unasked::no_route;
    if (server.unasked != Unasked::none) co_return false;
    ServerReply reply = reply_from(carried, question, plan, clock_.now());
    reply.transport = transport;
    reply.milliseconds = std::chrono::duration<double, std::milli>(clock_.steady() - begun).count();
    if (server.nsid.empty()) server.nsid = nsid_of(carried, question);
    server.replies.push_back(std::move(reply));
    co_return server.replies.back().contact == Contact::answered;
  }

  ServerTransport& transport_;
  const ServerLimits& limits_;
  const Clock& clock_;
  Deadline deadline_;
  std::size_t left_;
};

struct Job {
  const ZonePlan* plan;
  ServerAnswers* server;
};

asio::awaitable<void> visit(Visit visit, std::vector<Job> jobs) {
  std::map<const ZonePlan*, const ServerAnswers*> done;
  for (const Job& job : jobs) {
    const auto same = done.find(job.plan);  // two names for one address
    if (same != done.end()) {
      job.server->unasked = same->second->unasked;
      job.server->nsid = same->second->nsid;
      job.server->replies = same->second->replies;
      continue;
    }
    co_await visit.ask(*job.plan, *job.server);
    done.emplace(job.plan, job.server);
  }
}

std::map<Address, std::vector<Job>> jobs_of(std::vector<ZonePlan>& plans) {
  std::map<Address, std::vector<Job>> jobs;
  for (ZonePlan& plan : plans) {
    for (ServerAnswers& server : plan.found.zone.servers) {
      if (server.unasked == Unasked::none) jobs[server.address].push_back({&plan, &server});
    }
  }
  return jobs;
}

}  // namespace

asio::awaitable<std::vector<ZoneServers>> ask_name_servers(Resolver& resolver, ServerTransport& transport,
                                                           std::vector<ZoneQuestion> questions, ServerLimits limits,
                                                           const Clock& clock, Deadline deadline) {
  const Deadline until = std::min(deadline, clock.steady() + limits.patience);
  const ServerSearch search{resolver, transport, limits, clock, until};
  std::vector<ZonePlan> plans = plans_of(std::move(questions));
  if (plans.size() > limits.zones) plans.resize(limits.zones);
  std::vector<Task> tasks;
  for (ZonePlan& plan : plans) tasks.emplace_back([search, &plan] { return find_zone_of(search, plan); });
  co_await run_all(std::move(tasks), limits.zones);
  merge(plans);
  tasks.clear();
  for (ZonePlan& plan : plans) tasks.emplace_back([search, &plan] { return find_servers_of(search, plan); });
  co_await run_all(std::move(tasks), limits.zones);
  tasks.clear();
  const Visit one(transport, limits, clock, until);
  for (auto& [address, jobs] : jobs_of(plans)) {
    tasks.emplace_back([one, jobs = std::move(jobs)] { return visit(one, jobs); });
  }
  co_await run_all(std::move(tasks), limits.at_once);
  std::vector<ZoneServers> zones;
  for (ZonePlan& plan : plans) zones.push_back(std::move(plan.found.zone));
  co_return zones;
}

}  // namespace danewatch
