// The protocol table: one row per service danewatch can look at.
//
// Rows are constants; a Service is always referred to by a pointer into the table, never null.
// Thread rule: immutable.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace danewatch {

// How TLS starts on the connection.
enum class StartTlsKind { implicit, smtp, imap, pop3, sieve, ldap, xmpp, ftp, nntp, postgres, mysql };

// How the hosts of a bare `scheme://NAME` are found.
enum class Discovery { host, srv_then_host };

struct Service {
  std::string_view name;   // word of the output, also the URL scheme and the SRV label
  std::uint16_t port = 0;  // 0: none of its own ("tls")
  StartTlsKind start = StartTlsKind::implicit;
  Discovery discovery = Discovery::host;
  bool pkix_usages_count = true;  // false: usages 0 and 1 are unusable (SMTP, RFC 7672 3.1.3)
  std::string_view xmlns;         // XMPP stream namespace, else empty
};

std::span<const Service> services();

// nullptr if there is no such row.
const Service* find_service(std::string_view name);

// The row whose default port this is; `tls` for any other port.
const Service& service_for_port(std::uint16_t port);

const Service& smtp_service();

}  // namespace danewatch
