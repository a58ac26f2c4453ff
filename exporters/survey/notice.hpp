// A notice as the text of a mail. Nothing here sends it.
//
// ASCII only, whatever the network said; no line begins with "From ". Thread rule: pure functions.
#pragma once

#include <string>

#include "probe/survey/notices.hpp"

namespace danewatch {

std::string to_mail(const Notice& notice);

}  // namespace danewatch
