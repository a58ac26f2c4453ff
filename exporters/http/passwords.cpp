#include "exporters/http/passwords.hpp"

#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <span>
#include <stdexcept>

#include "probe/evidence/digest.hpp"

namespace danewatch {
namespace {

constexpr std::size_t longest_header = 1024;
constexpr std::size_t most_good = 100;
constexpr std::size_t most_bad = 1000;

std::optional<std::string> from_base64(std::string_view text) {
  const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (text.size() % 4 != 0 || text.empty() || padding > 2) return std::nullopt;  // RFC 4648 4
  std::string result(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  result.resize(static_cast<std::size_t>(length) - padding);
  return result;
}

bool same_in_constant_time(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i) difference |= static_cast<unsigned>(left[i] ^ right[i]);
  return difference == 0;
}

}  // namespace

std::optional<Credentials> parse_basic(std::string_view header) {
  constexpr std::string_view scheme = "basic ";
  const auto equal = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  if (header.size() > longest_header || header.size() < scheme.size()) return std::nullopt;
  if (!std::equal(scheme.begin(), scheme.end(), header.begin(), [&](char a, char b) { return equal(b, a); })) {
    return std::nullopt;
  }
  const auto text = from_base64(header.substr(scheme.size()));
  if (!text || text->find('\0') != std::string::npos) return std::nullopt;
  const auto colon = text->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{text->substr(0, colon), text->substr(colon + 1)};
}

bool is_password(const std::string& password, const std::string& bcrypt_hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* result = crypt_r(password.c_str(), bcrypt_hash.c_str(), data.get());
  return result != nullptr && same_in_constant_time(result, bcrypt_hash);
}

bool is_bcrypt_hash(std::string_view text) {
  constexpr std::size_t length = 60;
  const bool prefix = text.starts_with("$2a$") || text.starts_with("$2b$") || text.starts_with("$2y$");
  if (!prefix || text.size() != length || text[6] != '$') return false;
  const std::string_view cost = text.substr(4, 2);
  if (cost < "04" || cost > "16" || cost.find_first_not_of("0123456789") != std::string_view::npos) return false;
  constexpr std::string_view alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return text.substr(7).find_first_not_of(alphabet) == std::string_view::npos;
}

KnownCredentials::KnownCredentials() : key_(32, '\0') {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key_.data()), static_cast<int>(key_.size())) != 1) {
    throw std::runtime_error("OpenSSL has no random numbers");
  }
}

std::string KnownCredentials::digest(const Credentials& credentials) const {
  const std::string text = key_ + credentials.user + '\0' + credentials.password;
  return sha256_hex(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::optional<bool> KnownCredentials::look_up(const Credentials& credentials) const {
  const auto found = known_.find(digest(credentials));
  if (found == known_.end()) return std::nullopt;
  return found->second;
}

std::string crypt_version() {
  return XCRYPT_VERSION_STR;
}

void KnownCredentials::remember(const Credentials& credentials, bool good) {
  if (good ? known_.size() - bad_ >= most_good : bad_ >= most_bad) {
    std::erase_if(known_, [good](const auto& entry) { return entry.second == good; });
    if (!good) bad_ = 0;
  }
  const bool is_new = known_.emplace(digest(credentials), good).second;
  if (is_new && !good) ++bad_;
}

void KnownCredentials::clear() {
  known_.clear();
  bad_ = 0;
}

}  // namespace danewatch
