// The configuration `serve` runs with: the file and what the command line puts in its place.
//
// Thread rule: any thread; reads files.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/config.hpp"
#include "cli/options.hpp"
#include "exporters/board.hpp"
#include "exporters/http_server.hpp"

namespace danewatch {

// Or everything that is wrong with the file, one error a line.
tl::expected<std::shared_ptr<const Config>, std::string> load_config(const ServeOptions& options);

// Errors of several lines, one by one.
std::vector<std::string> lines_of(const std::string& text);

std::vector<BoardEntry> board_entries(const Config& config);

// What --web.config.file says, read again when it or a file it names changes. Throws std::runtime_error.
std::shared_ptr<HttpSecurity> web_security(const std::string& file);

// Changes when the file does (its time, size or inode); nothing if it cannot be looked at.
std::optional<std::string> file_stamp(const std::string& path);

}  // namespace danewatch
