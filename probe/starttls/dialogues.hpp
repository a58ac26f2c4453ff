// Inner: the dialogue of each protocol, one file each: probe/starttls/NAME.cpp.
//
// Everybody else asks make_dialogue(). Thread rule: pure functions.
#pragma once

#include <memory>
#include <string_view>

#include "probe/starttls/starttls.hpp"

namespace danewatch {

std::unique_ptr<StartTls> smtp_dialogue(DialogueNames names);
std::unique_ptr<StartTls> imap_dialogue();
std::unique_ptr<StartTls> pop3_dialogue();
std::unique_ptr<StartTls> sieve_dialogue();
std::unique_ptr<StartTls> ldap_dialogue();
std::unique_ptr<StartTls> xmpp_dialogue(DialogueNames names, std::string_view xmlns);
std::unique_ptr<StartTls> ftp_dialogue();
std::unique_ptr<StartTls> nntp_dialogue();
std::unique_ptr<StartTls> postgres_dialogue();
std::unique_ptr<StartTls> mysql_dialogue();

}  // namespace danewatch
