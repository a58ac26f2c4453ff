#include "tests/lab/lab.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/nsd.hpp"
#include "tests/lab/real_servers.hpp"
#include "tests/lab/responder.hpp"
#include "tests/lab/server.hpp"
#include "tests/lab/world_json.hpp"

namespace danewatch::lab {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

Lab::Lab(World world, std::chrono::seconds turn) : world_(std::move(world)), stage_(world_.staged.size()) {
  enter_name_space();
  set_up_network(dir());
  start_name_servers(world_, dir(), children_);
  write(dir() / "root.key", world_.trust_anchor);
  write(dir() / "root.hints", world_.root_hints);
  start_servers();
  open_stage(dir());
  if (!world_.checks.empty()) children_.start([this, turn] { run_stage(world_, stage_, dir(), turn); });
  write_trust_stores();
  if (!world_.checks.empty()) write(world_path(dir()), describe(world_));
  write(dir() / "targets", fmt::format("{}\n", fmt::join(world_.targets, "\n")));
  wait_for_name_servers(world_, dir());
  wait_for_real_servers(world_.endpoints, dir());
  if (!children_.all_alive()) throw std::runtime_error("a server of the lab ended at once");
}

void Lab::write_trust_stores() {
  std::size_t n = 0;
  for (auto& check : world_.checks) {
    if (check.trust_pem.empty()) continue;
    const auto file = dir() / fmt::format("trust{}.pem", ++n);
    write(file, check.trust_pem);
    check.trust_file = file.string();
  }
}

// Listening before the fork, so that nobody who is started later finds a closed door.
void Lab::start_servers() {
  start_real_servers(world_, dir(), children_);
  std::vector<Endpoint> ours;
  std::copy_if(world_.endpoints.begin(), world_.endpoints.end(), std::back_inserter(ours),
               [](const Endpoint& endpoint) { return endpoint.program == Program::lab; });
  for (std::size_t i = 0; i < world_.workers; ++i) {
    Server server(ours, stage_);
    children_.start([&server] { server.run(); });
  }
  const auto is_odd = [](const Zone& zone) { return !zone.answers.empty() || !zone.servers.empty(); };
  if (std::none_of(world_.zones.begin(), world_.zones.end(), is_odd)) return;
  Responder responder(world_.zones);
  children_.start([&responder] { responder.run(); });
}

void Lab::set_environment(const std::filesystem::path& danewatch_dir) const {
  const char* path = std::getenv("PATH");
  const auto full = danewatch_dir.string() + ":" + (path != nullptr ? path : "/usr/sbin:/usr/bin:/sbin:/bin");
  setenv("PATH", full.c_str(), 1);
  setenv("DANEWATCH_TRUST_ANCHOR", (dir() / "root.key").c_str(), 1);
  setenv("DANEWATCH_LAB_TARGETS", (dir() / "targets").c_str(), 1);
  setenv("DANEWATCH_LAB_STAGE", stage_path(dir()).c_str(), 1);
  setenv("DANEWATCH_LAB_WORLD", world_path(dir()).c_str(), 1);
  setenv("DANEWATCH_ROOT_HINTS", (dir() / "root.hints").c_str(), 1);
}

}  // namespace danewatch::lab
