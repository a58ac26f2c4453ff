#include "resolver/dns/address.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace danewatch {
namespace {

std::string canonical(std::string_view text) {
  const auto parsed = parse_address(text);
  return parsed ? to_string(*parsed) : parsed.error().message;
}

TEST(Address, CanonicalText) {
  EXPECT_EQ(canonical("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(canonical("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(canonical("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(canonical("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");
  EXPECT_EQ(canonical("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
}

TEST(Address, WhatIsNoAddress) {
  EXPECT_EQ(canonical(""), "an empty address");
  EXPECT_EQ(canonical("fe80::1%eth0"), "an address with a zone id");
  for (const std::string_view text : {"192.0.2", "192.0.2.256", "192.0.2.01", "0x7f.1", "1", "2001:db8:::1", ":",
                                      "[::1]", " 192.0.2.1", "192.0.2.1 ", "example.org"}) {
    EXPECT_EQ(canonical(text), "not an IP address") << text;
  }
  EXPECT_EQ(canonical(std::string_view("192.0.2.1\0x", 11)), "not an IP address");
  EXPECT_EQ(canonical(std::string(5000, ':')), "not an IP address");
}

TEST(Address, FromRdata) {
  const std::array<std::uint8_t, 4> a{192, 0, 2, 1};
  EXPECT_EQ(address_from_rdata(a), parse_address("192.0.2.1"));
  std::array<std::uint8_t, 16> aaaa{0x20, 0x01, 0x0d, 0xb8};
  aaaa[15] = 1;
  EXPECT_EQ(address_from_rdata(aaaa), parse_address("2001:db8::1"));
  for (const std::size_t length : {0U, 3U, 5U, 15U}) {
    EXPECT_FALSE(address_from_rdata(std::span(aaaa).first(length))) << length;
  }
}

TEST(Address, BracketsAreForIpv6) {
  EXPECT_EQ(to_bracketed(*parse_address("192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(to_bracketed(*parse_address("2001:db8::1")), "[2001:db8::1]");
}

TEST(Address, GloballyReachable) {
  for (const std::string_view text :
       {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",    "11.0.0.0",       "100.63.255.255",
        "100.128.0.0",     "126.255.255.255", "172.15.255.255",   "172.32.0.0",     "192.0.0.9",
        "192.0.0.10",      "192.0.1.0",       "192.31.196.1",     "192.52.193.1",   "192.167.255.255",
        "198.17.255.255",  "198.20.0.0",      "223.255.255.255",  "2000::1",        "2001:1::1",
        "2001:3::1",       "2001:4:112::1",   "2001:20::1",       "2001:200::1",    "2606:4700::1111",
        "2620:4f:8000::1", "2a00:1450::1",    "64:ff9b::8.8.8.8", "2002:808:808::1"}) {
    EXPECT_TRUE(is_global(*parse_address(text))) << text;
  }
}

TEST(Address, NotGloballyReachable) {
  for (const std::string_view text : {"0.0.0.0",
                                      "10.0.0.1",
                                      "100.64.0.1",
                                      "100.127.255.255",
                                      "127.0.0.1",
                                      "169.254.1.1",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.0.0.1",
                                      "192.0.0.11",
                                      "192.0.2.1",
                                      "192.168.1.1",
                                      "198.18.0.1",
                                      "198.19.255.255",
                                      "198.51.100.1",
                                      "203.0.113.1",
                                      "224.0.0.1",
                                      "239.255.255.255",
                                      "240.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "::10.0.0.1",
                                      "::ffff:8.8.8.8",
                                      "::ffff:127.0.0.1",
                                      "64:ff9b::10.0.0.1",
                                      "64:ff9b::127.0.0.1",
                                      "64:ff9b:1::1",
                                      "100::1",
                                      "2001::1",
                                      "2001:2::1",
                                      "2001:10::1",
                                      "2001:db8::1",
                                      "2002:a00:1::1",
                                      "2002:7f00:1::1",
                                      "3fff::1",
                                      "5f00::1",
                                      "fc00::1",
                                      "fd12::1",
                                      "fe80::1",
                                      "fec0::1",
                                      "ff02::1"}) {
    EXPECT_FALSE(is_global(*parse_address(text))) << text;
  }
}

// One list says what is global, and where somebody near may be.
TEST(Address, BlocksOfWhoIsNearHoldNobodyFar) {
  const auto blocks = near_blocks();
  const auto is_near = [&](std::string_view text) {
    const Address address = *parse_address(text);
    return std::ranges::any_of(blocks, [&](const AddressBlock& block) { return contains(block, address); });
  };
  for (const AddressBlock& block : blocks) {
    EXPECT_FALSE(is_global(block.address)) << to_string(block);
    EXPECT_EQ(parse_address_block(to_string(block)), block);
  }
  for (const std::string_view text : {"10.1.2.3", "127.0.0.1", "169.254.1.1", "192.168.1.1", "224.0.0.1", "::1",
                                      "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "fd12::1", "fe80::1"}) {
    EXPECT_TRUE(is_near(text)) << text;
  }
  for (const std::string_view text : {"1.1.1.1", "192.0.2.1", "198.51.100.1", "2001:db8::1", "2606:4700::1111"}) {
    EXPECT_FALSE(is_near(text)) << text;
  }
}

}  // namespace
}  // namespace danewatch
