// The dialogue of every protocol with a server that says anything, in pieces of any size. The first octet chooses the
// protocol; then, as often as the dialogue wants to read, one octet says how many follow as one piece.
#include "probe/starttls/starttls.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"

using namespace danewatch;

static std::string_view take(std::string_view& rest, std::size_t count) {
  const std::string_view taken = rest.substr(0, count);
  rest.remove_prefix(taken.size());
  return taken;
}

static std::string_view next_piece(std::string_view& rest) {
  const std::string_view length = take(rest, 1);
  if (length.empty()) return {};
  const auto count = static_cast<unsigned char>(length.front());
  return take(rest, count == 255 ? 4096 : count + 1U);
}

static void require_sound_failure(const DialogueStep& step) {
  fuzz::require(step.stage == Stage::greeting || step.stage == Stage::starttls,
                "a dialogue fails before the handshake");
  constexpr Fault faults[] = {Fault::reply,    Fault::not_offered, Fault::starttls_refused,
                              Fault::injected, Fault::malformed,   Fault::too_long};
  fuzz::require(std::ranges::find(faults, step.fault) != std::end(faults), "the fault is one a dialogue can see");
  fuzz::require(step.error.size() <= 512, "the peer's words are bounded");
}

// Returns true while the dialogue goes on.
static bool require_sound(const DialogueStep& step) {
  switch (step.kind) {
    case DialogueStep::Kind::need_more:
      return true;
    case DialogueStep::Kind::send:
      fuzz::require(!step.bytes.empty() && step.bytes.size() < 1024, "what is sent is something, and short");
      return true;
    case DialogueStep::Kind::upgrade:
      return false;
    case DialogueStep::Kind::fail:
      require_sound_failure(step);
      return false;
  }
  return false;
}

FUZZ(input) {
  std::string_view rest = fuzz::as_text(input);
  const std::string_view choice = take(rest, 1);
  if (choice.empty()) return;
  const auto table = services();
  const Service& service = table[static_cast<unsigned char>(choice.front()) % table.size()];
  const auto dialogue = make_dialogue(service, {"probe.example.net", "example.org"});
  fuzz::require(dialogue != nullptr, "every service has a dialogue");

  int sent = 0;
  bool greeted = false;
  for (DialogueStep step = dialogue->start(); require_sound(step);) {
    fuzz::require(!greeted || dialogue->stage() == Stage::starttls, "a server greets once");
    greeted = dialogue->stage() == Stage::starttls;
    if (step.kind == DialogueStep::Kind::send) {
      fuzz::require(++sent < 10, "a dialogue ends after a few words");
      step = dialogue->feed("");
      continue;
    }
    const std::string_view piece = next_piece(rest);
    if (piece.empty()) break;
    step = dialogue->feed(piece);
  }
  fuzz::require(dialogue->goodbye().size() < 64 && dialogue->last_words().size() < 64, "goodbye is short");
  dialogue->offers_again(rest);
}
