#include "tests/lab/zone_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "resolver/dns/tlsa.hpp"
#include "tests/lab/odd_dns.hpp"
#include "tests/support/zone_signer.hpp"

namespace danewatch::lab {
namespace {

constexpr std::chrono::seconds eleven_seconds{11};  // unbound's own default forgives an hour
constexpr SysTime year_2020{std::chrono::seconds{1577836800}};
constexpr SysTime year_2021{std::chrono::seconds{1609459200}};
constexpr SysTime year_2045{std::chrono::seconds{2366841600}};
constexpr std::uint16_t iterations_of_nsec3 = 5;
constexpr std::uint16_t iterations_of_nsec3_500 = 500;
constexpr std::uint8_t algorithm_nobody_knows = 250;

bool is_below(const std::string& name, const std::string& zone) {
  return zone == "." || (name.size() > zone.size() && name.ends_with("." + zone));
}

std::string dotted(const std::string& name) {
  return name == "." ? name : name + ".";
}

// The nearest zone above; the root has none.
const PlainZone* parent_of(const PlainZone& zone, const std::vector<PlainZone>& zones) {
  const PlainZone* best = nullptr;
  for (const auto& other : zones) {
    if (&other == &zone || zone.origin == "." || !is_below(zone.origin, other.origin)) continue;
    if (best == nullptr || best->origin == "." || other.origin.size() > best->origin.size()) best = &other;
  }
  return best;
}

std::size_t level_of(const PlainZone& zone, const std::vector<PlainZone>& zones) {
  std::size_t level = 0;
  for (const auto* above = parent_of(zone, zones); above != nullptr; above = parent_of(*above, zones)) ++level;
  return level;
}

// Odd zones and those of Knot have a name server address of their own, so that a resolver's memory of it concerns
// nobody else.
std::string server_name(const Zone& zone) {
  return zone.own_server ? fmt::format("{}.own.ns.lab.", zone.origin) : fmt::format("level{}.ns.lab.", zone.level);
}

bool is_knots(const PlainZone& plain) {
  return plain.signing == Signing::zsk_published || plain.signing == Signing::zsk_retired;
}

zones::ZoneSpec spec_of(const PlainZone& plain, std::string text) {
  zones::ZoneSpec spec;
  spec.origin = plain.origin;
  spec.text = std::move(text);
  switch (plain.signing) {
    case Signing::expired:
      spec.inception = year_2020;
      spec.expiration = year_2021;
      break;
    case Signing::just_expired:
      spec.expiration =
          std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()) - eleven_seconds;
      break;
    case Signing::future:
      spec.inception = year_2045;
      break;
    case Signing::nsec3:
      spec.nsec3_iterations = iterations_of_nsec3;
      break;
    case Signing::opt_out:
      spec.nsec3_iterations = 0;
      spec.nsec3_opt_out = true;
      break;
    case Signing::nsec3_500:
      spec.nsec3_iterations = iterations_of_nsec3_500;
      break;
    case Signing::ed448:
      spec.algorithm = zones::Algorithm::ed448;
      break;
    case Signing::ds_algorithm:
      spec.ds_algorithm = algorithm_nobody_knows;
      break;
    default:
      break;
  }
  spec.unsigned_zone = plain.signing == Signing::unsigned_ || plain.signing == Signing::no_dnskey || is_knots(plain);
  spec.break_ds_digest = plain.signing == Signing::bad_ds;
  spec.strip_nsec = plain.signing == Signing::no_denial;
  for (const auto& rrset : plain.broken) {
    const auto blank = rrset.find(' ');
    spec.break_signature_of.push_back({rrset.substr(0, blank), rrset.substr(blank + 1)});
  }
  return spec;
}

class Builder {
 public:
  explicit Builder(std::vector<PlainZone> zones) : plain_(std::move(zones)) {
    plain_.push_back({".", Signing::signed_, "", {}, {}});
    plain_.push_back({"lab", Signing::signed_, "", {}, {}});
    // Children first: the parent needs their DS records.
    std::stable_sort(plain_.begin(), plain_.end(), [](const PlainZone& left, const PlainZone& right) {
      return depth(left.origin) > depth(right.origin);
    });
  }

