// Plays a server's side to a dialogue, cut into packets in every way that must not matter.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "probe/starttls/starttls.hpp"

namespace danewatch {

struct Played {
  std::string sent;   // everything the dialogue sent
  DialogueStep last;  // the step it ended with

  bool operator==(const Played&) const = default;
};

inline void PrintTo(const Played& played, std::ostream* out) {
  *out << "sent \"" << played.sent << "\", kind " << static_cast<int>(played.last.kind) << ", stage "
       << to_string(played.last.stage) << ", fault " << to_string(played.last.fault) << ", error \""
       << played.last.error.substr(0, 80) << '"';
}

inline Played play_packets(const Service& service, const std::vector<std::string>& packets) {
  const auto dialogue = make_dialogue(service, DialogueNames{"probe.example.net", "example.org"});
  Played played;
  DialogueStep step = dialogue->start();
  const auto settle = [&] {
    while (step.kind == DialogueStep::Kind::send) {
      played.sent += step.bytes;
      step = dialogue->feed("");
    }
    return step.kind == DialogueStep::Kind::need_more;
  };
  for (std::size_t i = 0; settle() && i < packets.size(); ++i) step = dialogue->feed(packets[i]);
  played.last = step;
  return played;
}

// One packet per reply, an octet per packet, and everything in one packet: all must end alike.
inline Played play(std::string_view service_name, const std::vector<std::string>& replies) {
  const Service& service = *find_service(service_name);
  std::string all;
  for (const std::string& reply : replies) all += reply;
  std::vector<std::string> octets;
  for (const char octet : all) octets.emplace_back(1, octet);
  Played played = play_packets(service, replies);
  EXPECT_EQ(play_packets(service, octets), played) << "octet by octet";
  EXPECT_EQ(play_packets(service, {all}), played) << "all in one packet";
  return played;
}

inline DialogueStep failed(Stage stage, Fault fault, std::string error) {
  DialogueStep step;
  step.kind = DialogueStep::Kind::fail;
  step.stage = stage;
  step.fault = fault;
  step.error = std::move(error);
  return step;
}

inline DialogueStep refused_us(Stage stage, Refusal why, std::string words) {
  DialogueStep step = failed(stage, Fault::reply, std::move(words));
  step.refusal = why;
  return step;
}

inline DialogueStep upgraded() {
  DialogueStep step;
  step.kind = DialogueStep::Kind::upgrade;
  return step;
}

}  // namespace danewatch
