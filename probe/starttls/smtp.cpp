#include <fmt/format.h>

#include <algorithm>
#include <array>
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
  bool slip = false;  // neither a blank nor "-" after the code: what to make of it is up to the client
  std::string_view text;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<ReplyLine> parse_reply(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
    return std::nullopt;
  const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() == 3) return ReplyLine{code, true, false, ""};
  if (is_digit(line[3])) return std::nullopt;
  const bool sound = line[3] == ' ' || line[3] == '-';
  return ReplyLine{code, line[3] != '-', !sound, line.substr(line[3] == ' ' || line[3] == '-' ? 4 : 3)};
}

// The enhanced code of a refusal by policy (RFC 3463 3.8): it is about the client, not about the command.
bool is_policy(std::string_view text) {
  return text.size() > 4 && text.substr(1, 3) == ".7.";
}

// RFC 5321 4.2.2: 500 and 502 are what a server says that knows no EHLO; some say so under another code. 504 is about
// the parameter, which is our name.
bool knows_no_ehlo(int code, std::string_view text) {
  if (is_policy(text) || code == 504) return false;
  constexpr std::array<std::string_view, 5> words = {"not recogni", "unrecogni", "not implemented", "unknown command",
                                                     "not supported"};
  return code == 500 || code == 502 ||
         std::ranges::any_of(words, [&](std::string_view word) { return holds_ignoring_case(text, word); });
}

// RFC 3207 over RFC 5321.
class SmtpDialogue final : public LineDialogue {
 public:
  explicit SmtpDialogue(std::string helo) : helo_(std::move(helo)) {}
  std::string_view goodbye() const override { return "QUIT\r\n"; }
  std::string heard() const override { return said_.empty() ? LineDialogue::heard() : said_; }
  std::string slip() const override { return slip_; }
  std::string name_given() const override { return phase_ == Phase::greeting ? std::string() : helo_; }

 private:
  enum class Phase { greeting, ehlo, starttls };

  DialogueStep on_line(std::string_view line) override;
  void note(const ReplyLine& reply, std::string_view line, bool first);
  DialogueStep on_reply(int code, std::string_view text);
  DialogueStep on_greeting(int code);
  DialogueStep on_ehlo(int code, std::string_view text);
  DialogueStep on_starttls(int code, std::string_view text);

  std::string helo_;
  Phase phase_ = Phase::greeting;
  int code_ = 0;       // of the reply being read; 0: at its first line
  std::string reply_;  // its lines so far
  std::string said_;   // the reply that made STARTTLS impossible
  std::string slip_;
  bool offered_ = false;
  std::string written_over_;      // the first line that a firewall wrote over
  bool offered_as_name_ = false;  // in the first line, which holds the server's name (RFC 5321 4.1.1.1)
};

DialogueStep SmtpDialogue::on_line(std::string_view line) {
  const auto reply = parse_reply(line);
  // Whatever a server answers to STARTTLS, if it is not 220 there is no TLS (RFC 3207 4, rows.md E-19).
  if (phase_ == Phase::starttls && (!reply || reply->slip)) return fail(Fault::starttls_refused, line);
  if (!reply) return fail(Fault::malformed, line);
  if (code_ != 0 && code_ != reply->code) return fail(Fault::malformed, line);  // RFC 5321 4.2.1
  const bool first = std::exchange(code_, reply->code) == 0;
  note(*reply, line, first);
  if (!reply->last) return need_more();
  code_ = 0;
  return on_reply(reply->code, reply->text);
}

void SmtpDialogue::note(const ReplyLine& reply, std::string_view line, bool first) {
  if (first) reply_.clear();
  if (reply_.size() < max_error_octets) reply_.append(reply_.empty() ? "" : "\n").append(line);
  if (reply.slip && slip_.empty()) slip_ = line.substr(0, max_error_octets);
  if (phase_ != Phase::starttls && written_over_.empty() && is_written_over(line)) written_over_ = line;
  std::string_view text = reply.text;
  const bool offer = phase_ == Phase::ehlo && equal_ignoring_case(take_word(text), "STARTTLS");
  if (offer) (first ? offered_as_name_ : offered_) = true;
}

DialogueStep SmtpDialogue::on_reply(int code, std::string_view text) {
  switch (phase_) {
    case Phase::greeting:
      return on_greeting(code);
    case Phase::ehlo:
      return on_ehlo(code, text);
    case Phase::starttls:
      break;
  }
  return on_starttls(code, text);
}

DialogueStep SmtpDialogue::on_greeting(int code) {
  if (code >= 400) return refuse(code < 500 ? Refusal::later : Refusal::unspecified, reply_);
  if (code >= 300) return fail(Fault::malformed, reply_);
  greeted();
  phase_ = Phase::ehlo;
  return send_step(fmt::format("EHLO {}\r\n", helo_));
}

DialogueStep SmtpDialogue::on_ehlo(int code, std::string_view text) {
  if (code >= 300 && code < 400) return fail(Fault::malformed, reply_);
  if (code >= 400 && code < 500) return refuse(Refusal::later, reply_);  // RFC 5321 4.2.1
  if (code >= 500 && !knows_no_ehlo(code, text)) return refuse(Refusal::us, reply_);
  // What is left is HELO, hence no STARTTLS.
  if (code >= 500 || (!offered_ && offered_as_name_)) said_ = reply_.substr(0, max_error_octets);
  if (!offered_ && !written_over_.empty()) said_ = written_over_;
  if (code >= 500) return fail(Fault::not_offered, reply_);
  if (!offered_) return fail(Fault::not_offered, "STARTTLS is not among the capabilities");
  phase_ = Phase::starttls;
  return send_step("STARTTLS\r\n");
}

// 454 is about TLS (RFC 3207 4); the others of its kind are about us, or about the server as a whole (RFC 5321 3.8).
DialogueStep SmtpDialogue::on_starttls(int code, std::string_view text) {
  if (code == 220) return upgrade_step();
  if (code >= 400 && code < 500 && code != 454) return refuse(Refusal::later, reply_);
  if (code >= 500 && is_policy(text)) return refuse(Refusal::us, reply_);
  return fail(Fault::starttls_refused, reply_);
}

}  // namespace

std::unique_ptr<StartTls> smtp_dialogue(DialogueNames names) {
  return std::make_unique<SmtpDialogue>(std::move(names.helo));
}

}  // namespace danewatch
