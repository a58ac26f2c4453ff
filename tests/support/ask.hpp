// Asks a Resolver one question and waits for the answer.
//
// Runs the io_context until nothing is left to do, so a resolver that keeps it busy for ever shows as a test that
// hangs. Thread rule: one thread.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "resolver/resolver.hpp"

namespace danewatch {

inline Answer ask(boost::asio::io_context& io, Resolver& resolver, Question question,
                  std::chrono::milliseconds patience = std::chrono::seconds{20}) {
  std::optional<Answer> answer;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto keep = [&answer](const std::exception_ptr& error, Answer got) {
    if (error) std::rethrow_exception(error);
    answer = std::move(got);
  };
  boost::asio::co_spawn(io, resolver.lookup(std::move(question), deadline), keep);
  io.restart();
  io.run();
  return answer.value();
}

}  // namespace danewatch
