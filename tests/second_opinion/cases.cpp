#include "tests/second_opinion/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "tests/lab/zone_builder.hpp"
#include "tests/second_opinion/plans.hpp"

namespace danewatch::second_opinion {
namespace {

constexpr std::size_t group = 256;
constexpr std::size_t rrsets_per_plan = 16;

// The library's distributions differ between implementations; this does not.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::mt19937 engine_;
};

// RSA keys take long to make: one for each place in a chain.
class Keys {
 public:
  pki::KeyPtr make(const std::string& place, pki::KeyType type) {
    const bool rsa = type == pki::KeyType::rsa_1024 || type == pki::KeyType::rsa_2048;
    if (!rsa) return pki::make_key(type);
    auto& key = rsa_[{place, type}];
    if (!key) key = pki::make_key(type);
    return key;
  }

 private:
  std::map<std::pair<std::string, pki::KeyType>, pki::KeyPtr> rsa_;
};

using Certificates = std::map<std::string, pki::Identity>;

Sketch ordinary_sketch(std::size_t n, const std::string& host) {
  Sketch sketch;
  sketch.root.common_name = fmt::format("root {}", n);
  sketch.root.ca = true;
  sketch.middle.common_name = fmt::format("intermediate {}", n);
  sketch.middle.ca = true;
  sketch.leaf.common_name = fmt::format("leaf {}", n);
  sketch.leaf.dns_names = {host};
  return sketch;
}

Certificates issue_all(const Sketch& sketch, Random& random, Keys& keys) {
  using enum pki::KeyType;
  const auto authority_key = [&](const std::string& place) {
    return keys.make(place, random.of<pki::KeyType>({ecdsa_p256, rsa_2048}));
  };
  pki::CertificateSpec other;
  other.common_name = "stranger";
  other.ca = true;
  Certificates made;
  made["root"] = pki::issue(sketch.root, nullptr, authority_key("root"));
  made["middle"] = pki::issue(sketch.middle, &made["root"], authority_key("middle"));
  made["stranger"] = pki::issue(other, nullptr, authority_key("stranger"));
  const auto type = random.of<pki::KeyType>({ecdsa_p256, ecdsa_p384, rsa_2048, ed25519});
  const auto key = keys.make("leaf", sketch.weak_key ? rsa_1024 : type);
  made["leaf"] = pki::issue(sketch.leaf, sketch.self_signed ? nullptr : &made["middle"], key);
  if (sketch.root_again) {
    pki::CertificateSpec again = sketch.root;
    again.not_after = std::min(again.not_after, sketch.cross_until);
    made["cross"] = pki::issue(again, &made["stranger"], made["root"].key);
  }
  return made;
}

Published record_of(int usage, int selector, int matching_type, const std::string& what, const Certificates& made) {
  if (what == "other") return {pki::unrelated_tlsa(usage, selector, matching_type == 0 ? 1 : matching_type), what};
  return {pki::tlsa_for(made.at(what), usage, selector, matching_type), what};
}

// Unusable, one way or another (RFC 6698 4.1); sometimes still a record that looks right.
void damage(Published& published, Random& random) {
  TlsaRecord& record = published.record;
  static const std::vector<std::string> ways{"usage 4",   "selector 2",    "type 3",
                                             "cut short", "an octet more", "type 255"};
  const std::string& way = random.of(ways);
  if (way == "usage 4") record.usage = 4;
  if (way == "selector 2") record.selector = 2;
  if (way == "type 3") record.matching_type = 3;
  if (way == "type 255") record.matching_type = 255;
  if (way == "cut short") record.data.pop_back();
  if (way == "an octet more") record.data.push_back(0);
  published.about += ", " + way;
}

std::vector<Published> drawn_rrset(const Certificates& made, Random& random) {
  static const std::vector<int> usages{3, 3, 3, 3, 2, 2, 2, 2, 1, 0};
  static const std::vector<int> types{0, 1, 1, 1, 1, 2, 2, 2};
  static const std::vector<std::string> ends{"leaf", "leaf", "leaf", "leaf", "other", "other", "middle"};
  static const std::vector<std::string> anchors{"root",  "root",  "middle", "middle",
                                                "other", "other", "leaf",   "stranger"};
  std::vector<Published> published;
  for (std::size_t i = 0, count = 1 + random.below(4); i < count; ++i) {
    const int usage = random.of(usages);
    const auto& what = random.of(usage % 2 == 1 ? ends : anchors);
    published.push_back(record_of(usage, static_cast<int>(random.below(2)), random.of(types), what, made));
    if (random.below(6) == 0) damage(published.back(), random);
    if (random.below(20) == 0) published.push_back(published.back());
  }
  return published;
}

// What must not be left to chance: every plan with a record for each of its certificates, with a shadowed one, with
// usages 1 and 2 beside each other, and with nothing usable.
std::vector<std::vector<Published>> chosen_rrsets(const Certificates& made) {
  auto unusable = record_of(3, 1, 1, "leaf", made);
  unusable.record.matching_type = 3;
  unusable.about += ", type 3";
  return {{record_of(3, 1, 1, "leaf", made)},
          {record_of(2, 1, 1, "root", made)},
          {record_of(2, 0, 2, "middle", made)},
          {record_of(3, 1, 1, "leaf", made), record_of(3, 1, 2, "other", made)},
          {record_of(2, 0, 1, "root", made), record_of(1, 1, 1, "other", made)},
          {unusable}};
}

Case make_case(std::size_t n, const Plan& plan, std::size_t round, Random& random, Keys& keys) {
  Case made;
  made.host = fmt::format("h{}.second.lab", n);
  made.domain = fmt::format("d{}.second.lab", n);
  made.plan = plan.name;
  made.trusted = random.below(2) == 0;
  auto sketch = ordinary_sketch(n, made.host);
  plan.change(sketch, made.domain);
  const auto certificates = issue_all(sketch, random, keys);
  const auto chosen = chosen_rrsets(certificates);
  made.published = round < chosen.size() ? chosen[round] : drawn_rrset(certificates, random);
  for (int salt = 1; salt <= sketch.reserves; ++salt)
    made.published.push_back({pki::unrelated_tlsa(2, 1, 1, salt), "reserve"});
  made.manners = sketch.manners;
  made.wildcard_records = sketch.wildcard_records;
  for (const auto& name : sketch.sent) made.shown.chain_pem += pki::certificate_pem(certificates.at(name).der);
  made.shown.key_pem = pki::key_pem(*certificates.at("leaf").key);
  made.root_pem = pki::certificate_pem(certificates.at("root").der);
  return made;
}

void add_endpoints(const Case& subject, std::size_t n, lab::World& world) {
  for (const auto port : {std::uint16_t{25}, std::uint16_t{443}}) {
    lab::Endpoint endpoint;
    endpoint.host = subject.host;
    endpoint.address = lab::lab_address(false, false, group, n);
    endpoint.port = port;
    endpoint.identities = {{subject.shown}};
    endpoint.manners = subject.manners;
    world.endpoints.push_back(std::move(endpoint));
  }
}

std::string zone_lines(const Case& subject, std::size_t n) {
  auto text = fmt::format("{}. MX 10 {}.\n{}. A {}\n", subject.domain, subject.host, subject.host,
                          to_string(lab::lab_address(false, false, group, n)));
  for (const auto& record : rrset_of(subject)) {
    if (subject.wildcard_records) {
      text += fmt::format("*._tcp.{}. TLSA {}\n", subject.host, record);
      continue;
    }
    text += fmt::format("_25._tcp.{0}. TLSA {1}\n_443._tcp.{0}. TLSA {1}\n", subject.host, record);
  }
  return text;
}

}  // namespace

