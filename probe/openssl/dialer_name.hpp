// Inner: what this machine calls itself, and whether it knows a way to an address.
//
// Asks the kernel only, never the DNS. Thread rule: pure functions.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>

#include "resolver/dns/address.hpp"

namespace danewatch {

boost::asio::ip::tcp::endpoint endpoint_of(const Address& address, std::uint16_t port);

// Fit for EHLO: has a dot, is not localhost, holds nothing but letters, digits, dots and hyphens (RFC 5321 4.1.1.1).
bool is_public_name(std::string_view name);

// The host name if it is public, else empty.
std::string public_host_name();

// "[192.0.2.1]" or "[IPv6:2001:db8::1]" (RFC 5321 4.1.3).
std::string address_literal(const boost::asio::ip::address& address);

// Whether the kernel has a route to it; sends nothing.
bool route_exists(const boost::asio::ip::tcp::endpoint& peer);

}  // namespace danewatch