  ZoneTree build() {
    for (const auto& plain : plain_) tree_.zones.push_back(describe(plain));
    for (std::size_t i = 0; i < plain_.size(); ++i) sign(plain_[i], tree_.zones[i]);
    const auto& root = tree_.zones.back();
    tree_.root_hints =
        fmt::format(". 3600000 NS {0}\n{0} 3600000 A {1}\n", server_name(root), to_string(server_address(root)));
    return std::move(tree_);
  }

 private:
  static std::size_t depth(const std::string& origin) {
    return origin == "." ? 0 : 1 + static_cast<std::size_t>(std::count(origin.begin(), origin.end(), '.'));
  }

  NameServer server_of(const PlainServer& plain, std::size_t& versions) {
    NameServer server{plain.scene.name, {}, plain.scene.answers, 0, plain.scene.at_parent, plain.scene.at_child, {}};
    for (const bool v6 : plain.scene.addresses) server.addresses.push_back(lab_address(v6, false, 1, ++own_servers_));
    if (plain.scene.has_own_copy()) server.version = ++versions;
    if (plain.scene.wrong_glue) server.glue = lab_address(false, false, 1, ++own_servers_);
    return server;
  }

  Zone describe(const PlainZone& plain) {
    Zone zone;
    zone.origin = plain.origin;
    zone.level = level_of(plain, plain_);
    zone.answers = plain.answers;
    if (!plain.answers.empty() || is_knots(plain)) zone.own_server = lab_address(false, false, 1, ++own_servers_);
    std::size_t versions = 0;
    for (const auto& server : plain.servers) zone.servers.push_back(server_of(server, versions));
    return zone;
  }

  static std::string addresses_of(const NameServer& server, bool above) {
    std::vector<Address> addresses = server.addresses;
    if (above && server.glue) addresses = {*server.glue};
    std::string text;
    for (const auto& address : addresses)
      text += fmt::format("{} {} {}\n", dotted(server.name), address.v6 ? "AAAA" : "A", to_string(address));
    return text;
  }

  // The zone's own word for its servers, and where they are.
  static std::string apex(const Zone& zone, std::uint32_t serial) {
    const auto first = zone.servers.empty() ? server_name(zone) : dotted(zone.servers.front().name);
    auto text = fmt::format("$TTL 300\n@ SOA {} hostmaster.lab. {} 3600 600 86400 300\n", first, serial);
    if (zone.servers.empty()) return text + fmt::format("@ NS {}\n", first);
    for (const auto& server : zone.servers) {
      if (server.at_child) text += fmt::format("@ NS {}\n", dotted(server.name));
      text += addresses_of(server, false);
    }
    return text;
  }

  std::string delegations(const PlainZone& plain) const {
    std::string text;
    for (std::size_t i = 0; i < plain_.size(); ++i) {
      if (parent_of(plain_[i], plain_) != &plain) continue;
      const Zone& zone = tree_.zones[i];
      if (zone.servers.empty()) text += fmt::format("{} NS {}\n", dotted(zone.origin), server_name(zone));
      for (const auto& server : zone.servers) {
        if (server.at_parent) text += fmt::format("{} NS {}\n", dotted(zone.origin), dotted(server.name));
        if (server.at_parent) text += addresses_of(server, true);
      }
    }
    const auto ds = ds_of_children_.find(plain.origin);
    return ds == ds_of_children_.end() ? text : text + ds->second;
  }

