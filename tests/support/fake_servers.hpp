// Name servers without a network: each address has lines of a zone, or faults.
//
// Answers at once; what is silent is told so without any wait. Thread rule: one executor's thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "resolver/servers/transport.hpp"

namespace danewatch::test {

class FakeServers final : public ServerTransport {
 public:
  struct Fault {
    Contact contact = Contact::answered;
    int rcode = 0;
    bool authoritative = true;
    bool truncated = false;
  };
  using Rule = std::function<Fault(const Question&, Transport)>;

  // Zone file lines in full: "example.lab. 60 IN SOA …". What is not there is denied with the SOA record.
  FakeServers& serve(const std::string& address, std::vector<std::string> lines);
  // A server above the zone: its NS records stand in the authority section, with their addresses beside them.
  FakeServers& refer(const std::string& address, std::vector<std::string> lines);
  FakeServers& faulty(const std::string& address, Rule rule);

  boost::asio::awaitable<Carried> carry(ServerPlace place, std::vector<std::uint8_t> question,
                                        Deadline deadline) override;

  const std::vector<std::string>& asked() const { return asked_; }  // "11.0.0.1 udp example.lab SOA"
  std::size_t asked_at(const std::string& address) const;

 private:
  struct Server {
    std::vector<std::string> lines;
    bool refers = false;
    Rule rule;
  };

  std::map<Address, Server> servers_;
  std::vector<std::string> asked_;
};

}  // namespace danewatch::test
