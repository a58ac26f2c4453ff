// Questions that end early: deadlines, cancellation, and a resolver that goes first.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <stdexcept>

#include "resolver/async.hpp"
#include "resolver/unbound/resolver.hpp"
#include "tests/support/ask.hpp"
#include "tests/support/signed_world.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;
using namespace std::chrono_literals;

// A name server that never answers: an open port nobody reads from.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof any;
    auto* address = reinterpret_cast<sockaddr*>(&any);
    if (::bind(socket_, address, size) != 0 || ::getsockname(socket_, address, &size) != 0) {
      throw std::runtime_error("no loopback port");
    }
    port_ = ntohs(any.sin_port);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() { ::close(socket_); }

  // Reads questions until one holds one of the words; "" after a long time without any.
  std::string first_of(const std::vector<std::string>& words) const {
    const timeval patience{30, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::array<char, 512> packet{};
    for (ssize_t got = 0; (got = ::recv(socket_, packet.data(), packet.size(), 0)) > 0;) {
      const std::string_view question(packet.data(), static_cast<std::size_t>(got));
      for (const auto& word : words) {
        if (question.find(word) != std::string_view::npos) return word;
      }
    }
    return {};
  }

  std::string address() const { return fmt::format("127.0.0.1@{}", port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

class UnboundLifetime : public ::testing::Test {
 protected:
  // Everything is asked of the silent server.
  std::unique_ptr<UnboundResolver> silent() {
    ResolverOptions options;
    options.forwarders = {server.address()};
    return std::make_unique<UnboundResolver>(io.get_executor(), options);
  }

  // Questions without end; what became of them lands in `answers`.
  void ask_for_ever(UnboundResolver& resolver, int count, std::vector<Answer>& answers) {
    for (int i = 0; i < count; ++i) {
      Question question{fmt::format("host{}.example", i), RrType::a};
      asio::co_spawn(io, resolver.lookup(std::move(question), Deadline::max()),
                     [&answers](const std::exception_ptr& error, Answer answer) {
                       if (!error) answers.push_back(std::move(answer));
                     });
    }
    io.poll();
  }

  SilentServer server;
  asio::io_context io;
};

TEST_F(UnboundLifetime, ADeadlineInThePastIsATimeoutAtOnce) {
  const auto resolver = silent();
  const auto answer = ask(io, *resolver, {"example.org", RrType::mx}, -1ms);
  EXPECT_EQ(answer.status, Status::failed);
  EXPECT_EQ(answer.failure, Failure::timeout);
  EXPECT_EQ(answer.rcode, std::nullopt);
  EXPECT_EQ(answer.canonical_name, "example.org");
  EXPECT_EQ(answer.question, (Question{"example.org", RrType::mx}));
}

TEST_F(UnboundLifetime, ASilentServerIsATimeoutAtTheDeadline) {
  const auto resolver = silent();
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = ask(io, *resolver, {"example.org", RrType::mx}, 20ms);
    EXPECT_EQ(answer.failure, Failure::timeout);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
  }
}

TEST_F(UnboundLifetime, CancellingTheCallerEndsTheQuestion) {
  const auto resolver = silent();
  asio::cancellation_signal signal;
  std::exception_ptr outcome;
  const auto keep = [&outcome](const std::exception_ptr& error, const Answer&) { outcome = error; };
  Question question{"example.org", RrType::a};
  asio::co_spawn(io, resolver->lookup(std::move(question), Deadline::max()),
                 asio::bind_cancellation_slot(signal.slot(), keep));
  io.poll();
  EXPECT_FALSE(io.stopped()) << "the question is out";
  signal.emit(asio::cancellation_type::terminal);
  io.run();  // returns: nothing is left to wait for
  ASSERT_TRUE(outcome);
  EXPECT_THROW(std::rethrow_exception(outcome), boost::system::system_error);
}

TEST_F(UnboundLifetime, AResolverThatGoesFirstAnswersEveryQuestion) {
  auto resolver = silent();
  std::vector<Answer> answers;
  ask_for_ever(*resolver, 700, answers);
  EXPECT_TRUE(answers.empty());
  resolver.reset();
  io.run();
  ASSERT_EQ(answers.size(), 700U);
  for (const auto& answer : answers) EXPECT_EQ(answer.failure, Failure::local);
}

TEST_F(UnboundLifetime, NothingIsLeftWhenTheLoopNeverRunsAgain) {
  std::vector<Answer> answers;
  {
    auto resolver = silent();
    ask_for_ever(*resolver, 700, answers);
  }
  EXPECT_TRUE(answers.empty());
}

TEST_F(UnboundLifetime, TheResolverMayGoBetweenAnAnswerAndItsReader) {
  SignedWorld world;
  zones::ZoneSpec zone;
  zone.origin = "good.lab";
  zone.text = "mx IN A 192.0.2.1\nold IN DNAME good.lab.\n";
  world.add(zone);
  // The last handler of each run_one() is the only place where the resolver can vanish; try them all.
  for (int steps = 1; steps <= 12; ++steps) {
    asio::io_context loop;
    auto resolver = std::make_unique<UnboundResolver>(loop.get_executor(), world.build());
    int ended = 0;
    Question question{"mx.old.good.lab", RrType::cname};
    asio::co_spawn(loop, resolver->lookup(std::move(question), Deadline::max()),
                   [&ended](const std::exception_ptr&, const Answer&) { ++ended; });
    for (int step = 0; step < steps && ended == 0; ++step) loop.run_one();
    resolver.reset();
    loop.run();
    EXPECT_EQ(ended, 1) << steps;
  }
}

TEST_F(UnboundLifetime, HundredsOfQuestionsAtOnceAndTheLateOnesDoNoHarm) {
  SignedWorld world;
  zones::ZoneSpec zone;
  zone.origin = "good.lab";
  for (int i = 0; i < 500; ++i) zone.text += fmt::format("h{} IN A 192.0.2.1\n", i);
  world.add(zone);
  UnboundResolver resolver(io.get_executor(), world.build());
  for (int round = 0; round < 2; ++round) {
    int secure = 0;
    const auto patience = round == 0 ? 1ms : 60000ms;  // first leave them all behind
    const Deadline deadline = std::chrono::steady_clock::now() + patience;
    for (int i = 0; i < 500; ++i) {
      Question question{fmt::format("h{}.good.lab", i), RrType::a};
      asio::co_spawn(io, resolver.lookup(std::move(question), deadline),
                     [&secure](const std::exception_ptr&, const Answer& answer) {
                       if (answer.status == Status::secure) ++secure;
                     });
    }
    io.restart();
    io.run();
    EXPECT_TRUE(round == 0 || secure == 500) << secure;
  }
}

TEST_F(UnboundLifetime, AnIdleResolverKeepsNoLoopRunning) {
  const auto resolver = silent();
  EXPECT_EQ(io.run(), 0U);
}

TEST_F(UnboundLifetime, TwoResolversLiveSideBySide) {
  auto first = silent();
  const auto second = silent();
  first.reset();
  EXPECT_EQ(ask(io, *second, {"example.org", RrType::mx}, 5ms).failure, Failure::timeout);
}

TEST_F(UnboundLifetime, AQuestionHasItsOwnShorterTime) {
  ResolverOptions options;
  options.forwarders = {server.address()};
  options.question_timeout = 20ms;
  UnboundResolver resolver(io.get_executor(), options);
  std::vector<Answer> answers;
  ask_for_ever(resolver, 1, answers);
  io.run();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers.front().failure, Failure::timeout);
}

// So many questions at once that some must wait: the one that came last, but whose run ends first, is asked next.
TEST_F(UnboundLifetime, OfTheWaitingQuestionsTheMostUrgentIsAskedFirst) {
  ResolverOptions options;
  options.forwarders = {server.address()};
  options.question_timeout = 1h;
  UnboundResolver resolver(io.get_executor(), options);
  const Deadline late = std::chrono::steady_clock::now() + 24h;
  asio::cancellation_signal asked;
  const auto ask_for = [&](std::string name, Deadline deadline, asio::cancellation_slot slot) {
    Question question{std::move(name), RrType::a};
    asio::co_spawn(io, resolver.lookup(std::move(question), deadline),
                   asio::bind_cancellation_slot(slot, [](const std::exception_ptr&, const Answer&) {}));
  };
  ask_for("asked.example", late - 23h, asked.slot());
  io.poll();
  for (int i = 0; i < 2000; ++i) ask_for(fmt::format("some{}.example", i), late, {});
  for (int i = 0; i < 50; ++i) ask_for(fmt::format("waiting{}.example", i), late, {});
  ask_for("urgent.example", late - 1h, {});
  io.poll();
  asked.emit(asio::cancellation_type::terminal);
  io.poll();
  EXPECT_EQ(server.first_of({"urgent", "waiting"}), "urgent");
}

// Its own thread answers, whatever else it waits for.
TEST_F(UnboundLifetime, APulseComesBackThoughThousandsOfQuestionsWait) {
  ResolverOptions options;
  options.forwarders = {server.address()};
  options.question_timeout = 1h;
  UnboundResolver resolver(io.get_executor(), options);
  std::vector<Answer> answers;
  ask_for_ever(resolver, 1000, answers);
  bool came_back = false;
  asio::co_spawn(io, resolver.pulse(), [&](const std::exception_ptr& error) {
    came_back = !error;
    io.stop();
  });
  io.run_for(30s);
  EXPECT_TRUE(came_back);
  EXPECT_TRUE(answers.empty());
}

}  // namespace
}  // namespace danewatch
