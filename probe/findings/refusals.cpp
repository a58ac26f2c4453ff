#include "probe/findings/refusals.hpp"

#include <fmt/format.h>

namespace danewatch {
namespace {

struct Refused {
  Predicate says;
  std::string_view also;  // with a space before it
  std::string fix;
};

constexpr std::string_view others_unknown = " It may let other senders in: that cannot be seen from here.";

std::string when(const TlsEvidence& seen) {
  if (seen.stage == Stage::greeting) return "in its greeting";
  return seen.helo.empty() ? "before TLS" : "after EHLO";
}

// The name is ours to choose, the address is not.
Refused refuses_us(const TlsEvidence& seen, const HostReport& host) {
  if (seen.helo.empty()) {
    return {{"refuses", "refuse", fmt::format(" us {}.", when(seen))},
            others_unknown,
            fmt::format("Let this machine's address in on {}, or run danewatch where it is let in.", host.dns.host)};
  }
  return {{"refuses", "refuse", fmt::format(" our address, or the name we gave in EHLO, \"{}\".", seen.helo)},
          others_unknown,
          fmt::format("Give the name that this machine's address has in the DNS (--helo NAME, helo: in danewatch.yml), "
                      "or let this machine in on {}.",
                      host.dns.host)};
}

Refused asks_for_patience(const TlsEvidence& seen, const HostReport& host) {
  const std::string name =
      seen.helo.empty() ? "" : fmt::format(" or give another name than \"{}\" with --helo NAME,", seen.helo);
  return {{"asks", "ask", fmt::format(" us {} to come again later.", when(seen))},
          others_unknown,
          fmt::format("Look again later. If it stays so, let this machine's address in,{} or look at the load of {}.",
                      name, host.dns.host)};
}

Refused serves_another_name(const Report& report) {
  const Service& service = *report.target.service;
  const bool by_domain = service.start == StartTlsKind::xmpp;
  const std::string where = by_domain ? fmt::format("_{}._tcp.DOMAIN", service.name) : std::string("its own name");
  return {{"does", "do", fmt::format(" not serve {}, the name we asked for.", report.target.name)},
          "",
          fmt::format("Ask for the domain that it serves: {}.", where)};
}

Refused what(const Report& report, const HostReport& host, const TlsEvidence& seen) {
  switch (seen.refusal) {
    case Refusal::later:
      return asks_for_patience(seen, host);
    case Refusal::us:
      return refuses_us(seen, host);
    case Refusal::elsewhere:
      return {{"sends", "send", " clients to another server, before TLS."}, "", "Look at the server that it names."};
    case Refusal::not_here:
      return serves_another_name(report);
    case Refusal::unspecified:
      break;
  }
  return {{"refuses", "refuse", fmt::format(" the connection {}.", when(seen))},
          others_unknown,
          fmt::format("Allow this machine's address, or check the load of {}.", host.dns.host)};
}

}  // namespace

Finding refusal_finding(const Report& report, const HostReport& host, const Endpoints& endpoints) {
  const TlsEvidence& first = endpoints.front()->seen;
  Refused refused = what(report, host, first);
  Finding finding = quoting(make_finding("address-unreachable", place_of(host, endpoints),
                                         says_of(host, endpoints, refused.says), std::move(refused.fix)),
                            "It said:", first.error);
  const bool mail = report.target.service->start == StartTlsKind::smtp;
  return mail ? also(std::move(finding), refused.also) : finding;
}

}  // namespace danewatch
