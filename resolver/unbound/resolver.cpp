#include "resolver/unbound/resolver.hpp"

#include <unbound.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <set>
#include <unordered_set>
#include <utility>

#include "resolver/unbound/answer.hpp"
#include "resolver/unbound/context.hpp"
#include "resolver/unbound/freshness.hpp"
#include "resolver/unbound/trust_anchor.hpp"

namespace danewatch {
namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using UbResult = Handle<ub_result, ub_resolve_free>;

// More would only wait inside libunbound, whose timers take the wait for a slow server and ask again: with thousands in
// it, a third more signatures were checked and twice as many packets sent for the same answers (measured).
constexpr std::size_t most_in_flight = 512;

// Questions and answers pass between the executor's thread and libunbound's own through libunbound's pipe. Its
// readability wakes us up; we wait for it only while questions are in flight, so an idle resolver keeps no io_context
// running.
class UnboundResolver::Impl {
 public:
  Impl(asio::any_io_executor executor, const ResolverOptions& options);
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  asio::awaitable<Answer> lookup(Question question, Deadline deadline);
  const std::string& trust_anchor() const { return anchor_.source; }
  bool is_idle() const { return pending_.empty(); }

 private:
  class Pending;
  struct Wake;

  static void on_answer(void* pending, int error, ub_result* result);
  asio::awaitable<Told> ask(Question question, Deadline deadline);
  void let_in();
  void send(Pending& pending);
  void forget(Pending& pending);
  void wait_for_pipe();
  void read_pipe(const error_code& error);
  void settle_all(int error);

  TrustAnchor anchor_;
  asio::any_io_executor executor_;
  UbContext context_;
  std::uint32_t ttl_cap_;
  std::optional<SysTime> at_;
  bool keep_;
  std::chrono::milliseconds question_timeout_;
  asio::posix::stream_descriptor pipe_;
  std::unordered_set<Pending*> pending_;
  std::set<std::pair<Deadline, Pending*>> queue_;  // of those, not asked yet; the run that ends first is served first
  std::size_t in_flight_ = 0;                      // of those, asked and without an answer yet
  Wake* wake_ = nullptr;                           // the wait for the pipe, if there is one
};

// One question. Lives in the coroutine that waits for the answer, and is withdrawn however that one ends; the timer is
// the deadline, later the question's own if that is sooner, and the bell.
class UnboundResolver::Impl::Pending {
 public:
  Pending(Impl& impl, Question what, Deadline until)
      : owner(&impl), question(std::move(what)), deadline(until), timer(impl.executor_, until) {
    impl.pending_.insert(this);
    impl.queue_.emplace(deadline, this);
  }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;
  ~Pending() {
    if (owner) owner->forget(*this);
  }

  void settle(int why, UbResult what) {
    settled = true;
    error = why;
    result = std::move(what);
    timer.cancel();
  }

  Impl* owner;  // null once the resolver is gone
  Question question;
  Deadline deadline;
  int id = 0;
  bool settled = false;
  int error = UB_NOERROR;
  UbResult result;
  asio::steady_timer timer;
};

// Ties a wait that the executor holds to an Impl that may go first.
struct UnboundResolver::Impl::Wake {
  explicit Wake(Impl* impl) : owner(impl) {}
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  ~Wake() {
    if (owner) owner->wake_ = nullptr;
  }

