// Our options in libunbound's own language.
//
// Operator text never reaches the configuration as it is: addresses, ports and names are parsed and printed anew, and
// paths with quotes or control characters are refused. Thread rule: pure but for reading the files named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/unbound/resolver.hpp"
#include "resolver/unbound/trust_anchor.hpp"

namespace danewatch {

// The whole configuration before unbound_conf is read. Throws std::runtime_error with one sentence that begins with
// the option and its value.
std::string unbound_config(const ResolverOptions& options, const TrustAnchor& anchor);

// Where questions go first: the forwarders, or else a few servers of the root of both families. None where that is not
// ours to know (unbound_conf) or where TLS would be spoken. Throws like unbound_config().
struct Upstream {
  Address address;
  std::uint16_t port = 53;
};
std::vector<Upstream> upstreams(const ResolverOptions& options);

// "VALUE: what is wrong"; nothing where the value can be used. A file named by "--trust-anchor", "--root-hints" or
// "--unbound-conf" is read.
std::optional<std::string> wrong_forwarder(const std::string& value);
std::optional<std::string> wrong_stub(const std::string& value);
std::optional<std::string> wrong_file(const std::string& option, const std::string& path);

// A path that may stand between quotes. Throws like unbound_config().
void check_path(const std::string& option, const std::string& path);

}  // namespace danewatch
