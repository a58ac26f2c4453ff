#include <fmt/format.h>

#include <optional>
#include <utility>

#include "probe/evidence/predicates.hpp"
#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

// One line of a reply (RFC 5321 4.2): "250-STARTTLS".
struct ReplyLine {
  int code = 0;
  bool last = false;
  std::string_view text;
};

std::optional<ReplyLine> parse_reply(std::string_view line) {
  const auto digit = [&](std::size_t i) { return line[i] >= '0' && line[i] <= '9'; };
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !digit(1) || !digit(2)) return std::nullopt;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() == 3) return ReplyLine{code, true, ""};
  if (line[3] != ' ' && line[3] != '-') return std::nullopt;
  return ReplyLine{code, line[3] == ' ', line.substr(4)};
}

// RFC 3207 over RFC 5321.
class SmtpDialogue final : public LineDialogue {
 public:
  explicit SmtpDialogue(std::string helo) : helo_(std::move(helo)) {}
  std::string_view goodbye() const override { return "QUIT\r\n"; }

 private:
  enum class Phase { greeting, ehlo, starttls };

  Step on_line(std::string_view line) override;
  Step on_reply(int code, std::string_view line);
  Step on_greeting(int code, std::string_view line);
  Step on_ehlo(int code, std::string_view line);

  std::string helo_;
  Phase phase_ = Phase::greeting;
  int code_ = 0;  // of the reply being read; 0: at its first line
  bool offered_ = false;
  std::string written_over_;  // the first line that a firewall wrote over
};

Step SmtpDialogue::on_line(std::string_view line) {
  const auto reply = parse_reply(line);
  // Whatever a server answers to STARTTLS, if it is not 220 there is no TLS (RFC 3207 4, rows.md E-19).
  if (!reply) return fail(phase_ == Phase::starttls ? Fault::starttls_refused : Fault::malformed, line);
  if (code_ != 0 && code_ != reply->code) return fail(Fault::malformed, line);  // RFC 5321 4.2.1
  const bool first = std::exchange(code_, reply->code) == 0;
  std::string_view text = reply->text;
  if (phase_ == Phase::ehlo && !first && equal_ignoring_case(take_word(text), "STARTTLS")) offered_ = true;
  if (phase_ != Phase::starttls && written_over_.empty() && is_written_over(line)) written_over_ = line;
  if (!reply->last) return need_more();
  code_ = 0;
  return on_reply(reply->code, line);
}

Step SmtpDialogue::on_reply(int code, std::string_view line) {
  switch (phase_) {
    case Phase::greeting:
      return on_greeting(code, line);
    case Phase::ehlo:
      return on_ehlo(code, line);
    case Phase::starttls:
      break;
  }
  return code == 220 ? upgrade_step() : fail(Fault::starttls_refused, line);
}

Step SmtpDialogue::on_greeting(int code, std::string_view line) {
  if (code >= 400) return fail(Fault::reply, line);
  if (code >= 300) return fail(Fault::malformed, line);
  greeted();
  phase_ = Phase::ehlo;
  return send_step(fmt::format("EHLO {}\r\n", helo_));
}

Step SmtpDialogue::on_ehlo(int code, std::string_view line) {
  // 421 is "going away" whatever was asked (RFC 5321 3.8); every other refusal means HELO, hence no STARTTLS.
  if (code == 421) return fail(Fault::reply, line);
  if (code >= 300 && code < 400) return fail(Fault::malformed, line);
  if (code >= 400) return fail(Fault::not_offered, written_over_.empty() ? line : written_over_);
  if (!offered_ && !written_over_.empty()) return fail(Fault::not_offered, written_over_);
  if (!offered_) return fail(Fault::not_offered, "STARTTLS is not among the capabilities");
  phase_ = Phase::starttls;
  return send_step("STARTTLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> smtp_dialogue(DialogueNames names) {
  return std::make_unique<SmtpDialogue>(std::move(names.helo));
}

}  // namespace danewatch
