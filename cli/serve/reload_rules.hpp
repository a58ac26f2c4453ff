// Inner: what a changed configuration may do to a running `serve`: who writes a file is not always done with it.
//
// Thread rule: a pure function.
#pragma once

#include <optional>
#include <string>

#include "cli/config/config.hpp"

namespace danewatch {

enum class ReloadBy {
  request,  // SIGHUP, POST /-/reload: somebody says that the file is ready
  watching  // the file changed
};

// Why `next` must not take the place of `now`: it lost all its targets, or all names or blocks of allow_targets (which
// would open /probe), and nobody says that this is meant. Nothing: it may.
std::optional<std::string> why_not_reload(const Config& now, const Config& next, ReloadBy by);

}  // namespace danewatch
