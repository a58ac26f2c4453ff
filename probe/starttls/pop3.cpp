#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

// RFC 2595 4 over RFC 1939 and RFC 2449.
class Pop3Dialogue final : public LineDialogue {
 public:
  std::string_view goodbye() const override { return "QUIT\r\n"; }

 private:
  enum class Phase { greeting, capabilities, list, starttls };

  DialogueStep on_line(std::string_view line) override;
  DialogueStep on_greeting(std::string_view line);
  DialogueStep on_list(std::string_view line);
  DialogueStep ask();

  Phase phase_ = Phase::greeting;
  bool offered_ = false;
};

std::string_view status_of(std::string_view line) {
  return take_word(line);
}

// RFC 2449 8, RFC 3206 4: about the server or the client, not about what was asked.
bool is_for_later(std::string_view line) {
  take_word(line);
  return line.starts_with("[SYS/TEMP]") || line.starts_with("[IN-USE]") || line.starts_with("[LOGIN-DELAY]");
}

DialogueStep Pop3Dialogue::on_line(std::string_view line) {
  const bool good = equal_ignoring_case(status_of(line), "+OK");
  switch (phase_) {
    case Phase::greeting:
      return on_greeting(line);
    case Phase::capabilities:
      // A server without CAPA may know STLS all the same.
      if (!good) {
        if (is_for_later(line)) return refuse(Refusal::later, line);
        return status_of(line) == "-ERR" ? ask() : fail(Fault::malformed, line);
      }
      phase_ = Phase::list;
      return need_more();
    case Phase::list:
      return on_list(line);
    case Phase::starttls:
      break;
  }
  if (good) return upgrade_step();
  return is_for_later(line) ? refuse(Refusal::later, line) : fail(Fault::starttls_refused, line);
}

DialogueStep Pop3Dialogue::on_greeting(std::string_view line) {
  if (status_of(line) == "-ERR") return refuse(is_for_later(line) ? Refusal::later : Refusal::unspecified, line);
  if (!equal_ignoring_case(status_of(line), "+OK")) return fail(Fault::malformed, line);
  greeted();
  phase_ = Phase::capabilities;
  return send_step("CAPA\r\n");
}

DialogueStep Pop3Dialogue::on_list(std::string_view line) {
  if (line != ".") {
    offered_ = offered_ || equal_ignoring_case(take_word(line), "STLS");
    return need_more();
  }
  return offered_ ? ask() : fail(Fault::not_offered, "STLS is not among the capabilities");
}

DialogueStep Pop3Dialogue::ask() {
  phase_ = Phase::starttls;
  return send_step("STLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> pop3_dialogue() {
  return std::make_unique<Pop3Dialogue>();
}

}  // namespace danewatch