std::vector<Case> make_cases(unsigned seed) {
  Random random(seed);
  Keys keys;
  std::vector<Case> cases;
  for (const auto& plan : plans()) {
    for (std::size_t round = 0; round < rrsets_per_plan; ++round) {
      cases.push_back(make_case(cases.size() + 1, plan, round, random, keys));
    }
  }
  return cases;
}

std::string describe(const Case& subject) {
  auto text = fmt::format("{}: {}, root {}in the store;", subject.host, subject.plan, subject.trusted ? "" : "not ");
  for (const auto& [record, about] : subject.published) {
    text += fmt::format(" {} {} {} {};", record.usage, record.selector, record.matching_type, about);
  }
  text.pop_back();
  return text;
}

std::vector<std::string> rrset_of(const Case& subject) {
  std::vector<std::string> records;
  for (const auto& [record, about] : subject.published) records.push_back(to_text(record));
  std::ranges::sort(records);
  records.erase(std::ranges::unique(records).begin(), records.end());
  return records;
}

lab::World world_of(const std::vector<Case>& cases) {
  lab::World world;
  lab::PlainZone zone;
  zone.origin = "second.lab";
  for (std::size_t i = 0; i < cases.size(); ++i) {
    zone.text += zone_lines(cases[i], i + 1);
    add_endpoints(cases[i], i + 1, world);
    world.targets.push_back(cases[i].domain);
    world.targets.push_back("https://" + cases[i].host);
  }
  auto tree = lab::build_zones({std::move(zone)});
  world.zones = std::move(tree.zones);
  world.trust_anchor = std::move(tree.trust_anchor);
  world.root_hints = std::move(tree.root_hints);
  return world;
}

}  // namespace danewatch::second_opinion
