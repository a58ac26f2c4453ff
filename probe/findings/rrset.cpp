// Remarks on the TLSA RRset as a whole and on how its records are made.

#include <fmt/format.h>

#include <algorithm>

#include "probe/findings/in_use.hpp"
#include "probe/findings/inner.hpp"

namespace danewatch {
namespace {

constexpr std::size_t many_records = 12;
constexpr std::uint32_t long_ttl = 86400;

std::string rrset_of(const HostReport& host) {
  const std::string owner = tlsa_owner(host);
  return owner.empty() ? "TLSA" : owner + " TLSA";
}

void find_too_many(const HostReport& host, Findings& found) {
  const std::size_t count = std::max<std::size_t>(host.dns.tlsa_total, host.records.size());
  if (count <= many_records) return;
  found.push_back(about_host(
      host,
      naming(host, tlsa_owner(host),
             make_finding("tlsa-too-many", rrset_of(host), fmt::format("{} has {} records.", rrset_of(host), count),
                          "Remove those no certificate needs: answers this large are lost where TCP does not work."))));
}

void find_sha512_only(const HostReport& host, Findings& found) {
  bool any = false;
  for (const RecordReport& record : host.records) {
    if (!is_usable(record)) continue;
    if (record.record.matching_type != 2) return;
    any = true;
  }
  if (!any) return;
  found.push_back(
      about_host(host, naming(host, tlsa_owner(host),
                              make_finding("tlsa-sha512-only", rrset_of(host),
                                           fmt::format("{} holds SHA2-512 digests only.", rrset_of(host)),
                                           "Publish SHA2-256 (matching type 1), which every client knows."))));
}

void find_full(const HostReport& host, const RecordReport& of, Findings& found) {
  const TlsaRecord& record = of.record;
  if (record.matching_type != 0) return;
  Finding finding = make_finding(
      "tlsa-full-in-dns", "",
      fmt::format("{} holds a whole {}.", named(host, of), record.selector == 0 ? "certificate" : "key"),
      record.usage == 2
          ? "Send that CA certificate with the chain, if the server can; then publish a digest (matching type 1)."
          : "Publish a digest (matching type 1): smaller answers arrive everywhere.");
  found.push_back(about_record(host, of, std::move(finding)));
}

void find_pinned(const HostReport& host, const RecordReport& of, Findings& found) {
  const TlsaRecord& record = of.record;
  if (record.usage != 3 || record.selector != 0) return;
  Finding finding =
      make_finding("tlsa-certificate-pinned", "",
                   fmt::format("{} names a certificate, so it must change at every renewal.", named(host, of)),
                   "Publish 3 1 1 (the key) and keep the key when renewing.");
  found.push_back(about_record(host, of, std::move(finding)));
}

// Seconds as people write them in zone files.
void find_ttl(const HostReport& host, Findings& found) {
  for (const Answer& answer : host.dns.lookups) {
    const bool tlsa = answer.question.type == RrType::tlsa && !answer.diagnostic && !answer.data.empty();
    if (!tlsa || !answer.original_ttl) continue;
    const std::uint32_t ttl = *answer.original_ttl;
    if (ttl != 0 && ttl <= long_ttl) continue;
    const std::string text =
        ttl == 0 ? fmt::format("{} TLSA has a TTL of 0, so every connection asks again.", answer.question.name)
                 : fmt::format("{} TLSA has a TTL of {}: a wrong record stays in use that long.", answer.question.name,
                               span_of(std::chrono::seconds(ttl)));
    found.push_back(about_host(host, naming(host, answer.question.name,
                                            make_finding("dns-ttl", answer.question.name + " TLSA", text,
                                                         "Use a TTL between five minutes and a day."))));
  }
}

// Of a stronger digest than those in use it would hide them (RFC 7671 9), and where no record counts it would be the
// one that does.
std::vector<Step> before_next(const HostReport& host, const TlsaRecord& next) {
  if (all_unusable(host)) return {in_zone("publish records for what is in use")};
  for (const RecordReport& each : host.records) {
    const TlsaRecord& other = each.record;
    const bool group = other.usage == next.usage && other.selector == next.selector;
    const bool weaker = other.matching_type != 0 && other.matching_type < next.matching_type;
    if (group && weaker && is_usable(each)) {
      return {in_zone(fmt::format("publish what is in use with matching type {} too", next.matching_type))};
    }
  }
  return {};
}

// Before its record is in every cache a new key must not be used (RFC 7671 8.1).
Remedies introduction(const HostReport& host, TlsaRecord next, bool is_its_own) {
  std::vector<Step> steps = before_next(host, next);
  if (next.owner.empty() && is_its_own) next.owner = tlsa_owner(host);
  Step publish = publish_record(std::move(next));
  publish.words = "publish it beside the others";
  publish.names_record = false;
  steps.push_back(std::move(publish));
  steps.push_back(wait_until("their TTL has passed twice", "wait twice their TTL before you use its key"));
  return {always(std::move(steps))};
}

bool publishes(const std::vector<HostReport>& hosts, const TlsaRecord& next) {
  return std::ranges::any_of(hosts, [&](const HostReport& host) {
    return std::ranges::any_of(host.records,
                               [&](const RecordReport& each) { return same_association(next, each.record); });
  });
}

}  // namespace

void find_missing_next(const Report& report, Findings& found) {
  const auto& hosts = report.hosts;
  for (const NextKey& key : report.policy.next) {
    if (key.records.empty()) continue;
    const TlsaRecord& next = key.records.front();
    const auto concerns = [&](const HostReport& each) {
      const HostEvidence& host = each.dns;
      const bool own = next.owner.empty() || next.owner == fmt::format("_{}._tcp.{}", host.port, host.base_domain);
      return was_dialled(each) && host.located == Located::dane && own && host.tlsa_total == host.tlsa.size();
    };
    const auto host = std::ranges::find_if(hosts, concerns);
    const auto is_published = [&](const TlsaRecord& record) { return publishes(hosts, record); };
    if (host == hosts.end() || std::ranges::any_of(key.records, is_published)) continue;
    // Of several hosts nobody said whose key it is.
    const bool only_one = std::ranges::none_of(host + 1, hosts.end(), concerns);
    const std::string record = "TLSA " + short_text(next);
    const std::string text = key.file.empty()
                                 ? fmt::format("{} is declared as next and not in the DNS.", record)
                                 : fmt::format("{} is declared as next, and no record of it is in the DNS.", key.file);
    found.push_back(make_finding("tlsa-next", record, text, introduction(*host, next, only_one)));
  }
}

void find_in_rrset(const HostReport& host, Findings& found) {
  if (host.dns.located != Located::dane) return;
  find_too_many(host, found);
  find_sha512_only(host, found);
  for (const RecordReport& record : host.records) {
    if (!is_usable(record)) continue;
    find_full(host, record, found);
    find_pinned(host, record, found);
  }
  find_ttl(host, found);
}

}  // namespace danewatch
