#include "cli/survey/senses.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "resolver/servers/ask_server.hpp"
#include "resolver/unbound/config.hpp"

namespace danewatch {
namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds patience_with_one{700};

// One after another, until somebody answers.
asio::awaitable<bool> anybody_answers(asio::any_io_executor executor, const std::vector<Upstream>& servers,
                                      const Clock& clock) {
  for (const Upstream& server : servers) {
    const Deadline deadline = clock.steady() + patience_with_one;
    const bool answers = co_await is_answering(executor, server.address, server.port, deadline);
    if (answers) co_return true;
  }
  co_return servers.empty();
}

}  // namespace

// With --unbound-conf it is not ours to know who is asked first: then the network is taken to be there.
SelfSenses senses_of(asio::any_io_executor executor, const ResolverOptions& options, const Clock& clock,
                     UnboundResolver& resolver) {
  const auto servers = std::make_shared<const std::vector<Upstream>>(upstreams(options));
  SelfSenses senses;
  senses.pulse = [&resolver] { return resolver.pulse(); };
  senses.canary = [executor, servers, &clock] { return anybody_answers(executor, *servers, clock); };
  senses.begin_anew = [&resolver] { resolver.forget(); };
  return senses;
}

}  // namespace danewatch
