#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

bool is_offer(std::string_view capability) {
  return equal_ignoring_case(take_word(capability), "STARTTLS");
}

// RFC 4642 over RFC 3977.
class NntpDialogue final : public LineDialogue {
 public:
  std::string_view goodbye() const override { return "QUIT\r\n"; }
  std::string_view last_words() const override { return "CAPABILITIES\r\nQUIT\r\n"; }
  bool offers_again(std::string_view heard) const override { return any_line(heard, is_offer); }

 private:
  enum class Phase { greeting, capabilities, list, starttls };

  DialogueStep on_line(std::string_view line) override;
  DialogueStep on_greeting(std::string_view code, std::string_view line);
  DialogueStep on_list(std::string_view line);
  DialogueStep ask();

  Phase phase_ = Phase::greeting;
  bool offered_ = false;
};

DialogueStep NntpDialogue::on_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view code = take_word(rest);
  if (code == "400") return refuse(Refusal::later, line);  // RFC 3977 3.2.1: going away, whatever was asked
  switch (phase_) {
    case Phase::greeting:
      return on_greeting(code, line);
    case Phase::capabilities:
      // A server older than CAPABILITIES may know STARTTLS all the same.
      if (code.starts_with('4') || code.starts_with('5')) return ask();
      if (code != "101") return fail(Fault::malformed, line);
      phase_ = Phase::list;
      return need_more();
    case Phase::list:
      return on_list(line);
    case Phase::starttls:
      break;
  }
  return code == "382" ? upgrade_step() : fail(Fault::starttls_refused, line);
}

DialogueStep NntpDialogue::on_greeting(std::string_view code, std::string_view line) {
  const bool refused = code.size() == 3 && (code.starts_with('4') || code.starts_with('5'));
  if (refused) return refuse(code == "502" ? Refusal::us : Refusal::unspecified, line);  // RFC 3977 5.1.1
  if (code != "200" && code != "201") return fail(Fault::malformed, line);
  greeted();
  phase_ = Phase::capabilities;
  return send_step("CAPABILITIES\r\n");
}

DialogueStep NntpDialogue::on_list(std::string_view line) {
  if (line != ".") {
    offered_ = offered_ || is_offer(line);
    return need_more();
  }
  return offered_ ? ask() : fail(Fault::not_offered, "STARTTLS is not among the capabilities");
}

DialogueStep NntpDialogue::ask() {
  phase_ = Phase::starttls;
  return send_step("STARTTLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> nntp_dialogue() {
  return std::make_unique<NntpDialogue>();
}

}  // namespace danewatch
