#include "tests/lab/nsd.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace danewatch::lab {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(5);
constexpr int poll_ms = 10;

std::string file_name(const std::string& origin) {
  return origin == "." ? "root.zone" : origin + ".zone";
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

// Everything that needs a directory or another user is switched off.
std::string configuration(const std::filesystem::path& dir, const std::string& address, const std::string& log,
                          const std::string& pid_file) {
  return fmt::format(
      "server:\n  ip-address: {0}\n  zonesdir: \"{1}\"\n  username: \"\"\n  pidfile: \"{3}\"\n  database: \"\"\n"
      "  xfrdfile: \"\"\n  zonelistfile: \"\"\n  xfrdir: \"{1}\"\n  logfile: \"{2}\"\n  server-count: 1\n"
      "  rrl-ratelimit: 0\n  tcp-count: 500\n  ip-freebind: yes\nremote-control:\n  control-enable: no\n",
      address, dir.string(), log, pid_file);
}

std::filesystem::path log_of(const std::filesystem::path& dir, std::size_t level) {
  return dir / fmt::format("nsd{}.log", level);
}

}  // namespace

std::filesystem::path zone_path(const std::filesystem::path& dir, const std::string& origin) {
  return dir / file_name(origin);
}

std::filesystem::path name_server_pid_file(const std::filesystem::path& dir, std::size_t level) {
  return dir / fmt::format("nsd{}.pid", level);
}

namespace {

void start_level(const World& world, std::size_t level, const std::filesystem::path& dir, Children& children) {
  const auto log = log_of(dir, level);
  auto text =
      configuration(dir, to_string(level_address(level)), log.string(), name_server_pid_file(dir, level).string());
  for (const auto& zone : world.zones) {
    if (zone.level != level || zone.knot) continue;
    write(zone_path(dir, zone.origin), zone.text);
    text += fmt::format("zone:\n  name: \"{}\"\n  zonefile: \"{}\"\n", zone.origin, file_name(zone.origin));
  }
  const auto path = dir / fmt::format("nsd{}.conf", level);
  write(path, text);
  children.start({"nsd", "-d", "-c", path.string()}, log);
}

// The copies of zones that some of their servers have: an NSD for each level and version.
void start_version(const World& world, std::size_t level, std::size_t version, const std::filesystem::path& dir,
                   Children& children) {
  const auto name = fmt::format("nsd{}v{}", level, version);
  const auto log = dir / (name + ".log");
  std::string zones;
  for (const auto& zone : world.zones) {
    if (zone.level != level || zone.versions.size() < version) continue;
    const auto file = fmt::format("{}.v{}", file_name(zone.origin), version);
    write(dir / file, zone.versions[version - 1]);
    zones += fmt::format("zone:\n  name: \"{}\"\n  zonefile: \"{}\"\n", zone.origin, file);
  }
  if (zones.empty()) return;
  const auto path = dir / (name + ".conf");
  write(path,
        configuration(dir, to_string(version_address(level, version)), log.string(), (dir / (name + ".pid")).string()) +
            fmt::format("server:\n  nsid: \"ascii_copy{}\"\n", version) + zones);
  children.start({"nsd", "-d", "-c", path.string()}, log);
}

std::vector<unsigned char> soa_query(const std::string& origin) {
  std::vector<unsigned char> query{0x4c, 0x61, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  std::istringstream labels(origin == "." ? "" : origin);
  for (std::string label; std::getline(labels, label, '.');) {
    query.push_back(static_cast<unsigned char>(label.size()));
    query.insert(query.end(), label.begin(), label.end());
  }
  query.insert(query.end(), {0, 0, 6, 0, 1});
  return query;
}

// One question, one short wait.
bool answers(const Address& server, const std::string& origin) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(53);
  inet_pton(AF_INET, to_string(server).c_str(), &to.sin_addr);
  const auto query = soa_query(origin);
  std::array<unsigned char, 512> answer{};
  ssize_t got = 0;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      send(fd, query.data(), query.size(), 0) > 0) {
    pollfd waiting{fd, POLLIN, 0};
    poll(&waiting, 1, poll_ms);
    got = recv(fd, answer.data(), answer.size(), MSG_DONTWAIT);
  }
  close(fd);
  constexpr ssize_t header = 12;
  return got >= header && (answer[3] & 15) == 0 && answer[7] > 0;
}

std::string log_text(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

void start_name_servers(const World& world, const std::filesystem::path& dir, Children& children) {
  std::set<std::size_t> levels;
  for (const auto& zone : world.zones) levels.insert(zone.level);
  std::size_t versions = 0;
  for (const auto& zone : world.zones) versions = std::max(versions, zone.versions.size());
  for (auto level : levels) {
    start_level(world, level, dir, children);
    for (std::size_t version = 1; version <= versions; ++version) start_version(world, level, version, dir, children);
  }
}

void wait_for_name_servers(const World& world, const std::filesystem::path& dir) {
  const auto end = Clock::now() + patience;
  for (const auto& zone : world.zones) {
    while (!answers(zone.knot ? server_address(zone) : level_address(zone.level), zone.origin)) {
      poll(nullptr, 0, poll_ms);
      if (Clock::now() < end) continue;
      throw std::runtime_error(
          fmt::format("NSD does not serve '{}':\n{}", zone.origin, log_text(log_of(dir, zone.level))));
    }
    for (std::size_t version = 1; version <= zone.versions.size(); ++version) {
      while (!answers(version_address(zone.level, version), zone.origin)) {
        poll(nullptr, 0, poll_ms);
        if (Clock::now() < end) continue;
        throw std::runtime_error(fmt::format("NSD does not serve version {} of '{}'", version, zone.origin));
      }
    }
  }
}

}  // namespace danewatch::lab
