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

DialogueStep Pop3Dialogue::on_line(std::string_view line) {
  const bool good = equal_ignoring_case(status_of(line), "+OK");
  switch (phase_) {
    case Phase::greeting:
      return on_greeting(line);
    case Phase::capabilities:
      // A server without CAPA may know STLS all the same.
      if (!good) return status_of(line) == "-ERR" ? ask() : fail(Fault::malformed, line);
      phase_ = Phase::list;
      return need_more();
    case Phase::list:
      return on_list(line);
    case Phase::starttls:
      break;
  }
  return good ? upgrade_step() : fail(Fault::starttls_refused, line);
}

DialogueStep Pop3Dialogue::on_greeting(std::string_view line) {
  if (status_of(line) == "-ERR") return fail(Fault::reply, line);
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
