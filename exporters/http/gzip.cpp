#include "exporters/http/gzip.hpp"

#include <zlib.h>

#include <array>
#include <stdexcept>

#include "resolver/dns/name.hpp"

namespace danewatch {

struct Gzip::State {
  z_stream stream{};
};

Gzip::Gzip() : state_(std::make_unique<State>()) {
  constexpr int gzip_window = 15 + 16;
  constexpr int memory = 8;
  // The fastest level: metrics repeat themselves so much that the best one gains little.
  if (deflateInit2(&state_->stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("no memory for gzip");
  }
}

Gzip::~Gzip() {
  deflateEnd(&state_->stream);
}

std::string Gzip::deflate(std::string_view text, bool last) {
  z_stream& stream = state_->stream;
  std::string input(text);  // zlib's pointer is not const
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  std::string result;
  std::array<char, 16384> buffer{};
  do {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    ::deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    result.append(buffer.data(), buffer.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return result;
}

std::string Gzip::add(std::string_view text) {
  return deflate(text, false);
}

std::string Gzip::finish() {
  return deflate({}, true);
}

// Names of codings and parameters have no case (RFC 9110 8.4.1, 5.6.6).
bool accepts_gzip(std::string_view given) {
  const std::string plain = lower(given);
  std::string_view header = plain;
  while (!header.empty()) {
    const auto end = header.find(',');
    std::string_view part = header.substr(0, end);
    const auto parameters = part.find(';');
    std::string_view name = part.substr(0, parameters);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    const std::string_view weight = parameters == std::string_view::npos ? "" : part.substr(parameters);
    const auto q = weight.find("q=");
    const bool refused =
        q != std::string_view::npos && weight.substr(q + 2).find_first_of("123456789") == std::string_view::npos;
    if (name == "gzip") return !refused;
    header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
  }
  return false;
}

std::string zlib_in_use() {
  return ::zlibVersion();
}

}  // namespace danewatch