  // Addresses of all name servers live in "lab"; the root has those of its own and of "lab" as glue.
  std::string server_records(const PlainZone& plain) const {
    std::vector<std::string> lines;
    for (const auto& zone : tree_.zones) {
      if (plain.origin != "lab" && !(plain.origin == "." && zone.level <= 1)) continue;
      if (!zone.servers.empty()) continue;
      lines.push_back(fmt::format("{} A {}\n", server_name(zone), to_string(server_address(zone))));
    }
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return fmt::format("{}", fmt::join(lines, ""));
  }

  // What no name server would load is signed with the rest of its RRset and kept for the responder.
  static std::string unloadable_records(const PlainZone& plain) {
    std::string text;
    for (const auto& answer : plain.answers) {
      if (answer.kind != OddAnswer::Kind::rdata) continue;
      text += fmt::format("{}. TYPE{} \\# {} {}\n", answer.name, type_number(answer.type), answer.rdata.size(),
                          to_hex(answer.rdata));
    }
    return text;
  }

  static void take_unloadable(const PlainZone& plain, Zone& zone) {
    for (const auto& answer : plain.answers) {
      if (answer.kind != OddAnswer::Kind::rdata) continue;
      auto lines = take_rrset(zone.text, answer.name, answer.type);
      zone.replaced.insert(zone.replaced.end(), lines.begin(), lines.end());
    }
  }

  // One key for all (spec.key): the DS record stays.
  static void sign_acts(const PlainZone& plain, zones::ZoneSpec& spec, Zone& zone) {
    const auto common = spec.text;
    for (const auto& lines : plain.acts) {
      spec.text = common + lines;
      zone.acts.push_back(zones::sign_zone(spec).text);
    }
  }

  // The copies that some of its servers have: with the key of the zone, so that one DS record is right for all.
  void sign_versions(const PlainZone& plain, const zones::ZoneKeyPtr& key, Zone& zone) const {
    for (const auto& server : plain.servers) {
      if (!server.scene.has_own_copy()) continue;
      PlainZone copy = plain;
      copy.signing = server.scene.signing.value_or(plain.signing);
      auto spec = spec_of(
          copy, apex(zone, server.scene.serial.value_or(1)) + delegations(plain) + server_records(plain) + server.text);
      spec.key = key;
      zone.versions.push_back(zones::sign_zone(spec).text);
    }
  }

  void sign(const PlainZone& plain, Zone& zone) {
    auto text = apex(zone, 1) + delegations(plain) + server_records(plain) + plain.text + unloadable_records(plain);
    try {
      auto spec = spec_of(plain, std::move(text));
      spec.key = zones::make_zone_key(spec.algorithm);
      if (!plain.acts.empty()) sign_acts(plain, spec, zone);
      if (is_knots(plain)) {
        zone.knot = {plain.signing == Signing::zsk_retired, zones::private_key_pem(*spec.key)};
      }
      auto made = zones::sign_zone(spec);
      zone.spec = std::make_shared<const zones::ZoneSpec>(spec);
      zone.text = zone.acts.empty() ? std::move(made.text) : zone.acts.front();
      take_unloadable(plain, zone);
      sign_versions(plain, spec.key, zone);
      if (plain.origin == ".") tree_.trust_anchor = fmt::format("{}\n", fmt::join(made.dnskey_records, "\n"));
      const auto* above = parent_of(plain, plain_);
      if (above != nullptr && plain.signing != Signing::unsigned_ && plain.signing != Signing::no_ds) {
        ds_of_children_[above->origin] += fmt::format("{}\n", fmt::join(made.ds_records, "\n"));
      }
    } catch (const std::runtime_error& error) {
      throw SceneError(fmt::format("zone '{}': {}", plain.origin, error.what()));
    }
  }

  std::vector<PlainZone> plain_;
  ZoneTree tree_;
  std::map<std::string, std::string> ds_of_children_;  // zone lines by the parent's origin
  std::size_t own_servers_ = 0;
};

}  // namespace

ZoneTree build_zones(std::vector<PlainZone> zones) {
  return Builder(std::move(zones)).build();
}

}  // namespace danewatch::lab
