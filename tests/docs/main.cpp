// danewatch-docs verdicts|findings: the pages of docs/ that are made of the tables the code uses, on standard output.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#include "probe/findings.hpp"
#include "probe/verdict.hpp"

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
    {Verdict::protocol_error, "The server breaks its protocol before TLS begins."},
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

std::string findings() {
  std::string page =
      "# Troubleshooting by finding\n\nMade from the table in the code (`danewatch-docs findings`); a test compares. "
      "The code stands "
      "behind the severity in what\n`danewatch check` prints; the arrow below it says what to do in your case, with "
      "names and records "
      "filled in. The\nseverity here is the usual one: a finding that explains a bad verdict has the verdict's.\n";
  for (const auto& row : finding_table()) {
    page += fmt::format("\n## {}\n\n{}{}: {}\n", row.code, to_string(row.severity),
                        row.ref.empty() ? "" : fmt::format(", {}", row.ref), row.meaning);
  }
  return page;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view page = argc == 2 ? argv[1] : "";
  if (page != "verdicts" && page != "findings") return 64;
  if (!every_reason_is_listed()) return 1;
  const std::string text = page == "verdicts" ? verdicts() : findings();
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}
