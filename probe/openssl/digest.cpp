#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "probe/evidence/digest.hpp"
#include "resolver/dns/tlsa.hpp"

namespace danewatch {

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return to_hex(std::span(digest).first(length));
}

}  // namespace danewatch
