#include "probe/rollover/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "probe/life/record_life.hpp"
#include "probe/rollover/next_set.hpp"

namespace danewatch {
namespace {

using Records = std::vector<TlsaRecord>;

bool holds(const auto& records, const TlsaRecord& wanted) {
  return std::ranges::any_of(records, [&](const TlsaRecord& each) { return same_association(each, wanted); });
}

// What the steps of one server are decided from.
class Server {
 public:
  Server(const Roll& roll, Records wanted, SysTime now)
      : roll_(roll), host_(*roll.host), wanted_(std::move(wanted)), now_(now), place_(server_name(host_.dns)) {}

  std::vector<RolloverStep> steps() const { return {publish(), wait(), deploy(), look(), remove()}; }

  bool shows_the_next_everywhere() const {
    return !host_.endpoints.empty() &&
           std::ranges::all_of(host_.endpoints, [this](const EndpointReport& each) { return shows_next(each); });
  }

  bool has_all_published() const { return missing().empty(); }

 private:
  RolloverStep step(StepKind kind, StepState state, std::string why = {}, Records records = {}) const {
    return {kind, state, place_, std::move(records), std::nullopt, std::move(why)};
  }

  auto published() const { return host_.records | std::views::transform(&RecordReport::record); }

  // By the proven answer, or at any name server that answers.
  Records missing() const {
    Records missing;
    for (const TlsaRecord& each : wanted_) {
      const bool is_served = std::ranges::all_of(
          roll_.name_servers, [&](const ServedSince& server) { return !server.answers || since(server, each); });
      if (!holds(published(), each) || !is_served) missing.push_back(each);
    }
    return missing;
  }

  static std::optional<SysTime> since(const ServedSince& server, const TlsaRecord& record) {
    for (const auto& [each, time] : server.records) {
      if (same_association(each, record)) return time;
    }
    return std::nullopt;
  }

  RolloverStep publish() const {
    const Records records = missing();
    if (!records.empty()) return step(StepKind::publish, StepState::open, "", records);
    return step(StepKind::publish, StepState::done, "", wanted_);
  }

  // The name servers that nothing is known of; those without a record are no reason to wait, but to publish.
  std::string who_does_not_answer() const {
    if (roll_.name_servers.empty()) return "the name servers were not asked one by one";
    for (const ServedSince& each : roll_.name_servers) {
      if (!each.answers)
        return fmt::format("{} does not answer: whether it has the next record is not known", each.name_server);
    }
    return {};
  }

  struct Slowest {
    std::string name_server;
    SysTime since{};
  };

  Slowest slowest() const {
    Slowest latest;
    for (const ServedSince& server : roll_.name_servers) {
      for (const TlsaRecord& each : wanted_) {
        const auto time = since(server, each);
        if (time && *time >= latest.since) latest = {server.name_server, *time};
      }
    }
    return latest;
  }

  RolloverStep wait() const {
    if (!missing().empty()) {
      return step(StepKind::wait, StepState::refused, "not every name server has the records of the next key",
                  missing());
    }
    if (const std::string why = who_does_not_answer(); !why.empty())
      return step(StepKind::wait, StepState::unknown, why, wanted_);
    const Slowest last = slowest();
    // What a cache may hold was settled when the last name server had the record: a TTL lowered since counts for
    // nothing.
    const auto caches = waiting_time(*roll_.life, place_, last.since);
    if (!caches)
      return step(StepKind::wait, StepState::unknown, "how long caches keep the records is not known", wanted_);
    RolloverStep result = step(StepKind::wait, StepState::done, "", wanted_);
    result.at = last.since + *caches;
    if (now_ >= *result.at) return result;
    result.state = StepState::not_before;
    result.why = fmt::format("caches may hold the records of before for {} s, twice that after {} had them",
                             caches->count() / 2, last.name_server);
    return result;
  }

  RolloverStep deploy() const {
    if (shows_the_next_everywhere()) return step(StepKind::deploy, StepState::done);
    RolloverStep result = wait();
    result.kind = StepKind::deploy;
    if (result.state == StepState::done) result.state = StepState::open;
    return result;
  }

  bool is_observed(const EndpointReport& endpoint) const {
    return std::ranges::find(endpoint.cells, Cell::unobserved) == endpoint.cells.end();
  }

  bool shows_next(const EndpointReport& endpoint) const {
    for (std::size_t r = 0; r < host_.records.size(); ++r) {
      if (holds(wanted_, host_.records[r].record) && endpoint.cells[r] == Cell::match) return true;
    }
    return false;
  }

