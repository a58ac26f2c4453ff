#include "probe/openssl/dialer_name.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace danewatch {
namespace asio = boost::asio;

asio::ip::tcp::endpoint endpoint_of(const Address& address, std::uint16_t port) {
  if (address.v6) return {asio::ip::address_v6(address.bytes), port};
  asio::ip::address_v4::bytes_type bytes{};
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
  return {asio::ip::address_v4(bytes), port};
}

bool is_public_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return name.find('.') != std::string_view::npos && !name.starts_with('.') && !name.ends_with('.') &&
         !name.starts_with("localhost") && std::ranges::all_of(name, allowed);
}

std::string public_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "";
  return is_public_name(name.data()) ? name.data() : "";
}

std::string address_literal(const asio::ip::address& address) {
  return address.is_v6() ? fmt::format("[IPv6:{}]", address.to_string()) : fmt::format("[{}]", address.to_string());
}

bool route_exists(const asio::ip::tcp::endpoint& peer) {
  const int probe = ::socket(peer.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool known = ::connect(probe, peer.data(), static_cast<socklen_t>(peer.size())) == 0;
  ::close(probe);
  return known;
}

}  // namespace danewatch
