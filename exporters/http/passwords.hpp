// Users and passwords of HTTP basic authentication (RFC 7617) against bcrypt hashes.
//
// Thread rule: values and functions for any thread; KnownCredentials has one owner.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace danewatch {

struct Credentials {
  std::string user;
  std::string password;
};

struct HashToCheck {
  std::string hash;
  bool user_exists = false;
};

// "Basic dXNlcjpwYXNz"; nothing where it is anything else.
std::optional<Credentials> parse_basic(std::string_view header);

// Slow on purpose: about 50 ms at cost 10.
bool is_password(const std::string& password, const std::string& bcrypt_hash);

// "$2y$10$..." with a cost of 4 to 16: more would be an attack on ourselves.
bool is_bcrypt_hash(std::string_view text);

std::string crypt_version();  // of the libcrypt it was built with

// What was checked already, so that a scrape costs no bcrypt. Keeps digests under a key of its own, bounded.
class KnownCredentials {
 public:
  KnownCredentials();

  std::optional<bool> look_up(const Credentials& credentials) const;
  void remember(const Credentials& credentials, bool good);
  void clear();

 private:
  std::string digest(const Credentials& credentials) const;

  std::string key_;
  std::map<std::string, bool> known_;
  std::size_t bad_ = 0;
};

}  // namespace danewatch
