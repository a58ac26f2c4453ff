// Traits of cases: what the list of differences may name as a cause.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>

#include "tests/second_opinion/cases.hpp"

namespace danewatch::second_opinion {
namespace {

using Trait = std::function<bool(const Case&)>;

bool any(const Case& subject, const std::function<bool(const Published&)>& fits) {
  return std::ranges::any_of(subject.published, fits);
}

bool has_usage(const Case& subject, int low, int high) {
  return any(subject, [&](const Published& published) {
    return published.record.usage >= low && published.record.usage <= high && !unusable_reason(published.record);
  });
}

// Usages 0 and 1 make OpenSSL build the chain from the CA store first.
bool has_both_kinds(const Case& subject) {
  return subject.trusted && has_usage(subject, 0, 1) && has_usage(subject, 2, 2);
}

Trait planned(std::string_view plan) {
  return [plan](const Case& subject) { return subject.plan == plan; };
}

const std::map<std::string_view, Trait>& traits() {
  static const std::map<std::string_view, Trait> table{
      {"both kinds of usages", has_both_kinds},
      {"two roots of one name", planned("two roots of one name")},
      {"weak key", planned("weak key")},
      {"wildcard in a label", planned("wildcard in a label")},
  };
  return table;
}

}  // namespace

bool has_trait(const Case& subject, std::string_view trait) {
  const auto found = traits().find(trait);
  if (found == traits().end()) throw std::runtime_error(fmt::format("no such trait: {}", trait));
  return found->second(subject);
}

}  // namespace danewatch::second_opinion
