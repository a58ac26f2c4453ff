#include "cli/system/mail_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <vector>

#include "resolver/handle.hpp"
#include "store/tlsrpt/mbox.hpp"

namespace danewatch {
namespace {

constexpr std::size_t deepest_folder = 8;

Rejected unreadable(int error) {
  return {RejectReason::unreadable, fmt::format("cannot be read: {}", std::strerror(error))};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }

  int get() const { return fd_; }

 private:
  int fd_;
};

// The names in a directory, sorted; those that begin with a dot are nobody's mail.
tl::expected<std::vector<std::string>, int> names_in(const std::string& path) {
  const Handle<DIR, closedir> directory(::opendir(path.c_str()));
  if (!directory) return tl::unexpected(errno);
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  if (errno != 0) return tl::unexpected(errno);
  std::ranges::sort(names);
  return names;
}

bool is_directory(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

// A program that delivers mail holds a lock on the mbox, or has a file PATH.lock beside it.
bool is_locked(int fd, const std::string& path) {
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  const bool held = ::fcntl(fd, F_SETLK, &lock) < 0 && (errno == EACCES || errno == EAGAIN);
  return held || ::access((path + ".lock").c_str(), F_OK) == 0;
}

bool wait_for_lock(int fd, const std::string& path, std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds pause{100};
  for (; is_locked(fd, path); patience -= pause) {
    if (patience <= pause) return false;
    ::poll(nullptr, 0, static_cast<int>(pause.count()));
  }
  return true;
}

class Walk {
 public:
  explicit Walk(const MailFiles& files) : files_(files) {}

  // One that was named.
  void start(const std::string& path) {
    if (path == "-") {
      const Descriptor input(STDIN_FILENO);
      read(input, "standard input", "", true);
    } else if (is_directory(path)) {
      folder(path, 0);
    } else {
      file(path, true);
    }
  }

 private:
  bool stopped() const { return files_.stop && files_.stop(); }

  void folder(const std::string& path, std::size_t depth) {
    if (is_directory(path + "/cur") && is_directory(path + "/new")) return maildir(path);
    const auto names = names_in(path);
    if (!names) return files_.trouble(path, unreadable(names.error()));
    for (const auto& name : *names) {
      if (stopped()) return;
      const std::string inner = path + "/" + name;
      struct stat facts {};
      if (::lstat(inner.c_str(), &facts) != 0) continue;  // gone since
      if (S_ISDIR(facts.st_mode) && depth < deepest_folder) folder(inner, depth + 1);
      if (!S_ISDIR(facts.st_mode)) file(inner, false);
    }
  }

  // A mail that is read by its owner meanwhile moves from new to cur, or gets other flags behind its colon: whoever is
  // gone is looked for once more.
  void maildir(const std::string& path) {
    std::set<std::string> gone;
    for (const auto* part : {"/new", "/cur"}) {
      const auto names = names_in(path + part);
      if (!names) {
        files_.trouble(path + part, unreadable(names.error()));
        continue;
      }
      for (const auto& name : *names) {
        if (stopped()) return;
        if (!file(path + part + "/" + name, false)) gone.insert(name.substr(0, name.find(':')));
      }
    }
    if (gone.empty()) return;
    const auto names = names_in(path + "/cur");
    if (!names) return files_.trouble(path + "/cur", unreadable(names.error()));
    for (const auto& name : *names) {
      if (gone.contains(name.substr(0, name.find(':')))) file(path + "/cur/" + name, false);
    }
  }

  // False: there is none of that name any more.
  bool file(const std::string& path, bool named) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) {
      if (!named && errno == ENOENT) return false;
      files_.trouble(path, unreadable(errno));
      return true;
    }
    if (!named && !S_ISREG(facts.st_mode)) return true;
    if (files_.only_files && !S_ISREG(facts.st_mode)) {
      files_.trouble(path, {RejectReason::unreadable, "is neither a file nor a directory"});
      return true;
    }
    if (files_.known && S_ISREG(facts.st_mode) && files_.known(facts)) return true;
    const Descriptor input(
        ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (named && !files_.only_files ? 0 : O_NONBLOCK)));
    if (input.get() < 0) {
      if (!named && errno == ENOENT) return false;
      files_.trouble(path, unreadable(errno));
      return true;
    }
    read(input, path, path, named);
    return true;
  }

  // What stands there when it is opened: of a file that grows the rest is for the next time.
  void read(const Descriptor& input, const std::string& name, const std::string& path, bool named) {
    struct stat facts {};
    const bool regular = ::fstat(input.get(), &facts) == 0 && S_ISREG(facts.st_mode);
    ended_ = false;
    left_ = regular ? std::optional(static_cast<std::size_t>(facts.st_size)) : std::nullopt;
    std::string head;
    if (!more(input, head, name)) return;
    while (!ended_ && head.size() < 1000 && head.find('\n') == std::string::npos) {
      if (!more(input, head, name)) return;
    }
    if (looks_like_mbox(head)) return mbox(input, name, regular ? path : "", std::move(head));
    while (!ended_ && head.size() <= largest_document) {
      if (!more(input, head, name)) return;
    }
    files_.document(name, head, named);
  }

  void mbox(const Descriptor& input, const std::string& name, const std::string& path, std::string octets) {
    if (!path.empty() && !wait_for_lock(input.get(), path, files_.patience)) {
      return files_.trouble(name, {RejectReason::unreadable, "is locked by another program: try again"});
    }
    std::size_t number = 0;
    MboxSplitter splitter([&](std::optional<std::string_view> mail) {
      const std::string of = fmt::format("{}: mail {}", name, ++number);
      if (mail) files_.document(of, *mail, false);
      if (!mail) files_.trouble(of, {RejectReason::too_large, "is larger than 10 MiB"});
    });
    for (;;) {
      splitter.feed(octets);
      if (ended_) return splitter.finish();
      octets.clear();
      if (!more(input, octets, name)) return;
    }
  }

  // Appends a piece; `ended_` where there is no other. False: told, and nothing more will come.
  bool more(const Descriptor& input, std::string& octets, const std::string& name) {
    if (stopped()) return false;
    char buffer[65536];
    const std::size_t wanted = std::min(sizeof buffer, left_.value_or(sizeof buffer));
    ssize_t got = 0;
    do {
      got = wanted == 0 ? 0 : ::read(input.get(), buffer, wanted);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
      files_.trouble(name, unreadable(errno));
      return false;
    }
    ended_ = got == 0;
    if (left_) *left_ -= static_cast<std::size_t>(got);
    octets.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  const MailFiles& files_;
  std::optional<std::size_t> left_;
  bool ended_ = false;
};

}  // namespace

void read_mail_files(const std::string& path, const MailFiles& files) {
  Walk(files).start(path);
}

}  // namespace danewatch
