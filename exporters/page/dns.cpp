#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"

namespace danewatch::page {
namespace {

std::string outcome(const Answer& answer) {
  std::string text;
  const auto add = [&](std::string_view part) { text += fmt::format("{}{}", text.empty() ? "" : ", ", part); };
  if (answer.failure != Failure::none) add(to_string(answer.failure));
  if (answer.denial != Denial::none) add(answer.denial == Denial::nodata ? "no such record" : "no such name");
  if (answer.rcode && *answer.rcode != 0) add(rcode_name(*answer.rcode));
  if (answer.ttl) add(fmt::format("TTL {} s", *answer.ttl));
  return text;
}

void proof(Html& html, const Answer& answer, SysTime now) {
  if (answer.rrsig_expires) {
    html.open("p", {{"class", "faint"}}).text("Signed ");
    if (answer.signer) html.text("by " + *answer.signer + " ");
    html.text("until ");
    time(html, *answer.rrsig_expires, now);
    html.close();
  }
  if (!answer.why_bogus.empty()) html.line("p", "Bogus because: " + answer.why_bogus);
}

void step(Html& html, const Answer& answer, SysTime now) {
  const Element item(html, "li");
  html.line("code", fmt::format("{} {}", answer.question.name, to_string(answer.question.type))).text(" ");
  badge(html, to_string(answer.status), tone(answer.status));
  if (answer.diagnostic) html.text(" ").line("span", "diagnostic", {{"class", "faint"}});
  const std::string words = outcome(answer);
  if (!words.empty()) html.text(" " + words);
  if (!answer.aliases.empty() || !answer.data.empty()) {
    const Element list(html, "ul");
    for (const auto& alias : answer.aliases) {
      html.open("li").line("code", fmt::format("{} {} {}", alias.from, to_string(alias.type), alias.to)).close();
    }
    for (const auto& rdata : answer.data) {
      html.open("li").line("code", rdata.text).text(rdata.malformed ? " (malformed)" : "").close();
    }
  }
  proof(html, answer, now);
}

void steps(Html& html, std::string_view title, const std::vector<Answer>& answers, SysTime now) {
  if (answers.empty()) return;
  html.line("h3", title);
  const Element list(html, "ol", {{"class", "path"}});
  for (const auto& answer : answers) step(html, answer, now);
}

std::vector<const Answer*> all_answers(const Report& report) {
  std::vector<const Answer*> all;
  for (const Answer& each : report.walk.lookups) all.push_back(&each);
  for (const HostReport& host : report.hosts) {
    for (const Answer& each : host.dns.lookups) all.push_back(&each);
  }
  return all;
}

// What only explains is no step of the way.
bool is_open_to_forgery(const Answer* answer) {
  return !answer->diagnostic && answer->status != Status::secure;
}

std::string all_secure(std::size_t count) {
  return count == 1 ? "the one answer is secure" : fmt::format("all {} answers are secure", count);
}

}  // namespace

// Folded where there is nothing to see.
void dns_path(Html& html, const Report& report) {
  const auto answers = all_answers(report);
  const auto doubtful = std::ranges::count_if(answers, is_open_to_forgery);
  const Element section(html, "section");
  if (answers.empty()) {
    html.line("h2", "DNS path").line("p", "Nothing was asked.");
    return;
  }
  const bool folded = doubtful == 0;
  folded ? html.open("details") : html.flag("details", "open", {{"class", "unfolded"}});
  html.open("summary").line("h2", "DNS path").text(": ");
  html.text(folded ? all_secure(answers.size()) : fmt::format("{} of {} answers not secure", doubtful, answers.size()));
  html.close();
  steps(html, "Where the servers are named", report.walk.lookups, report.at);
  for (const HostReport& host : report.hosts) {
    steps(html, name(host.dns.host, host.dns.unicode), host.dns.lookups, report.at);
  }
  html.close();
}

}  // namespace danewatch::page
