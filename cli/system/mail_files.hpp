// What stands in a file, a directory, a Maildir, an mbox, or standard input, document by document.
//
// Reads only: nothing is moved, marked or deleted. Holds one document at a time. What cannot be read is told and stops
// nothing. Thread rule: a free function; it waits, so not on the loop's thread.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "store/tlsrpt/reader.hpp"

namespace danewatch {

struct MailFiles {
  // `named`: the operator named this very file, so it should be what is looked for.
  std::function<void(const std::string& name, std::string_view octets, bool named)> document;
  std::function<void(const std::string& name, const Rejected& why)> trouble;
  // Was this file, as it is now, read before? Then it is passed over. Optional.
  std::function<bool(const struct stat& file)> known;
  std::function<bool()> stop;  // asked between files and pieces: true ends it there. Optional.
  bool only_files = false;     // what would have to be waited for, such as a pipe, is refused although it was named
  std::chrono::milliseconds patience{2000};  // for the lock of an mbox
};

// "-": standard input.
void read_mail_files(const std::string& path, const MailFiles& files);

}  // namespace danewatch
