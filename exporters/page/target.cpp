#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exporters/page/html.hpp"
#include "exporters/page/page.hpp"
#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/words.hpp"
#include "probe/report/expiry.hpp"

namespace danewatch::page {
namespace {

void back(Html& html) {
  html.open("nav", {{"aria-label", "Pages"}}).line("a", "All targets", {{"href", "/"}}).close();
}

void row(Html& html, std::string_view word, std::string_view value) {
  if (value.empty()) return;
  html.open("div").line("dt", word).line("dd", value).close();
}

void row(Html& html, std::string_view word, const std::optional<SysTime>& at, SysTime now, std::string_view more = "") {
  if (!at) return;
  html.open("div").line("dt", word).open("dd");
  time(html, *at, now);
  html.text(more).close().close();
}

void facts(Html& html, const TargetState& state, SysTime now) {
  const Report& report = *state.history->latest;
  const Element list(html, "dl");
  row(html, "Since", state.history->since, now);
  row(html, "Last run", report.at, now, fmt::format(", took {} ms", report.run.duration.count()));
  row(html, "Last success", state.history->last_success, now);
  const auto expiry = next_expiry(report);
  if (expiry) row(html, "Next expiry", expiry->at, now, ", " + to_string(*expiry));
  row(html, "Asked for",
      name(report.target.text, report.target.unicode == report.target.name ||
                                       report.target.text.find(report.target.unicode) != std::string::npos
                                   ? ""
                                   : report.target.unicode));
  row(html, "Trust anchor", report.run.trust_anchor);
  html.open("div").line("dt", "Evidence").open("dd");
  html.line("a", "as JSON, for danewatch judge", {{"href", evidence_path(state.name)}}).close().close();
}

void headline(Html& html, const TargetState& state, SysTime now) {
  const Element header(html, "header");
  back(html);
  html.line("h1", state.name);
  if (!state.history->latest) {
    html.line("p", "The first run has not ended yet.");
    return;
  }
  const Report& report = *state.history->latest;
  html.open("p", {{"class", "head"}});
  verdict_badge(html, report);
  badge(html, to_string(report.severity), tone(report.severity));
  html.close();
  html.line("p", report.summary);
  const std::string impact = impact_sentence(report);
  if (!impact.empty()) html.line("p", impact);
  const std::string_view origin = words::sentence(report.run.origin);
  if (!origin.empty()) html.line("p", origin);
  if (!report.run.complete) html.line("p", "The run ended early; what was not looked at is unknown.");
  out_of_date(html, state, now);
  facts(html, state, now);
}

std::string title_of(const HostEvidence& host) {
  std::string title = fmt::format("{}:{}", name(host.host, host.unicode), host.port);
  if (host.preference) title += fmt::format(", preference {}", *host.preference);
  if (host.weight) title += fmt::format(", weight {}", *host.weight);
  return title;
}

void host(Html& html, const TargetState& state, const HostReport& host, SysTime now) {
  const Report& report = *state.history->latest;
  const HostEvidence& evidence = host.dns;
  const Conclusion& found = host.conclusion;
  const Element section(html, "section");
  html.open("h2").text(title_of(evidence) + " ");
  badge(html, conclusion(found), tone(severity_of(found, report.policy.if_present)));
  html.close();
  if (!evidence.base_domain.empty() && evidence.base_domain != evidence.host) {
    html.line("p", "TLSA base domain: " + evidence.base_domain);
  }
  matrix(html, state, host, now);
  records(html, state, host, now);
  name_servers(html, report, host);
  chains(html, report, host);
}

}  // namespace

std::string target(const TargetState& state, const Moment& moment, const Remembered* remembered) {
  Html html;
  begin(html, fmt::format("{}: danewatch", state.name), moment);
  headline(html, state, moment.now);
  html.open("main", {{"id", "main"}});
  if (state.history->latest) {
    const Report& report = *state.history->latest;
    findings(html, report);
    for (const HostReport& each : report.hosts) host(html, state, each, moment.now);
    dns_path(html, report);
  }
  if (remembered != nullptr) time_line(html, state.name, *remembered, moment.now);
  history(html, state, moment.now);
  html.close();
  end(html);
  return std::move(html).done();
}

std::string error(int status, std::string_view sentence, std::string_view root) {
  Html html;
  Moment moment;
  moment.root = root;
  begin(html, fmt::format("{}: danewatch", status), moment);
  html.open("header");
  back(html);
  html.line("h1", std::to_string(status)).close();
  html.open("main", {{"id", "main"}}).line("p", sentence).close();
  end(html);
  return std::move(html).done();
}

}  // namespace danewatch::page
