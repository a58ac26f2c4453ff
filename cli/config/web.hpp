// Reads a web configuration: the YAML of Prometheus' exporter-toolkit, strictly.
//
// Thread rule: a pure function.
#pragma once

#include <string>
#include <string_view>

#include "cli/config/config.hpp"
#include "exporters/http/web_config.hpp"

namespace danewatch {

// Relative file names are relative to the file's own directory. Errors as parse_config() gives them.
tl::expected<WebConfig, ConfigErrors> parse_web_config(std::string_view text, const std::string& file);

}  // namespace danewatch
