#include "exporters/survey/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "exporters/words/escape.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_lines = 20;
constexpr std::size_t most_providers_told = 1000;

std::string share(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{:.1f} %", whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string block(std::string_view title, const Counts& counts, std::uint64_t whole) {
  if (counts.empty()) return {};
  std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
  std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.second; });
  std::string text = fmt::format("\n{}\n", title);
  for (std::size_t i = 0; i < rows.size() && i < most_lines; ++i)
    text += fmt::format("  {:>10}  {:>7}  {}\n", rows[i].second, share(rows[i].second, whole),
                        escape_for_terminal(rows[i].first));
  if (rows.size() > most_lines) text += fmt::format("  and {} more kinds\n", rows.size() - most_lines);
  return text;
}

std::string providers_text(const Tally& tally) {
  if (tally.providers.empty()) return {};
  std::string text = "\nProviders (registrable domain of the first mail host; authenticated, critical)\n";
  for (const auto& [name, count] : largest_providers(tally, most_lines))
    text += fmt::format("  {:>10}  {:>7}  {} ({}, {})\n", count.domains, share(count.domains, tally.domains),
                        escape_for_terminal(name), count.authenticated, count.critical);
  return text;
}

std::string expiring_text(const Tally& tally) {
  if (tally.expiring.empty()) return {};
  std::string text = "\nCertificates that expire within 14 days of when they were seen\n";
  for (std::size_t i = 0; i < tally.expiring.size() && i < most_lines; ++i)
    text +=
        fmt::format("  {}  {}\n", moment_of(tally.expiring[i].expires), escape_for_terminal(tally.expiring[i].host));
  if (tally.expiring.size() > most_lines) text += fmt::format("  and {} more\n", tally.expiring.size() - most_lines);
  return text;
}

std::string names_text(std::string_view title, std::uint64_t count, const std::vector<std::string>& domains) {
  std::string text = fmt::format("  {:>10}  {}\n", count, title);
  for (std::size_t i = 0; i < domains.size() && i < most_lines; ++i)
    text += fmt::format("              {}\n", escape_for_terminal(domains[i]));
  if (count > most_lines) text += fmt::format("              and {} more\n", count - most_lines);
  return text;
}

std::string comparison_text(const RunComparison& compared) {
  return fmt::format("\nCompared with the earlier survey ({} domains in both, {} only now, {} only then)\n",
                     compared.both, compared.only_now, compared.only_before) +
         names_text("broken since", compared.broken, compared.broken_domains) +
         names_text("mended since", compared.mended, compared.mended_domains) +
         names_text("new with DANE", compared.gained, compared.gained_domains) +
         names_text("no longer with DANE", compared.lost, compared.lost_domains);
}

Json counts_json(const Counts& counts) {
  Json out = Json::object();
  for (const auto& [word, count] : counts) out[to_valid_utf8(word)] = count;
  return out;
}

Json texts(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const std::string& value : values) list.push_back(to_valid_utf8(value));
  return list;
}

Json providers_json(const Tally& tally) {
  Json list = Json::array();
  for (const auto& [name, count] : largest_providers(tally, most_providers_told)) {
    list.push_back(Json{{"provider", to_valid_utf8(name)},
                        {"domains", count.domains},
                        {"authenticated", count.authenticated},
                        {"critical", count.critical}});
  }
  return list;
}

Json comparison_json(const RunComparison& compared) {
  Json out;
  out["both"] = compared.both;
  out["only_now"] = compared.only_now;
  out["only_before"] = compared.only_before;
  out["broken"] = compared.broken;
  out["mended"] = compared.mended;
  out["gained"] = compared.gained;
  out["lost"] = compared.lost;
  out["broken_domains"] = texts(compared.broken_domains);
  out["mended_domains"] = texts(compared.mended_domains);
  out["gained_domains"] = texts(compared.gained_domains);
  out["lost_domains"] = texts(compared.lost_domains);
  return out;
}

}  // namespace

std::string to_summary_text(const SurveySummary& summary) {
  const Tally& tally = summary.tally;
  std::uint64_t records = 0;
  for (const auto& [parameters, count] : tally.parameters) records += count;
  std::string text = fmt::format("{} domains, {} different hosts, looked at from {} to {}\n", tally.domains,
                                 tally.hosts, moment_of(tally.first), moment_of(tally.last));
  text += block("Verdicts", tally.verdicts, tally.domains);
  text += block("What it means for mail", tally.impacts, tally.domains);
  if (summary.against) text += comparison_text(*summary.against);
  text += providers_text(tally);
  text += block("TLSA parameters of different hosts", tally.parameters, records);
  text += block("What became of those records", tally.states, records);
  text += block("DNSSEC algorithms (domains)", tally.algorithms, tally.domains);
  text += block("Findings (domains)", tally.findings, tally.domains);
  return text + expiring_text(tally);
}

std::string to_summary_json(const SurveySummary& summary) {
  const Tally& tally = summary.tally;
  Json out;
  out["schema"] = "danewatch.survey-summary/1";
  out["domains"] = tally.domains;
  out["first"] = format_time(tally.first);
  out["last"] = format_time(tally.last);
  out["verdicts"] = counts_json(tally.verdicts);
  out["severities"] = counts_json(tally.severities);
  out["impacts"] = counts_json(tally.impacts);
  out["hosts"] = tally.hosts;
  out["parameters"] = counts_json(tally.parameters);
  out["usages"] = counts_json(tally.usages);
  out["matching_types"] = counts_json(tally.digests);
  out["record_states"] = counts_json(tally.states);
  out["algorithms"] = counts_json(tally.algorithms);
  out["findings"] = counts_json(tally.findings);
  out["providers"] = providers_json(tally);
  out["rare_providers"] = tally.rare_providers;
  out["expiring"] = Json::array();
  for (const ExpiringCertificate& each : tally.expiring)
    out["expiring"].push_back(Json{{"host", to_valid_utf8(each.host)}, {"expires", format_time(each.expires)}});
  out["against"] = summary.against ? comparison_json(*summary.against) : Json();
  return out.dump(-1, ' ', true);
}

}  // namespace danewatch
