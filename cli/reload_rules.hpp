// What a changed configuration may do to a running `serve`: who writes a file is not always done with it.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/config.hpp"

namespace danewatch {

enum class ReloadBy {
  request,  // SIGHUP, POST /-/reload: somebody says that the file is ready
  watching  // the file changed
};

// Nothing but blanks and comments, as a full disk leaves it.
bool says_nothing(std::string_view yaml);

// Why `next`, made of `text`, must not take the place of `now`. Nothing: it may.
std::optional<std::string> why_not_reload(const Config& now, const Config& next, std::string_view text, ReloadBy by);

}  // namespace danewatch
