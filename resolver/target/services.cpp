#include "resolver/target/services.hpp"

#include <algorithm>
#include <array>

namespace danewatch {
namespace {

using enum StartTlsKind;
using enum Discovery;

constexpr std::array table{
    Service{"smtp", 25, smtp, host, false, ""},
    Service{"submission", 587, smtp, host, true, ""},
    Service{"submissions", 465, implicit, host, true, ""},
    Service{"https", 443, implicit, host, true, ""},
    Service{"imap", 143, imap, host, true, ""},
    Service{"imaps", 993, implicit, host, true, ""},
    Service{"pop3", 110, pop3, host, true, ""},
    Service{"pop3s", 995, implicit, host, true, ""},
    Service{"sieve", 4190, sieve, host, true, ""},
    Service{"ldap", 389, ldap, host, true, ""},
    Service{"ldaps", 636, implicit, host, true, ""},
    Service{"xmpp-client", 5222, xmpp, srv_then_host, true, "jabber:client"},
    Service{"xmpp-server", 5269, xmpp, srv_then_host, true, "jabber:server"},
    Service{"ftp", 21, ftp, host, true, ""},
    Service{"nntp", 119, nntp, host, true, ""},
    Service{"nntps", 563, implicit, host, true, ""},
    Service{"postgres", 5432, postgres, host, true, ""},
    Service{"mysql", 3306, mysql, host, true, ""},
    Service{"dot", 853, implicit, host, true, ""},
    Service{"tls", 0, implicit, host, true, ""},
};

}  // namespace

std::span<const Service> services() {
  return table;
}

const Service* find_service(std::string_view name) {
  const auto* row = std::ranges::find(table, name, &Service::name);
  return row == table.end() ? nullptr : row;
}

const Service& service_for_port(std::uint16_t port) {
  const auto* row = std::ranges::find(table, port, &Service::port);
  return row == table.end() ? table.back() : *row;
}

const Service& smtp_service() {
  return table.front();
}

}  // namespace danewatch
