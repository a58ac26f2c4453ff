#include "tests/lab/lab.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/nsd.hpp"
#include "tests/lab/responder.hpp"
#include "tests/lab/server.hpp"

namespace danewatch::lab {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

Lab::Lab(World world) : world_(std::move(world)) {
  enter_name_space();
  set_up_network(dir());
  start_name_servers(world_, dir(), children_);
  start_servers();
  write(dir() / "root.key", world_.trust_anchor);
  write(dir() / "root.hints", world_.root_hints);
  write(dir() / "targets", fmt::format("{}\n", fmt::join(world_.targets, "\n")));
  wait_for_name_servers(world_, dir());
  if (!children_.all_alive()) throw std::runtime_error("a server of the lab ended at once");
}

// Listening before the fork, so that nobody who is started later finds a closed door.
void Lab::start_servers() {
  for (std::size_t i = 0; i < world_.workers; ++i) {
    Server server(world_.endpoints);
    children_.start([&server] { server.run(); });
  }
  const auto is_odd = [](const Zone& zone) { return zone.odd_server.has_value(); };
  if (std::none_of(world_.zones.begin(), world_.zones.end(), is_odd)) return;
  Responder responder(world_.zones);
  children_.start([&responder] { responder.run(); });
}

void Lab::write_identity(const std::string& host, const std::filesystem::path& to) const {
  const auto of_host = [&](const Endpoint& endpoint) { return endpoint.host == host; };
  const auto found = std::find_if(world_.endpoints.begin(), world_.endpoints.end(), of_host);
  if (found == world_.endpoints.end()) throw std::runtime_error("no endpoint of the lab belongs to " + host);
  std::filesystem::create_directories(to);
  write(to / "chain.pem", found->identities.front().front().chain_pem);
  write(to / "key.pem", found->identities.front().front().key_pem);
  write(to / "address", to_string(found->address.value_or(Address{})) + "\n");
}

void Lab::set_environment(const std::filesystem::path& danewatch_dir) const {
  const char* path = std::getenv("PATH");
  const auto full = danewatch_dir.string() + ":" + (path != nullptr ? path : "/usr/sbin:/usr/bin:/sbin:/bin");
  setenv("PATH", full.c_str(), 1);
  setenv("DANEWATCH_TRUST_ANCHOR", (dir() / "root.key").c_str(), 1);
  setenv("DANEWATCH_LAB_TARGETS", (dir() / "targets").c_str(), 1);
  setenv("DANEWATCH_ROOT_HINTS", (dir() / "root.hints").c_str(), 1);
}

}  // namespace danewatch::lab