  Impl* owner;
};

UnboundResolver::Impl::Impl(asio::any_io_executor executor, const ResolverOptions& options)
    : anchor_(find_trust_anchor(options.trust_anchor)),
      executor_(std::move(executor)),
      context_(make_unbound_context(options, anchor_)),
      ttl_cap_(cache_max_ttl(context_.get())),
      at_(options.at),
      keep_(options.keep_messages),
      question_timeout_(options.question_timeout),
      pipe_(executor_, ub_fd(context_.get())) {}

UnboundResolver::Impl::~Impl() {
  settle_all(UB_PIPE);
  for (auto* pending : pending_) pending->owner = nullptr;
  if (wake_) wake_->owner = nullptr;
  pipe_.release();  // the descriptor is libunbound's
}

void UnboundResolver::Impl::on_answer(void* pending, int error, ub_result* result) {
  auto& question = *static_cast<Pending*>(pending);
  auto& owner = *question.owner;
  --owner.in_flight_;
  question.settle(error, UbResult(result));
  owner.let_in();
}

void UnboundResolver::Impl::let_in() {
  while (in_flight_ < most_in_flight && !queue_.empty()) {
    Pending& first = *queue_.begin()->second;
    queue_.erase(queue_.begin());
    send(first);
  }
}

void UnboundResolver::Impl::send(Pending& pending) {
  const auto& question = pending.question;
  const auto name = question.name == "." ? question.name : question.name + ".";
  pending.timer.expires_at(std::min(pending.deadline, Clock::now() + question_timeout_));
  const int error = ub_resolve_async(context_.get(), name.c_str(), static_cast<int>(question.type), 1, &pending,
                                     &Impl::on_answer, &pending.id);
  if (error != UB_NOERROR) return pending.settle(error, nullptr);
  ++in_flight_;
  wait_for_pipe();
}

void UnboundResolver::Impl::forget(Pending& pending) {
  pending_.erase(&pending);
  if (pending.settled || queue_.erase({pending.deadline, &pending}) != 0) return;
  ub_cancel(context_.get(), pending.id);
  --in_flight_;
  let_in();
  if (in_flight_ == 0) pipe_.cancel();
}

void UnboundResolver::Impl::wait_for_pipe() {
  if (wake_ || in_flight_ == 0) return;
  auto wake = std::make_unique<Wake>(this);
  wake_ = wake.get();
  pipe_.async_wait(asio::posix::stream_descriptor::wait_read, [wake = std::move(wake)](const error_code& error) {
    if (wake->owner) wake->owner->read_pipe(error);
  });
}

void UnboundResolver::Impl::read_pipe(const error_code& error) {
  wake_->owner = nullptr;
  wake_ = nullptr;
  if (error && error != asio::error::operation_aborted) settle_all(UB_PIPE);
  if (!error) {
    if (const int broken = ub_process(context_.get())) settle_all(broken);
  }
  wait_for_pipe();
}

void UnboundResolver::Impl::settle_all(int error) {
  for (auto* pending : pending_) {
    if (pending->settled) continue;
    if (queue_.erase({pending->deadline, pending}) == 0) ub_cancel(context_.get(), pending->id);
    pending->settle(error, nullptr);
  }
  in_flight_ = 0;
}

asio::awaitable<Told> UnboundResolver::Impl::ask(Question question, Deadline deadline) {
  Reading reading{{}, ttl_cap_, keep_};
  const auto at = at_;
  Pending pending(*this, std::move(question), deadline);
  let_in();
  while (!pending.settled && Clock::now() < pending.timer.expiry()) {
    auto token = asio::as_tuple(asio::use_awaitable);
    co_await pending.timer.async_wait(token);  // also ends when the limit is moved; throws once the caller is cancelled
  }
  // From here on the resolver may be gone.
  Told told{failed_answer(pending.question, Failure::timeout), {}};
  if (pending.settled) {
    reading.now = at.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    told = answer_from_unbound(std::move(pending.question), pending.error, pending.result.get(), reading);
  }
  if (!pending.owner) told.made_from.reset();
  co_return told;
}

namespace {

constexpr int descriptors_to_begin = 24;  // pipes, event queues, sockets to listen nowhere

bool descriptors_left(int wanted) {
  std::vector<int> taken;
  for (int fd = ::dup(STDOUT_FILENO); fd >= 0; fd = ::dup(STDOUT_FILENO)) {
    taken.push_back(fd);
    if (static_cast<int>(taken.size()) == wanted) break;
  }
  for (const int fd : taken) ::close(fd);
  return static_cast<int>(taken.size()) == wanted;
}

}  // namespace

asio::awaitable<Answer> UnboundResolver::Impl::lookup(Question question, Deadline deadline) {
  if (deadline <= Clock::now()) co_return failed_answer(std::move(question), Failure::timeout);
  Told told = co_await ask(std::move(question), deadline);
  if (told.made_from && told.answer.status == Status::bogus) {
    Question behind{*told.made_from, RrType::dname};
    const Told proof = co_await ask(std::move(behind), deadline);
    adopt_proof(told.answer, proof.answer);
  }
  co_return std::move(told.answer);
}

UnboundResolver::UnboundResolver(asio::any_io_executor executor, const ResolverOptions& options, WallClock wall)
    : executor_(std::move(executor)),
      options_(options),
      impl_(std::make_unique<Impl>(executor_, options)),
      wall_(std::move(wall)),
      freshness_(std::make_shared<Freshness>()) {
  freshness_->begin(wall_(), Clock::now());
}

UnboundResolver::~UnboundResolver() = default;

asio::awaitable<Answer> UnboundResolver::lookup(Question question, Deadline deadline) {
  Impl& impl = fresh();
  const auto freshness = freshness_;  // the resolver may go first
  Answer answer = co_await impl.lookup(std::move(question), deadline);
  freshness->note(answer);
  co_return answer;
}

UnboundResolver::Impl& UnboundResolver::fresh() {
  std::erase_if(retired_, [](const auto& impl) { return impl->is_idle(); });
  const auto now = Clock::now();
  if (freshness_->must_renew(wall_(), now)) renew(now);
  return *impl_;
}

// Questions under way end with the old one. Where a new one cannot be had now, the old one is better than none; and
// libunbound would end the process where it gets no descriptor.
void UnboundResolver::renew(Clock::time_point now) {
  freshness_->postpone(now);
  if (!descriptors_left(descriptors_to_begin)) return;
  try {
    auto next = std::make_unique<Impl>(executor_, options_);
    retired_.push_back(std::exchange(impl_, std::move(next)));
    if (plain_) retired_.push_back(std::move(plain_));
    freshness_->begin(wall_(), now);
  } catch (const std::runtime_error&) {
    return;
  }
}

asio::awaitable<Answer> UnboundResolver::lookup_unvalidated(Question question, Deadline deadline) {
  if (!plain_) {
    ResolverOptions options = options_;
    options.validate = false;
    plain_ = std::make_unique<Impl>(executor_, options);
  }
  return plain_->lookup(std::move(question), deadline);
}

const std::string& UnboundResolver::trust_anchor() const {
  return impl_->trust_anchor();
}

}  // namespace danewatch
