#include "probe/rollover/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "probe/evidence/predicates.hpp"
#include "probe/life/record_life.hpp"
#include "probe/report/record_words.hpp"
#include "probe/rollover/next_set.hpp"

namespace danewatch {
namespace {

using Records = std::vector<TlsaRecord>;

constexpr const char* unknown_time = "how long caches keep the records is not known";

bool holds(const auto& records, const TlsaRecord& wanted) {
  return std::ranges::any_of(records, [&](const TlsaRecord& each) { return same_association(each, wanted); });
}

// What the steps of one server are decided from.
class Server {
 public:
  Server(const Roll& roll, Records wanted, SysTime now)
      : roll_(roll), host_(*roll.host), wanted_(std::move(wanted)), now_(now), place_(server_name(host_.dns)) {}

  std::vector<RolloverStep> steps() const { return {publish(), wait(), deploy(), look(), remove()}; }

  bool keeps_the_key() const { return has_all_published() && shows_the_next_everywhere(); }

 private:
  RolloverStep step(StepKind kind, StepState state, std::string why = {}, Records records = {}) const {
    return {kind, state, place_, std::move(records), std::nullopt, std::move(why)};
  }

  auto published() const { return host_.records | std::views::transform(&RecordReport::record); }

  // Those that nobody hands out: neither the proven answer nor any name server.
  Records unpublished() const {
    Records records;
    for (const TlsaRecord& each : wanted_) {
      const bool is_served = std::ranges::any_of(
          roll_.name_servers, [&](const ServedSince& server) { return server.answers && since(server, each); });
      if (!is_served && !holds(published(), each)) records.push_back(each);
    }
    return records;
  }

  // A name server that answers and does not have all of them yet, and the first that it lacks.
  struct Laggard {
    const ServedSince* server = nullptr;
    const TlsaRecord* lacks = nullptr;
  };

  Laggard laggard() const {
    for (const ServedSince& server : roll_.name_servers) {
      for (const TlsaRecord& each : wanted_) {
        if (server.answers && !since(server, each)) return {&server, &each};
      }
    }
    return {};
  }

  static std::string words_of(const Laggard& late) {
    return fmt::format("{} does not have {} yet", late.server->name_server, short_text(*late.lacks));
  }

  bool has_all_published() const { return unpublished().empty() && laggard().server == nullptr; }

  RolloverStep publish() const {
    const Records records = unpublished();
    if (!records.empty()) return step(StepKind::publish, StepState::open, "", records);
    const Laggard late = laggard();
    return step(StepKind::publish, StepState::done, late.server != nullptr ? words_of(late) : "", wanted_);
  }

