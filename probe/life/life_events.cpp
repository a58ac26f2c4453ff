#include "probe/life/life_events.hpp"

#include <algorithm>
#include <functional>

namespace danewatch {
namespace {

const Interval* newest(const std::vector<const Interval*>& intervals,
                       const std::function<bool(const Interval&)>& is_wanted) {
  const Interval* found = nullptr;
  for (const Interval* each : intervals) {
    if (is_wanted(*each) && (found == nullptr || each->id > found->id)) found = each;
  }
  return found;
}

// Puts the events of one look together.
class Telling {
 public:
  explicit Telling(const Looked& looked) : looked_(looked) {}

  std::vector<Event> tell() && {
    for (const Interval& each : looked_.gone) tell_gone(each);
    for (const Interval& each : looked_.life.open) {
      if (each.id >= looked_.first_new && !each.at_least) tell_new(each);
    }
    for (const Shown& each : looked_.sight.shown) tell_deployed(each);
    std::ranges::stable_sort(events_, {}, &Event::code);
    return std::move(events_);
  }

 private:
  bool is_new(const Interval& interval) const { return interval.id >= looked_.first_new; }

  // Surely younger than that: what came between two looks may be as old as the earlier one.
  bool is_young(const Interval& interval, std::chrono::seconds window) const {
    if (interval.at_least) return false;
    const SysTime oldest = is_new(interval) ? looked_.looked_before : interval.first_seen;
    return looked_.sight.at - oldest < window;
  }

  Event& say(EventCode code, std::string place, std::string was, std::string now) {
    Event event;
    event.at = looked_.sight.at;
    event.code = code;
    event.place = std::move(place);
    event.was = std::move(was);
    event.now = std::move(now);
    return events_.emplace_back(std::move(event));
  }

  // What `gone` was, and since when.
  Event& say_gone(EventCode code, const Interval& gone, std::string now = {}) {
    Event& event = say(code, server_of(gone.thing.place), gone.thing.name, std::move(now));
    event.since = gone.first_seen;
    event.at_least = gone.at_least;
    return event;
  }

  void tell_gone(const Interval& gone) {
    switch (gone.thing.place.kind) {
      case Kind::record:
        say_gone(EventCode::tlsa_removed, gone);
        tell_disappeared(gone);
        tell_removed_too_early(gone);
        break;
      case Kind::key:
        tell_key(gone);
        break;
      case Kind::certificate:
        tell_certificate(gone);
        break;
      case Kind::mx:
        say(EventCode::mx_removed, "", gone.thing.name, "").since = gone.first_seen;
        break;
      case Kind::address:
        say_gone(EventCode::address_removed, gone);
        break;
      case Kind::ds:
        tell_ds(gone.thing.place);
        break;
      case Kind::verdict:
        tell_verdict(gone);
        break;
      case Kind::dnssec:
        tell_dnssec(gone);
        break;
      case Kind::starttls:
        tell_starttls(gone);
        break;
      case Kind::match:
      case Kind::ttl:
        break;
    }
  }

  void tell_new(const Interval& begun) {
    const std::string server = server_of(begun.thing.place);
    if (begun.thing.place.kind == Kind::record) tell_added(begun);
    if (begun.thing.place.kind == Kind::mx) say(EventCode::mx_added, "", "", begun.thing.name);
    if (begun.thing.place.kind == Kind::address) say(EventCode::address_added, server, "", begun.thing.name);
    if (begun.thing.place.kind == Kind::ds) tell_ds(begun.thing.place);
  }

  // If it is a next record, its key has to wait (RFC 7671 8.1); a first one need not.
  void tell_added(const Interval& begun) {
    const std::string& server = begun.thing.place.name;
    Event& event = say(EventCode::tlsa_added, server, "", begun.thing.name);
    const auto window = waiting_time(looked_.life, server, looked_.sight.at);
    const bool unmatched = !looked_.sight.sees_any({Kind::match, server + " " + begun.thing.name});
    if (window && unmatched && has_older_record(server, begun, *window)) event.until = looked_.sight.at + *window;
  }

  bool has(EventCode code, const std::string& place) const {
    return std::ranges::any_of(events_, [&](const Event& e) { return e.code == code && e.place == place; });
  }

  void tell_disappeared(const Interval& gone) {
    const std::string& server = gone.thing.place.name;
    if (looked_.sight.sees_any(gone.thing.place) || has(EventCode::tlsa_disappeared, server)) return;
    say(EventCode::tlsa_disappeared, server, "", "").since = looked_.looked_before;
  }

