// gzip, piece by piece (RFC 1952).
//
// Thread rule: one owner.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace danewatch {

class Gzip {
 public:
  Gzip();  // throws std::runtime_error without memory
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip();

  std::string add(std::string_view text);  // may be empty: nothing to send yet
  std::string finish();

 private:
  struct State;
  std::string deflate(std::string_view text, bool last);
  std::unique_ptr<State> state_;
};

// An Accept-Encoding header allows gzip (RFC 9110 12.5.3).
bool accepts_gzip(std::string_view header);

std::string zlib_in_use();  // of the zlib in use

}  // namespace danewatch
