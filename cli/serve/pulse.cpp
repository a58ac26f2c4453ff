#include "cli/serve/pulse.hpp"

namespace danewatch {

void Pulse::look(std::uint64_t turns) {
  if (turns != turns_) {
    silent_ = 0;
  } else if (silent_ < looks_until_stopped) {
    ++silent_;
  }
  turns_ = turns;
}

}  // namespace danewatch
