#include "store/segments/packed_lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "resolver/handle.hpp"

namespace danewatch {
namespace {

constexpr std::size_t piece_size = 128 * 1024;
constexpr std::string_view gzip_magic("\x1f\x8b", 2);
constexpr std::string_view zstd_magic("\x28\xb5\x2f\xfd", 4);

[[noreturn]] void fail(const std::string& path, std::string_view why) {
  throw std::runtime_error(fmt::format("{}: {}", path, why));
}

// The octets of a file as they are.
class Octets {
 public:
  explicit Octets(const std::string& path)
      : path_(path), fd_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail(path, std::strerror(errno));
  }
  Octets(const Octets&) = delete;
  Octets& operator=(const Octets&) = delete;
  ~Octets() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }

  std::size_t read(char* to, std::size_t most) {
    for (;;) {
      const ssize_t got = ::read(fd_, to, most);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(path_, std::strerror(errno));
    }
  }

 private:
  std::string path_;
  int fd_;
};

}  // namespace

// What the octets stand for: unpacks as much as fits into a piece at a time.
class PackedLines::Source {
 public:
  explicit Source(const std::string& path) : path_(path), octets_(path) {
    while (packed_.size() < zstd_magic.size() && take_more()) {
    }
    const std::string_view begin(packed_);
    gzip_ = begin.starts_with(gzip_magic);
    if (gzip_ && ::inflateInit2(&inflater_, 15 + 16) != Z_OK) fail(path, "no memory to unpack it");
    if (begin.starts_with(zstd_magic)) zstd_.reset(::ZSTD_createDStream());
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (gzip_) ::inflateEnd(&inflater_);
  }

  // Appends something, or nothing at the end.
  bool more(std::string& to) {
    if (!gzip_ && !zstd_) {
      if (used_ == packed_.size() && !take_more()) return false;
      to.append(packed_, used_);
      used_ = packed_.size();
      return true;
    }
    for (;;) {
      if (used_ == packed_.size() && !more_to_unpack_ && !take_more()) {
        if (amid_) fail(path_, "ends in the middle");
        return false;
      }
      const std::size_t before = to.size();
      to.resize(before + piece_size);
      const std::size_t got = gzip_ ? inflate(to.data() + before) : decompress(to.data() + before);
      to.resize(before + got);
      more_to_unpack_ = got == piece_size;  // what was read already may stand for more than fits
      if (got > 0) return true;
    }
  }

 private:
  bool take_more() {
    if (used_ == packed_.size()) {
      packed_.clear();
      used_ = 0;
    }
    const std::size_t before = packed_.size();
    packed_.resize(before + piece_size);
    const std::size_t got = octets_.read(packed_.data() + before, piece_size);
    packed_.resize(before + got);
    return got > 0;
  }

  // Several members may follow each other (RFC 1952 2.2).
  std::size_t inflate(char* to) {
    inflater_.next_in = reinterpret_cast<Bytef*>(packed_.data() + used_);
    inflater_.avail_in = static_cast<uInt>(packed_.size() - used_);
    inflater_.next_out = reinterpret_cast<Bytef*>(to);
    inflater_.avail_out = piece_size;
    const int status = ::inflate(&inflater_, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) fail(path_, "is damaged (gzip)");
    const std::size_t got = piece_size - inflater_.avail_out;
    const bool any = got > 0 || packed_.size() - inflater_.avail_in > used_;
    used_ = packed_.size() - inflater_.avail_in;
    if (any) amid_ = status != Z_STREAM_END;
    if (status == Z_STREAM_END) ::inflateReset(&inflater_);
    return got;
  }

  std::size_t decompress(char* to) {
    ZSTD_inBuffer in{packed_.data(), packed_.size(), used_};
    ZSTD_outBuffer out{to, piece_size, 0};
    const std::size_t left = ::ZSTD_decompressStream(zstd_.get(), &out, &in);
    if (::ZSTD_isError(left) != 0) fail(path_, "is damaged (zstd)");
    const bool any = out.pos > 0 || in.pos > used_;
    used_ = in.pos;
    if (any) amid_ = left != 0;
    return out.pos;
  }

  static void free_stream(ZSTD_DStream* stream) { ::ZSTD_freeDStream(stream); }

  std::string path_;
  Octets octets_;
  std::string packed_;
  std::size_t used_ = 0;
  bool gzip_ = false;
  bool amid_ = false;
  bool more_to_unpack_ = false;
  z_stream inflater_{};
  Handle<ZSTD_DStream, free_stream> zstd_;
};

PackedLines::PackedLines(const std::string& path) : path_(path), source_(std::make_unique<Source>(path)) {}

PackedLines::~PackedLines() = default;

bool PackedLines::refill() {
  buffer_.erase(0, at_);
  at_ = 0;
  return source_->more(buffer_);
}

bool PackedLines::next(std::string& line, std::size_t longest) {
  line.clear();
  bool any = false;
  for (;;) {
    const auto end = buffer_.find('\n', at_);
    const auto stop = std::min(end, buffer_.size());
    line.append(buffer_, at_, std::min(stop - at_, longest - line.size()));
    any = any || stop > at_;
    at_ = stop;
    if (end != std::string::npos) {
      ++at_;
      return true;
    }
    if (!refill()) return any;
  }
}

}  // namespace danewatch
