// Inner: whose DKIM signature our own mail server says it checked (RFC 8601).
//
// Only what stands under the name of that server is believed, and of that only the topmost result: it was added last.
// The server must remove such fields of strangers (RFC 8601 5). Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "store/tlsrpt/header.hpp"

namespace danewatch::tlsrpt {

// The domain that signed, which is the one of From, or one above it; empty: nobody vouches for the mail.
std::string signed_by(const Entity& mail, std::string_view authserv_id);

}  // namespace danewatch::tlsrpt
