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

// A domain's own MX records are asked once, so that they come from no cache. A missing proof may be a lost packet.
boost::asio::awaitable<Answer> PoliteResolver::if_theirs(Answer answer, Deadline begun) {
  const bool is_good = answer.status == Status::secure || answer.status == Status::insecure;
  if (is_good && answer.question.type == RrType::mx) watch_.heard();
  if (is_good || answer.failure == Failure::local) co_return answer;
  const Ours ours = co_await watch_.doubt(begun);
  if (ours != Ours::none) co_return not_asked(std::move(answer.question));
  co_return answer;
}

boost::asio::awaitable<Answer> PoliteResolver::lookup(Question question, Deadline deadline) {
  if (opt_out_.covers(question.name)) co_return not_asked(std::move(question));
  watch_.recover();
  const Deadline begun = clock_.steady();
  Answer answer = co_await inner_.lookup(std::move(question), deadline);
  Answer theirs = co_await if_theirs(std::move(answer), begun);
  co_return theirs;
}

boost::asio::awaitable<Answer> PoliteResolver::lookup_unvalidated(Question question, Deadline deadline) {
  if (opt_out_.covers(question.name)) co_return not_asked(std::move(question));
  watch_.recover();
  const Deadline begun = clock_.steady();
  Answer answer = co_await inner_.lookup_unvalidated(std::move(question), deadline);
  Answer theirs = co_await if_theirs(std::move(answer), begun);
  co_return theirs;
}

}  // namespace danewatch
