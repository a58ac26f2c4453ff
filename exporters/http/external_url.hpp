// Pure: where people reach danewatch, which a reverse proxy may have put below a path of its own.
//
// Says nothing of the proxy: whether it passes that path on or takes it away, both are understood. Thread rule: values
// and pure functions.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/parse_error.hpp"

namespace danewatch {

struct ExternalUrl {
  std::string origin;  // "https://mon.example.org:8443", as browsers write it; empty: not told
  std::string path;    // "/danewatch"; empty: none

  bool operator==(const ExternalUrl&) const = default;
};

// "https://mon.example.org/danewatch/", or the path alone: "/danewatch".
Parsed<ExternalUrl> parse_external_url(std::string_view text);

// The path of a request without that of the URL: "/danewatch/metrics" is "/metrics". Empty: the URL's path itself
// without its last slash, from which links would lead elsewhere.
std::string path_below(const ExternalUrl& url, std::string_view path);

}  // namespace danewatch
