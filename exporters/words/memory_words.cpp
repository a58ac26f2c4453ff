#include "exporters/words/memory_words.hpp"

#include <fmt/format.h>

#include "exporters/words/words.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch::words {
namespace {

std::string since(const Event& event) {
  if (!event.since) return "";
  return fmt::format("since {}{}", event.at_least ? "at least " : "", moment_of(*event.since));
}

std::string where(const Event& event) {
  return event.at_addresses.empty() ? event.place : fmt::format("{} ({})", event.place, event.at_addresses);
}

// "MX", "addresses of HOST", "TLSA of HOST:PORT"
std::string proven(const std::string& place) {
  if (place.starts_with("TLSA of ")) return "the TLSA records of " + place.substr(8);
  if (place.starts_with("addresses")) return "the " + place;
  return "the " + place + " records";
}

std::string records_happened(const Event& event) {
  switch (event.code) {
    case EventCode::tlsa_added:
      return fmt::format("{} has a new TLSA record: {}", event.place, short_record(event.now));
    case EventCode::tlsa_removed:
      return fmt::format("{} no longer has the TLSA record {}, known {}", event.place, short_record(event.was),
                         since(event));
    case EventCode::tlsa_disappeared:
      return fmt::format("{} has no TLSA record any more", event.place);
    case EventCode::removed_too_early:
      if (!event.until) {
        return fmt::format("the TLSA record {} of {} was removed while a certificate is shown that only it matched",
                           short_record(event.was), event.place);
      }
      return fmt::format(
          "the TLSA record {} of {} was removed too early: the record that replaces it, {}, was first seen {}",
          short_record(event.was), event.place, short_record(event.now), moment_of(event.since.value_or(event.at)));
    default:  // deployed_too_early
      return fmt::format("{} uses a new key too early: its TLSA record {} was first seen {}", event.place,
                         short_record(event.was), moment_of(event.since.value_or(event.at)));
  }
}

std::string server_happened(const Event& event) {
  switch (event.code) {
    case EventCode::key_changed:
      return fmt::format("{} shows {}: SHA2-256 {} in place of {}, which was known {}", where(event),
                         event.known_before ? "a key that it showed before" : "another key", short_digest(event.now),
                         short_digest(event.was), since(event));
    case EventCode::certificate_renewed:
      return fmt::format("{} shows a new certificate with the same key", where(event));
    case EventCode::starttls_lost:
      return fmt::format("{} no longer offers STARTTLS", event.place);
    default:  // starttls_back
      return fmt::format("{} offers STARTTLS again", event.place);
  }
}

std::string names_happened(const Event& event) {
  switch (event.code) {
    case EventCode::mx_added:
      return fmt::format("{} is a new host of the target", event.now);
    case EventCode::mx_removed:
      return fmt::format("{} is no longer a host of the target", event.was);
    case EventCode::address_added:
      return fmt::format("{} has a new address: {}", event.place, event.now);
    case EventCode::address_removed:
      return fmt::format("{} no longer has the address {}", event.place, event.was);
    default:  // ds_changed
      return event.now.empty() ? fmt::format("{} has no DS record any more", event.place)
                               : fmt::format("{} has other DS records: {}", event.place, event.now);
  }
}

std::string dnssec_happened(const Event& event) {
  switch (event.code) {
    case EventCode::dnssec_lost:
      return fmt::format("DNSSEC no longer protects {}", proven(event.place));
    case EventCode::dnssec_gained:
      return fmt::format("DNSSEC protects {} now", proven(event.place));
    case EventCode::dnssec_broken:
      return fmt::format("DNSSEC is broken: {} no longer validate (bogus)", proven(event.place));
    default:  // dnssec_mended
      return fmt::format("DNSSEC is no longer broken: {} are {}", proven(event.place), event.now);
  }
}

std::string sentence(const Event& event) {
  switch (event.code) {
    case EventCode::tlsa_added:
    case EventCode::tlsa_removed:
    case EventCode::tlsa_disappeared:
    case EventCode::removed_too_early:
    case EventCode::deployed_too_early:
      return records_happened(event);
    case EventCode::key_changed:
    case EventCode::certificate_renewed:
    case EventCode::starttls_lost:
    case EventCode::starttls_back:
      return server_happened(event);
    case EventCode::mx_added:
    case EventCode::mx_removed:
    case EventCode::address_added:
    case EventCode::address_removed:
    case EventCode::ds_changed:
      return names_happened(event);
    case EventCode::dnssec_lost:
    case EventCode::dnssec_gained:
    case EventCode::dnssec_broken:
    case EventCode::dnssec_mended:
      return dnssec_happened(event);
    case EventCode::verdict_changed:
      return fmt::format("the verdict is \"{}\"; it was \"{}\" {}", event.now, event.was, since(event));
  }
  return "";
}

}  // namespace

std::string happened(const Event& event) {
  std::string text = plain(sentence(event));
  if (!text.ends_with("...")) text += ".";
  return text;
}

std::string meaning(const Event& event) {
  const std::string until = event.until ? moment_of(*event.until) : "";
  switch (event.code) {
    case EventCode::tlsa_added:
      if (until.empty()) return "";
      return fmt::format(
          "If it is for a next key, use that key not before {}: until then a cache may hold the records of before.",
          until);
    case EventCode::removed_too_early:
      if (until.empty()) return "Senders that use DANE do not deliver to that server.";
      [[fallthrough]];
    case EventCode::deployed_too_early:
      return fmt::format("Senders whose cache holds the records of before may not deliver until {}. Then it is over.",
                         until);
    case EventCode::tlsa_disappeared:
      return "The DNS proves that there is none: senders deliver to it without DANE.";
    case EventCode::dnssec_lost:
      return "Senders deliver without DANE, and nobody can prove who the hosts are. Is the zone still signed, and is "
             "its DS "
             "record still at the parent (the registrar)?";
    case EventCode::dnssec_broken:
      return "Senders that validate cannot look these up, and do not deliver.";
    case EventCode::starttls_lost:
      return "Senders that use DANE do not deliver without TLS; others deliver in the clear.";
    case EventCode::certificate_renewed:
      return "Records of the key (selector 1) go on matching; one of the certificate (selector 0) needs to be renewed.";
    default:
      return "";
  }
}

std::string life(const RecordLife& record) {
  const std::string first = fmt::format("since {}{}", record.at_least ? "at least " : "", moment_of(record.first_seen));
  switch (record.state) {
    case RecordLife::State::unused:
      return fmt::format("never matched what is shown; published {}", first);
    case RecordLife::State::in_use:
      return fmt::format("in use; published {}, last matched {}", first,
                         moment_of(record.last_matched.value_or(record.last_seen)));
    case RecordLife::State::former:
      return fmt::format("stale since {}: it matched until then; published {}",
                         moment_of(record.last_matched.value_or(record.last_seen)), first);
    case RecordLife::State::gone:
      return fmt::format("gone since {}; published {}", moment_of(record.gone_at.value_or(record.last_seen)), first);
  }
  return "";
}

std::string record_and_life(const RecordLife& record) {
  return fmt::format("TLSA {} of {}: {}", short_record(record.record), plain(record.server), life(record));
}

std::string short_digest(const std::string& hex) {
  return hex.substr(0, 16) + "...";
}

std::string short_record(const std::string& name) {
  constexpr std::size_t shown = std::string_view("3 1 1 0123456789abcdef").size();
  return name.size() <= shown ? name : name.substr(0, shown) + "...";
}

}  // namespace danewatch::words
