// Inner: the words that values have in a bundle.
//
// Each enumeration has a table, whole and in its order. Thread rule: pure functions.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "probe/evidence/evidence.hpp"
#include "probe/report/policy.hpp"

namespace danewatch::bundle {

template <class Enum>
struct Words;  // `table`: the word of each value

template <>
struct Words<Status> {
  static constexpr auto table = std::to_array<std::string_view>({"secure", "insecure", "bogus", "failed"});
};
template <>
struct Words<Failure> {
  static constexpr auto table = std::to_array<std::string_view>({"none", "servfail", "timeout", "malformed", "local"});
};
template <>
struct Words<Denial> {
  static constexpr auto table = std::to_array<std::string_view>({"none", "nodata", "nxdomain"});
};
template <>
struct Words<Located> {
  static constexpr auto table = std::to_array<std::string_view>(
      {"dane", "no-tlsa", "insecure", "insecure-mx", "insecure-srv", "algorithm", "address-literal", "no-service",
       "bogus", "servfail", "timeout", "malformed", "nxdomain", "no-address", "local-failure", "no-network",
       "trust-anchor", "not-run"});
};
template <>
struct Words<TargetKind> {
  static constexpr auto table =
      std::to_array<std::string_view>({"mail-domain", "host", "srv", "srv-then-host", "address-literal"});
};
template <>
struct Words<NotLooked::Why> {
  static constexpr auto table =
      std::to_array<std::string_view>({"not-run", "bad-target", "refused-by-policy", "local-limit", "deadline"});
};
template <>
struct Words<Origin> {
  static constexpr auto table = std::to_array<std::string_view>({"seen", "predicted", "replayed"});
};
template <>
struct Words<View> {
  static constexpr auto table =
      std::to_array<std::string_view>({"default", "rsa", "rsa-pss", "ecdsa", "ed25519", "ed448", "no-sni", "second"});
};
template <>
struct Words<Stage> {
  static constexpr auto table =
      std::to_array<std::string_view>({"not-started", "connect", "greeting", "starttls", "handshake", "done"});
};
template <>
struct Words<Fault> {
  static constexpr auto table = std::to_array<std::string_view>(
      {"none",      "refused",   "unreachable", "timeout",           "reset",
       "eof",       "reply",     "not-offered", "starttls-refused",  "injected",
       "malformed", "too-long",  "alert",       "no-common-version", "unrecognized-name",
       "plaintext", "tls-error", "no-ipv6",     "no-descriptor",     "too-large",
       "local",     "not-run"});
};
template <>
struct Words<Refusal> {
  static constexpr auto table =
      std::to_array<std::string_view>({"unspecified", "later", "us", "elsewhere", "not-here"});
};
template <>
struct Words<Views> {
  static constexpr auto table = std::to_array<std::string_view>({"auto", "default", "all"});
};
template <>
struct Words<Severity> {
  static constexpr auto table = std::to_array<std::string_view>({"ok", "info", "unknown", "warning", "critical"});
};

template <class Enum>
std::string_view word_of(Enum value) {
  return Words<Enum>::table.at(static_cast<std::size_t>(value));
}

template <class Enum>
std::optional<Enum> value_of(std::string_view word) {
  const auto& table = Words<Enum>::table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i] == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace danewatch::bundle
