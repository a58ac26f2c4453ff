#include "exporters/http/web_config.hpp"

#include <fmt/format.h>

namespace danewatch {
namespace {

// What a client without a good certificate runs into.
int demand(const WebConfig& config) {
  const ClientAuth auth = config.tls ? config.tls->client_auth : ClientAuth::none;
  if (auth == ClientAuth::require_and_verify) return 2;
  return auth == ClientAuth::require_any ? 1 : 0;
}

}  // namespace

std::optional<std::string> why_not_while_running(const WebConfig& now, const WebConfig& next) {
  constexpr auto* sentence = "it has no {} any more; restart danewatch to serve without {}";
  if (now.tls && !next.tls) return fmt::format(sentence, "tls_server_config", "TLS");
  if (!now.users.empty() && next.users.empty()) return fmt::format(sentence, "basic_auth_users", "users");
  if (demand(next) < demand(now)) {
    return "its client_auth_type demands less of clients than before; restart danewatch to serve so";
  }
  return std::nullopt;
}

}  // namespace danewatch
