#include "store/segments/segment_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "resolver/handle.hpp"

namespace danewatch {
namespace {

constexpr int level = 3;

[[noreturn]] void fail(const std::string& path) {
  throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(errno)));
}

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (fd_ < 0) fail(path);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd_); }

  void write(std::string_view octets) const {
    while (!octets.empty()) {
      const ssize_t written = ::write(fd_, octets.data(), octets.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(path_);
      octets.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void flush() const {
    if (::fsync(fd_) != 0) fail(path_);
  }

 private:
  std::string path_;
  int fd_;
};

void rename_into_place(const std::string& directory, const std::string& part, const std::string& name) {
  const std::string whole = directory + "/" + name;
  if (std::rename(part.c_str(), whole.c_str()) != 0) fail(whole);
  Descriptor(directory, O_RDONLY | O_DIRECTORY).flush();
}

}  // namespace

class SegmentWriter::Stream {
 public:
  explicit Stream(const std::string& path)
      : path_(path),
        file_(path, O_WRONLY | O_CREAT | O_TRUNC),
        packer_(::ZSTD_createCCtx()),
        out_(::ZSTD_CStreamOutSize(), '\0') {
    ::ZSTD_CCtx_setParameter(packer_.get(), ZSTD_c_compressionLevel, level);
    ::ZSTD_CCtx_setParameter(packer_.get(), ZSTD_c_checksumFlag, 1);
  }

  void add(std::string_view text) { pack(text, ZSTD_e_continue); }

  void end() {
    pack({}, ZSTD_e_end);
    file_.flush();
  }

 private:
  static void free_packer(ZSTD_CCtx* packer) { ::ZSTD_freeCCtx(packer); }

  void pack(std::string_view text, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ::ZSTD_compressStream2(packer_.get(), &out, &in, directive);
      if (::ZSTD_isError(left) != 0) throw std::runtime_error(path_ + ": " + ::ZSTD_getErrorName(left));
      file_.write(std::string_view(out_).substr(0, out.pos));
      const bool done = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
      if (done) return;
    }
  }

  std::string path_;
  Descriptor file_;
  Handle<ZSTD_CCtx, free_packer> packer_;
  std::string out_;
};

SegmentWriter::SegmentWriter(const std::string& directory, const std::string& name)
    : directory_(directory), part_(directory + "/" + name + ".part"), stream_(std::make_unique<Stream>(part_)) {}

SegmentWriter::~SegmentWriter() {
  if (!stream_) return;
  stream_.reset();
  ::unlink(part_.c_str());
}

void SegmentWriter::add(std::string_view line) {
  stream_->add(line);
  stream_->add("\n");
}

void SegmentWriter::finish(const std::string& name) {
  stream_->end();
  rename_into_place(directory_, part_, name);
  stream_.reset();
}

void write_whole_file(const std::string& directory, const std::string& name, std::string_view content) {
  const std::string part = directory + "/" + name + ".part";
  {
    const Descriptor file(part, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(content);
    file.flush();
  }
  rename_into_place(directory, part, name);
}

}  // namespace danewatch
