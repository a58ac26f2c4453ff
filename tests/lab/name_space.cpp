#include "tests/lab/name_space.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

#include "tests/lab/process.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {
namespace {

bool write_file(const char* path, std::string_view text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  return stream.good();
}

std::string_view content_of(const char* path, std::string& buffer) {
  std::ifstream stream(path);
  std::getline(stream, buffer);
  return buffer;
}

[[noreturn]] void forbidden(int error) {
  std::string buffer;
  std::string_view advice = "run it as root or allow user namespaces";
  if (content_of("/proc/sys/kernel/unprivileged_userns_clone", buffer) == "0") {
    advice = "run it as root or set `sysctl kernel.unprivileged_userns_clone=1`";
  } else if (content_of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", buffer) == "1") {
    advice = "run it as root or set `sysctl kernel.apparmor_restrict_unprivileged_userns=0`";
  } else if (content_of("/proc/sys/user/max_user_namespaces", buffer) == "0") {
    advice = "run it as root or set `sysctl user.max_user_namespaces=1000`";
  }
  throw Forbidden(fmt::format("this system does not let an ordinary user make a private network ({}): {}",
                              std::strerror(error), advice));
}

// Root already: no user namespace needed, unless the capability was taken from root (a container).
bool enter_as_root() {
  return geteuid() == 0 && unshare(CLONE_NEWNET | CLONE_NEWNS) == 0;
}

void enter_as_user() {
  const auto uid = geteuid();
  const auto gid = getegid();
  if (unshare(CLONE_NEWUSER) != 0) forbidden(errno);
  write_file("/proc/self/setgroups", "deny");
  const bool mapped = write_file("/proc/self/uid_map", fmt::format("0 {} 1", uid)) &&
                      write_file("/proc/self/gid_map", fmt::format("0 {} 1", gid));
  if (!mapped) forbidden(EPERM);
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) forbidden(errno);
}

// Packets to the silent ranges, and to the rest of the world, go to a neighbour that does not exist: its hardware
// address is known for good, so nobody ever finds out.
std::string ip_commands() {
  return fmt::format(
      "link set lo up\n"
      "addr add 45.64.0.1/32 dev lo\n"
      "addr add 2a0e:b000::1/128 dev lo nodad\n"
      "route add local {} dev lo\n"
      "route add local {} dev lo\n"
      "link add far0 type veth peer name far1\n"
      "link set far0 up\n"
      "link set far1 up\n"
      "neigh add 45.80.0.1 lladdr 02:00:00:00:00:01 dev far0 nud permanent\n"
      "neigh add 2a0e:b001::1 lladdr 02:00:00:00:00:01 dev far0 nud permanent\n"
      "route add {} via 45.80.0.1 dev far0 onlink src 45.64.0.1\n"
      "route add default via 45.80.0.1 dev far0 onlink src 45.64.0.1\n"
      "route add {} via 2a0e:b001::1 dev far0 onlink src 2a0e:b000::1\n"
      "route add default via 2a0e:b001::1 dev far0 onlink src 2a0e:b000::1\n",
      local_v4, local_v6, silent_v4, silent_v6);
}

void hide_resolver(const std::filesystem::path& dir) {
  const auto path = dir / "resolv.conf";
  write_file(path.c_str(), "# The lab has no resolver of its own: ask its root servers, see DANEWATCH_ROOT_HINTS.\n");
  // Where there is no /etc/resolv.conf there is nothing to hide.
  mount(path.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr);
}

}  // namespace

void enter_name_space() {
  if (!enter_as_root()) enter_as_user();
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) forbidden(errno);
}

void set_up_network(const std::filesystem::path& dir) {
  const auto batch = dir / "ip.batch";
  if (!write_file(batch.c_str(), ip_commands())) throw std::runtime_error("cannot write " + batch.string());
  const int status = run_program({"ip", "-batch", batch.string()});
  if (status != 0) throw std::runtime_error(fmt::format("`ip -batch` ended with status {}", status));
  if (!write_file("/proc/sys/net/ipv6/ip_nonlocal_bind", "1")) {
    throw std::runtime_error("IPv6 addresses cannot be bound: net.ipv6.ip_nonlocal_bind is read-only");
  }
  hide_resolver(dir);
}

}  // namespace danewatch::lab
