// Archives and encodings for the tests of what reads them: made here, so that nothing is ours and wrong on both sides
// but zlib.
//
// Whoever includes it links zlib. Thread rule: pure functions.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace danewatch {

namespace packed {
inline constexpr int gzip = 15 + 16;
inline constexpr int raw = -15;
}  // namespace packed

inline std::string deflated(std::string_view text, int window) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib");
  std::string input(text);
  std::string out(deflateBound(&stream, input.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  ::deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

inline std::string gzipped(std::string_view text) {
  return deflated(text, packed::gzip);
}

struct ZipEntry {
  std::string name;
  std::string content;
  bool stored = false;
  bool encrypted = false;
};

inline void put(std::string& into, std::uint32_t value, int octets) {
  for (int i = 0; i < octets; ++i) into += static_cast<char>((value >> (8 * i)) & 0xffU);
}

inline std::string zipped(const std::vector<ZipEntry>& entries) {
  std::string zip;
  std::string directory;
  for (const auto& entry : entries) {
    const std::string data = entry.stored ? entry.content : deflated(entry.content, packed::raw);
    const auto offset = static_cast<std::uint32_t>(zip.size());
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(entry.content.data()), static_cast<uInt>(entry.content.size())));
    std::string common;  // what both headers hold
    put(common, entry.encrypted ? 1 : 0, 2);
    put(common, entry.stored ? 0 : 8, 2);
    put(common, 0, 4);
    put(common, crc, 4);
    put(common, static_cast<std::uint32_t>(data.size()), 4);
    put(common, static_cast<std::uint32_t>(entry.content.size()), 4);
    put(common, static_cast<std::uint32_t>(entry.name.size()), 2);
    put(common, 0, 2);
    zip += std::string("PK\3\4", 4) + std::string("\x14\0", 2) + common + entry.name + data;
    directory += std::string("PK\1\2", 4) + std::string("\x14\0\x14\0", 4) + common + std::string(10, '\0');
    put(directory, offset, 4);
    directory += entry.name;
  }
  const auto begin = static_cast<std::uint32_t>(zip.size());
  zip += directory + std::string("PK\5\6", 4) + std::string(4, '\0');
  put(zip, static_cast<std::uint32_t>(entries.size()), 2);
  put(zip, static_cast<std::uint32_t>(entries.size()), 2);
  put(zip, static_cast<std::uint32_t>(directory.size()), 4);
  put(zip, begin, 4);
  put(zip, 0, 2);
  return zip;
}

// Lines of 76 characters (RFC 2045 6.8).
inline std::string base64(std::string_view octets) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = (bits << 8U) | (i + j < octets.size() ? static_cast<unsigned char>(octets[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > octets.size() ? '=' : letters[(bits >> (18U - 6U * j)) & 63U];
    }
    if (i % 57 == 54) out += "\r\n";
  }
  return out;
}

}  // namespace danewatch
