// The lab's mail and web servers: one event loop for any number of endpoints.
//
// Speaks the protocol of its port up to TLS (dialogue.hpp), or TLS at once. Shows what its endpoints say and never
// speaks first on a connection it did not accept. Thread rule: one loop, one thread; several loops in several
// processes may share the same endpoints.
#pragma once

#include <memory>
#include <vector>

#include "tests/lab/stage.hpp"
#include "tests/lab/world.hpp"

namespace danewatch::lab {

class Server {
 public:
  // Listens on all endpoints. `stage` tells the act of those that have one. Throws std::runtime_error, e.g. for an
  // address in use.
  Server(const std::vector<Endpoint>& endpoints, const Stage& stage);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[noreturn]] void run();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// Somebody listens there. Waits no longer than a connection on this machine takes.
bool accepts_connections(const Endpoint& endpoint);

}  // namespace danewatch::lab
