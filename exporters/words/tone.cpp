#include "exporters/words/tone.hpp"

#include <algorithm>

namespace danewatch::layout {

std::string glued(std::string text) {
  std::ranges::replace(text, ' ', glue);
  return text;
}

}  // namespace danewatch::layout
