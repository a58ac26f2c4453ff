// Inner: what the dialogues share that are made of packets instead of lines.
//
// Thread rule: one dialogue, one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "probe/starttls/lines.hpp"
#include "probe/starttls/starttls.hpp"

namespace danewatch {

// Gathers octets until they are a whole packet; bounded as every dialogue is.
class PacketDialogue : public StartTls {
 public:
  DialogueStep feed(std::string_view bytes) final;
  Stage stage() const final { return stage_; }
  std::string heard() const final { return buffer_.substr(taken_, max_error_octets); }

 protected:
  explicit PacketDialogue(Stage first) : stage_(first) {}

  // Looks at what was gathered and not yet taken. `need_more` also when it is not a whole packet yet. Octets that are
  // left after an upgrade step were injected.
  virtual DialogueStep on_octets(std::string_view gathered) = 0;

  void take(std::size_t octets) { taken_ += octets; }
  void enter(Stage stage) { stage_ = stage; }
  DialogueStep fail(Fault fault, std::string_view error) const { return fail_step(stage_, fault, error); }
  DialogueStep refuse(Refusal why, std::string_view words) const { return refuse_step(stage_, why, words); }

 private:
  std::string buffer_;
  std::size_t taken_ = 0;
  Stage stage_;
};

inline std::uint8_t octet_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

}  // namespace danewatch
