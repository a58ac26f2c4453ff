#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

// RFC 4217 over RFC 959. Only the control connection is looked at: the data connections' certificate is separate.
class FtpDialogue final : public LineDialogue {
 public:
  std::string_view goodbye() const override { return "QUIT\r\n"; }

 private:
  DialogueStep on_line(std::string_view line) override;
  DialogueStep on_reply(std::string_view code, std::string_view line);

  std::string open_;  // the code of a reply of several lines, of which the last is still to come
  bool asked_ = false;
};

bool has_code(std::string_view line) {
  return line.size() >= 3 && line.substr(0, 3).find_first_not_of("0123456789") == std::string_view::npos &&
         line[0] >= '1' && line[0] <= '5' && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

DialogueStep FtpDialogue::on_line(std::string_view line) {
  const std::string_view code = line.substr(0, 3);
  const bool last = has_code(line) && (line.size() == 3 || line[3] == ' ');
  if (!open_.empty()) {
    // What lies between may be anything, also other numbers (RFC 959 4.2).
    if (!last || code != open_) return need_more();
    open_.clear();
    return on_reply(code, line);
  }
  if (last) return on_reply(code, line);
  if (!has_code(line)) return fail(asked_ ? Fault::starttls_refused : Fault::malformed, line);
  open_ = code;
  return need_more();
}

DialogueStep FtpDialogue::on_reply(std::string_view code, std::string_view line) {
  // 334 would be right for Kerberos and is a refusal here (RFC 4217 4).
  if (asked_ && code == "421") return refuse(Refusal::later, line);  // RFC 959 4.2.2: whatever was asked
  if (asked_) return code == "234" ? upgrade_step() : fail(Fault::starttls_refused, line);
  if (code == "120") return need_more();  // "ready in some minutes"; 220 follows (RFC 959 5.4)
  if (code[0] == '4' || code[0] == '5') return refuse(code[0] == '4' ? Refusal::later : Refusal::unspecified, line);
  if (code[0] != '2') return fail(Fault::malformed, line);
  greeted();
  asked_ = true;
  return send_step("AUTH TLS\r\n");
}

}  // namespace

std::unique_ptr<StartTls> ftp_dialogue() {
  return std::make_unique<FtpDialogue>();
}

}  // namespace danewatch