  const Interval* last_match(const Interval& record) const {
    const LifePlace place{Kind::match, record.thing.place.name + " " + record.thing.name};
    const Interval* last = nullptr;
    for (const auto* intervals : {&looked_.life.past, &looked_.gone, &looked_.life.open}) {
      for (const Interval& each : *intervals) {
        const bool of_this_life = each.id > record.id;  // not of one before the record was away
        if (each.thing.place == place && of_this_life && (last == nullptr || each.id > last->id)) last = &each;
      }
    }
    return last;
  }

  // Records of the server that match now.
  std::vector<const Interval*> matching(const std::string& server) const {
    std::vector<const Interval*> result;
    for (const Interval* record : open_at(looked_.life, {Kind::record, server})) {
      if (looked_.sight.sees_any({Kind::match, server + " " + record->thing.name})) result.push_back(record);
    }
    return result;
  }

  // RFC 7671 8.1. Where no record is left, nobody asks for one any more.
  void tell_removed_too_early(const Interval& gone) {
    const std::string& server = gone.thing.place.name;
    const Interval* match = last_match(gone);
    if (match == nullptr || !looked_.sight.sees_any(gone.thing.place)) return;
    if (matched_until_now(*match) && is_still_needed(server, *match)) {
      say_gone(EventCode::removed_too_early, gone);
      return;
    }
    const auto window = waiting_time(looked_.life, server, looked_.sight.at);
    const auto successors = matching(server);
    if (!window || successors.empty()) return;
    if (!std::ranges::all_of(successors, [&](const Interval* each) { return is_young(*each, *window); })) return;
    const Interval& first = **std::ranges::min_element(successors, {}, &Interval::first_seen);
    Event& event = say(EventCode::removed_too_early, server, gone.thing.name, first.thing.name);
    event.since = first.first_seen;
    event.until = first.first_seen + *window;
  }

  bool matched_until_now(const Interval& match) const { return match.gone_at == looked_.sight.at; }

  // Something that the record matched is shown still, and no other record matches it.
  bool is_still_needed(const std::string& server, const Interval& match) const {
    return std::ranges::any_of(looked_.sight.shown, [&](const Shown& shown) {
      return shown.server == server && shown.records.empty() &&
             match.note.find(shown.certificate.substr(0, 16)) != std::string::npos;
    });
  }

  // One event for all addresses where the same happened.
  void say_at(EventCode code, const Interval& was, const Interval& now) {
    const std::string server = server_of(was.thing.place);
    const std::string address = address_of(was.thing.place);
    for (Event& each : events_) {
      if (each.code != code || each.place != server || each.was != was.thing.name || each.now != now.thing.name)
        continue;
      each.at_addresses += ", " + address;
      return;
    }
    Event& event = say_gone(code, was, now.thing.name);
    event.at_addresses = address;
    event.known_before =
        std::ranges::any_of(looked_.life.past, [&](const Interval& p) { return p.thing == now.thing; });
  }

  // A server has a key for each type; another one takes the place of one of its type, if there is such a one.
  void tell_key(const Interval& gone) {
    const auto here = open_at(looked_.life, gone.thing.place);
    const auto is_later = [&](const Interval& each) { return each.id > gone.id; };
    const Interval* next = newest(here, [&](const Interval& each) { return is_later(each) && each.note == gone.note; });
    if (next == nullptr) next = newest(here, is_later);
    if (next != nullptr) say_at(EventCode::key_changed, gone, *next);
  }

  void tell_certificate(const Interval& gone) {
    const Interval* next = newest(open_at(looked_.life, gone.thing.place),
                                  [&](const Interval& each) { return each.id > gone.id && each.note == gone.note; });
    if (next != nullptr && !gone.note.empty()) say_at(EventCode::certificate_renewed, gone, *next);
  }

  void tell_ds(const LifePlace& place) {
    if (has(EventCode::ds_changed, place.name)) return;
    std::string was;
    std::string now;
    const auto list = [](std::string& text, const Interval& each) {
      text += (text.empty() ? "" : ", ") + each.thing.name;
    };
    for (const Interval& each : looked_.gone) {
      if (each.thing.place == place) list(was, each);
    }
    for (const Interval* each : open_at(looked_.life, place)) {
      if (!is_new(*each)) list(was, *each);
      list(now, *each);
    }
    say(EventCode::ds_changed, place.name, was, now);
  }

