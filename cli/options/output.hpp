// How reports are printed: what every command that prints them understands.
//
// Thread rule: a value.
#pragma once

#include <cstddef>
#include <optional>

#include "exporters/remedy/remedy.hpp"

namespace danewatch {

struct OutputOptions {
  bool json = false;
  bool explain = false;
  bool quiet = false;
  bool no_color = false;
  bool changes = false;               // of check alone: print only what changed since the last run
  std::optional<std::size_t> remedy;  // print this one and nothing else
  RemedyFormat remedy_format = RemedyFormat::zone;
};

}  // namespace danewatch
