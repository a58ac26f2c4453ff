// Findings about what was not looked at because of a limit: of this machine, of the run, or of danewatch.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"
#include "probe/findings/place.hpp"

namespace danewatch {
namespace {

// Why further connections to some addresses came to nothing.
struct Hurdle {
  LookEnd end;
  std::vector<std::string> places;
};

struct Unseen {
  std::vector<std::string> no_ipv6, local, too_large, not_run, reserved;
  std::vector<Hurdle> views;
  std::string why;  // the first local failure, in its own words
};

bool had_no_time(const ChainMatch& match) {
  return match.conclusion == Conclusion{Verdict::unknown, Reason::deadline};
}

// That a second connection on the same view failed is told with the record it was made for.
bool lacks_a_type(const TlsEvidence& evidence) {
  return std::ranges::any_of(evidence.unobserved_views, [](View view) { return view != View::second; });
}

void count_hurdle(const LookEnd& end, const std::string& place, std::vector<Hurdle>& hurdles) {
  const auto same = std::ranges::find_if(
      hurdles, [&](const Hurdle& hurdle) { return hurdle.end.fault == end.fault && hurdle.end.error == end.error; });
  if (same != hurdles.end()) {
    same->places.push_back(place);
  } else {
    hurdles.push_back({end, {place}});
  }
}

void count(const HostReport& host, const TlsEvidence& evidence, Unseen& unseen) {
  const std::string place = fmt::format("{} ({})", to_string(evidence.address), host.dns.host);
  const bool reserved = was_dialled(host) && !is_global(evidence.address);
  if (evidence.view == View::standard && reserved) unseen.reserved.push_back(place);
  if (lacks_a_type(evidence)) count_hurdle(evidence.unobserved_by, place, unseen.views);
  switch (evidence.fault) {
    case Fault::no_ipv6:
      unseen.no_ipv6.push_back(place);
      break;
    case Fault::no_descriptor:
    case Fault::local:
      if (unseen.why.empty()) unseen.why = evidence.error;
      unseen.local.push_back(place);
      break;
    case Fault::too_large:
      unseen.too_large.push_back(place);
      break;
    case Fault::not_run:
      unseen.not_run.push_back(place);
      break;
    default:
      break;
  }
}

Unseen gather(const Report& report) {
  Unseen unseen;
  for (const HostReport& host : report.hosts) {
    for (const EndpointReport& endpoint : host.endpoints) {
      count(host, endpoint.seen, unseen);
      if (!had_no_time(endpoint.match)) continue;
      unseen.not_run.push_back(fmt::format("{} ({})", to_string(endpoint.seen.address), host.dns.host));
    }
  }
  return unseen;
}

// A limit of ours is no fault of the operator's, unless it leaves us with nothing to say.
Severity severity_in(const Report& report, Severity otherwise) {
  return report.conclusion.verdict == Verdict::unknown ? Severity::unknown : otherwise;
}

void add(Findings& found, Finding finding, Severity severity) {
  finding.severity = severity;
  found.push_back(std::move(finding));
}

void find_unseen(const Unseen& unseen, const Report& report, Findings& found) {
  if (!unseen.no_ipv6.empty()) {
    add(found,
        make_finding("no-ipv6-here", list(unseen.no_ipv6),
                     fmt::format("This machine has no IPv6, so {} could not be looked at.", list(unseen.no_ipv6)),
                     "Run danewatch where IPv6 works."),
        severity_in(report, Severity::info));
  }
  if (!unseen.local.empty()) {
    const std::string text =
        fmt::format("A limit of this machine kept danewatch from looking at {}.", list(unseen.local));
    add(found,
        quoting(make_finding("local-limit", list(unseen.local), text, "Allow more open files, or look at the log."),
                "It says:", unseen.why),
        severity_in(report, Severity::info));
  }
  if (!unseen.too_large.empty()) {
    const std::string places = list(unseen.too_large);
    add(found,
        make_finding("local-limit", places,
                     fmt::format("The certificates that {} sends are more than danewatch reads, 1 MB.", places),
                     "Look at the chain file of the server: clients of OpenSSL read 100 kB, and a chain has 10 kB."),
        severity_in(report, Severity::warning));
  }
  if (!unseen.not_run.empty()) {
    const std::string unseen_ones = list(unseen.not_run);
    const std::string text = report.run.complete ? fmt::format("Not checked: {}.", unseen_ones)
                                                 : fmt::format("Timed out before {} was checked.", unseen_ones);
    add(found, make_finding("run-incomplete", unseen_ones, text, "Give the run more time with --timeout."),
        severity_in(report, Severity::warning));
  }
}

// Half a look is no proof that all is well: a certificate of another type may be the broken one.
void find_unseen_views(const Hurdle& hurdle, const Report& report, Findings& found) {
  const Fault fault = hurdle.end.fault;
  const bool by_time = fault == Fault::not_run || (fault == Fault::timeout && !report.run.complete);
  const bool by_words = fault == Fault::reply;
  std::string fix = "Look again later.";
  if (by_time) fix = "Give the run more time with --timeout, or look again later.";
  if (by_words) fix = "Let this machine connect several times in a row, or look again later.";
  Finding finding = make_finding(
      "views-unobserved", list(hurdle.places),
      fmt::format("Not every certificate type of {} could be looked at.", list(hurdle.places)), std::move(fix));
  if (!by_time) {
    finding = quoting(std::move(finding),
                      by_words ? "To a further connection it said:" : "A further connection failed:", hurdle.end.error);
  }
  add(found, std::move(finding), severity_in(report, Severity::warning));
}

void find_excluded(const HostEvidence& host, Severity severity, Findings& found) {
  if (host.excluded_addresses == 0) return;
  add(found,
      make_finding(
          "addresses-excluded", host.host,
          fmt::format("{}{} address{} of {} {} not looked at, as -4, -6 or --ip asked.", host.excluded_addresses,
                      host.addresses.empty() ? "" : " more", host.excluded_addresses == 1 ? "" : "es", host.host,
                      host.excluded_addresses == 1 ? "was" : "were"),
          host.addresses.empty() ? "Leave the option out: the host has no address that it allows." : ""),
      severity);
}

std::string key_of(const MatchLoad& load) {
  if (load.exponent_bits == 0) return fmt::format("keys of up to {} bits", load.key_bits);
  return fmt::format("keys of up to {} bits with an exponent of {}", load.key_bits, load.exponent_bits);
}

std::string load_words(const MatchLoad& load) {
  using Milliseconds = std::chrono::duration<long, std::milli>;
  return fmt::format(
      " {} certificates, {}, and {} TLSA record{} need up to {} checks of a signature, {} ms of work; danewatch does "
      "{} "
      "ms.",
      load.certificates, key_of(load), load.records, load.records == 1 ? "" : "s", load.signatures,
      std::chrono::duration_cast<Milliseconds>(load.time).count(), most_match_time.count());
}

std::string limit_option(const std::string& what) {
  return "Remove some, or raise the limit for " + what + ".";
}

void find_cuts(const std::vector<Cut>& cuts, const std::string& name, const std::optional<std::string>& host,
               Severity severity, Findings& found) {
  for (const Cut& cut : cuts) {
    Finding finding =
        make_finding("limits-reached", fmt::format("{} of {}", cut.what, name),
                     fmt::format("Only {} of {} {} of {} were looked at.", cut.kept, cut.found, cut.what, name),
                     limit_option(cut.what));
    finding.host = host;
    add(found, std::move(finding), severity);
  }
}

}  // namespace

// Ours, not theirs: nothing is known of the records there.
void find_costly_chains(const HostReport& host, Severity severity, Findings& found) {
  Endpoints endpoints;
  MatchLoad load;  // of the first
  for (const EndpointReport& endpoint : host.endpoints) {
    const auto& too_costly = endpoint.match.too_costly;
    if (!too_costly || !decides(endpoint.seen)) continue;
    if (endpoints.empty()) load = *too_costly;
    endpoints.push_back(&endpoint);
  }
  if (endpoints.empty() || host.dns.located != Located::dane) return;
  const std::string place = place_of(host, endpoints);
  Finding finding =
      make_finding("chain-too-costly", place,
                   fmt::format("The certificates of {} take more work than danewatch does for one chain.", place),
                   "Send only the certificates between the server's own and the trust anchor.");
  finding.severity = severity;
  found.push_back(about_endpoints(host, endpoints, also(std::move(finding), load_words(load))));
}

void find_limits(const Report& report, Findings& found) {
  const Unseen unseen = gather(report);
  find_unseen(unseen, report, found);
  for (const Hurdle& hurdle : unseen.views) find_unseen_views(hurdle, report, found);
  for (const HostReport& host : report.hosts) {
    find_excluded(host.dns, severity_in(report, Severity::info), found);
  }
  const Severity severity = severity_in(report, Severity::warning);
  in_each_host(report, found,
               [&](const HostReport& host, Findings& of_host) { find_costly_chains(host, severity, of_host); });
  find_cuts(report.walk.cuts, report.target.name, std::nullopt, severity, found);
  in_each_host(report, found, [&](const HostReport& host, Findings& of_host) {
    find_cuts(host.dns.cuts, host.dns.host, host.dns.host, severity, of_host);
  });
  if (unseen.reserved.empty()) return;
  found.push_back(make_finding(
      "reserved-address", list(unseen.reserved),
      fmt::format("{} cannot be reached from the Internet: the address is reserved.", list(unseen.reserved)),
      "Remove it from the public DNS unless only your own network should reach it."));
}

}  // namespace danewatch
