#include <fmt/format.h>

#include <algorithm>

#include "exporters/survey/charts.hpp"
#include "exporters/survey/summary.hpp"
#include "resolver/dns/time.hpp"

namespace danewatch {
namespace {

using survey_page::html;
using survey_page::largest_first;
using survey_page::section;

constexpr std::size_t most_bars = 20;
constexpr std::size_t most_rows = 100;

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --ground: #fff; --quiet: #57606a; --line: #d0d7de;
        --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; --plain: #57606a; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --ground: #0d1117; --quiet: #8d96a0; --line: #30363d;
        --good: #3fb950; --bad: #f85149; --warn: #d29922; --plain: #8d96a0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 60rem;
       margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 0; border-top: 1px solid var(--line); padding-top: 1rem; }
.of, footer { color: var(--quiet); margin: 0; }
svg { width: 100%; height: auto; display: block; font: 13px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .label { text-anchor: end; }
.good { fill: var(--good); } .bad { fill: var(--bad); } .warn { fill: var(--warn); } .plain { fill: var(--plain); }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; font-weight: normal;
       overflow-wrap: anywhere; } td { font-variant-numeric: tabular-nums; }
)";

std::string opening(const SurveySummary& summary) {
  const Tally& tally = summary.tally;
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>DANE survey: {0} domains</title>\n"
      "<style>{1}</style></head><body>\n<h1>DANE survey: {0} domains</h1>\n"
      "<p class=\"of\">Looked at from {2} to {3}. {4} different hosts.</p>\n",
      tally.domains, style, moment_of(tally.first), moment_of(tally.last), tally.hosts);
}

survey_page::Bars provider_bars(const Tally& tally) {
  survey_page::Bars bars;
  for (const auto& [name, count] : largest_providers(tally, most_bars)) bars.emplace_back(name, count.domains);
  return bars;
}

std::string expiring(const Tally& tally) {
  if (tally.expiring.empty()) return {};
  std::string out =
      "<section><h2>Certificates about to expire</h2><p class=\"of\">Within 14 days of when they were "
      "seen, the first first.</p><table>\n";
  const std::size_t shown = std::min(tally.expiring.size(), most_rows);
  for (std::size_t i = 0; i < shown; ++i)
    out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html(tally.expiring[i].host),
                       moment_of(tally.expiring[i].expires));
  out += "</table>";
  if (tally.expiring.size() > shown) out += fmt::format("<p>And {} more.</p>", tally.expiring.size() - shown);
  return out + "</section>\n";
}

std::string names(std::string_view title, std::uint64_t count, const std::vector<std::string>& domains) {
  std::string out = fmt::format("<h3>{}: {}</h3>\n", title, count);
  if (domains.empty()) return out;
  out += "<details><summary>Which</summary><p>";
  for (const std::string& domain : domains) out += html(domain) + "<br>";
  if (count > domains.size()) out += fmt::format("and {} more", count - domains.size());
  return out + "</p></details>\n";
}

std::string comparison(const RunComparison& compared) {
  return fmt::format(
             "<section><h2>Compared with the earlier survey</h2><p class=\"of\">{} domains are in both, {} only in "
             "this one, "
             "{} only in the earlier one.</p>\n",
             compared.both, compared.only_now, compared.only_before) +
         names("Broken since", compared.broken, compared.broken_domains) +
         names("Mended since", compared.mended, compared.mended_domains) +
         names("New with DANE", compared.gained, compared.gained_domains) +
         names("No longer with DANE", compared.lost, compared.lost_domains) + "</section>\n";
}

}  // namespace

std::string to_summary_page(const SurveySummary& summary) {
  const Tally& tally = summary.tally;
  std::uint64_t records = 0;
  for (const auto& [parameters, count] : tally.parameters) records += count;
  std::string out = opening(summary);
  out += section("Verdicts", "Of all domains.", largest_first(tally.verdicts, most_bars), tally.domains);
  out += section("What it means for mail", "Of all domains.", largest_first(tally.impacts, most_bars), tally.domains);
  if (summary.against) out += comparison(*summary.against);
  out += section("Providers", "Domains by the registrable domain of their first mail host.", provider_bars(tally),
                 tally.domains);
  out += section("TLSA parameters", "Usage, selector and matching type of the records of different hosts.",
                 largest_first(tally.parameters, most_bars), records);
  out += section("What became of the records", "Records of different hosts.", largest_first(tally.states, most_bars),
                 records);
  out += section("DNSSEC algorithms", "Domains whose zone is signed with it.",
                 largest_first(tally.algorithms, most_bars), tally.domains);
  out += section("Findings", "Domains that have it.", largest_first(tally.findings, most_bars), tally.domains);
  out += expiring(tally);
  return out + "<footer><p>Made by danewatch " DANEWATCH_VERSION ".</p></footer></body></html>\n";
}

}  // namespace danewatch
