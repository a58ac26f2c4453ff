#include "probe/openssl/dialer.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "probe/openssl/dialer_connection.hpp"
#include "probe/openssl/dialer_context.hpp"
#include "probe/openssl/dialer_name.hpp"

namespace danewatch {
namespace asio = boost::asio;

class OpensslDialer::Impl {
 public:
  Impl(asio::any_io_executor executor, DialerOptions options)
      : executor_(std::move(executor)), options_(std::move(options)), context_(make_client_context()) {
    if (options_.helo.empty()) options_.helo = public_host_name();
  }

  asio::awaitable<TlsEvidence> observe(Endpoint endpoint, Families offer, Deadline deadline);

 private:
  asio::any_io_executor executor_;
  DialerOptions options_;
  SslCtxPtr context_;
};

namespace {

TlsEvidence not_run(const Endpoint& endpoint) {
  TlsEvidence evidence;
  evidence.address = endpoint.address;
  evidence.port = endpoint.port;
  evidence.error = "the time of the run was up";
  return evidence;
}

// Runs both until the first ends; then the other one is cancelled and waited for. What the other one throws then is
// its cancellation: a coroutine that had not even begun can only end that way.
asio::awaitable<void> run_until_one_ends(asio::any_io_executor executor, asio::awaitable<void> left,
                                         asio::awaitable<void> right) {
  auto group = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(left), asio::deferred),
                                                       asio::co_spawn(executor, std::move(right), asio::deferred));
  auto one = asio::experimental::wait_for_one();
  auto [order, left_error, right_error] = co_await group.async_wait(one, asio::use_awaitable);
  const std::exception_ptr error = order[0] == 0 ? left_error : right_error;
  if (error) std::rethrow_exception(error);
}

}  // namespace

asio::awaitable<TlsEvidence> OpensslDialer::Impl::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  if (std::chrono::steady_clock::now() >= deadline) co_return not_run(endpoint);
  Connection connection(executor_, options_, context_.get(), std::move(endpoint), std::move(offer), deadline);
  if (!connection.open()) co_return connection.take_evidence();
  auto talk = connection.talk();
  auto watch = connection.watch();
  co_await run_until_one_ends(executor_, std::move(talk), std::move(watch));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return connection.take_evidence();
}

TimeLimits limits_of(const DialerOptions& options, std::chrono::milliseconds left) {
  if (!options.patient) return {options.connect_timeout, options.dialogue_timeout, options.handshake_timeout};
  constexpr std::chrono::milliseconds as_patient_as_senders = std::chrono::minutes(5);  // RFC 5321 4.5.3.2.1
  left = std::min(left, as_patient_as_senders);
  return {std::max(options.connect_timeout, left / 6), std::max(options.dialogue_timeout, left * 4 / 5),
          std::max(options.handshake_timeout, left / 6)};
}

OpensslDialer::OpensslDialer(asio::any_io_executor executor, DialerOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), std::move(options))) {}

OpensslDialer::~OpensslDialer() = default;

asio::awaitable<TlsEvidence> OpensslDialer::observe(Endpoint endpoint, Families offer, Deadline deadline) {
  return impl_->observe(std::move(endpoint), std::move(offer), deadline);
}

}  // namespace danewatch
