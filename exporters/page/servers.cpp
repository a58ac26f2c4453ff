#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/servers.hpp"

namespace danewatch::page {
namespace {

std::string_view class_of(layout::Tone tone) {
  switch (tone) {
    case layout::Tone::good:
      return "good";
    case layout::Tone::warn:
      return "warn";
    case layout::Tone::bad:
      return "bad";
    default:
      return "unknown";
  }
}

// Every record that some name server gives for the host, in the order of the records themselves.
std::vector<TlsaRecord> all_records(const GivenSets& given) {
  std::vector<TlsaRecord> all;
  for (const GivenSet& set : given.sets) {
    for (const TlsaRecord& record : set.records) {
      const auto same = [&](const TlsaRecord& other) { return same_association(record, other); };
      if (std::ranges::none_of(all, same)) all.push_back(record);
    }
  }
  return all;
}

bool gives(const GivenSets& given, const ServerAnswers& server, const TlsaRecord& record) {
  return std::ranges::any_of(given.sets, [&](const GivenSet& set) {
    const auto same = [&](const TlsaRecord& other) { return same_association(record, other); };
    return std::ranges::find(set.servers, &server) != set.servers.end() && std::ranges::any_of(set.records, same);
  });
}

bool gives_any(const GivenSets& given, const ServerAnswers& server) {
  return std::ranges::any_of(
      given.sets, [&](const GivenSet& set) { return std::ranges::find(set.servers, &server) != set.servers.end(); });
}

// A row for each name server: the one that lags is the row that differs.
void picture(Html& html, const Report& report, const GivenSets& given) {
  const std::vector<TlsaRecord> records = all_records(given);
  const std::string about = "What each name server gives for " + given.question.name;
  const Element box(html, "div", {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", about}});
  const Element table(html, "table", {{"class", "matrix"}});
  html.line("caption", about);
  html.open("thead").open("tr").line("th", "Name server", {{"scope", "col"}}).line("th", "State", {{"scope", "col"}});
  html.line("th", "Serial", {{"scope", "col"}});
  for (const TlsaRecord& record : records) html.line("th", short_record(record), {{"scope", "col"}});
  html.line("th", "What is different", {{"scope", "col"}}).close().close();
  const Element body(html, "tbody");
  for (const ServerAnswers& server : given.zone->servers) {
    const words::ServerLine line = words::server_line(report, *given.zone, server);
    const Element row(html, "tr");
    html.line("th", fmt::format("{} ({})", line.name, line.address), {{"scope", "row"}});
    html.open("td");
    badge(html, line.state.text, class_of(line.state.tone));
    html.close();
    html.line("td", line.serial);
    for (const TlsaRecord& record : records) {
      const bool has = gives(given, server, record);
      const bool known = gives_any(given, server);
      html.line("td", has ? "yes" : known ? "no" : "unknown", {{"class", has ? "good" : known ? "missed" : "unknown"}});
    }
    html.line("td", fmt::format("{}", fmt::join(line.notes, "; ")));
  }
}

}  // namespace

void name_servers(Html& html, const Report& report, const HostReport& host) {
  const GivenSets given = given_sets(report, host);
  if (given.zone == nullptr) return;
  html.line("h3", "Name servers of " + given.zone->zone);
  html.line("p", "Each was asked by itself, from this machine. A row that differs is a name server that lags.",
            {{"class", "faint"}});
  picture(html, report, given);
}

}  // namespace danewatch::page
