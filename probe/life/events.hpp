// Events: what changed from one look to the next.
//
// Facts with their time; the sentences are made where they are shown. What is not certain makes no event: an event that
// blames somebody is sure of its times. Thread rule: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/answer.hpp"

namespace danewatch {

enum class EventCode {
  tlsa_added,
  tlsa_removed,
  tlsa_disappeared,   // secure denial where there were records
  removed_too_early,  // RFC 7671 8.1
  deployed_too_early,
  key_changed,
  certificate_renewed,  // the same key in another certificate
  mx_added,
  mx_removed,
  address_added,
  address_removed,
  dnssec_lost,
  dnssec_gained,
  dnssec_broken,
  dnssec_mended,
  starttls_lost,
  starttls_back,
  ds_changed,
  verdict_changed
};

struct Event {
  SysTime at{};  // of the look that saw it
  EventCode code = EventCode::verdict_changed;
  std::string place;             // "mx.example.org:25", a host, a zone, what is or was secure; empty: the target
  std::string was;               // what was there; empty: nothing
  std::string now;               // what is there
  std::string at_addresses;      // key-changed, certificate-renewed: where, "192.0.2.1, 2001:db8::1"
  std::optional<SysTime> since;  // since when `was` was known, or when `now` was, where the event is about its age
  std::optional<SysTime> until;  // tlsa-added and -too-early: until when caches may lack a record that is needed then
  bool at_least = false;         // `was` was there before we looked first
  bool known_before = false;     // key-changed: this key was shown there before

  bool operator==(const Event&) const = default;
};

std::string_view to_string(EventCode code);
std::optional<EventCode> event_code_from(std::string_view word);
std::span<const EventCode> event_codes();

}  // namespace danewatch
