#include "resolver/unbound/context.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "resolver/text_file.hpp"
#include "resolver/unbound/config.hpp"

namespace danewatch {
namespace {

// Where libunbound's log goes. The log is global to the process and may outlive a context, so the stream stays open.
std::FILE* nowhere() {
  static std::FILE* const stream = std::fopen("/dev/null", "we");
  return stream;
}

// Collects what is written to a FILE.
class Transcript {
 public:
  Transcript() : stream_(open_memstream(&text_, &size_)) {}
  Transcript(const Transcript&) = delete;
  Transcript& operator=(const Transcript&) = delete;
  ~Transcript() {
    if (stream_) std::fclose(stream_);
    std::free(text_);
  }

  std::FILE* stream() const { return stream_; }
  std::string_view text() const {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

// libunbound's configuration parser prints on stderr whatever its log is set to; glibc lets us put another stream
// there.
class StderrInstead {
 public:
  explicit StderrInstead(std::FILE* stream) : saved_(stderr) { stderr = stream; }
  StderrInstead(const StderrInstead&) = delete;
  StderrInstead& operator=(const StderrInstead&) = delete;
  ~StderrInstead() { stderr = saved_; }

 private:
  std::FILE* saved_;
};

// A file that exists for this process alone: libunbound reads configurations by path only.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : fd_(memfd_create("danewatch-unbound-conf", MFD_CLOEXEC)) {
    if (fd_ < 0 || write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      const auto problem = std::strerror(errno);
      if (fd_ >= 0) close(fd_);
      throw std::runtime_error(fmt::format("cannot hand libunbound its configuration: {}", problem));
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(fd_); }

  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }

 private:
  int fd_;
};

// The first complaint, without time stamps: "PATH:3: error: what" or "[time] libunbound[pid:0] error: what".
std::string first_complaint(std::string_view text, std::string_view path, std::string_view otherwise) {
  std::string_view line = text.substr(0, text.find('\n'));
  const bool in_file = line.substr(0, path.size()) == path && line.substr(path.size(), 1) == ":";
  if (in_file) {
    line.remove_prefix(path.size() + 1);
    return fmt::format("line {}", line);
  }
  if (const auto at = line.find("error: "); at != std::string_view::npos) line.remove_prefix(at + 7);
  return std::string(line.empty() ? otherwise : line);
}

void read_config(ub_ctx* context, const std::string& path, const std::string& blame) {
  const Transcript complaints;
  int error = 0;
  {
    const StderrInstead instead(complaints.stream());
    error = ub_ctx_config(context, path.c_str());
  }
  if (error == 0) return;
  throw std::runtime_error(fmt::format("{}: {}", blame, first_complaint(complaints.text(), path, ub_strerror(error))));
}

void read_unbound_conf(ub_ctx* context, const std::string& path) {
  check_path("--unbound-conf", path);
  const auto text = read_text_file(path);
  if (!text) throw std::runtime_error(fmt::format("--unbound-conf {}: {}", path, text.error().message));
  read_config(context, path, "--unbound-conf " + path);
}

void ignore_answer(void*, int, ub_result* result) {
  ub_resolve_free(result);
}

// libunbound looks at most of its configuration when the first question is asked: ask one that it answers by itself.
int start(ub_ctx* context) {
  if (const int error = ub_ctx_async(context, 1)) return error;
  int id = 0;
  if (const int error = ub_resolve_async(context, "localhost.", 1, 1, nullptr, ignore_answer, &id)) return error;
  ub_cancel(context, id);
  return 0;
}

// A libunbound that was built without OpenSSL (Debian's) has no TLS: it says so in its log alone, drops the name to
// check and then fails or, worse, goes on. An operator who asked for TLS must not get less.
void require_tls(const ResolverOptions& options, int error, std::string_view complaints) {
  if (error == 0 && complaints.find("no name verification functionality") == std::string_view::npos) return;
  for (const auto& forwarder : options.forwarders) {
    if (forwarder.find('#') == std::string::npos) continue;
    throw std::runtime_error(fmt::format("--forwarder {}: this build of libunbound cannot ask over TLS", forwarder));
  }
}

}  // namespace

UbContext make_unbound_context(const ResolverOptions& options, const TrustAnchor& anchor) {
  const MemoryFile config(unbound_config(options, anchor));
  UbContext context(ub_ctx_create());
  if (!context) throw std::runtime_error("libunbound cannot start: out of memory or descriptors");
  ub_ctx_debugout(context.get(), nowhere());
  read_config(context.get(), config.path(), "libunbound rejects its configuration");
  if (options.unbound_conf) read_unbound_conf(context.get(), *options.unbound_conf);
  const Transcript complaints;
  ub_ctx_debugout(context.get(), complaints.stream());
  const int error = start(context.get());
  ub_ctx_debugout(context.get(), nowhere());
  require_tls(options, error, complaints.text());
  if (error != 0) {
    const auto blame = options.unbound_conf ? "--unbound-conf " + *options.unbound_conf : "libunbound cannot start";
    throw std::runtime_error(fmt::format("{}: {}", blame, first_complaint(complaints.text(), "", ub_strerror(error))));
  }
  return context;
}

std::string unbound_version() {
  return ub_version();
}

std::uint32_t cache_max_ttl(ub_ctx* context) {
  char* text = nullptr;
  std::uint32_t seconds = UINT32_MAX;
  if (ub_ctx_get_option(context, "cache-max-ttl", &text) == 0 && text) {
    std::from_chars(text, text + std::strlen(text), seconds);
  }
  std::free(text);
  return seconds;
}

}  // namespace danewatch
