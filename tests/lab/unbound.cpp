#include "tests/lab/unbound.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mount.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/lab/name_space.hpp"
#include "tests/lab/server.hpp"

namespace danewatch::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds(20);
constexpr int poll_ms = 20;

void write(const fs::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
}

// unbound-control makes it forget zones that have changed.
std::string configuration(const Lab& lab) {
  return fmt::format(
      "server:\n  interface: 127.0.0.1\n  chroot: \"\"\n  username: \"\"\n  directory: \"{0}\"\n  pidfile: \"\"\n"
      "  use-syslog: no\n  logfile: \"\"\n  do-daemonize: no\n  root-hints: \"{0}/root.hints\"\n"
      "  trust-anchor-file: \"{0}/root.key\"\n"
      "remote-control:\n  control-enable: yes\n  control-interface: \"{0}/unbound/control\"\n  control-use-cert: no\n",
      lab.dir().string());
}

void put_over(const fs::path& file, const char* place) {
  if (mount(file.c_str(), place, nullptr, MS_BIND, nullptr) != 0) {
    throw std::runtime_error(fmt::format("the lab's {} cannot be put over {}", file.filename().string(), place));
  }
}

void wait_for_answers(const Children& children) {
  Endpoint resolver;
  resolver.address = Address{false, {127, 0, 0, 1}};
  resolver.port = 53;
  for (const auto end = std::chrono::steady_clock::now() + patience; !accepts_connections(resolver);) {
    poll(nullptr, 0, poll_ms);
    if (std::chrono::steady_clock::now() < end && children.all_alive()) continue;
    throw std::runtime_error("unbound does not answer");
  }
}

}  // namespace

void need(const char* program) {
  const char* directories = std::getenv("PATH");
  std::istringstream path(directories != nullptr ? directories : "");
  for (std::string dir; std::getline(path, dir, ':');) {
    if (fs::exists(fs::path(dir) / program)) return;
  }
  throw Forbidden(fmt::format("{} is not installed", program));
}

void start_unbound(const Lab& lab, Children& children) {
  need("unbound");
  const auto dir = lab.dir() / "unbound";
  fs::create_directory(dir);
  write(dir / "unbound.conf", configuration(lab));
  write(dir / "resolv.conf", "nameserver 127.0.0.1\noptions edns0 trust-ad\n");
  children.start({"unbound", "-d", "-c", (dir / "unbound.conf").string()}, dir / "log");
  put_over(dir / "resolv.conf", "/etc/resolv.conf");
  put_over(lab.dir() / "root.key", "/usr/share/dns/root.key");
  wait_for_answers(children);
}

}  // namespace danewatch::lab
