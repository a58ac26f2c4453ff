#include "exporters/http/security.hpp"

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
    security = make_security(source());
  }

  WebConfigSource source() {
    WebConfigSource source;
    source.load = [this] {
      ++loads;
      if (on_load) on_load();
      if (!unreadable.empty()) throw std::runtime_error(unreadable);
      return file;
    };
    source.look = [this](const WebConfig& config) {
      return FileLook{stamp + (config.tls ? stamps_of_files[config.tls->cert_file] : ""), age};
    };
    source.complain = [this](const std::string& error) { complaints.push_back(error); };
    source.taken = [this] { ++taken; };
    source.now = [this] { return now; };
    source.settle = settle;
    return source;
  }

  // The file is another one from now on, and nobody touches it until it counts as standing still.
  void settle_with(const std::string& new_stamp) {
    stamp = new_stamp;
    static_cast<void>(security->tls());
    now += settle;
  }
  bool is_open() {
    const Result& access = ask("wrong", "192.0.2.1");
    finish();
    return access == Access::granted;
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

  static constexpr std::chrono::milliseconds settle{500};
  WebConfig file;
  std::string unreadable;  // why
  std::string stamp = "1";
  std::optional<std::chrono::nanoseconds> age;
  Stillness::Time now;
  std::function<void()> on_load;
  int taken = 0;
  std::map<std::string, std::string> stamps_of_files;
  int loads = 0;
  std::vector<std::string> complaints;
  std::list<Result> results;
  asio::io_context io{1};
  std::shared_ptr<HttpSecurity> security;  // its thread answers to the loop until it ends: it goes first
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
  settle_with("2");
  for (int i = 0; i < 100; ++i) ask("guess", "10.0.0." + std::to_string(i));
  finish();
  EXPECT_EQ(busy(), 36);
}

TEST_F(HttpSecurityTest, WhoIsKnownStaysKnownUnlessTheUsersChange) {
  begin("secret", "192.0.2.1");
  finish();
  settle_with("2");  // something else of the configuration did
  file.headers.emplace_back("X-Frame-Options", "deny");
  EXPECT_EQ(begin("secret", "192.0.2.1"), Access::granted);
  EXPECT_EQ(security->headers().size(), 1U);
  settle_with("3");
  file.users["alice"] = slow_hash("changed");
  EXPECT_EQ(begin("secret", "192.0.2.1"), std::nullopt);
  finish();
  EXPECT_EQ(results.back(), Access::denied);
}

TEST_F(HttpSecurityTest, FilesThatComeLaterAreSeen) {
  file.tls.emplace().cert_file = "/nonexistent/new.pem";
  settle_with("2");
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(loads, 2) << "at the start, and once for the change";
  EXPECT_EQ(complaints.size(), 1U);
  stamps_of_files["/nonexistent/new.pem"] = "it is there";
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(loads, 2) << "its files changed, and have to stand still first";
  now += settle;
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(loads, 3);
  file.tls.reset();
  settle_with("3");
  EXPECT_EQ(security->tls(), nullptr);
  EXPECT_EQ(complaints.size(), 1U) << "the last one was right, and the one before was wrong in the same way";
  EXPECT_EQ(taken, 1);
}

TEST_F(HttpSecurityTest, AnEmptyFileOpensNothingHoweverLongItStands) {
  bool good = false;
  security->watch_reloads([&](bool now_good) { good = now_good; });
  EXPECT_TRUE(good);
  const WebConfig full = file;
  file = WebConfig{};
  stamp = "2";
  EXPECT_FALSE(is_open()) << "not looked at yet";
  now += settle;
  EXPECT_FALSE(is_open());
  EXPECT_FALSE(good);
  ASSERT_EQ(complaints.size(), 1U);
  EXPECT_EQ(complaints[0], "it has no basic_auth_users any more; restart danewatch to serve without users");
  for (int hour = 0; hour < 3; ++hour) {
    now += std::chrono::hours(1);
    EXPECT_FALSE(is_open());
  }
  EXPECT_EQ(complaints.size(), 1U) << "said once";
  file = full;
  settle_with("3");
  EXPECT_FALSE(is_open());
  EXPECT_TRUE(good);
  EXPECT_EQ(taken, 1);
}

TEST_F(HttpSecurityTest, WhatIsBeingWrittenIsNotRead) {
  for (int write = 0; write < 10; ++write) {
    stamp = "written " + std::to_string(write);
    static_cast<void>(security->tls());
    now += settle / 2;
    static_cast<void>(security->tls());
    now += settle / 4;
  }
  EXPECT_EQ(loads, 1);
  now += settle;
  static_cast<void>(security->tls());
  EXPECT_EQ(loads, 2);
}

