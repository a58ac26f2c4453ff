// Findings about TLS sessions that came about, or would have with a client's certificate.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

template <class Matches>
Endpoints those(const HostReport& host, Matches matches) {
  Endpoints endpoints;
  for (const EndpointReport& endpoint : host.endpoints) {
    if (matches(endpoint.seen)) endpoints.push_back(&endpoint);
  }
  return endpoints;
}

struct Advice {
  std::string_view code;
  std::string words;
};

// One finding for all endpoints of the host that are so.
void say(const HostReport& host, const Endpoints& endpoints, Advice advice, const Predicate& says, Findings& found) {
  if (endpoints.empty()) return;
  found.push_back(about_endpoints(
      host, endpoints,
      make_finding(advice.code, place_of(host, endpoints), says_of(host, endpoints, says), std::move(advice.words))));
}

void find_client_certificates(const Report& report, const HostReport& host, Findings& found) {
  const bool mail = report.target.service->name == "smtp";
  const std::size_t before = found.size();
  say(host, those(host, insists_on_client_certificate),
      {"client-certificate-required",
       mail ? "Do not demand client certificates on port 25: other mail servers have none to show."
            : "Ask for client certificates without insisting on them, unless every client has one."},
      {"ends", "end", " the handshake because we do not present a client certificate."}, found);
  // Nobody gets through to deliver mail, whatever the server's own chain is worth.
  if (mail && host.dns.located == Located::dane && found.size() > before) found.back().severity = Severity::critical;
  const auto asks = [](const TlsEvidence& seen) {
    return seen.client_certificate_requested && seen.stage == Stage::done;
  };
  say(host, those(host, asks), {"client-certificate-requested", ""},
      {"asks", "ask", " for a client certificate and goes on without one."}, found);
}

}  // namespace

void find_in_sessions(const Report& report, const HostReport& host, Findings& found) {
  find_client_certificates(report, host, found);
  say(host, those(host, [](const TlsEvidence& seen) { return seen.closed_uncleanly; }),
      {"tls-unclean-close",
       "Look at the server's log if clients complain; what danewatch came for it had shown by then."},
      {"drops", "drop", " the connection right after the TLS handshake, without a word."}, found);
  say(host, those(host, [](const TlsEvidence& seen) { return seen.starttls_offered_again; }),
      {"starttls-offered-again", "Leave STARTTLS out of the capabilities once TLS has begun."},
      {"offers", "offer", " STARTTLS again inside TLS."}, found);
}

}  // namespace danewatch
