// When a survey may connect to whom: the manners of a guest who comes unasked.
//
// Decides, waits for nothing. An address gets one connection at a time and a rest between two, a provider and a network
// get few at a time, and who turned us away is left alone for a while. Memory is bounded by what is connected to or
// rests. Thread rule: one thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/address.hpp"

namespace danewatch {

struct CourtesyLimits {
  std::size_t at_a_time = 256;              // connections of the whole survey
  std::size_t per_provider = 16;            // the registrable domain of the host's name
  std::size_t per_network = 8;              // /24 or /48
  std::chrono::milliseconds rest{1000};     // of an address between two connections, on average
  std::chrono::milliseconds stagger{20};    // before each connection, on average
  std::chrono::minutes left_alone_for{10};  // an address that turned us away
};

class Courtesy {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit Courtesy(CourtesyLimits limits) : limits_(limits) {}

  // Whose patience a connection takes: everybody's, the provider's and the network's.
  static std::vector<std::string> parties(const std::string& provider, const Address& address);

  // The first of them that has as many connections as it should; null: none.
  const std::string* busy(const std::vector<std::string>& parties) const;

  bool left_alone(const Address& address, Moment now) const;

  void begin(const std::vector<std::string>& parties);
  void end(const std::vector<std::string>& parties);

  // When a connection that may begin now should: after the address had its rest, and never in step with others.
  Moment best_moment(const Address& address, Moment now);
  void visited(const Address& address, Moment now, bool turned_away);

 private:
  struct Rest {
    Moment until;
    bool turned_away = false;
  };

  std::size_t limit_of(std::string_view party) const;
  std::chrono::milliseconds jittered(std::chrono::milliseconds average);

  CourtesyLimits limits_;
  std::map<std::string, std::size_t, std::less<>> open_;
  std::map<Address, Rest> resting_;
  std::uint64_t dice_ = 0;
};

}  // namespace danewatch
