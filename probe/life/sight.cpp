#include "probe/life/sight.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "probe/evidence/digest.hpp"
#include "probe/evidence/predicates.hpp"

namespace danewatch {
namespace {

bool could_look(const Report& report) {
  return report.run.origin == Origin::seen && !report.run.not_looked && report.conclusion.verdict != Verdict::unknown;
}

bool is_known(const Answer& answer) {
  return answer.status == Status::secure || answer.status == Status::insecure;
}

bool has_cut(const std::vector<Cut>& cuts, std::string_view what) {
  return std::ranges::any_of(cuts, [what](const Cut& cut) { return cut.what == what; });
}

// The sight of one report, as it is put together.
class Looking {
 public:
  explicit Looking(const Report& report) : report_(report) { sight_.at = report.at; }

  Sight look() && {
    sight_.looked = could_look(report_);
    if (!sight_.looked) return std::move(sight_);
    see_verdict();
    see_hosts_named();
    for (const Answer& answer : report_.walk.lookups) see_ds(answer);
    for (const HostReport& host : report_.hosts) {
      see_addresses(host.dns);
      see_records(host);
      see_matches(host);
      see_servers(host);
      see_starttls(host);
    }
    return std::move(sight_);
  }

 private:
  void see(Kind kind, std::string place, std::string name, std::string note = {}) {
    sight_.seen.try_emplace({{kind, std::move(place)}, std::move(name)}, std::move(note));
  }
  void whole(Kind kind, std::string place) { sight_.whole.insert({kind, std::move(place)}); }

  // A place at which one thing holds at a time.
  void state(Kind kind, const std::string& place, std::string name) {
    see(kind, place, std::move(name));
    whole(kind, place);
  }

  void see_verdict() { state(Kind::verdict, "", verdict_name({report_.conclusion, report_.severity})); }

  // MX or SRV. Those of a bogus answer are nobody's word.
  void see_hosts_named() {
    for (const Answer& answer : report_.walk.lookups) {
      const RrType type = answer.question.type;
      if ((type != RrType::mx && type != RrType::srv) || answer.diagnostic || answer.status == Status::failed) continue;
      state(Kind::dnssec, to_string(type), std::string(to_string(answer.status)));
      if (!is_known(answer)) continue;
      whole(Kind::mx, "");
      for (const Rdata& data : answer.data) {
        if (const auto* mx = std::get_if<Mx>(&data.value)) see(Kind::mx, "", mx->host);
        if (const auto* srv = std::get_if<Srv>(&data.value)) {
          see(Kind::mx, "", srv->target + ":" + std::to_string(srv->port));
        }
      }
    }
  }

  void see_ds(const Answer& answer) {
    if (answer.question.type != RrType::ds || answer.status != Status::secure) return;
    whole(Kind::ds, answer.question.name);
    for (const Rdata& data : answer.data) see(Kind::ds, answer.question.name, data.text);
  }

  void see_addresses(const HostEvidence& host) {
    std::optional<Status> worst;
    bool silent = false;
    for (const Answer& answer : host.lookups) {
      see_ds(answer);
      const RrType type = answer.question.type;
      if ((type != RrType::a && type != RrType::aaaa) || answer.diagnostic) continue;
      if (answer.status == Status::failed) silent = true;
      if (!worst || answer.status > *worst) worst = answer.status;
      if (!is_known(answer)) continue;
      const std::string place = host.host + " " + to_string(type);
      whole(Kind::address, place);
      for (const Rdata& data : answer.data) {
        if (const auto* address = std::get_if<Address>(&data.value)) see(Kind::address, place, to_string(*address));
      }
    }
    if (worst && !silent) state(Kind::dnssec, "addresses of " + host.host, std::string(to_string(*worst)));
  }

  void see_records(const HostReport& host) {
    const std::string server = server_name(host.dns);
    const Answer* last = nullptr;
    for (const Answer& answer : host.dns.lookups) {
      if (answer.question.type == RrType::tlsa && !answer.diagnostic) last = &answer;
    }
    if (last != nullptr && last->status != Status::failed) {
      state(Kind::dnssec, "TLSA of " + server, std::string(to_string(last->status)));
    }
    const bool known = host.dns.located == Located::dane || host.dns.located == Located::no_tlsa;
    const bool cut = has_cut(host.dns.cuts, "records") || has_cut(host.dns.cuts, "full records");
    if (known && !cut) whole(Kind::record, server);
    for (const RecordReport& each : host.records) {
      if (!each.record.truncated) see(Kind::record, server, record_name(each.record), each.record.owner);
    }
    if (host.dns.located == Located::dane && last != nullptr) see_ttl(host.dns, *last);
  }

  // The longest that a cache may hold the records, or an alias on the way to them (RFC 7671 8.1).
  void see_ttl(const HostEvidence& host, const Answer& tlsa) {
    std::optional<std::uint32_t> longest = tlsa.original_ttl;
    for (const Answer& answer : host.lookups) {
      const bool address = answer.question.type == RrType::a || answer.question.type == RrType::aaaa;
      if (!address || answer.diagnostic || answer.aliases.empty() || !longest || !answer.original_ttl) continue;
      longest = std::max(*longest, *answer.original_ttl);
    }
    if (longest) state(Kind::ttl, server_name(host), std::to_string(*longest));
  }

  void see_matches(const HostReport& host) {
    for (const RecordReport& record : host.records) {
      if (record.record.truncated) continue;
      const std::string place = server_name(host.dns) + " " + record_name(record.record);
      switch (record.state) {
        case RecordState::current:
        case RecordState::partial:
        case RecordState::shadowed:
          see(Kind::match, place, "", matched_certificates(host, record));
          whole(Kind::match, place);
          break;
        case RecordState::unmatched:
          whole(Kind::match, place);
          break;
        default:  // not every server was seen, or it can match nothing
          break;
      }
    }
  }

