#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exporters/page/sections.hpp"
#include "exporters/page/words.hpp"
#include "exporters/words/words.hpp"

namespace danewatch::page {
namespace {

void digests(Html& html, std::size_t depth, const Certificate& certificate) {
  html.line("p", "As TLSA records:", {{"class", "faint"}});
  const Element list(html, "ul");
  for (const words::Naming& each : words::namings_of(certificate, depth)) {
    html.open("li").line("code", fmt::format("{} {}", each.numbers, each.digest)).close();
  }
}

void certificate(Html& html, std::size_t depth, const Certificate& certificate, SysTime now) {
  const Element item(html, "li");
  if (!certificate.error.empty()) {
    html.line("p", "does not parse: " + certificate.error);
    return digests(html, depth, certificate);
  }
  html.line("p", certificate.subject);
  html.line("p", fmt::format("issued by {}", certificate.issuer), {{"class", "faint"}});
  if (!certificate.names.empty()) html.line("p", fmt::format("for {}", fmt::join(certificate.names, ", ")));
  html.open("p").text(certificate.key + ", " + moment(certificate.not_before) + " to ");
  time(html, certificate.not_after, now);
  html.close();
  digests(html, depth, certificate);
}

std::string shown_by(const HostReport& host, const std::vector<Certificate>& chain) {
  std::string list;
  for (const TlsEvidence& each : looks(host)) {
    if (each.chain == chain) list += (list.empty() ? "" : "; ") + endpoint(each);
  }
  return list;
}

std::string parameters(const TlsEvidence& seen) {
  std::string text = endpoint(seen) + ": ";
  if (seen.tls) {
    text += fmt::format("{}, {}", seen.tls->version, seen.tls->cipher);
    if (!seen.tls->group.empty()) text += ", " + seen.tls->group;
  } else {
    text += fmt::format("ended at {} ({})", to_string(seen.stage), to_string(seen.fault));
  }
  if (!seen.error.empty()) text += ": " + seen.error;
  if (seen.client_certificate_requested) text += "; asks for a client certificate";
  return text;
}

}  // namespace

void chains(Html& html, const Report& report, const HostReport& host) {
  if (host.endpoints.empty()) return;
  html.line("h3", "What the servers showed").open("ul");
  for (const TlsEvidence& each : looks(host)) html.line("li", parameters(each));
  html.close();
  const auto& all = host.endpoints;
  for (auto each = all.begin(); each != all.end(); ++each) {
    const auto& chain = each->seen.chain;
    const bool again = std::any_of(all.begin(), each, [&](const auto& other) { return other.seen.chain == chain; });
    if (chain.empty() || again) continue;
    const Element box(html, "details");
    html.line("summary", "Chain of " + shown_by(host, chain));
    html.open("ol");
    for (std::size_t depth = 0; depth < chain.size(); ++depth) {
      certificate(html, depth, chain[depth], report.at);
    }
    html.close();
  }
}

}  // namespace danewatch::page
