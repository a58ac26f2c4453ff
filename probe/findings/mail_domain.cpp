#include "probe/findings/mail_domain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace danewatch {
namespace {

// The hosts that take mail for the name, as far as it is no such host itself.
std::vector<std::string> mail_hosts(const std::vector<Answer>& lookups, const std::string& name) {
  std::vector<std::string> hosts;
  const auto answer = std::ranges::find(lookups, Question{name, RrType::mx}, &Answer::question);
  if (answer == lookups.end() || answer->status == Status::bogus || answer->status == Status::failed) return hosts;
  for (const Rdata& rdata : answer->data) {
    const auto* mx = std::get_if<Mx>(&rdata.value);
    if (mx == nullptr || mx->host == ".") continue;
    if (mx->host == name) return {};
    hosts.push_back(mx->host);
  }
  std::ranges::sort(hosts);
  return hosts;
}

}  // namespace

std::optional<Finding> mail_domain_finding(std::string_view code, const Report& report,
                                           const std::vector<Answer>& lookups, const std::string& name) {
  if (report.target.kind != TargetKind::host) return std::nullopt;
  const std::vector<std::string> hosts = mail_hosts(lookups, name);
  if (hosts.empty()) return std::nullopt;
  return make_finding(
      code, name,
      fmt::format("{0} is a mail domain (MX {1}): check {0}, without smtp:// or a port.", name, list(hosts)),
      fmt::format("Name the domain alone: {}.", name));
}

// The news where nobody takes mail under that name; a remark beside a mail server.
void find_mail_domain(const Report& report, const HostReport& host, Findings& found) {
  if (host.dns.located == Located::no_address) return;  // said in the place of that
  auto domain = mail_domain_finding("mail-domain", report, host.dns.lookups, host.dns.host);
  if (!domain) return;
  const bool serves = std::ranges::any_of(looks(host), [](const TlsEvidence& seen) { return shows_chain(seen); });
  if (!serves) domain->severity = explaining(host.conclusion, report.policy);
  found.push_back(about_host(host, std::move(*domain)));
}

}  // namespace danewatch
