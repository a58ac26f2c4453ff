#include "exporters/remedy/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exporters/remedy/rrset.hpp"
#include "exporters/words/remedies.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/record_words.hpp"

namespace danewatch {
namespace {

using Text = tl::expected<std::string, std::string>;
using Do = Step::Do;

constexpr std::uint32_t usual_ttl = 3600;

std::string comment(std::string_view text) {
  return "; " + words::plain(text) + "\n";
}

std::string heading(const Report& report, const words::NumberedRemedy& it) {
  const std::string condition = words::condition_clause(*it.remedy);
  std::string text = comment(fmt::format("{}, remedy {}, of {}{}{}", report.target.text, it.number, it.finding->code,
                                         condition.empty() ? "" : ": ", condition));
  text += comment(it.finding->headline);
  if (!it.remedy->why.empty()) text += comment(it.remedy->why);
  return text;
}

std::string look_first(const TlsaRecord& record) {
  return comment(
      fmt::format("look at every port and host that {} answers for; only if none needs it, remove", record.owner));
}

// What the lines above do not do.
std::string afterwards(const Remedy& remedy) {
  std::string text;
  const std::size_t done = words::zone_steps(remedy).size();
  for (const Step& step : std::span(remedy.steps).subspan(done)) {
    std::string said = step_words(step);
    if (said.empty() && step.what == Do::wait) said = "wait until " + step.until;
    if (said.empty() && step.record) said = fmt::format("{} {}", to_string(step.what), full_line_of(*step.record));
    text += comment("then: " + said);
  }
  return text;
}

std::string with_ttl(const TlsaRecord& record, const std::optional<std::uint32_t>& ttl) {
  if (!ttl) return to_zone_line(record);
  return fmt::format("{}. {} IN TLSA {}", record.owner, *ttl, to_text(record));
}

// A step of the zone has one.
TlsaRecord record_of(const Step& step) {
  return step.record.value_or(TlsaRecord());
}

std::string zone_lines(const Report& report, std::span<const Step> steps) {
  std::string text;
  for (const Step& step : steps) {
    const TlsaRecord record = record_of(step);
    const auto seen = rrset_at(report, record.owner);
    if (step.what == Do::add) {
      text += comment("add");
      text += with_ttl(record, seen ? seen->ttl : std::nullopt) + "\n";
    } else {
      text += step.shared ? look_first(record) : comment("remove");
      text += ";" + to_zone_line(record) + "\n";
    }
  }
  return text;
}

std::string prerequisites(const std::string& owner, const SeenRrset& seen) {
  // What nobody asked about may be an alias, beside which servers drop what is added (RFC 2136 3.4.2.2).
  std::string text = seen.asked ? "" : fmt::format("prereq nxrrset {}. IN CNAME\n", owner);
  if (seen.records.empty()) text += fmt::format("prereq nxrrset {}. IN TLSA\n", owner);
  for (const TlsaRecord& record : seen.records)
    text += fmt::format("prereq yxrrset {}. IN TLSA {}\n", owner, to_text(record));
  return text;
}

std::string update(const Step& step, const SeenRrset& seen) {
  const TlsaRecord record = record_of(step);
  if (step.what == Do::add)
    return fmt::format("update add {}. {} IN TLSA {}\n", record.owner, seen.ttl.value_or(usual_ttl), to_text(record));
  const std::string line = fmt::format("update delete {}. IN TLSA {}\n", record.owner, to_text(record));
  return step.shared ? look_first(record) + ";" + line : line;
}

// One transaction: all of it, or nothing.
Text nsupdate_script(const Report& report, std::span<const Step> steps) {
  std::set<std::string> owners;
  std::string conditions, updates;
  for (const Step& step : steps) {
    const std::string owner = record_of(step).owner;
    auto seen = rrset_at(report, owner);
    if (seen && !seen->asked && step.what != Do::add)
      seen = tl::unexpected(fmt::format("what stands at {} was not seen", owner));
    if (!seen) return tl::unexpected(seen.error() + ", so nsupdate has nothing to rely on (--format zone has it)");
    if (owners.insert(owner).second) conditions += prerequisites(owner, *seen);
    updates += update(step, *seen);
  }
  return conditions + updates + "send\n";
}

// Names come escaped from the DNS, so that one is one word of a zone file; what is not is shown to nobody who would
// obey.
bool is_one_word(const std::string& name) {
  constexpr std::string_view special = "\";()@$";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool escape = name[i] == '\\' && i + 1 < name.size();
    const char c = escape ? name[++i] : name[i];
    if (c <= ' ' || c > '~' || (!escape && (c == '\\' || special.find(c) != std::string_view::npos))) return false;
  }
  return true;
}

std::string_view only_words(const Step& step) {
  switch (step.what) {
    case Do::server:
      return "is for the server, not for the zone";
    case Do::wait:
      return "begins with waiting";
    case Do::announce:
      return "changes no record";
    default:
      return "is in words only";
  }
}

}  // namespace

Text to_remedy(const Report& report, std::size_t number, RemedyFormat format) {
  const auto all = words::numbered_remedies(report);
  if (all.empty()) return tl::unexpected(std::string("no finding has a remedy"));
  if (number == 0 || number > all.size())
    return tl::unexpected(fmt::format("there is no remedy {}, they are numbered from 1 to {}", number, all.size()));
  const words::NumberedRemedy& it = all[number - 1];
  const auto steps = words::zone_steps(*it.remedy);
  if (steps.empty()) {
    return tl::unexpected(fmt::format("remedy {} {}: {}", number, only_words(it.remedy->steps.front()),
                                      words::plain(fix_words({*it.remedy}))));
  }
  if (!std::ranges::all_of(steps, [](const Step& step) { return is_one_word(step.record->owner); }))
    return tl::unexpected(fmt::format("the owner name of remedy {} does not fit into a zone file", number));
  Text lines = format == RemedyFormat::zone ? Text(zone_lines(report, steps)) : nsupdate_script(report, steps);
  if (!lines) return lines;
  return heading(report, it) + *lines + afterwards(*it.remedy);
}

}  // namespace danewatch
