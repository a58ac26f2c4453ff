#include "resolver/target/services.hpp"

#include <gtest/gtest.h>

#include <set>

namespace danewatch {
namespace {

struct Row {
  std::string_view name;
  std::uint16_t port;
  StartTlsKind start;
};

TEST(Services, TheTable) {
  using enum StartTlsKind;
  const std::vector<Row> rows{
      {"smtp", 25, smtp},
      {"submission", 587, smtp},
      {"submissions", 465, implicit},
      {"https", 443, implicit},
      {"imap", 143, imap},
      {"imaps", 993, implicit},
      {"pop3", 110, pop3},
      {"pop3s", 995, implicit},
      {"sieve", 4190, sieve},
      {"ldap", 389, ldap},
      {"ldaps", 636, implicit},
      {"xmpp-client", 5222, xmpp},
      {"xmpp-server", 5269, xmpp},
      {"ftp", 21, ftp},
      {"nntp", 119, nntp},
      {"nntps", 563, implicit},
      {"postgres", 5432, postgres},
      {"mysql", 3306, mysql},
      {"dot", 853, implicit},
      {"tls", 0, implicit},
  };
  ASSERT_EQ(services().size(), rows.size());
  for (const Row& row : rows) {
    const Service* service = find_service(row.name);
    ASSERT_NE(service, nullptr) << row.name;
    EXPECT_EQ(service->port, row.port) << row.name;
    EXPECT_EQ(service->start, row.start) << row.name;
    if (row.port != 0) {
      EXPECT_EQ(&service_for_port(row.port), service) << row.name;
    }
  }
}

TEST(Services, NamesAndPortsAreDistinct) {
  std::set<std::string_view> names;
  std::set<std::uint16_t> ports;
  for (const Service& service : services()) {
    EXPECT_TRUE(names.insert(service.name).second) << service.name;
    EXPECT_TRUE(ports.insert(service.port).second) << service.port;
  }
}

TEST(Services, AnyOtherPortIsTlsFromTheFirstByte) {
  EXPECT_EQ(service_for_port(8443).name, "tls");
  EXPECT_EQ(service_for_port(1).name, "tls");
  EXPECT_EQ(find_service("gopher"), nullptr);
  EXPECT_EQ(find_service(""), nullptr);
}

TEST(Services, OnlySmtpDropsPkixUsages) {  // RFC 7672 3.1.3 is about port 25; submission is not (section 7)
  for (const Service& service : services()) {
    EXPECT_EQ(service.pkix_usages_count, service.name != "smtp") << service.name;
  }
  EXPECT_EQ(smtp_service().name, "smtp");
}

TEST(Services, OnlyXmppIsFoundThroughSrv) {
  for (const Service& service : services()) {
    const bool xmpp = service.start == StartTlsKind::xmpp;
    EXPECT_EQ(service.discovery == Discovery::srv_then_host, xmpp) << service.name;
    EXPECT_EQ(!service.xmlns.empty(), xmpp) << service.name;
  }
}

}  // namespace
}  // namespace danewatch
