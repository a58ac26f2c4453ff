#include "probe/starttls/starttls.hpp"

#include <utility>

#include "probe/starttls/dialogues.hpp"
#include "probe/starttls/lines.hpp"

namespace danewatch {
namespace {

// TLS from the first octet.
class ImplicitTls final : public StartTls {
 public:
  explicit ImplicitTls(std::string_view goodbye) : goodbye_(goodbye) {}
  DialogueStep start() override { return upgrade_step(); }
  DialogueStep feed(std::string_view bytes) override { return fail_step(stage(), Fault::injected, bytes); }
  Stage stage() const override { return Stage::handshake; }
  std::string_view goodbye() const override { return goodbye_; }

 private:
  std::string_view goodbye_;
};

std::string_view implicit_goodbye(const Service& service) {
  if (service.name == "imaps") return "a LOGOUT\r\n";
  if (service.name == "submissions" || service.name == "pop3s" || service.name == "nntps") return "QUIT\r\n";
  return "";
}

}  // namespace

std::unique_ptr<StartTls> make_dialogue(const Service& service, DialogueNames names) {
  switch (service.start) {
    case StartTlsKind::smtp:
      return smtp_dialogue(std::move(names));
    case StartTlsKind::imap:
      return imap_dialogue();
    case StartTlsKind::pop3:
      return pop3_dialogue();
    case StartTlsKind::sieve:
      return sieve_dialogue();
    case StartTlsKind::ldap:
      return ldap_dialogue();
    case StartTlsKind::xmpp:
      return xmpp_dialogue(std::move(names), service.xmlns);
    case StartTlsKind::ftp:
      return ftp_dialogue();
    case StartTlsKind::nntp:
      return nntp_dialogue();
    case StartTlsKind::postgres:
      return postgres_dialogue();
    case StartTlsKind::mysql:
      return mysql_dialogue();
    case StartTlsKind::implicit:
      break;
  }
  return std::make_unique<ImplicitTls>(implicit_goodbye(service));
}

}  // namespace danewatch