  // The name servers that nothing is known of; those without a record are no reason to wait, but to publish.
  std::string who_does_not_answer() const {
    if (roll_.name_servers.empty()) return "the name servers were not asked one by one";
    for (const ServedSince& each : roll_.name_servers) {
      if (!each.answers)
        return fmt::format("{} {}: whether it has the next record is not known", each.name_server, each.why_not);
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

  // When it has them is not known; from then on it is twice what caches may hold the records of before.
  RolloverStep wait_for(const Laggard& late) const {
    RolloverStep result = step(StepKind::wait, StepState::not_before, words_of(late), wanted_);
    const auto caches = waiting_time(*roll_.life, place_, now_);
    if (!caches) return step(StepKind::wait, StepState::unknown, result.why + ", and " + unknown_time, wanted_);
    result.at = now_ + *caches;
    result.may_move = true;
    result.why += fmt::format("; the wait of {} s begins when it has", caches->count());
    return result;
  }

  RolloverStep wait() const {
    if (const Records records = unpublished(); !records.empty()) {
      return step(StepKind::wait, StepState::refused,
                  fmt::format("{} of the next key is not published", short_text(records.front())), records);
    }
    if (const Laggard late = laggard(); late.server != nullptr) return wait_for(late);
    if (const std::string why = who_does_not_answer(); !why.empty())
      return step(StepKind::wait, StepState::unknown, why, wanted_);
    const Slowest last = slowest();
    // What a cache may hold was settled when the last name server had the record: a TTL lowered since counts for
    // nothing.
    const auto caches = waiting_time(*roll_.life, place_, last.since);
    if (!caches) return step(StepKind::wait, StepState::unknown, unknown_time, wanted_);
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
    if (!roll_.others.empty() && !roll_.all_named) {
      return step(
          StepKind::deploy, StepState::refused,
          fmt::format("{} {} a TLSA record of the key in use, too: name {} as TARGET, or say --all-named if the key "
                      "does not change there",
                      list(roll_.others), roll_.others.size() == 1 ? "has" : "have",
                      roll_.others.size() == 1 ? "it" : "them"));
    }
    RolloverStep result = wait();
    result.kind = StepKind::deploy;
    if (result.state == StepState::done) result.state = StepState::open;
    return result;
  }

  // What DANE clients see (RFC 7671 3).
  auto endpoints() const {
    return host_.endpoints | std::views::filter([](const EndpointReport& each) { return decides(each.seen); });
  }

  bool shows_the_next_everywhere() const {
    return !endpoints().empty() &&
           std::ranges::all_of(endpoints(), [this](const EndpointReport& each) { return shows_next(each); });
  }

  // Why it is not known what every address shows; empty: it is.
  std::string what_was_not_seen() const {
    if (endpoints().empty()) return "no address of it was looked at";
    if (!host_.dns.cuts.empty() || host_.dns.excluded_addresses > 0) return "not all of its addresses were looked at";
    for (const EndpointReport& each : endpoints()) {
      const bool is_whole = std::ranges::find(each.cells, Cell::unobserved) == each.cells.end();
      if (!is_whole || !was_observed(each.seen)) return fmt::format("{} was not seen", to_string(each.seen.address));
      if (!each.seen.unobserved_views.empty()) {
        return fmt::format("not every certificate of {} was seen", to_string(each.seen.address));
      }
    }
    return {};
  }

  bool shows_next(const EndpointReport& endpoint) const {
    return std::ranges::any_of(host_.records, [&](const RecordReport& each) {
      return holds(wanted_, each.record) && cell_of(endpoint, each) == Cell::match;
    });
  }

  RolloverStep look() const {
    if (const std::string why = what_was_not_seen(); !why.empty()) return step(StepKind::look, StepState::unknown, why);
    if (shows_the_next_everywhere()) return step(StepKind::look, StepState::done);
    const bool is_deployed =
        std::ranges::any_of(endpoints(), [this](const EndpointReport& each) { return shows_next(each); });
    return is_deployed ? step(StepKind::look, StepState::open, "not every address shows the next key yet")
                       : step(StepKind::look, StepState::not_before, "no address shows the next key yet");
  }

  struct Rest {
    Records old;      // no address shows their keys any more
    Records unknown;  // never seen to match
  };

  // A record of an authority may be a reserve, one that never matched somebody's next: neither is ours to remove.
  Rest rest() const {
    const auto lives = record_lives(*roll_.life);
    Rest rest;
    for (const RecordReport& each : host_.records) {
      if (holds(wanted_, each.record) || each.state != RecordState::unmatched) continue;
      const bool is_former = std::ranges::any_of(lives, [&](const RecordLife& life) {
        return life.server == place_ && life.record == record_name(each.record) &&
               life.state == RecordLife::State::former;
      });
      (is_former ? rest.old : rest.unknown).push_back(each.record);
    }
    return rest;
  }

  // Not at the name that is looked up for this port and host alone.
  bool is_shared(const TlsaRecord& record) const {
    return record.owner != fmt::format("_{}._tcp.{}", host_.dns.port, host_.dns.base_domain);
  }

  RolloverStep remove_what_is_left() const {
    const auto [old, unknown] = rest();
    for (const TlsaRecord& each : old) {
      if (roll_.all_named || !is_shared(each)) continue;
      return step(StepKind::remove, StepState::unknown,
                  fmt::format("{} stands at {}, where other ports and hosts may have their records from: whether they "
                              "still need it is not known",
                              short_text(each), each.owner));
    }
    if (!old.empty()) return step(StepKind::remove, StepState::open, "", old);
    if (unknown.empty()) return step(StepKind::remove, StepState::done);
    const std::string record = short_text(unknown.front());
    if (roll_.life->head.looks > 1) {
      return step(StepKind::remove, StepState::done,
                  fmt::format("{} stays: it was never seen to match, so it is not known whose it is", record));
    }
    return step(StepKind::remove, StepState::unknown,
                fmt::format("{} matches nothing, and whether it once did is not remembered", record));
  }

  RolloverStep remove() const {
    const RolloverStep seen = look();
    if (seen.state == StepState::unknown) return step(StepKind::remove, StepState::unknown, seen.why);
    if (seen.state != StepState::done) {
      return step(StepKind::remove, StepState::refused, "an address still shows the key in use: its record must stay");
    }
    if (const Records records = unpublished(); !records.empty()) {
      return step(StepKind::remove, StepState::refused,
                  fmt::format("{} of the next key is not published", short_text(records.front())));
    }
    if (const Laggard late = laggard(); late.server != nullptr) {
      return step(StepKind::remove, StepState::refused, words_of(late));
    }
    return remove_what_is_left();
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
  for (const StepKind kind : step_kinds) {
    steps.push_back({kind, state, server_name(host.dns), {}, std::nullopt, why});
  }
  return steps;
}

// A server without DANE, such as a backup MX of somebody else: whichever key it shows, no sender minds.
bool has_no_records(const HostReport& host) {
  using enum Located;
  const Located located = host.dns.located;
  return located == no_tlsa || located == insecure || located == insecure_mx || located == insecure_srv ||
         located == address_literal;
}

void append(std::vector<RolloverStep>& to, std::vector<RolloverStep> steps) {
  to.insert(to.end(), std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end()));
}

}  // namespace

std::optional<SysTime> since(const ServedSince& server, const TlsaRecord& record) {
  for (const auto& [each, time] : server.records) {
    if (same_association(each, record)) return time;
  }
  return std::nullopt;
}

Plan plan_of(std::span<const Roll> rolls, std::span<const NextKey> next, SysTime now) {
  Plan plan;
  plan.keeps_the_key = !rolls.empty();
  const bool any_dane =
      std::ranges::any_of(rolls, [](const Roll& roll) { return roll.host->dns.located == Located::dane; });
  for (const Roll& roll : rolls) {
    const HostReport& host = *roll.host;
    if (has_no_records(host) && any_dane) continue;
    if (host.dns.located != Located::dane && !has_no_records(host)) {
      plan.keeps_the_key = false;
      append(plan.steps, all_refused(host, StepState::unknown, "its TLSA records could not be looked up"));
      continue;
    }
    auto wanted = next_set_of_all(host, next);
    if (!wanted) {
      plan.keeps_the_key = false;
      append(plan.steps, all_refused(host, StepState::refused, wanted.error()));
      continue;
    }
    const Server server(roll, std::move(*wanted), now);
    plan.keeps_the_key = plan.keeps_the_key && server.keeps_the_key();
    append(plan.steps, server.steps());
  }
  return plan;
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
