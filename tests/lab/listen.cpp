#include "tests/lab/listen.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace danewatch::lab {
namespace {

constexpr int first_handed = 3;  // SD_LISTEN_FDS_START

using Found = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Found look_up(const std::string& text) {
  const auto colon = text.rfind(':');
  auto host = text.substr(0, colon);
  if (host.starts_with("[") && host.ends_with("]")) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const bool shaped = colon != std::string::npos && !host.empty();
  if (!shaped || getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &found) != 0) {
    throw std::runtime_error(fmt::format("cannot listen on '{}': expected ADDRESS:PORT", text));
  }
  return {found, &freeaddrinfo};
}

std::string url_of(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &length);
  getnameinfo(reinterpret_cast<const sockaddr*>(&storage), length, host.data(), host.size(), port.data(), port.size(),
              NI_NUMERICHOST | NI_NUMERICSERV);
  const bool v6 = storage.ss_family == AF_INET6;
  return fmt::format("http://{}{}{}:{}/", v6 ? "[" : "", host.data(), v6 ? "]" : "", port.data());
}

}  // namespace

OutsideSocket::OutsideSocket(const std::string& address_and_port) {
  if (address_and_port.empty()) return;
  const auto found = look_up(address_and_port);
  fd_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd_, found->ai_addr, found->ai_addrlen) != 0 || listen(fd_, SOMAXCONN) != 0) {
    const int error = errno;
    close(fd_);
    throw std::runtime_error(fmt::format("cannot listen on {}: {}", address_and_port, std::strerror(error)));
  }
  url_ = url_of(fd_);
}

OutsideSocket::~OutsideSocket() {
  if (fd_ >= 0) close(fd_);
}

void hand_over(int fd) {
  if (fd == first_handed) {
    fcntl(fd, F_SETFD, 0);
  } else {
    dup2(fd, first_handed);
  }
  setenv("LISTEN_FDS", "1", 1);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
}

}  // namespace danewatch::lab
