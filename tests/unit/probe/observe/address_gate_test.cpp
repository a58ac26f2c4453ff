#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "probe/observe/connection_gate.hpp"

namespace danewatch {
namespace {
namespace asio = boost::asio;

const Address one = parse_address("11.0.0.1").value();
const Address other = parse_address("11.0.0.2").value();
const Deadline far = std::chrono::steady_clock::now() + std::chrono::hours(1);
const Deadline past = std::chrono::steady_clock::now() - std::chrono::hours(1);

struct Log {
  std::string text;
  int inside = 0;
  int most = 0;
};

asio::awaitable<void> visit(AddressGate& gate, Address address, Deadline deadline, std::string name, Log& log) {
  const auto permit = co_await gate.enter(address, deadline);
  if (!permit) {
    log.text += name + ":late ";
    co_return;
  }
  log.most = std::max(log.most, ++log.inside);
  log.text += name + ":in ";
  for (int turn = 0; turn < 3; ++turn) co_await asio::post(asio::use_awaitable);
  log.text += name + ":out ";
  --log.inside;
}

class Gate : public testing::Test {
 protected:
  void spawn(Address address, std::string name, Deadline deadline = far) {
    asio::co_spawn(io, visit(gate, address, deadline, std::move(name), log), asio::detached);
  }

  asio::io_context io;
  AddressGate gate;
  Log log;
};

TEST_F(Gate, LetsOneInAtATimeInTheOrderTheyCame) {
  spawn(one, "a");
  spawn(one, "b");
  spawn(one, "c");
  io.run();
  EXPECT_EQ(log.text, "a:in a:out b:in b:out c:in c:out ");
  EXPECT_EQ(gate.addresses_in_use(), 0U);
}

TEST_F(Gate, AddressesDoNotWaitForEachOther) {
  spawn(one, "a");
  spawn(other, "b");
  io.run();
  EXPECT_EQ(log.most, 2);
}

TEST_F(Gate, WhoRunsOutOfTimeLeavesTheQueue) {
  spawn(one, "a");
  spawn(one, "b", past);
  spawn(one, "c");
  io.run();
  EXPECT_EQ(log.text, "a:in b:late a:out c:in c:out ");
  EXPECT_EQ(gate.addresses_in_use(), 0U);
}

TEST_F(Gate, WhoIsCancelledLeavesTheQueue) {
  asio::cancellation_signal signal;
  spawn(one, "a");
  asio::co_spawn(io, visit(gate, one, far, "b", log), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  spawn(one, "c");
  asio::post(io, [&] { signal.emit(asio::cancellation_type::terminal); });
  io.run();
  EXPECT_EQ(log.text.find("b:in"), std::string::npos);
  EXPECT_NE(log.text.find("c:out"), std::string::npos);
  EXPECT_EQ(gate.addresses_in_use(), 0U);
}

// The permit was already given when its owner was cancelled: the next one must still get in.
TEST_F(Gate, APermitGivenToACancelledOneIsPassedOn) {
  asio::cancellation_signal signal;
  asio::co_spawn(
      io,
      [](AddressGate& shared, asio::cancellation_signal& cancel) -> asio::awaitable<void> {
        {
          const auto permit = co_await shared.enter(one, far);
          for (int turn = 0; turn < 3; ++turn) co_await asio::post(asio::use_awaitable);
        }
        cancel.emit(asio::cancellation_type::terminal);
      }(gate, signal),
      asio::detached);
  asio::co_spawn(io, visit(gate, one, far, "b", log), asio::bind_cancellation_slot(signal.slot(), asio::detached));
  spawn(one, "c");
  io.run();
  EXPECT_NE(log.text.find("c:out"), std::string::npos) << log.text;
  EXPECT_EQ(gate.addresses_in_use(), 0U);
}

// Its event loop is gone between the moment it was let in and the moment it would have noticed.
TEST_F(Gate, APermitGivenToAnAbandonedOneIsPassedOn) {
  auto dying = std::make_unique<asio::io_context>();
  spawn(one, "a");
  io.poll_one();
  asio::co_spawn(*dying, visit(gate, one, far, "b", log), asio::detached);
  dying->poll_one();
  spawn(one, "c");
  while (log.text.find("a:out") == std::string::npos) io.poll_one();
  dying.reset();
  io.run();
  EXPECT_EQ(log.text, "a:in a:out c:in c:out ");
  EXPECT_EQ(gate.addresses_in_use(), 0U);
}

TEST(GateLifetime, AnAbandonedVisitorMayOutliveTheGate) {
  asio::io_context io;
  Log log;
  {
    AddressGate gate;
    asio::co_spawn(io, visit(gate, one, far, "a", log), asio::detached);
    asio::co_spawn(io, visit(gate, one, far, "b", log), asio::detached);
    io.poll_one();
    io.poll_one();
  }
  SUCCEED() << "the event loop now destroys both";
}

}  // namespace
}  // namespace danewatch