TEST_F(HttpSecurityTest, AnOldChangeIsReadAtTheFirstLook) {
  file.users["alice"] = slow_hash("changed");
  stamp = "2";
  age = settle;
  begin("secret", "192.0.2.1");
  EXPECT_EQ(loads, 2);
  finish();
  EXPECT_EQ(results.back(), Access::denied) << "who was removed an hour ago does not get in once more";
}

TEST_F(HttpSecurityTest, WhatChangesWhileItIsReadIsReadAgain) {
  file.users["alice"] = slow_hash("changed");
  const WebConfig whole = file;
  file.users["mallory"] = slow_hash("half of a file");
  settle_with("2");
  on_load = [this] { stamp = "3"; };
  static_cast<void>(security->tls());
  EXPECT_EQ(loads, 2);
  EXPECT_EQ(taken, 0);
  EXPECT_TRUE(complaints.empty());
  on_load = nullptr;
  file = whole;
  settle_with("3");
  static_cast<void>(security->tls());
  EXPECT_EQ(loads, 3);
  EXPECT_EQ(taken, 1);
}

TEST_F(HttpSecurityTest, WhatChangesWhileItIsReadAtTheStartIsReadAgain) {
  on_load = [this] { stamp = "2"; };
  security = make_security(source());
  on_load = nullptr;
  static_cast<void>(security->tls());
  now += settle;
  static_cast<void>(security->tls());
  EXPECT_EQ(taken, 1);
}

TEST_F(HttpSecurityTest, AFileThatCouldNotBeReadForWantOfSomethingIsTriedAgain) {
  unreadable = "no free descriptor";
  file.users["alice"] = slow_hash("changed");
  settle_with("2");
  EXPECT_FALSE(is_open());
  EXPECT_EQ(complaints, std::vector<std::string>{unreadable});
  now += std::chrono::seconds(11);
  EXPECT_FALSE(is_open());
  EXPECT_EQ(complaints.size(), 1U);
  unreadable.clear();
  now += std::chrono::seconds(11);
  EXPECT_FALSE(is_open());
  EXPECT_EQ(taken, 1);
}

struct Change {
  const char* what;
  WebConfig now, next;
  const char* why;  // or null
};

WebConfig web(std::optional<ClientAuth> auth, const std::vector<std::string>& users) {
  WebConfig config;
  if (auth) config.tls.emplace().client_auth = *auth;
  for (const auto& user : users) config.users[user] = "hash";
  return config;
}

TEST(WhileRunning, NothingOpensWhatIsClosed) {
  using enum ClientAuth;
  const auto* const users = "no basic_auth_users any more; restart danewatch to serve without users";
  const auto* const tls = "no tls_server_config any more; restart danewatch to serve without TLS";
  const auto* const certificates = "client_auth_type demands less";
  const std::vector<Change> changes{
      {"empty", web(none, {"a"}), {}, tls},
      {"users alone, emptied", web({}, {"a"}), {}, users},
      {"cut behind TLS", web(none, {"a"}), web(none, {}), users},
      {"cut behind users", web(none, {"a"}), web({}, {"a"}), tls},
      {"users instead of TLS", web(none, {}), web({}, {"a"}), tls},
      {"TLS instead of users", web({}, {"a"}), web(require_and_verify, {}), users},
      {"cut before client_auth_type", web(require_and_verify, {}), web(none, {}), certificates},
      {"any certificate", web(require_and_verify, {}), web(require_any, {}), certificates},
      {"no certificate needed", web(require_any, {}), web(verify_if_given, {}), certificates},
      {"less asked, nothing demanded", web(verify_if_given, {}), web(none, {}), nullptr},
      {"a user less", web({}, {"a", "b"}), web({}, {"b"}), nullptr},
      {"other users", web({}, {"a"}), web({}, {"b"}), nullptr},
      {"the first TLS", web({}, {"a"}), web(require_any, {"a"}), nullptr},
      {"the first users", {}, web({}, {"a"}), nullptr},
      {"nothing ever", {}, {}, nullptr}};
  for (const auto& change : changes) {
    const auto why = why_not_while_running(change.now, change.next);
    EXPECT_EQ(why.has_value(), change.why != nullptr) << change.what;
    if (why && change.why) {
      EXPECT_NE(why->find(change.why), std::string::npos) << change.what << ": " << *why;
    }
  }
}

}  // namespace
}  // namespace danewatch
