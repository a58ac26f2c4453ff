// Files of certificates and keys as people have them: PEM or DER, in whatever order.
//
// Never asks for a pass phrase, and reads no file itself. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probe/openssl/certificate.hpp"

namespace danewatch {

struct ChainFile {
  std::vector<Certificate> chain;  // the server's own first (RFC 8446 4.4.2)
  std::string remark;              // what was wrong with the order, and what was taken; empty: nothing
};

// An error says what the file holds instead, and the command that converts it.
Parsed<ChainFile> read_chain(std::string_view content);

// The certificates in the order of the file.
Parsed<std::vector<Certificate>> read_certificates(std::string_view content);

struct KeyFile {
  std::vector<std::uint8_t> spki;  // SubjectPublicKeyInfo (DER)
  std::string remark;              // as above
};

// Of a private or public key, a certificate request or certificates.
Parsed<KeyFile> read_key(std::string_view content);

// The server's own certificate is the one that signed none of the others: signatures tell, names do not. An error where
// the first signed another and more than one could be the server's.
Parsed<ChainFile> in_order(std::vector<Certificate> chain);

// SubjectPublicKeyInfo of every private key in a PEM file that can be read without a pass phrase.
std::vector<std::vector<std::uint8_t>> private_keys_in(std::string_view pem);

// What a file is that is neither PEM nor DER that can be read, and what to do with it; empty: nobody knows.
std::string foreign_form(std::string_view content);

// The same of a PEM block's label, such as "PKCS7"; empty where there is nothing to advise.
std::string foreign_block(std::string_view label);

}  // namespace danewatch
