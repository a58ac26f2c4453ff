#include "probe/run/polite_resolver.hpp"

namespace danewatch {
namespace {

Answer not_asked(Question question) {
  Answer answer;
  answer.canonical_name = question.name;
  answer.question = std::move(question);
  answer.failure = Failure::local;
  return answer;
}

}  // namespace

boost::asio::awaitable<Answer> PoliteResolver::lookup(Question question, Deadline deadline) {
  if (opt_out_.covers(question.name)) co_return not_asked(std::move(question));
  Answer answer = co_await inner_.lookup(std::move(question), deadline);
  co_return answer;
}

boost::asio::awaitable<Answer> PoliteResolver::lookup_unvalidated(Question question, Deadline deadline) {
  if (opt_out_.covers(question.name)) co_return not_asked(std::move(question));
  Answer answer = co_await inner_.lookup_unvalidated(std::move(question), deadline);
  co_return answer;
}

}  // namespace danewatch
