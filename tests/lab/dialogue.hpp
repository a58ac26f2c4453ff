// What the lab's server says before TLS, as data: one small script per protocol of services.hpp.
//
// A script answers requests by how they begin and knows no order: it is the probe that is tested, not the server.
// Thread rule: values and pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tests/lab/scene.hpp"

namespace danewatch::lab {

struct Answer {
  std::string request;  // how it begins; case does not matter
  std::string reply;
  bool upgrades = false;  // TLS follows the reply
  bool closes = false;
};

struct Dialogue {
  std::string greeting;         // empty: the client speaks first
  char end = '\n';              // of a request, unless
  std::size_t octets = 0;       // all requests are that long
  std::vector<Answer> answers;  // the first that fits
  std::string otherwise;        // reply to anything else
  std::string after_tls{};      // said unasked once TLS has begun
};

// Nothing: TLS at once. The port decides, as in the table of services.
std::optional<Dialogue> dialogue_of(std::uint16_t port, Offer offer, const std::string& host);

// Takes the first request off `in`; nothing while it is not whole.
std::optional<std::string> take_request(const Dialogue& dialogue, std::string& in);

// The answer of the dialogue, made of `otherwise` if none fits.
Answer answer_to(const Dialogue& dialogue, const std::string& request);

}  // namespace danewatch::lab
