#include "resolver/zone/zone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "resolver/dns/name.hpp"
#include "resolver/wire/wire.hpp"

namespace danewatch {
namespace {

std::string below(const std::string& label, const std::string& parent) {
  return parent == "." ? label : label + "." + parent;
}

// The name that a record's data is.
std::string name_in(const wire::Record& record) {
  const auto name = wire::read_name(record.rdata);
  return name ? name->name : "";
}

}  // namespace

Parsed<Zone> Zone::of(std::vector<wire::Record> records) {
  Zone zone;
  const auto soa = std::ranges::find(records, RrType::soa, &wire::Record::type);
  if (soa == records.end()) return error_at(0, "it has no SOA record");
  zone.origin_ = soa->owner;
  for (wire::Record& record : records) {
    if (!is_at_or_below(record.owner, zone.origin_)) {
      return error_at(0,
                      fmt::format("{} {} is not in the zone {}", record.owner, to_string(record.type), zone.origin_));
    }
    if (record.type == RrType::soa && record.owner != zone.origin_) {
      return error_at(0, fmt::format("it has SOA records of {} and {}", zone.origin_, record.owner));
    }
    for (std::string name = record.owner; name != zone.origin_; name = parent_of(name)) zone.names_[name];
    auto& set = zone.names_[record.owner][record.type];
    if (std::ranges::find(set, record.rdata, &wire::Record::rdata) == set.end()) set.push_back(std::move(record));
  }
  return zone;
}

std::uint32_t Zone::negative_ttl() const {
  const auto soa = of_type(origin_, RrType::soa);
  if (soa.empty() || soa.front().rdata.size() < 4) return 0;
  std::uint32_t minimum = 0;
  for (auto octet = soa.front().rdata.end() - 4; octet != soa.front().rdata.end(); ++octet)
    minimum = minimum << 8 | *octet;
  return std::min(minimum, soa.front().ttl);
}

std::vector<wire::Record> Zone::of_type(const std::string& name, RrType type) const {
  const auto node = names_.find(name);
  if (node == names_.end()) return {};
  const auto set = node->second.find(type);
  return set == node->second.end() ? std::vector<wire::Record>() : set->second;
}

// The topmost zone cut on the way to the name; the DS record of a child is the parent's own (RFC 4035 3.1.4.1).
const std::string* Zone::delegation_of(const std::string& name, RrType type) const {
  const std::string* cut = nullptr;
  for (std::string at = name; at != origin_; at = parent_of(at)) {
    const auto node = names_.find(at);
    const bool is_cut = node != names_.end() && node->second.contains(RrType::ns);
    if (is_cut && !(at == name && type == RrType::ds)) cut = &node->first;
    if (at == ".") break;
  }
  return cut;
}

Zone::Found Zone::found_at(const std::string& owner, const std::string& name, RrType type) const {
  Found found;
  found.wildcard = owner != name;
  found.kind = Found::Kind::nodata;
  for (const RrType wanted : {type, RrType::cname}) {
    auto records = of_type(owner, wanted);
    if (records.empty()) continue;
    found.kind = wanted == type ? Found::Kind::data : Found::Kind::alias;
    found.type = wanted;
    found.alias = found.kind == Found::Kind::alias ? name_in(records.front()) : "";
    found.records = std::move(records);
    break;
  }
  found.signatures = of_type(owner, wire::rr_type_rrsig);
  return found;
}

Zone::Found Zone::find(const std::string& name, RrType type) const {
  if (!is_at_or_below(name, origin_)) return {};
  if (const std::string* cut = delegation_of(name, type)) {
    return {Found::Kind::delegated, RrType::ns, of_type(*cut, RrType::ns), {}, {}, false};
  }
  std::string closest = name;
  for (; !names_.contains(closest) && closest != origin_; closest = parent_of(closest)) {
  }
  for (std::string at = closest == name ? parent_of(name) : closest; name != origin_ && is_at_or_below(at, origin_);
       at = parent_of(at)) {
    auto dname = of_type(at, RrType::dname);
    if (!dname.empty()) {
      const std::string target = name_in(dname.front());
      const std::string label = name.substr(0, name.size() - at.size() - 1);
      return {Found::Kind::alias,   RrType::dname, std::move(dname), of_type(at, wire::rr_type_rrsig),
              below(label, target), false};
    }
    if (at == origin_ || at == ".") break;
  }
  if (closest == name) return found_at(name, name, type);
  const std::string wildcard = below(std::string(wire::wildcard_label), closest);
  if (names_.contains(wildcard)) return found_at(wildcard, name, type);
  return {};
}

}  // namespace danewatch
