#include "probe/observe/connection_gate.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace danewatch {
namespace asio = boost::asio;

// Lives in the frame of the coroutine that waits, so that it leaves the queue however that ends.
struct AddressGate::Waiter {
  Waiter(std::shared_ptr<Queues> q, Address a, asio::steady_timer t)
      : queues(std::move(q)), address(a), timer(std::move(t)) {
    queues->waiting[address].push_back(this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (granted && !taken) {
      queues->leave(address);
    } else if (!granted) {
      std::erase(queues->waiting[address], this);
    }
  }

  std::shared_ptr<Queues> queues;
  Address address;
  asio::steady_timer timer;
  bool granted = false;
  bool taken = false;
};

void AddressGate::Queues::leave(const Address& address) {
  const auto entry = waiting.find(address);
  if (entry == waiting.end()) return;
  if (entry->second.empty()) {
    waiting.erase(entry);
    return;
  }
  Waiter* next = entry->second.front();
  entry->second.pop_front();
  next->granted = true;
  next->timer.cancel();
}

AddressGate::AddressGate() : queues_(std::make_shared<Queues>()) {}
AddressGate::~AddressGate() = default;

asio::awaitable<std::optional<AddressGate::Permit>> AddressGate::enter(Address address, Deadline deadline) {
  const auto [entry, is_free] = queues_->waiting.try_emplace(address);
  if (is_free) co_return Permit(queues_, address);
  const auto executor = co_await asio::this_coro::executor;
  Waiter waiter(queues_, address, asio::steady_timer(executor, deadline));
  boost::system::error_code why;
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, why));
  if (!waiter.granted) co_return std::nullopt;
  waiter.taken = true;
  co_return Permit(queues_, address);
}

std::size_t AddressGate::addresses_in_use() const {
  return queues_->waiting.size();
}

AddressGate::Permit::Permit(std::weak_ptr<Queues> queues, Address address)
    : queues_(std::move(queues)), address_(address) {}

AddressGate::Permit::Permit(Permit&& other) noexcept
    : queues_(std::exchange(other.queues_, {})), address_(other.address_) {}

AddressGate::Permit::~Permit() {
  if (const auto queues = queues_.lock()) queues->leave(address_);
}

}  // namespace danewatch
