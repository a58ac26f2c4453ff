#include "exporters/http/message.hpp"

#include <gtest/gtest.h>

#include "exporters/http/gzip.hpp"
#include "exporters/http/passwords.hpp"

namespace danewatch {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

TEST(RequestTarget, IsReadIntoPathAndParameters) {
  EXPECT_EQ(parse_request_target("/").value(), (RequestTarget{"/", {}}));
  EXPECT_EQ(parse_request_target("/probe?target=example.org&debug=true").value(),
            (RequestTarget{"/probe", Query{{"target", "example.org"}, {"debug", "true"}}}));
  EXPECT_EQ(parse_request_target("/targets/https%3A%2F%2Fa.example+b?x=a+b%2Bc&y").value(),
            (RequestTarget{"/targets/https://a.example+b", Query{{"x", "a b+c"}, {"y", ""}}}));
  EXPECT_EQ(parse_request_target("http://host:1/metrics?a=1#part").value(),
            (RequestTarget{"/metrics", Query{{"a", "1"}}}));
  EXPECT_EQ(parse_request_target("http://host").value(), (RequestTarget{"/", {}}));
}

TEST(RequestTarget, WhatIsMalformedIsAnError) {
  for (const auto* text : {"", "metrics", "*", "/%", "/%1", "/%zz", "/a?b=%x1", "/%00", "/a?%=1"}) {
    EXPECT_FALSE(parse_request_target(text)) << text;
  }
  std::string many = "/a?";
  for (int i = 0; i < 33; ++i) many += "x=1&";
  EXPECT_FALSE(parse_request_target(many));
}

TEST(RequestTarget, TheFirstParameterOfANameCounts) {
  HttpRequest request;
  request.query = {{"a", "1"}, {"a", "2"}};
  EXPECT_EQ(parameter(request, "a"), "1");
  EXPECT_EQ(parameter(request, "b"), std::nullopt);
}

TEST(Gzip, IsTakenFromTheHeader) {
  for (const auto* header : {"gzip", "deflate, gzip", "gzip;q=0.5", "br, gzip ;q=1"}) EXPECT_TRUE(accepts_gzip(header));
  for (const auto* header : {"", "deflate", "gzip;q=0", "gzip;q=0.000", "xgzip"}) EXPECT_FALSE(accepts_gzip(header));
}

TEST(Basic, HoldsUserAndPassword) {
  const auto credentials = parse_basic("Basic YWxpY2U6cGE6c3M=");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->user, "alice");
  EXPECT_EQ(credentials->password, "pa:ss");
  EXPECT_TRUE(parse_basic("basic YWxpY2U6cGE6c3M="));
  for (const auto* header :
       {"", "Basic", "Basic ", "Bearer YWxpY2U6cGE6c3M=", "Basic YWxpY2U", "Basic !!!!", "Basic YWJj"}) {
    EXPECT_FALSE(parse_basic(header)) << header;
  }
  EXPECT_FALSE(parse_basic("Basic " + std::string(4000, 'A')));
  EXPECT_FALSE(parse_basic("Basic ===="));
  EXPECT_FALSE(parse_basic("Basic YQ=a===="));
}

constexpr auto hash_of_u =
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";  // "U*U", a well-known vector

TEST(Bcrypt, TellsTheRightPassword) {
  EXPECT_TRUE(is_password("U*U", hash_of_u));
  EXPECT_FALSE(is_password("U*V", hash_of_u));
  EXPECT_FALSE(is_password("U*U", "no hash"));
  EXPECT_FALSE(is_password("U*U", ""));
}

TEST(Bcrypt, OnlyHashesOfABearableCostAreTaken) {
  EXPECT_TRUE(is_bcrypt_hash(hash_of_u));
  std::string costly = hash_of_u;
  costly.replace(4, 2, "31");
  for (const std::string& text : {costly, std::string("secret"), std::string(hash_of_u) + "x", std::string()}) {
    EXPECT_FALSE(is_bcrypt_hash(text)) << text;
  }
}

TEST(KnownCredentials, AreBoundedAndForgetBadOnesFirst) {
  KnownCredentials known;
  known.remember({"alice", "good"}, true);
  for (int i = 0; i < 5000; ++i) known.remember({"alice", std::to_string(i)}, false);
  EXPECT_EQ(known.look_up({"alice", "good"}), true);
  EXPECT_EQ(known.look_up({"alice", "4999"}), false);
  EXPECT_EQ(known.look_up({"alice", "0"}), std::nullopt);
  EXPECT_EQ(known.look_up({"aliceg", "ood"}), std::nullopt);
  known.clear();
  EXPECT_EQ(known.look_up({"alice", "good"}), std::nullopt);
}

// RFC 9112 6.1: what is not understood about a body makes the next request out of the rest of it.
TEST(Framing, WhatIsNotUnderstoodIsRefused) {
  const auto status = [](const Framing& framing) {
    const auto reply = framing_refusal(framing);
    return reply ? reply->status : 200;
  };
  EXPECT_EQ(status({11, {}, 1}), 200);
  EXPECT_EQ(status({11, {"chunked"}, 0}), 200);
  EXPECT_EQ(status({11, {"Chunked"}, 0}), 200);
  EXPECT_EQ(status({11, {"identity"}, 0}), 501);
  EXPECT_EQ(status({11, {"gzip, chunked"}, 0}), 501);
  EXPECT_EQ(status({11, {"chunked", "chunked"}, 0}), 501);
  EXPECT_EQ(status({10, {"chunked"}, 0}), 400);
  EXPECT_EQ(status({11, {}, 2}), 400);
}

TEST(Origin, OnlyAPageOfOursMayAskForAReload) {
  EXPECT_TRUE(is_own_origin("http://127.0.0.1:19115", "127.0.0.1:19115"));
  EXPECT_TRUE(is_own_origin("https://[::1]:19115", "[::1]:19115"));
  EXPECT_TRUE(is_own_origin("http://LOCALHOST", "localhost"));
  EXPECT_FALSE(is_own_origin("http://evil.example", "127.0.0.1:19115"));
  EXPECT_FALSE(is_own_origin("http://evil/://127.0.0.1", "127.0.0.1"));
  EXPECT_FALSE(is_own_origin("http://127.0.0.1:80", "127.0.0.1:19115"));
  EXPECT_FALSE(is_own_origin("http://evil.example:19115", "evil.example:19115"));  // DNS rebinding
  EXPECT_FALSE(is_own_origin("file://localhost", "localhost"));
  EXPECT_FALSE(is_own_origin("null", "localhost"));
}

TEST(Gzip, CodingsHaveNoCase) {
  EXPECT_TRUE(accepts_gzip("GZIP"));
  EXPECT_TRUE(accepts_gzip("deflate, Gzip;Q=0.5"));
  EXPECT_FALSE(accepts_gzip("GZIP;Q=0"));
  EXPECT_FALSE(accepts_gzip("deflate"));
}

}  // namespace
}  // namespace danewatch
