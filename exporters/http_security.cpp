#include "exporters/http_security.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <optional>

#include "exporters/http_passwords.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

// Who counts as one client: of IPv6 a network of 64 bits, as one machine has all of its addresses.
std::string client_group(const std::string& client) {
  constexpr std::size_t network_octets = 8;
  if (!client.starts_with('[') || !client.ends_with(']')) return client;
  boost::system::error_code error;
  const auto address = asio::ip::make_address_v6(client.substr(1, client.size() - 2), error);
  if (error || address.is_v4_mapped()) return client;
  auto octets = address.to_bytes();
  std::fill(octets.begin() + network_octets, octets.end(), std::uint8_t{0});
  return asio::ip::address_v6(octets).to_string();
}

// Places in the queue of passwords to check: few for one client, so that a guesser does not keep the others out.
class PasswordQueue {
 public:
  class Place {
   public:
    Place(PasswordQueue& queue, std::string client) : queue_(queue), client_(std::move(client)) {
      ++queue_.waiting_[client_];
      ++queue_.all_;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      --queue_.all_;
      const auto mine = queue_.waiting_.find(client_);
      if (--mine->second == 0) queue_.waiting_.erase(mine);
    }

   private:
    PasswordQueue& queue_;
    std::string client_;
  };

  bool has_room(const std::string& client) const {
    constexpr std::size_t most = 64;
    constexpr std::size_t most_of_one = 2;
    const auto mine = waiting_.find(client);
    return all_ < most && (mine == waiting_.end() || mine->second < most_of_one);
  }

 private:
  std::map<std::string, std::size_t> waiting_;
  std::size_t all_ = 0;
};

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

  asio::awaitable<Access> check(std::string authorization, std::string client) override {
    refresh();
    if (config_.users.empty()) co_return Access::granted;
    const auto credentials = parse_basic(authorization);
    if (!credentials) co_return Access::denied;
    const auto known = known_.look_up(*credentials);
    if (known) co_return *known ? Access::granted : Access::denied;
    client = client_group(client);
    if (!queue_.has_room(client)) co_return Access::busy;
    const PasswordQueue::Place place(queue_, client);
    const auto generation = generation_;
    auto task = verify(*credentials, hash_of(*credentials));
    const bool good = co_await asio::co_spawn(slow_, std::move(task), asio::use_awaitable);
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

  // The files that a rejected configuration names may come to be right, or to be there at all, later.
  std::string stamp_now() const { return source_.stamp(config_) + (rejected_ ? "|" + source_.stamp(*rejected_) : ""); }

  void refresh() {
    if (stamp_now() == stamp_) return;
    const std::string old = source_.stamp(config_);
    rejected_.reset();
    try {
      rejected_ = source_.load();
      stamp_ = source_.stamp(*rejected_);  // before its files are read: what changes after is seen the next time
      adopt(*rejected_);
      rejected_.reset();
    } catch (const std::exception& error) {
      stamp_ = old + (rejected_ ? "|" + stamp_ : "");
      source_.complain(error.what());
    }
  }

  void adopt(WebConfig config) {
    auto tls = config.tls ? make_tls_context(*config.tls) : nullptr;
    tls_ = std::move(tls);
    const bool same_users = config.users == config_.users;
    config_ = std::move(config);
    if (same_users) return;  // a renewed certificate is no reason to check every password anew
    known_.clear();
    ++generation_;
  }

  WebConfigSource source_;
  WebConfig config_;
  std::optional<WebConfig> rejected_;  // the latest, where it could be read
  std::string stamp_;
  std::shared_ptr<asio::ssl::context> tls_;
  KnownCredentials known_;
  PasswordQueue queue_;
  std::size_t generation_ = 0;
  asio::thread_pool slow_{1};  // one password takes 50 ms of CPU; last, so that it ends before what it uses
};

}  // namespace

std::shared_ptr<HttpSecurity> make_security(WebConfigSource source) {
  return std::make_shared<WebSecurity>(std::move(source));
}

}  // namespace danewatch
