#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

// RFC 9051 6.2.1. Before TLS everything but status responses is ignored (RFC 9051 11.3); capabilities are not asked
// for, because the answer to STARTTLS says as much.
class ImapDialogue final : public LiteralDialogue {
 public:
  std::string_view goodbye() const override { return preauth_ ? "" : "b LOGOUT\r\n"; }
  std::string_view last_words() const override { return "b CAPABILITY\r\nc LOGOUT\r\n"; }
  bool offers_again(std::string_view heard) const override;

 private:
  DialogueStep on_whole_line(std::string_view line) override;
  DialogueStep on_greeting(std::string_view line);

  bool asked_ = false;
  bool preauth_ = false;
};

bool ImapDialogue::offers_again(std::string_view heard) const {
  return any_line(heard, [](std::string_view line) {
    if (take_word(line) != "*" || !equal_ignoring_case(take_word(line), "CAPABILITY")) return false;
    while (!line.empty()) {
      if (equal_ignoring_case(take_word(line), "STARTTLS")) return true;
    }
    return false;
  });
}

DialogueStep ImapDialogue::on_whole_line(std::string_view line) {
  if (!asked_) return on_greeting(line);
  std::string_view rest = line;
  const std::string_view tag = take_word(rest);
  const std::string_view status = take_word(rest);
  if (tag == "a" && equal_ignoring_case(status, "OK")) return upgrade_step();
  if (tag == "*" && !equal_ignoring_case(status, "BYE")) return need_more();
  // The server goes away, whatever was asked (RFC 9051 7.1.5), or is short of something (RFC 5530 3).
  const bool later = tag == "*" || rest.starts_with("[UNAVAILABLE]") || rest.starts_with("[INUSE]");
  return later ? refuse(Refusal::later, line) : fail(Fault::starttls_refused, line);
}

DialogueStep ImapDialogue::on_greeting(std::string_view line) {
  std::string_view rest = line;
  const std::string_view tag = take_word(rest);
  const std::string_view status = take_word(rest);
  if (tag != "*") return fail(Fault::malformed, line);
  if (equal_ignoring_case(status, "BYE")) return refuse(Refusal::unspecified, line);
  preauth_ = equal_ignoring_case(status, "PREAUTH");
  if (!preauth_ && !equal_ignoring_case(status, "OK")) return fail(Fault::malformed, line);
  greeted();
  // STARTTLS is no longer possible then, and the client must close at once (RFC 9051 7.1.4).
  if (preauth_) return fail(Fault::not_offered, line);
  asked_ = true;
  return send_step("a STARTTLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> imap_dialogue() {
  return std::make_unique<ImapDialogue>();
}

}  // namespace danewatch
