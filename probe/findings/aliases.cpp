// Findings about aliases that lead nowhere.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/dns_parts.hpp"
#include "probe/findings/inner.hpp"
#include "probe/findings/wildcards.hpp"

namespace danewatch {
namespace {

// The names that the aliases, followed one by one, lead to from the first, and the one they come back to.
struct Chain {
  std::vector<std::string> names;
  std::optional<std::string> again;
  bool goes_on = false;  // nobody followed it further
};

Chain chain_from(const std::string& first, const std::vector<Answer>& lookups) {
  Chain chain;
  std::optional<std::string> next = first;
  while (next && !chain.again && !chain.goes_on) {
    chain.names.push_back(*next);
    const auto found = std::ranges::find(lookups, Question{*next, RrType::cname}, &Answer::question);
    chain.goes_on = found == lookups.end();
    next = chain.goes_on ? std::nullopt : alias_target(*found);
    if (next && std::ranges::find(chain.names, *next) != chain.names.end()) chain.again = next;
  }
  return chain;
}

}  // namespace

std::optional<Finding> failed_alias_finding(const std::vector<Answer>& lookups, const Answer* answer) {
  if (answer == nullptr) return std::nullopt;
  const Chain chain = chain_from(answer->question.name, lookups);
  const std::string& first = chain.names.front();
  const std::string& end = chain.names.back();
  const std::string way = list({chain.names.begin() + 1, chain.names.end()});
  std::string text;
  std::string fix = fmt::format("Give {} records of its own in the place of the alias.", first);
  if (chain.again) {
    text = way.empty() ? fmt::format("{} is an alias of itself.", first)
                       : fmt::format("{} is an alias in a loop: it leads to {}, and then to {} again.", first, way,
                                     *chain.again);
  } else if (way.empty()) {
    return std::nullopt;
  } else if (chain.goes_on) {
    text = fmt::format("{} has too long an alias chain: it leads to {}, and further.", first, way);
  } else {
    text = fmt::format("{} is an alias that leads to {}, where no name server gives a usable answer.", first, end);
    fix = fmt::format("Check that every name server of {} answers this question over UDP and TCP.", end);
  }
  return without_subject(make_finding("dns-failed", fmt::format("{} {}", first, to_string(answer->question.type)),
                                      std::move(text), std::move(fix)));
}

std::optional<Finding> empty_alias_finding(const std::vector<Answer>& lookups, const std::string& name,
                                           Located located) {
  const auto alias = std::ranges::find_if(lookups, [&](const Answer& answer) {
    const bool empty = answer.denial != Denial::none && !answer.aliases.empty();
    return empty && !answer.diagnostic && answer.question.name == name;
  });
  if (alias == lookups.end()) return std::nullopt;
  const bool absent = located == Located::nxdomain;
  const std::string& end = alias->canonical_name;
  return make_finding(absent ? "dns-no-such-name" : "dns-no-address", name,
                      fmt::format("{} is an alias that leads to {}, {}.", name, end,
                                  absent ? "a name that does not exist" : "which has neither an A nor an AAAA record"),
                      fmt::format("Let the alias lead to a name that has address records, or add some for {}.", end));
}

// RFC 1034 3.6.2, rows.md C-24: no record can stand beside a CNAME.
std::optional<Finding> dangling_alias_finding(const HostReport& host, const std::string& owner) {
  const auto dangling = std::ranges::find_if(host.dns.lookups, [&](const Answer& answer) {
    return !answer.diagnostic && answer.question == Question{owner, RrType::tlsa} && !answer.aliases.empty();
  });
  if (dangling == host.dns.lookups.end()) return std::nullopt;
  const Alias& first = dangling->aliases.front();
  if (first.wildcard) return std::nullopt;  // a name of its own for the record ends the alias, and nothing else
  const std::string& end = dangling->canonical_name;
  const std::string_view instead = is_made_up(first) ? "" : ", or in the place of the alias";
  return make_finding(
      "dns-no-tlsa", owner,
      fmt::format("{} has no TLSA record: {} is an alias of {}, which has none.", host.dns.host, owner, end),
      fmt::format("Publish the TLSA record at {}{} (danewatch tlsa makes it).", end, instead));
}

}  // namespace danewatch
