// Inner: the words that what name servers said has in a bundle.
//
// As store/bundle/words.hpp. Thread rule: pure functions.
#pragma once

#include "resolver/servers/server_answers.hpp"
#include "store/bundle/words.hpp"

namespace danewatch::bundle {

template <>
struct Words<NameServers::Asked> {
  static constexpr auto table = std::to_array<std::string_view>({"no", "forwarder", "yes"});
};
template <>
struct Words<Transport> {
  static constexpr auto table = std::to_array<std::string_view>({"udp", "tcp"});
};
template <>
struct Words<Contact> {
  static constexpr auto table =
      std::to_array<std::string_view>({"answered", "refused", "silent", "unreachable", "malformed"});
};
template <>
struct Words<Unasked> {
  static constexpr auto table =
      std::to_array<std::string_view>({"none", "not-global", "no-route", "no-time", "too-many"});
};
template <>
struct Words<SignatureCheck> {
  static constexpr auto table = std::to_array<std::string_view>({"missing", "unchecked", "no-key", "wrong", "right"});
};
}  // namespace danewatch::bundle
