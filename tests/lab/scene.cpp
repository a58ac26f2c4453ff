#include "tests/lab/scene.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "resolver/dns/tlsa.hpp"
#include "tests/lab/yaml_reader.hpp"

namespace danewatch::lab {
namespace {

constexpr int longest_delay_ms = 60'000;

std::string absolute(const std::string& name, const std::string& origin) {
  if (name == "@") return origin;
  if (!name.empty() && name.back() == '.') return name.substr(0, name.size() - 1);
  return name + "." + origin;
}

// The position of `text` in `words` as a value of the enumeration E; `node` is where it stands.
template <class E>
E pick(const std::string& text, const YAML::Node& node, const std::string& file,
       std::initializer_list<std::string_view> words) {
  const auto* at = std::find(words.begin(), words.end(), text);
  if (at == words.end()) fail_at(file, node, fmt::format("'{}' is none of: {}", text, fmt::join(words, ", ")));
  return static_cast<E>(at - words.begin());
}

template <class E>
E word_of(const YAML::Node& node, const std::string& file, std::initializer_list<std::string_view> words) {
  return pick<E>(yaml_text(node, file), node, file, words);
}

Program read_program(const YAML::Node& node, const std::string& file) {
  return word_of<Program>(node, file,
                          {"lab", "postfix", "nginx", "dovecot", "slapd", "prosody", "postgres", "vsftpd", "unbound",
                           "mariadb", "postscreen"});
}

#define DANEWATCH_BEHAVIOUR_KEYS                                                                                      \
  "ports", "chain", "second-chain", "turns", "busy-after", "starttls", "greeting", "delay", "silent", "program",      \
      "server-name", "busy-first", "fault", "ends", "says", "tls", "client-certificate", "starttls-again", "ciphers", \
      "greets-after"

// "reset starttls": how, and instead of the answer to what.
void read_ending(const YAML::Node& node, const std::string& file, Manners& manners) {
  const auto text = yaml_text(node, file);
  const auto space = std::min(text.find(' '), text.size());
  manners.ending = pick<Ending>(text.substr(0, space), node, file, {"none", "close", "half-close", "reset"});
  manners.moment = pick<Moment>(text.substr(std::min(space + 1, text.size())), node, file,
                                {"greeting", "ehlo", "starttls", "hello", "session"});
}

Manners read_manners(const YamlMap& map, Manners base) {
  const auto& file = map.file();
  if (auto fault = map.find("fault")) {
    base.trick = word_of<Trick>(*fault, file,
                                {"none", "mute", "drip", "endless", "long-line", "noise", "mute-handshake",
                                 "plain-handshake", "alert", "broken-certificate", "name-warning", "hello-requests"});
  }
  if (auto ends = map.find("ends")) read_ending(*ends, file, base);
  if (auto says = map.find("says")) {
    for (const auto& [request, reply] : yaml_entries(*says, file)) {
      base.says.emplace_back(request, yaml_text(reply, file));
    }
  }
  if (auto tls = map.find("tls")) {
    base.highest = word_of<TlsVersion>(*tls, file, {"1.0", "1.1", "1.2", "1.3"});
  }
  if (auto wish = map.find("client-certificate")) {
    base.client_certificate = word_of<ClientCertificate>(*wish, file, {"not-asked", "optional", "required"});
  }
  if (auto ciphers = map.find("ciphers")) base.ciphers = yaml_text(*ciphers, file);
  if (auto delay = map.find("greets-after"))
    base.greets_after = std::chrono::milliseconds(yaml_number(*delay, file, 0, longest_delay_ms));
  if (auto again = map.find("starttls-again")) base.offers_again = yaml_bool(*again, file);
  return base;
}

// Overrides in `base` what the mapping names.
Behaviour read_behaviour(const YamlMap& map, Behaviour base) {
  const auto& file = map.file();
  if (auto ports = map.find("ports")) {
    base.ports.clear();
    if (ports->IsScalar()) base.ports.push_back(static_cast<std::uint16_t>(yaml_number(*ports, file, 1, 65535)));
    for (const auto& port : *ports) base.ports.push_back(static_cast<std::uint16_t>(yaml_number(port, file, 1, 65535)));
  }
  if (auto chain = map.find("chain")) base.chain = yaml_texts(*chain, file);
  if (auto chain = map.find("second-chain")) base.second_chain = yaml_texts(*chain, file);
  if (auto turns = map.find("turns")) {
    base.turns.clear();
    for (const auto& chain : *turns) base.turns.push_back(yaml_texts(chain, file));
  }
  if (auto offer = map.find("starttls")) base.starttls = word_of<Offer>(*offer, file, {"offered", "absent", "refused"});
  if (auto greeting = map.find("greeting")) base.greeting = yaml_text(*greeting, file);
  if (auto delay = map.find("delay"))
    base.delay = std::chrono::milliseconds(yaml_number(*delay, file, 0, longest_delay_ms));
  if (auto silent = map.find("silent")) base.silent = yaml_bool(*silent, file);
  if (auto name = map.find("server-name")) base.server_name = yaml_text(*name, file);
  if (auto program = map.find("program")) base.program = read_program(*program, file);
  if (auto count = map.find("busy-first")) base.busy_first = yaml_number(*count, file, 0, 1000);
  if (auto count = map.find("busy-after")) base.busy_after = yaml_number(*count, file, 0, 1000);
  base.manners = read_manners(map, base.manners);
  return base;
}

bool is_v6(const YAML::Node& node, const std::string& file) {
  return word_of<int>(node, file, {"v4", "v6"}) == 1;
}

AddressScene read_address(const YAML::Node& node, const std::string& file, const Behaviour& base) {
  if (node.IsScalar()) return {is_v6(node, file), base};
  YamlMap map(node, file, {"family", DANEWATCH_BEHAVIOUR_KEYS});
  return {is_v6(map.need("family"), file), read_behaviour(map, base)};
}

HostScene read_host(const std::string& name, const YAML::Node& node, const std::string& file,
                    const std::string& domain) {
  YamlMap map(node, file, {"addresses", "records", DANEWATCH_BEHAVIOUR_KEYS});
  auto base = read_behaviour(map, {});
  HostScene host{absolute(name, domain), true, {}};
  if (auto records = map.find("records")) host.records = yaml_bool(*records, file);
  auto addresses = map.find("addresses");
  if (!addresses) {
    host.addresses.push_back({false, base});
    return host;
  }
  if (!addresses->IsSequence()) fail_at(file, *addresses, "expected a list of addresses");
  for (const auto& address : *addresses) host.addresses.push_back(read_address(address, file, base));
  return host;
}

// "2045-12-31"
std::chrono::sys_days read_date(const YAML::Node& node, const std::string& file) {
  int year = 0;
  unsigned month = 0, day = 0;
  std::istringstream text(yaml_text(node, file));
  char dash = 0, another = 0;
  text >> year >> dash >> month >> another >> day;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (text.fail() || dash != '-' || another != '-' || !date.ok()) fail_at(file, node, "expected a date");
  return std::chrono::sys_days(date);
}

CertificateScene read_certificate(const YAML::Node& node, const std::string& file) {
  YamlMap map(node, file,
              {"issuer", "names", "common-name", "key", "key-of", "ca", "expired", "sha1", "from", "until",
               "more-names", "maze"});
  CertificateScene certificate;
  if (auto issuer = map.find("issuer")) certificate.issuer = yaml_text(*issuer, file);
  if (auto names = map.find("names")) certificate.names = yaml_texts(*names, file);
  if (auto name = map.find("common-name")) certificate.common_name = yaml_text(*name, file);
  if (auto key = map.find("key")) {
    word_of<int>(*key, file, {"ecdsa", "rsa", "rsa-1024", "rsa-pss", "ed25519", "ed448"});
    certificate.key = yaml_text(*key, file);
  }
  if (auto other = map.find("key-of")) certificate.key_of = yaml_text(*other, file);
  if (auto ca = map.find("ca")) certificate.ca = yaml_bool(*ca, file);
  if (auto expired = map.find("expired")) certificate.expired = yaml_bool(*expired, file);
  if (auto sha1 = map.find("sha1")) certificate.sha1 = yaml_bool(*sha1, file);
  if (auto date = map.find("from")) certificate.from = read_date(*date, file);
  if (auto date = map.find("until")) certificate.until = read_date(*date, file);
  if (auto names = map.find("more-names")) certificate.more_names = yaml_number(*names, file, 0, 10'000);
  if (auto maze = map.find("maze")) certificate.maze = yaml_number(*maze, file, 0, 40);
  return certificate;
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

// "NAME TYPE KIND [ARGUMENT]"
OddAnswer read_answer(const YAML::Node& node, const std::string& file, const std::string& origin) {
  auto parts = words(yaml_text(node, file));
  if (parts.size() < 3) fail_at(file, node, "expected NAME TYPE WHAT [ARGUMENT]");
  OddAnswer answer;
  answer.name = parts[0] == "*" ? parts[0] : absolute(parts[0], origin);
  answer.type = parts[1];
  answer.kind = pick<OddAnswer::Kind>(
      parts[2], node, file,
      {"servfail", "refused", "notimp", "nxdomain", "silence", "rdata", "delay", "no-tcp", "no-denial", "empty",
       "proven-nxdomain", "no-udp", "no-authority", "count-down", "others-by-tcp"});
  bool takes_argument = answer.kind == OddAnswer::Kind::rdata || answer.kind == OddAnswer::Kind::delay;
  if (parts.size() != (takes_argument ? 4 : 3)) fail_at(file, node, "wrong number of words after " + parts[2]);
  if (answer.kind == OddAnswer::Kind::rdata) {
    auto bytes = from_hex(parts[3]);
    if (!bytes) fail_at(file, node, "not hexadecimal: " + parts[3]);
    answer.rdata = *bytes;
  }
  if (answer.kind == OddAnswer::Kind::delay) {
    answer.delay = std::chrono::milliseconds(number_in(parts[3], node, file, 0, longest_delay_ms));
  }
  return answer;
}

// "NAME TYPE"
std::string read_rrset(const YAML::Node& node, const std::string& file) {
  auto text = yaml_text(node, file);
  if (words(text).size() != 2) fail_at(file, node, "expected NAME TYPE");
  return text;
}

Signing read_signing(const YAML::Node& node, const std::string& file) {
  return word_of<Signing>(
      node, file,
      {"signed", "unsigned", "expired", "future", "bad-ds", "no-dnskey", "no-denial", "nsec3", "nsec3-500",
       "ds-algorithm", "just-expired", "no-ds", "zsk-published", "zsk-retired", "opt-out", "ed448"});
}

std::uint32_t read_serial(const YAML::Node& node, const std::string& file) {
  const auto text = yaml_text(node, file);
  std::uint32_t serial = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), serial);
  if (error != std::errc{} || end != text.data() + text.size()) fail_at(file, node, "expected a number of 32 bits");
  return serial;
}

ServerScene read_server(const std::string& name, const YAML::Node& node, const std::string& file,
                        const std::string& origin) {
  YamlMap map(node, file, {"addresses", "serial", "zone", "records", "answers", "in", "glue"});
  ServerScene server;
  server.name = absolute(name, origin);
  if (auto addresses = map.find("addresses")) {
    server.addresses.clear();
    for (const auto& address : *addresses) server.addresses.push_back(is_v6(address, file));
  }
  if (auto serial = map.find("serial")) server.serial = read_serial(*serial, file);
  if (auto word = map.find("zone")) server.signing = read_signing(*word, file);
  if (auto records = map.find("records")) server.records = yaml_texts(*records, file);
  if (auto answers = map.find("answers")) {
    for (const auto& answer : *answers) server.answers.push_back(read_answer(answer, file, origin));
  }
  if (auto in = map.find("in")) {
    const int place = word_of<int>(*in, file, {"both", "parent", "child", "none"});
    server.at_parent = place < 2;
    server.at_child = place % 2 == 0;
  }
  if (auto glue = map.find("glue")) server.wrong_glue = word_of<int>(*glue, file, {"right", "wrong"}) == 1;
  return server;
}

ZoneScene read_zone(const std::string& origin, const YamlMap& map) {
  const auto& file = map.file();
  ZoneScene zone{origin, Signing::signed_, {}, {}, {}};
  if (auto word = map.find("zone")) zone.signing = read_signing(*word, file);
  if (auto servers = map.find("servers")) {
    for (const auto& [name, spec] : yaml_entries(*servers, file))
      zone.servers.push_back(read_server(name, spec, file, origin));
  }
  if (auto records = map.find("records")) zone.records = yaml_texts(*records, file);
  if (auto broken = map.find("broken")) {
    for (const auto& rrset : *broken) zone.broken.push_back(read_rrset(rrset, file));
  }
  if (auto answers = map.find("answers")) {
    for (const auto& answer : *answers) zone.answers.push_back(read_answer(answer, file, origin));
  }
  return zone;
}

Expectation read_expectation(const YAML::Node& node, const std::string& file, const Scene& scene) {
  YamlMap map(node, file,
              {"check", "args", "trust", "verdict", "reason", "impact", "exit", "findings", "absent", "json"});
  Expectation expect;
  expect.line = node.Mark().line + 1;
  expect.check = map.has("check") ? yaml_text(map.need("check"), file) : scene.domain();
  if (auto args = map.find("args")) expect.args = yaml_texts(*args, file);
  if (auto trust = map.find("trust")) expect.trust = yaml_texts(*trust, file);
  expect.verdict = yaml_text(map.need("verdict"), file);
  if (auto reason = map.find("reason")) expect.reason = yaml_text(*reason, file);
  if (auto impact = map.find("impact")) expect.impact = yaml_text(*impact, file);
  expect.exit = yaml_number(map.need("exit"), file, 0, 255);
  if (auto findings = map.find("findings")) {
    for (const auto& [code, fragments] : yaml_entries(*findings, file))
      expect.findings.emplace_back(code, yaml_texts(fragments, file));
  }
  if (auto absent = map.find("absent")) expect.absent = yaml_texts(*absent, file);
  if (auto json = map.find("json")) {
    for (const auto& [pointer, value] : yaml_entries(*json, file))
      expect.json.emplace_back(pointer, yaml_text(value, file));
  }
  return expect;
}

ActScene read_act(const std::string& name, const YAML::Node& node, const std::string& file) {
  YamlMap map(node, file, {"records", "chain"});
  ActScene act{name, {}, {}};
  if (auto records = map.find("records")) act.records = yaml_texts(*records, file);
  if (auto chain = map.find("chain")) act.chain = yaml_texts(*chain, file);
  return act;
}

// Every certificate somebody names must exist: one of `certificates:` or a host's own.
void check_names(const Scene& scene, const std::string& file, const YAML::Node& node) {
  auto known = [&](const std::string& name) {
    auto own = [&](const HostScene& host) { return host.name == absolute(name, scene.domain()); };
    return scene.certificates.contains(name) || std::any_of(scene.hosts.begin(), scene.hosts.end(), own);
  };
  auto need = [&](const std::string& name) {
    if (!known(name)) fail_at(file, node, fmt::format("scene '{}' has no certificate '{}'", scene.name, name));
  };
  for (const auto& [name, certificate] : scene.certificates) {
    if (!certificate.issuer.empty()) need(certificate.issuer);
    if (!certificate.key_of.empty()) need(certificate.key_of);
  }
  for (const auto& act : scene.acts) std::for_each(act.chain.begin(), act.chain.end(), need);
  for (const auto& expect : scene.expect) std::for_each(expect.trust.begin(), expect.trust.end(), need);
  for (const auto& host : scene.hosts) {
    for (const auto& address : host.addresses) {
      std::for_each(address.behaviour.chain.begin(), address.behaviour.chain.end(), need);
      std::for_each(address.behaviour.second_chain.begin(), address.behaviour.second_chain.end(), need);
      for (const auto& chain : address.behaviour.turns) std::for_each(chain.begin(), chain.end(), need);
    }
  }
}

Scene read_scene(const std::string& name, const YAML::Node& node, const std::string& file) {
  YamlMap map(
      node, file,
      {"about", "zone", "records", "broken", "answers", "servers", "hosts", "certificates", "zones", "acts", "expect"});
  Scene scene;
  scene.name = name;
  scene.about = yaml_text(map.need("about"), file);
  scene.zones.push_back(read_zone(scene.domain(), map));
  if (auto zones = map.find("zones")) {
    for (const auto& [origin, zone] : yaml_entries(*zones, file)) {
      scene.zones.push_back(read_zone(absolute(origin, scene.domain()),
                                      YamlMap(zone, file, {"zone", "records", "broken", "answers", "servers"})));
    }
  }
  if (auto hosts = map.find("hosts")) {
    for (const auto& [host, spec] : yaml_entries(*hosts, file)) {
      scene.hosts.push_back(read_host(host, spec, file, scene.domain()));
    }
  }
  if (auto certificates = map.find("certificates")) {
    for (const auto& [certificate, spec] : yaml_entries(*certificates, file)) {
      scene.certificates[certificate] = read_certificate(spec, file);
    }
  }
  if (auto acts = map.find("acts")) {
    for (const auto& [act, spec] : yaml_entries(*acts, file)) scene.acts.push_back(read_act(act, spec, file));
    if (!scene.zones.front().answers.empty()) fail_at(file, *acts, "a zone with answers has no acts");
  }
  auto expect = map.need("expect");
  if (!expect.IsSequence()) fail_at(file, expect, "expected a list of expectations");
  for (const auto& item : expect) scene.expect.push_back(read_expectation(item, file, scene));
  check_names(scene, file, node);
  return scene;
}

}  // namespace

std::vector<Scene> parse_scenes(std::string_view yaml, const std::string& file) {
  YAML::Node root;
  try {
    root = YAML::Load(std::string(yaml));
  } catch (const YAML::ParserException& error) {
    throw SceneError(fmt::format("{}:{}: {}", file, error.mark.line + 1, error.msg));
  }
  std::vector<Scene> scenes;
  for (const auto& [name, node] : yaml_entries(root, file)) scenes.push_back(read_scene(name, node, file));
  if (scenes.empty()) throw SceneError(file + ": no scene in it");
  return scenes;
}

std::vector<Scene> load_scenes(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw SceneError("cannot read " + path);
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_scenes(text.str(), path);
}

std::vector<Scene> select_scenes(std::vector<Scene> scenes, const std::vector<std::string>& names) {
  if (names.empty()) return scenes;
  for (const auto& name : names) {
    auto same = [&](const Scene& scene) { return scene.name == name; };
    if (std::none_of(scenes.begin(), scenes.end(), same)) throw SceneError("there is no scene '" + name + "'");
  }
  auto unwanted = [&](const Scene& scene) { return std::find(names.begin(), names.end(), scene.name) == names.end(); };
  std::erase_if(scenes, unwanted);
  return scenes;
}

}  // namespace danewatch::lab
