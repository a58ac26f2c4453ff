#include "tests/lab/real_servers.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/real_starters.hpp"
#include "tests/lab/server.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(20);
constexpr int poll_ms = 20;

// One process for all its endpoints, or, for servers that know a single certificate, one for each host.
enum class Instances { one, per_host };

struct RealServer {
  Program program;
  const char* name;
  std::string path;  // what must be installed
  Instances instances;
  void (*start)(const Place& place);
};

const std::array real_servers{
    RealServer{Program::postfix, "Postfix", "/usr/sbin/postfix", Instances::one, start_postfix},
    RealServer{Program::postscreen, "Postscreen", "/usr/sbin/postfix", Instances::one, start_postscreen},
    RealServer{Program::nginx, "nginx", "/usr/sbin/nginx", Instances::one, start_nginx},
    RealServer{Program::dovecot, "Dovecot", "/usr/sbin/dovecot", Instances::per_host, start_dovecot},
    RealServer{Program::slapd, "OpenLDAP", "/usr/sbin/slapd", Instances::per_host, start_slapd},
    RealServer{Program::prosody, "Prosody", "/usr/bin/prosody", Instances::per_host, start_prosody},
    RealServer{Program::postgres, "PostgreSQL", postgres_programs() + "/postgres", Instances::per_host, start_postgres},
    RealServer{Program::mariadb, "MariaDB", "/usr/sbin/mariadbd", Instances::per_host, start_mariadb},
    RealServer{Program::vsftpd, "vsftpd", "/usr/sbin/vsftpd", Instances::per_host, start_vsftpd},
    RealServer{Program::unbound, "Unbound", "/usr/sbin/unbound", Instances::one, start_unbound},
};

// The private network of an ordinary user has no other user than root.
bool has_other_users() {
  std::uint64_t inside = 0, outside = 0, count = 0;
  return std::ifstream("/proc/self/uid_map") >> inside >> outside >> count && count > 1;
}

// Where a server may make itself at home.
Place make_place(const char* server, const char* program, const fs::path& dir, const std::string& name,
                 Children& children) {
  if (!has_other_users()) throw Forbidden(fmt::format("{} changes users, which needs root", server));
  if (!fs::exists(program)) throw Forbidden(fmt::format("{} is not installed ({})", server, program));
  fs::permissions(dir, fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
  fs::create_directory(dir / name);
  return {{}, dir / name, dir, children};
}

// The endpoints of one instance, by the name of its directory.
std::map<std::string, std::vector<Endpoint>> instances_of(const RealServer& server,
                                                          const std::vector<Endpoint>& endpoints) {
  std::map<std::string, std::vector<Endpoint>> result;
  for (const auto& endpoint : endpoints) {
    if (endpoint.program != server.program) continue;
    const bool alone = server.instances == Instances::per_host;
    result[alone ? fmt::format("{}-{}", server.name, endpoint.host) : server.name].push_back(endpoint);
  }
  return result;
}

std::string logs_in(const fs::path& dir) {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    if (entry.path().extension() == ".log") text += read_file(entry.path());
  }
  return text;
}

}  // namespace

void start_real_servers(const World& world, const fs::path& dir, Children& children) {
  for (const auto& server : real_servers) {
    for (auto& [name, own] : instances_of(server, world.endpoints)) {
      auto place = make_place(server.name, server.path.c_str(), dir, name, children);
      place.endpoints = std::move(own);
      server.start(place);
    }
  }
  std::vector<Zone> knots;
  std::ranges::copy_if(world.zones, std::back_inserter(knots), [](const Zone& zone) { return zone.knot.has_value(); });
  if (!knots.empty()) start_knot(make_place("Knot", "/usr/sbin/knotd", dir, "Knot", children), knots);
}

void wait_for_real_servers(const std::vector<Endpoint>& endpoints, const fs::path& dir) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (const auto& endpoint : endpoints) {
    while (endpoint.program != Program::lab && !accepts_connections(endpoint)) {
      poll(nullptr, 0, poll_ms);
      if (std::chrono::steady_clock::now() < end) continue;
      throw std::runtime_error(fmt::format("nobody listens on {}:\n{}", listen_address(endpoint), logs_in(dir)));
    }
  }
}

}  // namespace danewatch::lab
