// One remedy of a report, ready to be carried out: lines for a zone file, or a script for nsupdate.
//
// Decides nothing: the steps and their order are the finding's. Comments say what is to be done by hand. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

#include "probe/report/report.hpp"

namespace danewatch {

enum class RemedyFormat { zone, nsupdate };

// The remedy with this number (exporters/words/remedies.hpp), each line ended by a newline; or why there is nothing to
// print, as a clause that follows "TARGET: ". As zone lines: what is to be added stands as it is, what is to be removed
// stands behind a semicolon, so that pasting all of it removes nothing and adds nothing that should go. For nsupdate:
// the records the remedy was made for are its prerequisites, so that it changes nothing where they have changed since.
tl::expected<std::string, std::string> to_remedy(const Report& report, std::size_t number, RemedyFormat format);

}  // namespace danewatch
