#include "tests/lab/real_place.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace danewatch::lab {

namespace fs = std::filesystem;

bool Place::serves(std::uint16_t port) const {
  return std::ranges::any_of(endpoints, [&](const Endpoint& endpoint) { return endpoint.port == port; });
}

std::string ip_of(const Endpoint& endpoint) {
  return to_string(endpoint.address.value_or(Address{}));
}

std::string listen_address(const Endpoint& endpoint) {
  return fmt::format("{}:{}", to_bracketed(endpoint.address.value_or(Address{})), endpoint.port);
}

fs::path write_file(const fs::path& path, const std::string& text) {
  std::ofstream stream(path);
  stream << text;
  stream.flush();
  if (!stream) throw std::runtime_error("cannot write " + path.string());
  return path;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

fs::path write_identity(const Endpoint& endpoint, const Place& place) {
  const auto& identity = endpoint.identities.front().front();
  const auto path = place.dir / fmt::format("{}.pem", ip_of(endpoint));
  const bool lost = endpoint.starttls == Offer::refused;
  write_file(path, lost ? "" : identity.key_pem + identity.chain_pem);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  return path;
}

std::vector<std::string> as_nobody(const std::vector<std::string>& command) {
  std::vector<std::string> full{"setpriv",
                                "--reuid=nobody",
                                "--regid=nogroup",
                                "--clear-groups",
                                "--no-new-privs",
                                "--bounding-set=-all,+net_bind_service",
                                "--inh-caps=-all,+net_bind_service",
                                "--ambient-caps=-all,+net_bind_service"};
  full.insert(full.end(), command.begin(), command.end());
  return full;
}

void give_to_nobody(const fs::path& dir) {
  const passwd* nobody = getpwnam("nobody");
  const auto give = [&](const fs::path& path) {
    if (nobody != nullptr && lchown(path.c_str(), nobody->pw_uid, nobody->pw_gid) == 0) return;
    throw std::runtime_error(fmt::format("cannot give {} to nobody", path.string()));
  };
  give(dir);
  for (const auto& entry : fs::recursive_directory_iterator(dir)) give(entry.path());
}

void start_as_nobody(const Place& place, const std::vector<std::string>& command) {
  give_to_nobody(place.dir);
  place.children.start_apart(as_nobody(command), place.log());
}

}  // namespace danewatch::lab
