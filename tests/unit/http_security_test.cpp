#include "exporters/http_security.hpp"

#include <crypt.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <list>
#include <map>
#include <optional>

namespace danewatch {
namespace {

namespace asio = boost::asio;
using Access = HttpSecurity::Access;

std::string hash(const std::string& password, const std::string& cost) {
  const auto data = std::make_unique<crypt_data>();
  const std::string setting = "$2b$" + cost + "$abcdefghijklmnopqrstuu";
  return crypt_r(password.c_str(), setting.c_str(), data.get());
}

// Slow enough that no check ends while the test only looks at what is there already.
std::string slow_hash(const std::string& password) {
  return hash(password, "11");
}

std::string basic(const std::string& user, const std::string& password) {
  const std::string text = user + ":" + password;
  std::vector<unsigned char> encoded(text.size() * 2 + 4);
  EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  return std::string("Basic ") + reinterpret_cast<const char*>(encoded.data());
}

// A web configuration in memory: `load` gives what is set, `stamp` is what the test says it is.
class HttpSecurityTest : public testing::Test {
 protected:
  using Result = std::optional<Access>;

  void SetUp() override {
    file.users["alice"] = slow_hash("secret");
    WebConfigSource source;
    source.load = [this] {
      ++loads;
      return file;
    };
    source.stamp = [this](const WebConfig& config) {
      return stamp + (config.tls ? stamps_of_files[config.tls->cert_file] : "");
    };
    source.complain = [this](const std::string& error) { complaints.push_back(error); };
    security = make_security(std::move(source));
  }

  // Nothing runs yet: all that are asked together are looked at before any of them is answered.
  Result& ask(const std::string& password, const std::string& client) {
    Result& result = results.emplace_back();
    auto task = security->check(basic("alice", password), client);
    asio::co_spawn(io, std::move(task), [&](const std::exception_ptr&, Access access) { result = access; });
    return result;
  }
  // What is known at once; an answer that takes bcrypt comes with finish().
  Result& begin(const std::string& password, const std::string& client) {
    Result& result = ask(password, client);
    io.poll();
    io.restart();
    return result;
  }
  std::ptrdiff_t busy() const { return std::ranges::count(results, Result(Access::busy)); }
  void finish() {
    io.run();
    io.restart();
  }

  WebConfig file;
  std::string stamp = "1";
  std::map<std::string, std::string> stamps_of_files;
  int loads = 0;
  std::vector<std::string> complaints;
  std::list<Result> results;
  std::shared_ptr<HttpSecurity> security;
  asio::io_context io{1};
};

TEST_F(HttpSecurityTest, AGuesserDoesNotKeepOthersOut) {
  for (int i = 0; i < 100; ++i) ask(std::to_string(i), "192.0.2.1");
  const Result& other = ask("secret", "192.0.2.2");
  const Result& local = ask("secret", "");
  finish();
  EXPECT_EQ(busy(), 98);
  EXPECT_EQ(other, Access::granted);
  EXPECT_EQ(local, Access::granted);
  const Result& again = ask("again", "192.0.2.1");
  finish();
  EXPECT_EQ(again, Access::denied) << "the places are free again";
}

TEST_F(HttpSecurityTest, ANetworkOfIpv6IsOneClientAndMappedAddressesAreMany) {
  ask("1", "[2001:db8::1]");
  ask("2", "[2001:db8::2]");
  const Result& third = ask("3", "[2001:db8::3]");
  ask("4", "[2001:db8:0:1::3]");
  for (const auto* client : {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.2]", "[::ffff:192.0.2.3]"}) ask("5", client);
  finish();
  EXPECT_EQ(third, Access::busy);
  EXPECT_EQ(busy(), 1);
}

TEST_F(HttpSecurityTest, AllTogetherAreBounded) {
  file.users["alice"] = hash("secret", "04");
  stamp = "2";
  for (int i = 0; i < 100; ++i) ask("guess", "10.0.0." + std::to_string(i));
  finish();
  EXPECT_EQ(busy(), 36);
}

TEST_F(HttpSecurityTest, WhoIsKnownStaysKnownUnlessTheUsersChange) {
  begin("secret", "192.0.2.1");
  finish();
  stamp = "2";  // something else of the configuration did
  file.headers.emplace_back("X-Frame-Options", "deny");
  EXPECT_EQ(begin("secret", "192.0.2.1"), Access::granted);
  EXPECT_EQ(security->headers().size(), 1U);
  stamp = "3";
  file.users["alice"] = slow_hash("changed");
  EXPECT_EQ(begin("secret", "192.0.2.1"), std::nullopt);
  finish();
  EXPECT_EQ(results.back(), Access::denied);
}

TEST_F(HttpSecurityTest, FilesThatComeLaterAreSeen) {
  stamp = "2";
  file.tls.emplace().cert_file = "/nonexistent/new.pem";
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(loads, 2) << "at the start, and once for the change";
  EXPECT_EQ(complaints.size(), 1U);
  stamps_of_files["/nonexistent/new.pem"] = "it is there";
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(loads, 3) << "its files changed";
  file.tls.reset();
  stamp = "3";
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(complaints.size(), 2U) << "the last one was right";
}

}  // namespace
}  // namespace danewatch
