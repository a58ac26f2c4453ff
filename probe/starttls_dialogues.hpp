// The dialogue of each protocol, one file each: probe/starttls_NAME.cpp.
//
// Inner header of probe/starttls*.cpp; everybody else asks make_dialogue(). Thread rule: pure functions.
#pragma once

#include <memory>

#include "probe/starttls.hpp"

namespace danewatch {

std::unique_ptr<StartTls> smtp_dialogue(DialogueNames names);

}  // namespace danewatch