  const Interval* state_now(const LifePlace& place) const {
    const auto here = open_at(looked_.life, place);
    return here.empty() ? nullptr : here.front();
  }

  void tell_verdict(const Interval& gone) {
    const Interval* now = state_now(gone.thing.place);
    if (now != nullptr) say_gone(EventCode::verdict_changed, gone, now->thing.name);
  }

  void tell_starttls(const Interval& gone) {
    const Interval* now = state_now(gone.thing.place);
    if (now == nullptr) return;
    say_gone(now->thing.name == "missing" ? EventCode::starttls_lost : EventCode::starttls_back, gone, now->thing.name);
  }

  void tell_dnssec(const Interval& gone) {
    const Interval* now = state_now(gone.thing.place);
    if (now == nullptr) return;
    const std::string& state = now->thing.name;
    const auto tell = [&](EventCode code) {
      Event& event = say_gone(code, gone, state);
      event.place = gone.thing.place.name;
    };
    if (state == "bogus") return tell(EventCode::dnssec_broken);
    if (gone.thing.name == "bogus") tell(EventCode::dnssec_mended);
    const std::string before = proven_before(gone);
    if (before == "secure" && state == "insecure") tell(EventCode::dnssec_lost);
    if (before == "insecure" && state == "secure") tell(EventCode::dnssec_gained);
  }

  // The state before it was bogus.
  std::string proven_before(const Interval& gone) const {
    if (gone.thing.name != "bogus") return gone.thing.name;
    const Interval* last = nullptr;
    for (const Interval& each : looked_.life.past) {
      const bool counts = each.thing.place == gone.thing.place && each.thing.name != "bogus";
      if (counts && (last == nullptr || each.id > last->id)) last = &each;
    }
    return last == nullptr ? "" : last->thing.name;
  }

  // RFC 7671 8.1, RFC 7672 4: caches that may hold the records of before know none that matches the new key.
  void tell_deployed(const Shown& shown) {
    const auto window = waiting_time(looked_.life, shown.server, looked_.sight.at);
    const LifePlace place{Kind::key, shown.server + " " + shown.address};
    const auto key = std::ranges::find(looked_.life.open, Thing{place, shown.key}, &Interval::thing);
    if (!window || key == looked_.life.open.end() || !is_young(*key, *window)) return;
    std::vector<const Interval*> records;
    for (const Interval* each : open_at(looked_.life, {Kind::record, shown.server})) {
      if (std::ranges::find(shown.records, each->thing.name) != shown.records.end()) records.push_back(each);
    }
    const auto young = [&](const Interval* each) { return is_young(*each, *window); };
    if (records.empty() || !std::ranges::all_of(records, young)) return;
    const Interval& first = **std::ranges::min_element(records, {}, &Interval::first_seen);
    if (!began_to_match(shown.server, records) || !has_older_record(shown.server, first, *window)) return;
    if (has(EventCode::deployed_too_early, shown.server)) return;
    Event& event = say(EventCode::deployed_too_early, shown.server, first.thing.name, shown.key);
    event.since = first.first_seen;
    event.until = first.first_seen + *window;
  }

  // Told once: by the look at which the first of them began to match.
  bool began_to_match(const std::string& server, const std::vector<const Interval*>& records) const {
    return std::ranges::all_of(records, [&](const Interval* each) {
      const auto here = open_at(looked_.life, {Kind::match, server + " " + each->thing.name});
      return here.empty() || is_new(*here.front());
    });
  }

  // A set of records without this one is in the caches. A first record is no danger (RFC 7672 2.2).
  bool has_older_record(const std::string& server, const Interval& record, std::chrono::seconds window) const {
    const auto is_older = [&](const Interval& each) {
      const bool still_cached = !each.gone_at || looked_.sight.at - *each.gone_at < window;
      return each.thing.place == LifePlace{Kind::record, server} && each.thing.name != record.thing.name &&
             each.id < record.id && still_cached && (each.at_least || each.first_seen < record.first_seen);
    };
    return std::ranges::any_of(looked_.life.open, is_older) || std::ranges::any_of(looked_.life.past, is_older) ||
           std::ranges::any_of(looked_.gone, is_older);
  }

  const Looked& looked_;
  std::vector<Event> events_;
};

}  // namespace

std::vector<Event> events_of(const Looked& looked) {
  return Telling(looked).tell();
}

}  // namespace danewatch
