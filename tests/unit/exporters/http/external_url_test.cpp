#include "exporters/http/external_url.hpp"

#include <gtest/gtest.h>

namespace danewatch {
namespace {

TEST(ExternalUrl, OriginAndPathAreTakenApart) {
  struct Row {
    const char *text, *origin, *path;
  };
  for (const Row& row : std::vector<Row>{
           {"https://mon.example.org/danewatch/", "https://mon.example.org", "/danewatch"},
           {"HTTPS://Mon.Example.ORG:443", "https://mon.example.org", ""},
           {"http://mon.example.org:80/", "http://mon.example.org", ""},
           {"http://mon.example.org:8080/a/b", "http://mon.example.org:8080", "/a/b"},
           {"http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080", "/x"},
           {"https://192.0.2.1", "https://192.0.2.1", ""},
           {"/danewatch", "", "/danewatch"},
           {"/", "", ""},
       }) {
    const auto url = parse_external_url(row.text);
    ASSERT_TRUE(url) << row.text << ": " << url.error().message;
    EXPECT_EQ(*url, (ExternalUrl{row.origin, row.path})) << row.text;
  }
}

TEST(ExternalUrl, WhatNoLinkCouldBeginWithIsRefused) {
  for (const char* text : {"",
                           "mon.example.org",
                           "danewatch/",
                           "ftp://mon.example.org",
                           "https://",
                           "https:///x",
                           "https://user@mon.example",
                           "https://mon.example:0",
                           "https://mon.example:99999",
                           "https://mon.example:x",
                           "https://mon.example/?a",
                           "https://mon.example/#a",
                           "https://mon.example/a b",
                           "https://mon.example/a\nb",
                           "https://mon.example/%2e",
                           "https://mon.example/../a",
                           "https://mon.example/a/./b",
                           "//evil.example",
                           "/a//b",
                           "https://[::1",
                           "https://[x]",
                           "https://m\xc3\xbcller.example",
                           "/\"><script>",
                           "\"https://mon.example\""}) {
    EXPECT_FALSE(parse_external_url(text)) << text;
  }
}

// Whether the proxy takes the path away or passes it on.
TEST(ExternalUrl, ThePathOfTheUrlIsTakenAwayWhereItIs) {
  const ExternalUrl url{"https://mon.example.org", "/dane"};
  EXPECT_EQ(path_below(url, "/dane/metrics"), "/metrics");
  EXPECT_EQ(path_below(url, "/metrics"), "/metrics");
  EXPECT_EQ(path_below(url, "/dane/"), "/");
  EXPECT_EQ(path_below(url, "/dane"), "") << "links of the page would lead beside it";
  EXPECT_EQ(path_below(url, "/danewatch"), "/danewatch");
  EXPECT_EQ(path_below(url, "/dane/dane/x"), "/dane/x") << "once";
  EXPECT_EQ(path_below({}, "/dane/x"), "/dane/x");
}

}  // namespace
}  // namespace danewatch
