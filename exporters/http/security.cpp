#include "exporters/http/security.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <optional>

#include "exporters/http/passwords.hpp"
#include "resolver/run_on.hpp"

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
  explicit WebSecurity(WebConfigSource source) : source_(std::move(source)), stillness_(source_.settle) {
    const std::string before = source_.look(WebConfig{}).stamp;
    WebConfig config = source_.load();
    if (source_.look(WebConfig{}).stamp == before) judged_ = source_.look(config).stamp;  // or it is read again soon
    auto tls = tls_of(config);
    adopt(std::move(config), std::move(tls));
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
    const bool good = co_await run_on(slow_.get_executor(), std::move(task));
    if (generation == generation_) known_.remember(*credentials, good);
    co_return good ? Access::granted : Access::denied;
  }

  std::vector<std::pair<std::string, std::string>> headers() const override { return config_.headers; }

  void watch_reloads(std::function<void(bool)> watcher) override {
    watcher_ = std::move(watcher);
    watcher_(complaint_.empty());
  }

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

  static std::shared_ptr<asio::ssl::context> tls_of(const WebConfig& config) {
    return config.tls ? make_tls_context(*config.tls) : nullptr;
  }

  // The files that a rejected configuration names may come to be right, or to be there at all, later.
  FileLook look() const { return rejected_ ? source_.look(config_) + source_.look(*rejected_) : source_.look(config_); }

  // Whoever asks while a file is being written is judged by what stood there before.
  void refresh() {
    const FileLook seen = look();
    const auto now = source_.now();
    if (seen.stamp == judged_) stillness_.forget();
    const bool again = !complaint_.empty() && now >= retry_at_;  // what went wrong may have been ours
    if (seen.stamp == judged_ ? again : stillness_.stands(seen, now)) read_again(seen.stamp, now);
  }

  // All of it or nothing, and nothing if a file changed meanwhile: then it is looked at anew.
  void read_again(const std::string& seen, Stillness::Time now) {
    constexpr std::chrono::seconds pause{10};
    const std::string old = source_.look(config_).stamp;
    std::optional<WebConfig> next;
    std::string stamp = old;
    std::string error;
    std::shared_ptr<asio::ssl::context> tls;
    try {
      next = source_.load();
      stamp = source_.look(*next).stamp;
      error = why_not_while_running(config_, *next).value_or("");
      if (error.empty()) tls = tls_of(*next);
    } catch (const std::exception& failure) {
      error = failure.what();
    }
    stillness_.forget();
    if (look().stamp != seen || (next && source_.look(*next).stamp != stamp)) return;
    retry_at_ = now + pause;
    if (!error.empty()) return reject(std::move(next), old, stamp, error);
    judged_ = stamp;
    rejected_.reset();
    adopt(std::move(*next), std::move(tls));
    complaint_.clear();
    source_.taken();
    if (watcher_) watcher_(true);
  }

  void reject(std::optional<WebConfig> next, const std::string& old, const std::string& stamp,
              const std::string& error) {
    rejected_ = std::move(next);
    judged_ = rejected_ ? (FileLook{old, {}} + FileLook{stamp, {}}).stamp : old;
    if (complaint_ != error) source_.complain(error);
    complaint_ = error;
    if (watcher_) watcher_(false);
  }

  void adopt(WebConfig config, std::shared_ptr<asio::ssl::context> tls) {
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
  std::string judged_;                 // the stamp of what is in force, and of what was rejected
  std::string complaint_;              // about what was rejected
  Stillness stillness_;
  Stillness::Time retry_at_;
  std::function<void(bool)> watcher_;
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
