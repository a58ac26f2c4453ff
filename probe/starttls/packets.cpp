#include "probe/starttls/packets.hpp"

#include <algorithm>

namespace danewatch {

DialogueStep PacketDialogue::feed(std::string_view bytes) {
  const std::size_t space = max_dialogue_octets - buffer_.size();
  buffer_.append(bytes.substr(0, space));
  DialogueStep step = on_octets(std::string_view(buffer_).substr(taken_));
  const std::string_view rest = std::string_view(buffer_).substr(std::min(taken_, buffer_.size()));
  if (step.kind == DialogueStep::Kind::upgrade && !rest.empty()) return fail(Fault::injected, rest);
  if (step.kind == DialogueStep::Kind::need_more && bytes.size() > space) {
    return fail(Fault::too_long, "more than 64 kB before TLS");
  }
  return step;
}

}  // namespace danewatch
