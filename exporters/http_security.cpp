#include "exporters/http_security.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "exporters/http_passwords.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

class WebSecurity final : public HttpSecurity {
 public:
  explicit WebSecurity(WebConfigSource source) : source_(std::move(source)) {
    WebConfig config = source_.load();
    stamp_ = source_.stamp(config);
    adopt(std::move(config));
  }

  std::shared_ptr<asio::ssl::context> tls() override {
    refresh();
    return tls_;
  }

  asio::awaitable<Access> check(std::string authorization) override {
    constexpr std::size_t most_pending = 16;
    refresh();
    if (config_.users.empty()) co_return Access::granted;
    const auto credentials = parse_basic(authorization);
    if (!credentials) co_return Access::denied;
    const auto known = known_.look_up(*credentials);
    if (known) co_return *known ? Access::granted : Access::denied;
    if (pending_ >= most_pending) co_return Access::busy;
    ++pending_;
    const auto generation = generation_;
    auto task = verify(*credentials, hash_of(*credentials));
    const bool good = co_await asio::co_spawn(slow_, std::move(task), asio::use_awaitable);
    --pending_;
    if (generation == generation_) known_.remember(*credentials, good);
    co_return good ? Access::granted : Access::denied;
  }

  std::vector<std::pair<std::string, std::string>> headers() const override { return config_.headers; }

 private:
  static asio::awaitable<bool> verify(Credentials credentials, HashToCheck hash) {
    co_return is_password(credentials.password, hash.hash) && hash.user_exists;
  }

  // A name nobody has takes as long as a wrong password: the time tells nothing.
  HashToCheck hash_of(const Credentials& credentials) const {
    const auto user = config_.users.find(credentials.user);
    if (user != config_.users.end()) return {user->second, true};
    return {config_.users.begin()->second, false};
  }

  void refresh() {
    const std::string seen = source_.stamp(config_);
    if (seen == stamp_) return;
    stamp_ = seen;
    try {
      WebConfig config = source_.load();
      adopt(std::move(config));
      stamp_ = source_.stamp(config_);
    } catch (const std::exception& error) {
      source_.complain(error.what());
    }
  }

  void adopt(WebConfig config) {
    auto tls = config.tls ? make_tls_context(*config.tls) : nullptr;
    tls_ = std::move(tls);
    config_ = std::move(config);
    known_.clear();
    ++generation_;
  }

  WebConfigSource source_;
  WebConfig config_;
  std::string stamp_;
  std::shared_ptr<asio::ssl::context> tls_;
  KnownCredentials known_;
  std::size_t pending_ = 0;
  std::size_t generation_ = 0;
  asio::thread_pool slow_{1};  // one password takes 50 ms of CPU; last, so that it ends before what it uses
};

}  // namespace

std::shared_ptr<HttpSecurity> make_security(WebConfigSource source) {
  return std::make_shared<WebSecurity>(std::move(source));
}

}  // namespace danewatch