  RolloverStep look() const {
    for (const EndpointReport& each : host_.endpoints) {
      if (!is_observed(each)) {
        return step(StepKind::look, StepState::unknown, fmt::format("{} was not seen", to_string(each.seen.address)));
      }
    }
    if (shows_the_next_everywhere()) return step(StepKind::look, StepState::done);
    return step(StepKind::look, StepState::open, "not every address shows the next key yet");
  }

  // What no address shows any more. A record of an authority may be a reserve, one that never matched somebody's
  // next: neither is ours to remove.
  Records old_ones() const {
    const auto lives = record_lives(*roll_.life);
    Records old;
    for (const RecordReport& each : host_.records) {
      const bool is_former = std::ranges::any_of(lives, [&](const RecordLife& life) {
        return life.server == place_ && life.record == record_name(each.record) &&
               life.state == RecordLife::State::former;
      });
      if (is_former && !holds(wanted_, each.record)) old.push_back(each.record);
    }
    return old;
  }

  RolloverStep remove() const {
    const RolloverStep seen = look();
    if (seen.state == StepState::unknown) return step(StepKind::remove, StepState::unknown, seen.why);
    if (seen.state != StepState::done) {
      return step(StepKind::remove, StepState::refused, "an address still shows the key in use: its record must stay");
    }
    if (!missing().empty()) {
      return step(StepKind::remove, StepState::refused, "not every name server has the records of the next key",
                  missing());
    }
    const Records old = old_ones();
    return step(StepKind::remove, old.empty() ? StepState::done : StepState::open, "", old);
  }

  const Roll& roll_;
  const HostReport& host_;
  Records wanted_;
  SysTime now_;
  std::string place_;
};

// Of a server whose records cannot be planned: every step that is left says why.
std::vector<RolloverStep> all_refused(const HostReport& host, StepState state, const std::string& why) {
  std::vector<RolloverStep> steps;
  for (const StepKind kind : {StepKind::publish, StepKind::wait, StepKind::deploy, StepKind::look, StepKind::remove}) {
    steps.push_back({kind, state, server_name(host.dns), {}, std::nullopt, why});
  }
  return steps;
}

int rank(StepState state) {
  switch (state) {
    case StepState::done:
      return 0;
    case StepState::open:
      return 1;
    case StepState::not_before:
      return 2;
    case StepState::unknown:
      return 3;
    case StepState::refused:
      return 4;
  }
  return 4;
}

void append(std::vector<RolloverStep>& to, std::vector<RolloverStep> steps) {
  to.insert(to.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
}

}  // namespace

Plan plan_of(std::span<const Roll> rolls, const NextKey& next, SysTime now) {
  Plan plan;
  plan.keeps_the_key = !rolls.empty();
  for (const Roll& roll : rolls) {
    const HostReport& host = *roll.host;
    if (host.dns.located != Located::dane && host.dns.located != Located::no_tlsa) {
      plan.keeps_the_key = false;
      append(plan.steps, all_refused(host, StepState::unknown, "its TLSA records could not be looked up"));
      continue;
    }
    auto wanted = next_set(host, next);
    if (!wanted) {
      plan.keeps_the_key = false;
      append(plan.steps, all_refused(host, StepState::refused, wanted.error()));
      continue;
    }
    const Server server(roll, std::move(*wanted), now);
    plan.keeps_the_key = plan.keeps_the_key && server.has_all_published() && server.shows_the_next_everywhere();
    append(plan.steps, server.steps());
  }
  return plan;
}

RolloverStep gate(const Plan& plan, StepKind kind) {
  RolloverStep worst{kind, StepState::done, "", {}, std::nullopt, ""};
  for (const RolloverStep& each : plan.steps) {
    if (each.kind != kind) continue;
    if (each.at && (!worst.at || *each.at > *worst.at)) worst.at = each.at;
    worst.records.insert(worst.records.end(), each.records.begin(), each.records.end());
    if (rank(each.state) > rank(worst.state)) {
      worst.state = each.state;
      worst.why.clear();
    }
    if (rank(each.state) == rank(worst.state) && !each.why.empty()) {
      worst.why += fmt::format("{}{}: {}", worst.why.empty() ? "" : "; ", each.place, each.why);
    }
  }
  return worst;
}

std::string_view to_string(StepKind kind) {
  switch (kind) {
    case StepKind::publish:
      return "publish";
    case StepKind::wait:
      return "wait";
    case StepKind::deploy:
      return "deploy";
    case StepKind::look:
      return "look";
    case StepKind::remove:
      return "remove";
  }
  return "";
}

std::string_view to_string(StepState state) {
  switch (state) {
    case StepState::done:
      return "done";
    case StepState::open:
      return "now";
    case StepState::not_before:
      return "not-before";
    case StepState::refused:
      return "refused";
    case StepState::unknown:
      return "unknown";
  }
  return "";
}

}  // namespace danewatch
