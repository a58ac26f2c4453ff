#include "probe/findings/wildcards.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

bool is_address(const Answer& answer) {
  return answer.question.type == RrType::a || answer.question.type == RrType::aaaa;
}

bool has_addresses(const Answer& answer) {
  return is_address(answer) && answer.status == Status::secure && !answer.data.empty();
}

const Answer* address_of(const HostReport& host) {
  const auto found = std::ranges::find_if(host.dns.lookups, [&](const Answer& answer) {
    return !answer.diagnostic && answer.question.name == host.dns.host && has_addresses(answer);
  });
  return found == host.dns.lookups.end() ? nullptr : &*found;
}

// "A 192.0.2.1 and AAAA 2001:db8::1", of every family that `name` was asked for.
std::vector<std::string> addresses_of(const HostReport& host, const std::string& name) {
  std::vector<std::string> addresses;
  for (const Answer& answer : host.dns.lookups) {
    if (answer.question.name != name || !has_addresses(answer)) continue;
    for (const Rdata& rdata : answer.data) {
      if (!rdata.malformed) addresses.push_back(fmt::format("{} {}", to_string(answer.question.type), rdata.text));
    }
  }
  return addresses;
}

// Behind the first label; empty behind the last.
std::string_view rest_of(std::string_view name) {
  const auto dot = name.find('.');
  return dot == std::string_view::npos ? "" : name.substr(dot + 1);
}

// They exist only with what is below them, so the wildcard ends for them at the same time.
std::string names_between(const std::string& name, std::string_view wildcard) {
  const std::string_view apex = wildcard.starts_with("*.") ? wildcard.substr(2) : "";
  std::vector<std::string> names;
  for (auto above = rest_of(name); above.size() > apex.size(); above = rest_of(above)) names.emplace_back(above);
  return names.empty() ? "" : fmt::format(", and {} too if somebody needs an address there", list(names));
}

// A wildcard, or a DNAME above the name, made the name itself: what can be published there, and what not.
std::string alias_reason(const Alias& alias) {
  if (alias.wildcard) {
    return fmt::format(" {} is an alias that comes from the wildcard {} and would vanish with a record below its name.",
                       alias.from, *alias.wildcard);
  }
  return fmt::format(" {} is an alias that comes from a DNAME record; no record can stand below its name.", alias.from);
}

void come_from_wildcard(const HostReport& host, const Answer& answer, const std::string& base, PublishingPlace& place) {
  const std::vector<std::string> addresses = addresses_of(host, host.dns.host);
  const bool one = addresses.size() == 1;
  const std::string wildcard = answer.wildcard.value_or("");
  const std::string whose = base == host.dns.host ? std::string(one ? "Its address" : "Its addresses")
                                                  : fmt::format("The {} of {}", one ? "address" : "addresses", base);
  place.reason += fmt::format(" {} {} from the wildcard {} and would vanish with a record below that name.", whose,
                              one ? "comes" : "come", wildcard);
  place.before_it = fmt::format("first give {} address records of its own ({}){}", base, list(addresses),
                                names_between(base, wildcard));
}

// One that stands below the name, also at a wildcard there.
bool makes_it_exist(const Answer& tlsa, const std::string& name) {
  const bool there = tlsa.question.type == RrType::tlsa && !tlsa.data.empty() && tlsa.status != Status::bogus;
  return there && tlsa.question.name.ends_with("." + name) && (!tlsa.wildcard || tlsa.wildcard->ends_with("." + name));
}

}  // namespace

bool is_made_up(const Alias& alias) {
  return alias.wildcard || alias.type == RrType::dname;
}

PublishingPlace publishing_place(const HostReport& host) {
  PublishingPlace place{tlsa_owner(host), "", ""};
  const Answer* answer = address_of(host);
  if (answer == nullptr || !host.records.empty()) return place;
  std::string base = host.dns.host;
  // RFC 7671 7: the name at the end of the aliases is looked at first.
  if (!answer->aliases.empty() && is_made_up(answer->aliases.front())) {
    place.reason = alias_reason(answer->aliases.front());
    base = answer->canonical_name;
    place.owner = fmt::format("_{}._tcp.{}", host.dns.port, base);
  }
  if (answer->wildcard && base == answer->canonical_name) come_from_wildcard(host, *answer, base, place);
  return place;
}

// RFC 4592 3.3.1: of the names above, the lowest that exists has the wildcard that counts.
HiddenWildcard hidden_wildcard(const HostReport& host) {
  const auto& lookups = host.dns.lookups;
  const std::string& name = host.dns.host;
  const auto below = std::ranges::find_if(lookups, [&](const Answer& answer) { return makes_it_exist(answer, name); });
  const auto above = std::ranges::find_if(lookups, [](const Answer& answer) {
    return answer.diagnostic && answer.question.name.starts_with("*.") && has_addresses(answer);
  });
  const bool exists = std::ranges::any_of(lookups, [&](const Answer& answer) {
    return answer.question.name == name && is_address(answer) && answer.denial == Denial::nodata;
  });
  if (!exists || above == lookups.end()) return {};
  const std::string& wildcard = above->question.name;
  if (wildcard.substr(2) != rest_of(name)) {
    return {fmt::format(" The wildcard {} does not reach it, because it or a name between them exists.", wildcard),
            list(addresses_of(host, wildcard))};
  }
  const std::string what =
      below == lookups.end() ? "a record at or below it" : "the TLSA record at " + below->question.name;
  return {fmt::format(" The wildcard {} gives it none, because {} makes it a name of its own.", wildcard, what),
          list(addresses_of(host, wildcard))};
}

}  // namespace danewatch
