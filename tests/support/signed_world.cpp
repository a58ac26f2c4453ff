#include "tests/support/signed_world.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace danewatch {
namespace {

std::filesystem::path make_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "danewatch-world-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  return pattern;
}

}  // namespace

SignedWorld::SignedWorld() : folder_(make_folder()), key_(zones::make_zone_key()) {}

SignedWorld::~SignedWorld() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void SignedWorld::write(const std::string& name, const std::string& text) const {
  std::ofstream file(folder_ / name);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path(name));
}

std::string SignedWorld::write_zone(const std::string& origin, const zones::SignedZone& zone) const {
  const auto file = (origin == "." ? "root" : origin) + ".zone";
  write(file, zone.text);
  return fmt::format(
      "auth-zone:\n  name: \"{}\"\n  zonefile: \"{}\"\n  for-downstream: no\n  for-upstream: yes\n  fallback-enabled: "
      "no\n",
      origin, path(file));
}

void SignedWorld::add(zones::ZoneSpec zone, bool secure) {
  if (!zone.key) zone.key = key_;
  const auto made = zones::sign_zone(zone);
  conf_ += write_zone(zone.origin, made);
  delegations_ += fmt::format("{}. IN NS ns.{}.\n", zone.origin, zone.origin);
  if (secure) delegations_ += made.ds_records.at(0) + "\n";
}

ResolverOptions SignedWorld::build() const {
  zones::ZoneSpec lab;
  lab.origin = "lab";
  lab.key = key_;
  lab.text = "@ IN NS ns\n" + delegations_;
  const auto signed_lab = zones::sign_zone(lab);
  auto conf = conf_ + write_zone(lab.origin, signed_lab);
  zones::ZoneSpec root;
  root.origin = ".";
  root.key = key_;
  root.text = "@ IN NS ns.lab.\nlab. IN NS ns.lab.\n" + signed_lab.ds_records.at(0) + "\n";
  const auto signed_root = zones::sign_zone(root);
  conf += write_zone(root.origin, signed_root);
  write("anchor.key", signed_root.dnskey_records.at(0) + "\n");
  write("unbound.conf", conf);
  ResolverOptions options;
  options.trust_anchor = path("anchor.key");
  options.unbound_conf = path("unbound.conf");
  return options;
}

SysTime from_now(std::chrono::seconds difference) {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + difference;
}

}  // namespace danewatch
