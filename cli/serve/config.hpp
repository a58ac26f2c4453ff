// Inner: the configuration `serve` runs with: the file and what the command line puts in its place.
//
// Thread rule: any thread; reads files.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/config/config.hpp"
#include "cli/options/options.hpp"
#include "cli/serve/reload_rules.hpp"
#include "exporters/board/board.hpp"
#include "exporters/http/server.hpp"
#include "exporters/http/stillness.hpp"

namespace danewatch {

// Or everything that is wrong with the file, one error a line.
tl::expected<std::shared_ptr<const Config>, std::string> load_config(const ServeOptions& options);

// What `serve` goes on with instead of `now`: also an error if the file changes while it is read, or if it must not
// take that place (reload_rules.hpp).
tl::expected<std::shared_ptr<const Config>, std::string> load_next_config(const ServeOptions& options,
                                                                          const Config& now, ReloadBy by);

// Errors of several lines, one by one.
std::vector<std::string> lines_of(const std::string& text);

std::vector<BoardEntry> board_entries(const Config& config);

// What --web.config.file says, read again when it or a file it names changed and stands still. Throws
// std::runtime_error.
std::shared_ptr<HttpSecurity> web_security(const std::string& file);

// The stamp changes when the file does: its times, size, inode or device. Empty if it cannot be looked at.
FileLook look_at_file(const std::string& path);

}  // namespace danewatch