  static std::string matched_certificates(const HostReport& host, const RecordReport& record) {
    constexpr std::size_t most = 8;
    std::set<std::string> certificates;
    for (const EndpointReport& endpoint : host.endpoints) {
      const bool matches = cell_of(endpoint, record) == Cell::match;
      if (matches && shows_chain(endpoint.seen)) certificates.insert(endpoint.seen.chain.front().sha256.substr(0, 16));
    }
    std::string list;
    for (const std::string& each : certificates) {
      if (list.size() < most * 17) list += (list.empty() ? "" : " ") + each;
    }
    return list;
  }

  // Keys and certificates by address; whole where every kind of certificate was looked for.
  void see_servers(const HostReport& host) {
    std::map<std::string, bool> whole_addresses;
    for (const EndpointReport& endpoint : host.endpoints) {
      if (!decides(endpoint.seen)) continue;
      const std::string place = server_name(host.dns) + " " + to_string(endpoint.seen.address);
      bool& is_whole = whole_addresses.try_emplace(place, report_.policy.views != Views::standard).first->second;
      is_whole = is_whole && was_observed(endpoint.seen) && endpoint.seen.unobserved_views.empty();
      if (!shows_chain(endpoint.seen)) continue;
      const Certificate& leaf = endpoint.seen.chain.front();
      see(Kind::certificate, place, leaf.sha256, leaf.spki_sha256);
      if (!leaf.spki_sha256.empty()) see(Kind::key, place, leaf.spki_sha256, leaf.key);
      see_shown(host, endpoint);
    }
    for (const auto& [place, is_whole] : whole_addresses) {
      if (!is_whole) continue;
      whole(Kind::certificate, place);
      whole(Kind::key, place);
    }
  }

  void see_shown(const HostReport& host, const EndpointReport& endpoint) {
    if (std::ranges::find(endpoint.cells, Cell::unobserved) != endpoint.cells.end()) return;
    const Certificate& leaf = endpoint.seen.chain.front();
    Shown shown{server_name(host.dns), to_string(endpoint.seen.address), leaf.spki_sha256, leaf.sha256, {}};
    for (const RecordReport& each : host.records) {
      const Cell cell = cell_of(endpoint, each);
      const bool matches = cell == Cell::match || cell == Cell::shadowed;
      if (matches && !each.record.truncated) shown.records.push_back(record_name(each.record));
    }
    sight_.shown.push_back(std::move(shown));
  }

  void see_starttls(const HostReport& host) {
    bool missing = false;
    bool silent = false;
    for (const EndpointReport& endpoint : host.endpoints) {
      if (!decides(endpoint.seen)) continue;
      const Fault fault = endpoint.seen.fault;
      missing = missing || fault == Fault::not_offered || fault == Fault::starttls_refused;
      silent = silent || !was_observed(endpoint.seen);
    }
    if (missing) state(Kind::starttls, server_name(host.dns), "missing");
    if (!missing && !silent && !host.endpoints.empty()) state(Kind::starttls, server_name(host.dns), "offered");
  }

  const Report& report_;
  Sight sight_;
};

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::verdict:
      return "verdict";
    case Kind::dnssec:
      return "dnssec";
    case Kind::mx:
      return "mx";
    case Kind::address:
      return "address";
    case Kind::ds:
      return "ds";
    case Kind::record:
      return "record";
    case Kind::match:
      return "match";
    case Kind::key:
      return "key";
    case Kind::certificate:
      return "certificate";
    case Kind::starttls:
      return "starttls";
    case Kind::ttl:
      return "ttl";
  }
  return "";
}

bool Sight::sees(const Thing& thing) const {
  return seen.contains(thing);
}

bool Sight::sees_any(const LifePlace& place) const {
  const auto first = seen.lower_bound({place, ""});
  return first != seen.end() && first->first.place == place;
}

Sight sight_of(const Report& report) {
  return Looking(report).look();
}

std::string verdict_name(const SeenVerdict& verdict) {
  std::string name(to_string(verdict.conclusion.verdict));
  const std::string_view reason = to_string(verdict.conclusion.reason);
  if (!reason.empty()) name.append("/").append(reason);
  return name.append(" ").append(to_string(verdict.severity));
}

std::optional<SeenVerdict> verdict_seen(std::string_view name) {
  const auto blank = name.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view conclusion = name.substr(0, blank);
  const auto slash = std::min(conclusion.find('/'), conclusion.size());
  const auto verdict = verdict_from(conclusion.substr(0, slash));
  if (!verdict) return std::nullopt;
  const auto reason = reason_from(conclusion.substr(std::min(slash + 1, conclusion.size())));
  const auto severity = severity_from(name.substr(blank + 1));
  return SeenVerdict{{*verdict, reason.value_or(Reason::none)}, severity.value_or(Severity::unknown)};
}

std::string record_name(const TlsaRecord& record) {
  const std::string data = record.matching_type == 0 ? sha256_hex(record.data) : to_hex(record.data);
  return numbers_of(record) + " " + data;
}

std::string server_name(const HostEvidence& host) {
  return host.host + ":" + std::to_string(host.port);
}

std::string server_of(const LifePlace& place) {
  return place.name.substr(0, place.name.find(' '));
}

std::string address_of(const LifePlace& place) {
  const auto blank = place.name.find(' ');
  return blank == std::string::npos ? "" : place.name.substr(blank + 1);
}

}  // namespace danewatch
