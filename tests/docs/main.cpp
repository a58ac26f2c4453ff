// danewatch-docs verdicts|findings: the pages of docs/ that are made of the tables the code uses, on standard output.
// danewatch-docs advice: a line "CODE WHOM KIND…" for every finding, for tests/advice: whom advice in words is for, and
// what its remedies are made of in all the reports of the tests ("lines": of changes of the zone).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/words/remedies.hpp"
#include "probe/report/findings.hpp"
#include "probe/report/verdict.hpp"
#include "tests/support/finding_cases.hpp"

namespace {

using namespace danewatch;

struct Meaning {
  Verdict verdict;
  std::string_view text;
};

constexpr Meaning meanings[] = {
    {Verdict::mismatch,
     "There are secure, usable records, and what the server shows satisfies none of them. Senders that use DANE do not "
     "deliver."},
    {Verdict::tls_missing,
     "There are secure TLSA records, and TLS cannot be started. Senders that use DANE do not deliver."},
    {Verdict::protocol_error, "The server violates its protocol before TLS begins."},
    {Verdict::dns_bogus, "DNSSEC validation failed. Every sender whose resolver validates waits and tries again."},
    {Verdict::dns_error, "The DNS gives no answer to judge by."},
    {Verdict::unusable,
     "There are secure records, but none that a client can use. Mail is encrypted and not authenticated."},
    {Verdict::tempfail, "TLS could not be judged now: refused, silent or busy. Try again."},
    {Verdict::not_applicable, "DANE does not apply: there is no TLSA record, or the way to it is not signed."},
    {Verdict::unknown, "danewatch could not look; this says nothing about the target."},
    {Verdict::no_service, "The domain says that it offers no such service."},
    {Verdict::authenticated,
     "A usable record is satisfied by what the server shows, names and dates included where they count."}};

static_assert(std::size(meanings) == static_cast<std::size_t>(Verdict::authenticated) + 1);

struct Reasons {
  Verdict verdict;
  Reason first, last;  // as they stand in the enumeration
};

constexpr Reasons reasons[] = {{Verdict::mismatch, Reason::no_match, Reason::no_cert},
                               {Verdict::tls_missing, Reason::not_offered, Reason::handshake},
                               {Verdict::protocol_error, Reason::injected, Reason::too_long},
                               {Verdict::dns_error, Reason::servfail, Reason::no_address},
                               {Verdict::dns_error, Reason::malformed, Reason::malformed},
                               {Verdict::tempfail, Reason::connect, Reason::starttls},
                               {Verdict::tempfail, Reason::handshake, Reason::handshake},
                               {Verdict::not_applicable, Reason::no_tlsa, Reason::address_literal},
                               {Verdict::unknown, Reason::no_network, Reason::refused_by_policy}};

bool every_reason_is_listed() {
  for (int i = static_cast<int>(Reason::none) + 1; i <= static_cast<int>(Reason::refused_by_policy); ++i) {
    const auto holds = [&](const Reasons& row) {
      return static_cast<int>(row.first) <= i && i <= static_cast<int>(row.last);
    };
    if (std::ranges::none_of(reasons, holds)) return false;
  }
  return true;
}

std::string reasons_of(Verdict verdict) {
  std::string words;
  for (const auto& row : reasons) {
    if (row.verdict != verdict) continue;
    for (int i = static_cast<int>(row.first); i <= static_cast<int>(row.last); ++i) {
      words += fmt::format("{}`{}`", words.empty() ? "" : " ", to_string(static_cast<Reason>(i)));
    }
  }
  return words;
}

std::string verdicts() {
  std::string page =
      "# What the verdicts mean\n\nMade from the tables in the code (`danewatch-docs verdicts`); a test compares. "
      "Worst first: a host has "
      "the worst\nverdict of its servers, a target that of its hosts. `--if-present` makes `not-applicable` and "
      "`no-service` ok. What "
      "to do\nstands with each finding: [troubleshooting](troubleshooting.md).\n\n"
      "| verdict | severity | exit status | meaning | reasons |\n|---|---|---|---|---|\n";
  for (const auto& row : meanings) {
    const Severity severity = severity_of({row.verdict, Reason::none}, false);
    page += fmt::format("| `{}` | {} | {} | {} | {} |\n", to_string(row.verdict), to_string(severity),
                        exit_status(severity), row.text, reasons_of(row.verdict));
  }
  return page;
}

// A report with this finding, if possible one that has something to be done about it.
const test::FindingCase& example_of(const std::vector<test::FindingCase>& cases, std::string_view code) {
  const auto with_fix = std::ranges::find_if(
      cases, [&](const test::FindingCase& each) { return each.code == code && !each.fix.empty(); });
  return with_fix != cases.end() ? *with_fix : *std::ranges::find(cases, code, &test::FindingCase::code);
}

// Long digests cut, as there is nothing in them to read.
std::string abbreviated(const std::string& text) {
  constexpr std::size_t longest = 16;
  std::string result;
  std::size_t run = 0;
  for (const char c : text) {
    run = std::isxdigit(static_cast<unsigned char>(c)) != 0 ? run + 1 : 0;
    if (run <= longest) result += c;
    if (run == longest + 1) result += "…";
  }
  return result;
}

std::string findings() {
  std::string page =
      "# Troubleshooting by finding\n\n"
      "Made from the tables in the code and in its tests (`danewatch-docs findings`); a test compares.\n\n"
      "The code stands behind the severity in what `danewatch check` and `check_dane` print; behind the arrow or\n"
      "`fix:` stands what to do in your case. Here every code has its usual severity (a finding that explains a bad\n"
      "verdict has the verdict's), its meaning, an example of what is said, and what to do then.\n"
      "`danewatch check --explain NAME` shows every lookup, record and connection behind it; `check_dane -v` shows\n"
      "findings of severity info.\n";
  const auto cases = test::all_finding_cases();
  for (const auto& row : finding_table()) {
    const auto& example = example_of(cases, row.code);
    page += fmt::format("\n## {}\n\n{}{}: {}\n\n> {}\n\n", row.code, to_string(row.severity),
                        row.ref.empty() ? "" : fmt::format(", {}", row.ref), row.meaning, abbreviated(example.text));
    page +=
        example.fix.empty() ? "Nothing needs to be done.\n" : fmt::format("What to do: {}\n", abbreviated(example.fix));
  }
  return page;
}

void add_kinds(const Finding& finding, std::set<std::string>& kinds) {
  for (const Remedy& remedy : finding.remedies) {
    if (!words::zone_steps(remedy).empty()) kinds.insert("lines");
    for (const Step& step : remedy.steps) kinds.insert(std::string(to_string(step.what)));
  }
}

std::string advice() {
  std::map<std::string_view, std::set<std::string>> kinds;
  for (const Report& report : test::every_report()) {
    for (const Finding& finding : report.findings) add_kinds(finding, kinds[finding.code]);
  }
  constexpr std::array<std::string_view, 3> whom{"zone", "server", "here"};
  std::string page;
  for (const auto& row : finding_table()) {
    page += fmt::format("{} {} {}\n", row.code, whom.at(static_cast<std::size_t>(row.advice)),
                        fmt::join(kinds[row.code], " "));
  }
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view page = argc == 2 ? argv[1] : "";
  const std::map<std::string_view, std::string (*)()> pages{
      {"verdicts", verdicts}, {"findings", findings}, {"advice", advice}};
  if (!pages.contains(page)) return 64;
  if (!every_reason_is_listed()) return 1;
  const std::string text = pages.at(page)();
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
