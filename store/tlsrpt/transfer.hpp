// Inner: the transfer encodings of mail (RFC 2045 6).
//
// Lenient as mail readers are: what is no base64 is passed over. Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace danewatch::tlsrpt {

std::string decode_base64(std::string_view text);
std::string decode_quoted_printable(std::string_view text);

// By the value of Content-Transfer-Encoding; one that is not known leaves the octets as they are.
std::string decode_transfer(std::string_view encoding, std::string_view text);

// "%C3%BC" of RFC 2231; a per cent sign without two hex digits stays.
std::string decode_percent(std::string_view text);

}  // namespace danewatch::tlsrpt
