#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

bool is_offer(std::string_view line) {
  return equal_ignoring_case(line, "\"STARTTLS\"");
}

// ManageSieve, RFC 5804 2.2. The server sends its capabilities again after TLS, unasked.
class SieveDialogue final : public LiteralDialogue {
 public:
  std::string_view goodbye() const override { return "LOGOUT\r\n"; }
  bool offers_again(std::string_view heard) const override { return any_line(heard, is_offer); }

 private:
  DialogueStep on_whole_line(std::string_view line) override;
  DialogueStep on_greeting(std::string_view line, std::string_view word);

  bool asked_ = false;
  bool offered_ = false;
};

DialogueStep SieveDialogue::on_whole_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view word = take_word(rest);
  if (!asked_) return on_greeting(line, word);
  if (equal_ignoring_case(word, "OK")) return upgrade_step();
  // RFC 5804 1.2, 1.3: the server goes away, or asks to come again.
  const bool later = equal_ignoring_case(word, "BYE") || rest.starts_with("(TRYLATER)");
  return later ? refuse(Refusal::later, line) : fail(Fault::starttls_refused, line);
}

// Capability lines, then OK (RFC 5804 1.7).
DialogueStep SieveDialogue::on_greeting(std::string_view line, std::string_view word) {
  if (equal_ignoring_case(word, "NO") || equal_ignoring_case(word, "BYE")) return refuse(Refusal::unspecified, line);
  if (word.starts_with('"') || word.starts_with('{')) {
    offered_ = offered_ || is_offer(word);
    return need_more();
  }
  if (!equal_ignoring_case(word, "OK")) return fail(Fault::malformed, line);
  greeted();
  if (!offered_) return fail(Fault::not_offered, "STARTTLS is not among the capabilities");
  asked_ = true;
  return send_step("STARTTLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> sieve_dialogue() {
  return std::make_unique<SieveDialogue>();
}

}  // namespace danewatch
