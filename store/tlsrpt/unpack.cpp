#include "store/tlsrpt/unpack.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace danewatch::tlsrpt {
namespace {

constexpr int gzip_window = 15 + 16;
constexpr int raw_window = -15;
constexpr std::string_view too_large = "unpacks to more than 20 MiB";

struct Inflated {
  std::string out;
  std::size_t consumed = 0;
  std::string error;  // empty: the stream ended well
};

// One stream, within the budget.
Inflated inflate_one(std::string_view packed, int window, Budget& budget) {
  Inflated result;
  z_stream stream{};
  if (inflateInit2(&stream, window) != Z_OK) return {{}, 0, "no memory to unpack"};
  packed = packed.substr(0, budget.in);
  // zlib reads only; its pointer is not const unless asked for.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<char, 16384> buffer{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = buffer.size() - stream.avail_out;
    if (got > budget.out) {
      status = Z_MEM_ERROR;
      break;
    }
    budget.out -= got;
    result.out.append(buffer.data(), got);
  }
  result.consumed = packed.size() - stream.avail_in;
  budget.in -= result.consumed;
  inflateEnd(&stream);
  if (status == Z_MEM_ERROR) result.error = too_large;
  if (status == Z_BUF_ERROR) result.error = budget.in == 0 ? too_large : "is packed and ends too early";
  if (status == Z_DATA_ERROR || status == Z_NEED_DICT || status == Z_STREAM_ERROR)
    result.error = "is packed and damaged";
  return result;
}

std::uint32_t number(std::string_view text, std::size_t at, std::size_t octets) {
  std::uint32_t value = 0;
  for (std::size_t i = octets; i-- > 0;) value = (value << 8U) | static_cast<unsigned char>(text[at + i]);
  return value;
}

// An entry of the central directory (APPNOTE.TXT 4.3.12).
struct Entry {
  unsigned flags = 0, method = 0;
  std::size_t packed = 0, offset = 0;
};

constexpr std::size_t end_size = 22, entry_size = 46, local_size = 30;

// APPNOTE.TXT 4.3.16: at the end, before a comment of at most 65535 octets.
std::optional<std::size_t> find_end(std::string_view zip) {
  if (zip.size() < end_size) return std::nullopt;
  const auto found = zip.rfind(std::string_view("PK\5\6", 4), zip.size() - end_size);
  const bool near = found != std::string_view::npos && zip.size() - found <= end_size + 65535;
  return near ? std::optional(found) : std::nullopt;
}

tl::expected<std::vector<Entry>, ParseError> directory(std::string_view zip, std::size_t most) {
  const auto end = find_end(zip);
  if (!end) return error_at(0, "is a zip archive without a directory: cut short");
  std::vector<Entry> entries;
  std::size_t at = number(zip, *end + 16, 4);
  for (std::uint32_t left = number(zip, *end + 10, 2); left > 0 && entries.size() <= most; --left) {
    if (at > zip.size() || zip.size() - at < entry_size || zip.substr(at, 4) != std::string_view("PK\1\2", 4)) {
      return error_at(std::min(at, zip.size()), "is a zip archive with a damaged directory");
    }
    entries.push_back(
        {number(zip, at + 8, 2), number(zip, at + 10, 2), number(zip, at + 20, 4), number(zip, at + 42, 4)});
    at += entry_size + number(zip, at + 28, 2) + number(zip, at + 30, 2) + number(zip, at + 32, 2);
  }
  return entries;
}

// The octets of an entry as they are packed.
tl::expected<std::string_view, ParseError> packed_of(std::string_view zip, const Entry& entry) {
  if ((entry.flags & 1U) != 0) return error_at(entry.offset, "is encrypted");
  const bool header = entry.offset <= zip.size() && zip.size() - entry.offset >= local_size &&
                      zip.substr(entry.offset, 4) == std::string_view("PK\3\4", 4);
  const std::size_t names = header ? number(zip, entry.offset + 26, 2) + number(zip, entry.offset + 28, 2) : 0;
  const std::size_t begin = entry.offset + local_size + names;
  if (!header || begin > zip.size() || zip.size() - begin < entry.packed) {
    return error_at(std::min(entry.offset, zip.size()), "is a zip archive that ends too early");
  }
  return zip.substr(begin, entry.packed);
}

class Unpacker {
 public:
  Unpacker(Unpacked& result, Budget& budget) : result_(result), budget_(budget) {}

  void take(std::string_view octets, std::size_t depth) {
    if (!looks_packed(octets)) {
      result_.files.emplace_back(octets);
    } else if (depth == deepest_archive) {
      fail(0, "is packed more than 3 times");
    } else if (octets.starts_with("PK")) {
      zip(octets, depth);
    } else {
      gzip(octets, depth);
    }
  }

 private:
  void fail(std::size_t position, std::string why) {
    result_.too_large = result_.too_large || why == too_large;
    result_.errors.push_back({std::move(why), position});
  }

  // Several members in a row are one file (RFC 1952 2.2).
  void gzip(std::string_view octets, std::size_t depth) {
    std::string whole;
    while (octets.starts_with("\x1f\x8b")) {
      const Inflated member = inflate_one(octets, gzip_window, budget_);
      if (!member.error.empty()) return fail(member.consumed, member.error);
      whole += member.out;
      octets.remove_prefix(member.consumed);
    }
    if (!octets.empty()) result_.notes.emplace_back("octets behind the end of the gzip stream");
    take(whole, depth + 1);
  }

  void zip(std::string_view octets, std::size_t depth) {
    const auto entries = directory(octets, budget_.files);
    if (!entries) return fail(entries.error().position, entries.error().message);
    for (const Entry& entry : *entries) {
      if (budget_.files == 0) return fail(entry.offset, "is a zip archive of more than 100 files");
      --budget_.files;
      file(octets, entry, depth);
      if (result_.too_large) return;
    }
  }

  void file(std::string_view zip, const Entry& entry, std::size_t depth) {
    const auto packed = packed_of(zip, entry);
    if (!packed) return fail(packed.error().position, packed.error().message);
    if (entry.method == 0) return stored(*packed, entry, depth);
    if (entry.method != 8) return fail(entry.offset, "is packed in a way that is not known: only deflate is");
    const Inflated inflated = inflate_one(*packed, raw_window, budget_);
    if (!inflated.error.empty()) return fail(entry.offset, inflated.error);
    if (!inflated.out.empty()) take(inflated.out, depth + 1);  // empty: a folder
  }

  void stored(std::string_view octets, const Entry& entry, std::size_t depth) {
    if (octets.size() > budget_.out) return fail(entry.offset, std::string(too_large));
    budget_.out -= octets.size();
    if (!octets.empty()) take(octets, depth + 1);
  }

  Unpacked& result_;
  Budget& budget_;
};

}  // namespace

bool looks_packed(std::string_view octets) {
  return octets.starts_with("\x1f\x8b") || octets.starts_with(std::string_view("PK\3\4", 4)) ||
         octets.starts_with(std::string_view("PK\5\6", 4));
}

Unpacked unpack(std::string_view octets, Budget& budget) {
  Unpacked result;
  Unpacker(result, budget).take(octets, 0);
  return result;
}

}  // namespace danewatch::tlsrpt
